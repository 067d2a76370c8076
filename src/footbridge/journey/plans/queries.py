"""Reading a plan: its state, and the entries that a correction can replace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.plans import crisis, domains
from footbridge.journey.plans.crisis import Outline, Step
from footbridge.journey.plans.records import (
    CrisisPlanKept,
    GoalMoved,
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    PlanStepUndone,
    StrengthNoted,
)
from footbridge.journey.plans.rules import MOVES, CrisisPlan, Domain, GoalStatus, Status
from footbridge.journey.plans.state import Objective, PlanState, apply
from footbridge.trust.vault.folding import Opened, current, fold

Correctable = StrengthNoted | GoalSet | ObjectiveSet
Steps = Correctable | ObjectiveMoved | GoalMoved


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
    status: GoalStatus
    moved: GoalMoved | None


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """One step of a safety or overdose plan, with what the person says to it."""

    step: Step
    words: str


@dataclass(frozen=True, slots=True)
class CrisisPage:
    """A safety or overdose plan, ready to be shown."""

    outline: Outline
    newest: CrisisPlanKept | None
    lines: tuple[CrisisLine, ...]
    missing: tuple[Step, ...]
    earlier: tuple[CrisisPlanKept, ...]

    @property
    def answered(self) -> int:
        """How many steps were talked over."""
        return len(self.lines) - len(self.missing)


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the plan's history: what it wrote, and whether it still counts."""

    entry: Opened
    words: str
    stands: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A whole plan, ready to be shown."""

    strengths: tuple[StrengthLine, ...]
    goals: tuple[GoalLine, ...]
    closed: tuple[GoalLine, ...]
    completed: int
    crisis: tuple[CrisisPage, ...]
    history: tuple[Happened, ...]
    last: Opened | None


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


def last_step(record: OpenRecord) -> Opened | None:
    """Return the newest step of the plan that stands: the one that can be taken back."""
    steps = [one for one in current(record.entries) if isinstance(one.record, Steps)]
    return max(steps, key=lambda one: one.sequence, default=None)


def newest_kept(record: OpenRecord, which: CrisisPlan) -> tuple[UUID, CrisisPlanKept] | None:
    """Return the newest version of a safety or overdose plan and its entry."""
    found = [
        (entry.id, entry.record)
        for entry in current(record.entries)
        if isinstance(entry.record, CrisisPlanKept) and entry.record.which is which
    ]
    return found[-1] if found else None


def crisis_page(state: PlanState, which: CrisisPlan) -> CrisisPage:
    """Return a safety or overdose plan step by step, and its earlier versions."""
    outline, versions = crisis.outline(which), state.versions(which)
    newest = versions[-1] if versions else None
    parts = newest.parts if newest else {}
    return CrisisPage(
        outline=outline,
        newest=newest,
        lines=tuple(CrisisLine(step, parts.get(step.id, "")) for step in outline.steps),
        missing=tuple(crisis.missing(which, parts)),
        earlier=tuple(reversed(versions[:-1])),
    )


def history(record: OpenRecord) -> tuple[Happened, ...]:
    """Return every step of the plan, newest first.

    What was corrected or taken back is told without its words: a name that strayed in
    and was taken out must not come back on a page.
    """
    state, stand = state_of(record), {entry.id for entry in current(record.entries)}
    told = [
        Happened(entry, _words(entry, state) if entry.id in stand else "", entry.id in stand)
        for entry in record.entries
        if isinstance(entry.record, Steps | PlanStepUndone)
    ]
    return tuple(reversed(told))


def plan_page(record: OpenRecord, *, on: date) -> PlanPage:
    """Return a plan goal by goal."""
    state, known = state_of(record), domains.domains()
    kept = standing(record)
    objectives = [
        _objective(entry, state.objectives[one.objective], on=on)
        for entry, one in kept.items()
        if isinstance(one, ObjectiveSet)
    ]
    goals = [
        GoalLine(
            entry,
            one,
            known.get(one.domain),
            tuple(line for line in objectives if line.objective.set.goal == one.goal),
            state.goal_status(one.goal),
            state.moved.get(one.goal),
        )
        for entry, one in kept.items()
        if isinstance(one, GoalSet)
    ]
    return PlanPage(
        strengths=tuple(
            StrengthLine(entry, one, known.get(one.domain))
            for entry, one in kept.items()
            if isinstance(one, StrengthNoted)
        ),
        goals=tuple(line for line in goals if line.status is GoalStatus.OPEN),
        closed=tuple(line for line in goals if line.status is not GoalStatus.OPEN),
        completed=state.completed(),
        crisis=tuple(crisis_page(state, which) for which in CrisisPlan),
        history=history(record),
        last=last_step(record),
    )


def _words(entry: Opened, state: PlanState) -> str:
    """Return the words that an entry is about, as they stand now."""
    match entry.record:
        case StrengthNoted(words=words) | GoalSet(words=words):
            return words
        case ObjectiveSet(what=what):
            return what
        case ObjectiveMoved(objective=objective):
            known = state.objectives
            return known[objective].set.what if objective in known else ""
        case GoalMoved(goal=goal):
            goals = state.goals
            return goals[goal].words if goal in goals else ""
    return ""


def _objective(entry: UUID, objective: Objective, *, on: date) -> ObjectiveLine:
    moves = tuple(
        status
        for status in Status
        if status in MOVES[objective.status] and status is not Status.DROPPED
    )
    return ObjectiveLine(entry, objective, moves, objective.late(on=on))
