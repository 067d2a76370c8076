"""What happened at check-ups and between them.

Attempts are kept in the care compartment, in codes; where and how the person may be
found stands in the contact compartment only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from footbridge.journey.checkups.rules import (
    Agreed,
    Conversion,
    EndReason,
    LinkageStep,
    Means,
    Need,
    Urine,
)
from footbridge.trust.vault.records import Compartment, EntryKind, sealed_record


@sealed_record
@dataclass(frozen=True, slots=True)
class ScheduleChosen:
    """Person and worker agreed on a schedule.

    Parameters
    ----------
    starts_on : date
        The day from which months are counted: enrolment, or a new start.
    """

    schedule: str
    starts_on: date

    KIND: ClassVar[EntryKind] = EntryKind("schedule-chosen", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ScheduleEnded:
    """No check-up falls due any more, until a schedule is chosen again."""

    ended_on: date
    why: EndReason

    KIND: ClassVar[EntryKind] = EntryKind("schedule-ended", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class CheckupHeld:
    """A check-up was held, and the next one given.

    Parameters
    ----------
    month : int
        The due month it answers, counted from the start.
    days_used, days : int
        Days of use, out of the days since the last check-up; None where not told.
    symptoms : frozenset of str
        Codes of past-month symptoms.
    need : Need
        As decided that day by the need rule: a later rule must not rewrite it.
    next_on : date or None
        The next due day, as told to the person; None where the schedule ended.
    elsewhere : bool or None
        What they said about another site after two tosses that nobody else saw, so that the
        answer tells nothing about them; None where they were not asked.
    """

    month: int
    held_on: date
    days_used: int | None
    days: int
    symptoms: frozenset[str]
    says_need: bool
    need: Need
    next_on: date | None
    elsewhere: bool | None = None

    KIND: ClassVar[EntryKind] = EntryKind("checkup-held", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class CheckupMissed:
    """The window of a check-up closed without it; nothing is blamed on anybody."""

    month: int
    found_on: date

    KIND: ClassVar[EntryKind] = EntryKind("checkup-missed", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ContactAttempted:
    """Somebody tried to reach the person in a way that they had agreed to.

    Parameters
    ----------
    next_on : date or None
        The day that was given for meeting, where they were reached.
    """

    attempted_on: date
    means: Means
    reached: bool
    next_on: date | None = None

    KIND: ClassVar[EntryKind] = EntryKind("contact-attempted", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class LinkageMeetingHeld:
    """Person and worker talked about going to a service, after a check-up found need.

    Parameters
    ----------
    agreed : Agreed
        What the person said in the end.
    first : Agreed or None
        What they said at first, where it was not yes.
    tried : frozenset of Conversion
        What was tried, with their leave, before a no was taken as an answer.
    """

    month: int
    held_on: date
    steps: frozenset[LinkageStep]
    agreed: Agreed
    first: Agreed | None = None
    tried: frozenset[Conversion] = frozenset()

    KIND: ClassVar[EntryKind] = EntryKind("linkage-meeting-held", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class AppointmentGiven:
    """The day of the next meeting was told to the person, at any contact."""

    given_on: date
    next_on: date

    KIND: ClassVar[EntryKind] = EntryKind("appointment-given", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class UrineTested:
    """A urine test, for the drugs that the programme is about; saying no is a result too."""

    tested_on: date
    result: Urine

    KIND: ClassVar[EntryKind] = EntryKind("urine-tested", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class TrackingStepDone:
    """One step of the missed-contact sequence that is no attempt was done."""

    step: str
    month: int
    done_on: date

    KIND: ClassVar[EntryKind] = EntryKind("tracking-step-done", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class CheckupEntryUndone:
    """An entry of this room was a slip; this one stands in its place and says nothing."""

    undone_on: date

    KIND: ClassVar[EntryKind] = EntryKind("checkup-entry-undone", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE
