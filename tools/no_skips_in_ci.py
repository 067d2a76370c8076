"""A pytest plugin: where CI=true, a test that should have run may not skip.

Browser, PostgreSQL, drill and lavaan tests skip on a machine without Chromium, PostgreSQL or R,
with their reason. A machine that exists to run them must not pass because something is missing.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

MUST_RUN = ("browser", "postgres", "drill", "lavaan")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test that must run into a failure that repeats the reason."""
    report = yield
    asked = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    if asked and report.skipped and any(item.get_closest_marker(mark) for mark in MUST_RUN):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} may not skip where CI=true. {reason}"
    return report
