"""What every test may ask for: an unsealed site, staff, people, signed-in clients."""

from __future__ import annotations

import os
import shutil
from datetime import date

import pytest
from hypothesis import HealthCheck, settings

from tests import factories

settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TODAY = date(2026, 11, 21)


@pytest.fixture
def today():
    return TODAY


@pytest.fixture
def house(db, tmp_path, settings):
    """A founded, unsealed site with nobody in it; sealed again at the end of the test."""
    settings.FOOTBRIDGE_DATA = tmp_path
    built = factories.found_house(tmp_path, on=TODAY)
    yield built
    built.close()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, headless, for the length of the run.

    One for all: a second playwright in the same process refuses to start.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()
