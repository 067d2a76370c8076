"""Check-ups are sealed and opened without loss."""

from datetime import date

import pytest

from footbridge.journey.checkups.records import (
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
)
from footbridge.journey.checkups.rules import Agreed, LinkageStep, Means, Need
from footbridge.trust.vault import codec

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "record",
    [
        ScheduleChosen("adaptive", DAY),
        CheckupHeld(1, DAY, None, 30, frozenset({"harm"}), True, Need.IN_NEED, DAY),
        CheckupHeld(24, DAY, 3, 30, frozenset(), False, Need.NOT_IN_NEED, None),
        CheckupMissed(1, DAY),
        ContactAttempted(DAY, Means.AGREED_PLACE, True),
        LinkageMeetingHeld(1, DAY, frozenset(LinkageStep), Agreed.NOT_YET),
    ],
)
def test_a_sealed_part_of_check_ups_opens_as_it_was(record):
    assert codec.decode(type(record), codec.encode(record)) == record
