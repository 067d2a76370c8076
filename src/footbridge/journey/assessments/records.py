"""What was answered at a sitting: the answers themselves, never a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from footbridge.journey.consents.rules import Language
from footbridge.trust.vault.records import Compartment, EntryKind, sealed_record


@sealed_record
@dataclass(frozen=True, slots=True)
class AssessmentTaken:
    """One sitting of one instrument.

    Parameters
    ----------
    answers : mapping of str to int or None
        Item id to the value chosen; None where the item was asked and not answered.
    """

    instrument: str
    version: int
    language: Language
    answers: Mapping[str, int | None]
    taken_on: date

    KIND: ClassVar[EntryKind] = EntryKind("assessment-taken", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class UseCalendarTaken:
    """A use calendar, one character a day (`calendar.Mark`), oldest first.

    Parameters
    ----------
    end_on : date
        The day of the last mark.
    """

    end_on: date
    marks: str

    KIND: ClassVar[EntryKind] = EntryKind("use-calendar-taken", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class AssessmentBegun:
    """A sitting that is not finished: each save takes the place of the one before.

    Parameters
    ----------
    answers : mapping of str to int or None
        As in a sitting; an item that was not reached is not there at all.
    """

    instrument: str
    version: int
    language: Language
    answers: Mapping[str, int | None]
    begun_on: date

    KIND: ClassVar[EntryKind] = EntryKind("assessment-begun", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class AssessmentDropped:
    """A begun sitting that nobody will finish; it takes the place of what was begun."""

    instrument: str
    version: int

    KIND: ClassVar[EntryKind] = EntryKind("assessment-dropped", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE
