"""What person and worker agreed: strengths, goals, objectives and how these move.

Goals and objectives carry an id of their own, so that a correction of the entry that
set one does not orphan what was built on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from footbridge.journey.plans import crisis
from footbridge.journey.plans.rules import (
    CrisisPlan,
    GoalStatus,
    LetGo,
    Naloxone,
    Status,
    Who,
)
from footbridge.trust.vault.records import Compartment, EntryKind, FreeText, sealed_record

NO_WORDS = FreeText("")


@sealed_record
@dataclass(frozen=True, slots=True)
class StrengthNoted:
    """Something that the person can do, has or has done, in their own words."""

    domain: str
    words: FreeText
    noted_on: date

    KIND: ClassVar[EntryKind] = EntryKind("strength-noted", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class GoalSet:
    """What the person wants, in their own words."""

    goal: UUID
    domain: str
    words: FreeText
    set_on: date

    KIND: ClassVar[EntryKind] = EntryKind("goal-set", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ObjectiveSet:
    """One step towards a goal: what, who, and by when if a day was agreed."""

    objective: UUID
    goal: UUID
    what: FreeText
    who: Who
    by_when: date | None
    set_on: date

    KIND: ClassVar[EntryKind] = EntryKind("objective-set", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class ObjectiveMoved:
    """An objective reached another status on a day; dropped, with its reason."""

    objective: UUID
    status: Status
    moved_on: date
    why: LetGo | None = None
    note: FreeText = NO_WORDS

    KIND: ClassVar[EntryKind] = EntryKind("objective-moved", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class GoalMoved:
    """A goal was reached, let go with its reason, or taken up again."""

    goal: UUID
    status: GoalStatus
    moved_on: date
    why: LetGo | None = None
    note: FreeText = NO_WORDS

    KIND: ClassVar[EntryKind] = EntryKind("goal-moved", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class PlanStepUndone:
    """What the entry that this one replaces wrote was a slip of the hand."""

    undone_on: date

    KIND: ClassVar[EntryKind] = EntryKind("plan-step-undone", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE


@sealed_record
@dataclass(frozen=True, slots=True)
class CrisisPlanKept:
    """A safety or overdose plan as it stood at the end of a day: one version of it.

    Parameters
    ----------
    parts : mapping of str to FreeText
        The person's words by the id of the step; a step not talked about yet is not there.
    naloxone : Naloxone or None
        Whether naloxone is at hand; None until it was asked.
    """

    which: CrisisPlan
    parts: Mapping[str, FreeText]
    naloxone: Naloxone | None
    kept_on: date

    KIND: ClassVar[EntryKind] = EntryKind("crisis-plan-kept", version=1)
    COMPARTMENT: ClassVar[Compartment] = Compartment.CARE

    @property
    def whole(self) -> bool:
        """Whether every step was talked over."""
        return not crisis.missing(self.which, self.parts)
