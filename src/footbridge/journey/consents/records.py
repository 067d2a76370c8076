"""What a person agreed to aloud, and what they took back.

Nothing here names anybody: the person is the journal that holds the entry, and the
worker who read the text is in the entry's envelope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from footbridge.journey.consents.rules import Language, Level, Purpose
from footbridge.trust.vault.records import Compartment, EntryKind, FreeText, sealed_record


@sealed_record
@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A text was read aloud and the person said yes; there is no signature.

    Parameters
    ----------
    text : str
        Id of the version that was read, such as ``care/1``.
    lasts : int
        Weeks from `given_on`; the day they end is the last day allowed.
    """

    text: str
    purposes: frozenset[Purpose]
    language: Language
    given_on: date
    read_twice: bool
    questions_answered: bool
    lasts: int

    KIND: ClassVar[EntryKind] = EntryKind("consent-given", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The person took consent back: at one of the three levels, for single purposes, or both."""

    level: Level | None
    purposes: frozenset[Purpose]
    withdrawn_on: date
    at_kiosk: bool

    KIND: ClassVar[EntryKind] = EntryKind("consent-withdrawn", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ContactAgreed:
    """How the person may safely be reached, in their words; deleted after its weeks."""

    ways: FreeText
    agreed_on: date

    KIND: ClassVar[EntryKind] = EntryKind("contact-agreed", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CONTACT
