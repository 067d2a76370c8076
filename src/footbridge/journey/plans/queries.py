"""Reading a plan: its state, and the entries that a correction can replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.plans import domains
from footbridge.journey.plans.records import GoalSet, ObjectiveSet, StrengthNoted
from footbridge.journey.plans.rules import MOVES, Domain, Status
from footbridge.journey.plans.state import Objective, PlanState, apply
from footbridge.trust.vault.folding import current, fold

Correctable = StrengthNoted | GoalSet | ObjectiveSet


@dataclass(frozen=True, slots=True)
class StrengthLine:
    """One strength, its domain, and its entry."""

    entry: UUID
    noted: StrengthNoted
    domain: Domain | None


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """One objective, its entry, and the statuses that it may reach next."""

    entry: UUID
    objective: Objective
    moves: tuple[Status, ...]
    late: bool


@dataclass(frozen=True, slots=True)
class GoalLine:
    """One goal with its objectives."""

    entry: UUID
    goal: GoalSet
    domain: Domain | None
    objectives: tuple[ObjectiveLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A whole plan, ready to be shown."""

    strengths: tuple[StrengthLine, ...]
    goals: tuple[GoalLine, ...]
    completed: int


def state_of(record: OpenRecord) -> PlanState:
    """Return a person's plan as it stands."""
    return fold(record.entries, apply, PlanState())


def standing(record: OpenRecord) -> Mapping[UUID, Correctable]:
    """Return what can be corrected, by its entry."""
    return {
        entry.id: entry.record
        for entry in current(record.entries)
        if isinstance(entry.record, Correctable)
    }


def plan_page(record: OpenRecord, *, on: date) -> PlanPage:
    """Return a plan goal by goal."""
    state, known = state_of(record), domains.domains()
    kept = standing(record)
    objectives = [
        _objective(entry, state.objectives[one.objective], on=on)
        for entry, one in kept.items()
        if isinstance(one, ObjectiveSet)
    ]
    return PlanPage(
        strengths=tuple(
            StrengthLine(entry, one, known.get(one.domain))
            for entry, one in kept.items()
            if isinstance(one, StrengthNoted)
        ),
        goals=tuple(
            GoalLine(
                entry,
                one,
                known.get(one.domain),
                tuple(line for line in objectives if line.objective.set.goal == one.goal),
            )
            for entry, one in kept.items()
            if isinstance(one, GoalSet)
        ),
        completed=state.completed(),
    )


def _objective(entry: UUID, objective: Objective, *, on: date) -> ObjectiveLine:
    moves = tuple(status for status in Status if status in MOVES[objective.status])
    return ObjectiveLine(entry, objective, moves, objective.late(on=on))
