"""What every test may ask for: an unsealed site, staff, people, signed-in clients."""

from __future__ import annotations

import os
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
