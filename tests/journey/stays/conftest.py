"""A small ward: two rooms, a nurse, somebody in care, and a moment."""

from __future__ import annotations

from datetime import datetime

import pytest

from footbridge.journey.consents.rules import Language, Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.stays import actions, beds, queries, views_shared
from footbridge.journey.stays.actions import Admission
from footbridge.journey.stays.codes import Drug, Point, RoomKind, Session, Severity
from footbridge.trust.access.rules import Role

NOW = datetime(2026, 11, 21, 9, 0)


@pytest.fixture
def clock(monkeypatch, that_day):
    """The ward's clock, which a test may move on: a list of one moment."""
    moments = [NOW]

    def this_moment():
        return moments[0]

    for name in ("views", "views_ward"):
        monkeypatch.setattr(f"footbridge.journey.stays.{name}.this_moment", this_moment)
    monkeypatch.setattr(views_shared, "this_moment", this_moment)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: moments[0].date())
    return moments


@pytest.fixture
def nurse(house):
    return house.add_staff("mei", Role.NURSE)


@pytest.fixture
def bed_ids(house, nurse, today):
    beds.add("1", ["A", "B"], RoomKind.SHARED, by=nurse, on=today)
    beds.add("2", ["A"], RoomKind.PRIVATE, by=nurse, on=today)
    return [bed.id for bed in beds.every(site=house.keys)]


@pytest.fixture
def person(house, worker):
    return house.in_care(worker, Purpose.CARE, Purpose.CONTACT)[0].person


@pytest.fixture
def record(person, worker):
    """Open the record afresh, as each request does."""
    return lambda by=worker: people.open_record(person, by=by)


@pytest.fixture
def state(record):
    return lambda: queries.state_of(record())


@pytest.fixture
def admission(bed_ids):
    def build(**changes):
        values = {
            "bed": bed_ids[0],
            "days": 7,
            "drug": Drug.HEROIN,
            "severity": Severity.MIDDLE,
            "spoken_in": Language.EN,
            "agreed": frozenset(Point),
            "promised": {Session.PSYCHIATRIC: 2, Session.GROUP: 3},
            "per_day": 300,
        }
        return Admission(**{**values, **changes})

    return build


@pytest.fixture
def admitted(record, admission):
    return actions.admit(record(), admission(), now=NOW)
