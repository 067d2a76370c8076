"""What the journal keeps of a stay. Times of day stand here, sealed, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from footbridge.journey.consents.rules import Language
from footbridge.journey.stays.codes import (
    Answer,
    ClosedFor,
    Drug,
    Ending,
    FollowMeans,
    GivenBy,
    Happened,
    Medicine,
    Point,
    RoomKind,
    Route,
    Session,
    Severity,
    Step,
    ToldBy,
    Unit,
)
from footbridge.trust.vault.records import Compartment, EntryKind, FreeText, sealed_record


@sealed_record
@dataclass(frozen=True, slots=True)
class StayBegun:
    """Somebody came to a bed, after the agreement was spoken; no name, no signature.

    Parameters
    ----------
    at_minute : int
        Minutes after midnight, as in every record of this room.
    promised : mapping of Session to int
        How many sessions of each kind the agreement promises.
    per_day : int or None
        Yuan a day as quoted; None where the site keeps no tariff.
    prepaid : int
        Days that were paid ahead.
    receipt : str or None
        The random number on the receipt.
    granted : frozenset of UUID
        Ward colleagues who were given a key for this stay.
    """

    begun_on: date
    at_minute: int
    bed: UUID
    room: RoomKind
    planned_days: int
    drug: Drug
    severity: Severity
    spoken_in: Language
    agreed: frozenset[Point]
    promised: Mapping[Session, int]
    per_day: int | None = None
    prepaid: int = 0
    receipt: str | None = None
    granted: frozenset[UUID] = frozenset()

    KIND: ClassVar[EntryKind] = EntryKind("stay-begun", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class StayExtended:
    """More days were agreed, and paid ahead where there is a tariff."""

    extended_on: date
    days: int
    prepaid: int = 0
    receipt: str | None = None

    KIND: ClassVar[EntryKind] = EntryKind("stay-extended", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class BedChanged:
    """Somebody moved to another bed; the price stays as quoted."""

    changed_on: date
    bed: UUID
    room: RoomKind

    KIND: ClassVar[EntryKind] = EntryKind("bed-changed", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class WithdrawalCharted:
    """One sitting of the withdrawal chart: the points, never a sum.

    Parameters
    ----------
    points : mapping of str to int
        `signs.Sign` to its points.
    """

    taken_on: date
    at_minute: int
    points: Mapping[str, int]

    KIND: ClassVar[EntryKind] = EntryKind("withdrawal-charted", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class DoseRecorded:
    """A dose that was given: what stood on the order and was seen, nothing else."""

    given_on: date
    at_minute: int
    medicine: Medicine
    other: FreeText | None
    amount: float
    unit: Unit
    route: Route
    given_by: GivenBy
    witnessed: bool

    KIND: ClassVar[EntryKind] = EntryKind("dose-recorded", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class SessionNoted:
    """What became of a session that was promised."""

    held_on: date
    session: Session
    happened: Happened

    KIND: ClassVar[EntryKind] = EntryKind("session-noted", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class StayEnded:
    """Somebody left.

    Parameters
    ----------
    refunded : int
        Days that were paid and not used, and given back.
    """

    ended_on: date
    at_minute: int
    ending: Ending
    refunded: int = 0
    receipt: str | None = None

    KIND: ClassVar[EntryKind] = EntryKind("stay-ended", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class DischargeStepDone:
    """A step of the discharge bundle: at the door, or made good later."""

    done_on: date
    step: Step
    answer: Answer

    KIND: ClassVar[EntryKind] = EntryKind("discharge-step-done", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class FollowUpMade:
    """Somebody spoke with the person after a stay."""

    made_on: date
    means: FollowMeans

    KIND: ClassVar[EntryKind] = EntryKind("follow-up-made", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class TreatmentVisited:
    """The person went to a drug treatment service after a stay."""

    visited_on: date
    told_by: ToldBy

    KIND: ClassVar[EntryKind] = EntryKind("treatment-visited", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class AftercareClosed:
    """The clocks after a stay were stopped for a reason."""

    closed_on: date
    reason: ClosedFor

    KIND: ClassVar[EntryKind] = EntryKind("aftercare-closed", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class StayEntryStruck:
    """Stands in the place of an entry that was a slip of the hand: it never counts."""

    struck_on: date

    KIND: ClassVar[EntryKind] = EntryKind("stay-entry-struck", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE
