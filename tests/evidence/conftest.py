"""What tests of the evidence floor share: a study, people in it, the published pilot."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from footbridge.evidence import actions, pilot
from footbridge.evidence.rules import Arm
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes.coding import bands_of
from footbridge.journey.outcomes.records import OutcomeCoded
from footbridge.journey.people.actions import writing
from footbridge.trust.access.rules import Role

ARMS = (Arm("rmi", "Recovery management"), Arm("standard", "Standard care"))


@pytest.fixture
def that_day(monkeypatch, today):
    """Let every page believe that it is the day on which the house was founded."""
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_options: today)
    return today


@pytest.fixture
def worker(house):
    return house.add_staff("lan")


@pytest.fixture
def lead(house):
    return house.add_staff("mei", Role.ANALYST)


@pytest.fixture
def study(lead, today):
    return actions.create_study(title="Pilot", arms=ARMS, by=lead, on=today)


@pytest.fixture
def join(house, worker, study, today):
    """Return a way to let somebody join an arm, with or without a coded outcome."""

    def one(arm: str, values=None):
        _, record = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)
        at = [each.code for each in ARMS].index(arm)
        actions.enrol_in_study(record, study, on=today, draws=lambda _below: at)
        if values is not None:
            seal_outcome(record, values, on=today)
        return record

    return one


def seal_outcome(record, values, *, on: date, month: int = pilot.MONTH) -> None:
    coded = OutcomeCoded(month=month, measured_on=on, values=values)
    with writing("outcome.coded", record, on=on) as doing:
        doing.research(bands_of(coded, scale=(0, 40)))
