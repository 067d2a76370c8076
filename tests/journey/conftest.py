"""What tests of pages share: the pages' day is the tests' day."""

from __future__ import annotations

import pytest
from django.utils import timezone


@pytest.fixture
def that_day(monkeypatch, today):
    """Let every page believe that it is the day on which the house was founded."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_options: today)
    return today


@pytest.fixture
def worker(house):
    """A case worker, signed in."""
    return house.add_staff("lan")
