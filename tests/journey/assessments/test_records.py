"""Sittings are sealed and opened without loss."""

from datetime import date

import pytest

from footbridge.journey.assessments.records import AssessmentTaken, UseCalendarTaken
from footbridge.journey.consents.rules import Language
from footbridge.trust.vault import codec


@pytest.mark.parametrize(
    "record",
    [
        AssessmentTaken("x", 1, Language.ZH, {"p1": 0, "p2": None}, date(2026, 3, 2)),
        UseCalendarTaken(date(2026, 3, 2), "01p?" + "0" * 86),
    ],
)
def test_a_sealed_sitting_opens_as_it_was(record):
    assert codec.decode(type(record), codec.encode(record)) == record
