"""What happened at check-ups and between them.

Attempts are kept in the care compartment, in codes; where and how the person may be
found stands in the contact compartment only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from footbridge.journey.checkups.rules import Agreed, LinkageStep, Means, Need
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
    """

    month: int
    held_on: date
    days_used: int | None
    days: int
    symptoms: frozenset[str]
    says_need: bool
    need: Need
    next_on: date | None

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
    """Somebody tried to reach the person in a way that they had agreed to."""

    attempted_on: date
    means: Means
    reached: bool

    KIND: ClassVar[EntryKind] = EntryKind("contact-attempted", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class LinkageMeetingHeld:
    """Person and worker talked about going to a service, after a check-up found need."""

    month: int
    held_on: date
    steps: frozenset[LinkageStep]
    agreed: Agreed

    KIND: ClassVar[EntryKind] = EntryKind("linkage-meeting-held", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE
