"""A study that holds its own key, so that tests can read what research was told."""

from __future__ import annotations

import pytest

from footbridge.trust.access import circles
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.rules import Role
from footbridge.trust.vault import compartments, journal
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.records import Compartment


@pytest.fixture
def study(house):
    """Return a function that reads everything research was told of one person."""
    analyst = house.add_staff("ning", Role.ANALYST)
    member = Member(analyst.id, analyst.pair.public)
    circles.create(CircleKind.STUDY, label="pilot", members=[member], site=house.keys)

    def told(person):
        holders = circles.held_by(analyst, kinds=[CircleKind.STUDY])
        try:
            opened = compartments.open_for(person, Compartment.RESEARCH, holders=holders)
        except NoWrapError:
            return []
        return journal.entries(opened)

    return told
