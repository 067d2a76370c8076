"""Consent records are sealed and opened without loss."""

from datetime import date

import pytest

from footbridge.journey.consents.records import ConsentGiven, ConsentWithdrawn
from footbridge.journey.consents.rules import Language, Level, Purpose
from footbridge.trust.vault import codec

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "record",
    [
        ConsentGiven("care/1", frozenset({Purpose.CARE}), Language.ZH, DAY, True, True, 52),
        ConsentWithdrawn(Level.FORGET_ME, frozenset(), DAY, at_kiosk=True),
        ConsentWithdrawn(None, frozenset({Purpose.RECALL, Purpose.CARE}), DAY, at_kiosk=False),
    ],
)
def test_a_sealed_consent_opens_as_it_was(record):
    assert codec.decode(type(record), codec.encode(record)) == record
