"""Outcomes are sealed and opened without loss."""

from datetime import date

import pytest

from footbridge.journey.outcomes.coding import band_of_arm, band_of_event, bands_of
from footbridge.journey.outcomes.records import AdverseEventNoted, ArmAssigned, OutcomeCoded
from footbridge.journey.outcomes.rules import Harm, OutcomeValues, Related
from footbridge.trust.vault import codec
from footbridge.trust.vault.records import FreeText

DAY = date(2026, 3, 2)
OUTCOME = OutcomeCoded(3, DAY, OutcomeValues(days_used=3, days_known=90, recovery_capital=31.5))
EVENT = AdverseEventNoted(Harm.HOSPITAL, None, Related.NO, FreeText("摔了一跤"))
ARM = ArmAssigned("pilot", "rmi", DAY)


@pytest.mark.parametrize(
    "record",
    [
        OUTCOME,
        bands_of(OUTCOME, scale=(0, 40)),
        EVENT,
        band_of_event(EVENT, start=DAY),
        ARM,
        band_of_arm(ARM),
    ],
)
def test_a_sealed_outcome_opens_as_it_was(record):
    assert codec.decode(type(record), codec.encode(record)) == record
