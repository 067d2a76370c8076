"""What tests of referrals share: a directory, a person in care, two services of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from footbridge.journey.people import queries as people
from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.rules import PriceLevel
from tests.factories import House


@pytest.fixture
def city(house: House, worker, today):
    """The invented city's directory, loaded, with one dear and one free service of it."""
    found = qingteng()
    services.keep(found, by=worker.id, on=today, site=house.keys)
    running = [one for one in found.listings() if one.service.status == "active"]
    dear = next(one for one in running if one.price().level is PriceLevel.REGISTER)
    free = next(one for one in running if one.price().level is PriceLevel.NONE)
    return SimpleNamespace(directory=found, dear=dear, free=free)


@pytest.fixture
def somebody(house: House, worker, city):
    """Return a way to open the record of one person in care, anew each time."""
    enrolled, _ = house.in_care(worker)
    return lambda: people.open_record(enrolled.person, by=worker)
