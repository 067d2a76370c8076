"""A coordinator's quarter: look at a table, see what is hidden and why, let it leave."""

from __future__ import annotations

from datetime import date

import pytest

from footbridge.evidence.reports import queries
from footbridge.trust.access.rules import Role
from tests.browsing import faults
from tests.evidence.reports.lives import crowd
from tests.functional.conftest import BOTH

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", BOTH, indirect=True)
def test_a_quarter_is_released_and_read(desk, calendar, monkeypatch):
    calendar[0] = date(2026, 11, 21)
    # A hundred and odd people without enrolling each of them: only the count is told.
    monkeypatch.setattr(queries, "lives", lambda *, by: crowd(agreed=2))
    desk.sign_in("an", role=Role.COORDINATOR)

    desk.go("/evidence/reports/")
    assert faults(desk.page) == []
    desk.go("/evidence/reports/cascade/2026-Q3/outside/")
    assert desk.reads("hidden: fewer than 11 people")
    assert faults(desk.page) == []
    desk.press("Release it")
    assert desk.reads("Released. From now on it is served unchanged.")
    assert not desk.reads("hidden: fewer")
    assert faults(desk.page) == []

    desk.sign_in("qing", role=Role.ANALYST)
    desk.go("/evidence/releases/")
    desk.follow("How far people came")
    assert desk.reads("Stayed 14 days")
    assert faults(desk.page) == []
