"""Outcomes for care, with their day; and their twins for research, in bands and months."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

from footbridge.journey.outcomes.events import Act
from footbridge.journey.outcomes.rules import (
    Answer,
    Count,
    DaysUsed,
    Employment,
    Harm,
    Housing,
    Justice,
    OutcomeValues,
    Place,
    Related,
    Third,
    Treatment,
    Urine,
)
from footbridge.trust.vault.records import Compartment, EntryKind, FreeText, sealed_record


@sealed_record
@dataclass(frozen=True, slots=True)
class OutcomeCoded:
    """What was found at one time point, coded from the journal and from what was asked.

    Parameters
    ----------
    month : int
        The planned time point, in months from enrolment.
    """

    month: int
    measured_on: date
    values: OutcomeValues

    KIND: ClassVar[EntryKind] = EntryKind("outcome-coded", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class OutcomeBands:
    """The research twin of `OutcomeCoded`: no day, no words, no exact number."""

    month: int
    arm: str
    employment: Employment
    days_used: DaysUsed
    urine: Urine
    justice: Justice
    services: Count
    objectives: Count
    treatment: Treatment
    housing: Housing
    place: Place
    recovery_capital: Third
    used_30: Answer
    crime_30: Answer
    community_30: Answer

    KIND: ClassVar[EntryKind] = EntryKind("outcome-bands", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.RESEARCH


@sealed_record
@dataclass(frozen=True, slots=True)
class AdverseEventNoted:
    """Something harmful happened, whether or not the programme brought it about.

    Parameters
    ----------
    happened_on : date or None
        None where only the noting is dated.
    noted_on : date or None
        The day from which its steps are counted; a correction keeps it.
    event : UUID
        Its own id, so that a correction does not orphan the steps that were done.
    """

    harm: Harm
    happened_on: date | None
    related: Related
    words: FreeText
    noted_on: date | None = None
    event: UUID = field(default_factory=uuid4)

    KIND: ClassVar[EntryKind] = EntryKind("adverse-event-noted", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class EventStepDone:
    """One step of what follows on an adverse event was seen to."""

    event: UUID
    act: Act
    done_on: date

    KIND: ClassVar[EntryKind] = EntryKind("event-step-done", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class EventClosed:
    """Every step was seen to; what was learnt stays with the care team."""

    event: UUID
    closed_on: date
    learnt: FreeText

    KIND: ClassVar[EntryKind] = EntryKind("event-closed", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class OutcomeEntryUndone:
    """An entry of this room was a slip; this one stands in its place and says nothing."""

    undone_on: date

    KIND: ClassVar[EntryKind] = EntryKind("outcome-entry-undone", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ResearchTold:
    """Which letter research was sent about a time point or an event.

    Nobody here can read what lies in the study's letter box. Whoever put a letter in
    remembers its id, so that a later one can name the letter it replaces.

    Parameters
    ----------
    month : int or None
        The time point, for an outcome.
    event : UUID or None
        The event, for an adverse event.
    """

    month: int | None
    event: UUID | None
    letter: UUID

    KIND: ClassVar[EntryKind] = EntryKind("research-told", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class BandTakenBack:
    """Takes the place of a band whose outcome or event turned out to be a slip."""

    month: int | None

    KIND: ClassVar[EntryKind] = EntryKind("band-taken-back", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.RESEARCH


@sealed_record
@dataclass(frozen=True, slots=True)
class AdverseEventBand:
    """The research twin of `AdverseEventNoted`: before which time point, and in which arm.

    Parameters
    ----------
    month : int or None
        The time point that ends the interval it happened in; None where not known.
    """

    harm: Harm
    month: int | None
    related: Related
    arm: str

    KIND: ClassVar[EntryKind] = EntryKind("adverse-event-band", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.RESEARCH


@sealed_record
@dataclass(frozen=True, slots=True)
class ArmAssigned:
    """The person was allocated to an arm of a study.

    Parameters
    ----------
    study, arm : str
        Codes of the study's design.
    """

    study: str
    arm: str
    assigned_on: date

    KIND: ClassVar[EntryKind] = EntryKind("arm-assigned", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ArmBand:
    """The research twin of `ArmAssigned`: no day."""

    study: str
    arm: str

    KIND: ClassVar[EntryKind] = EntryKind("arm-band", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.RESEARCH
