"""A person's plan as it stands, folded from their journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from footbridge.journey.people.records import Course
from footbridge.journey.plans.records import (
    CrisisPlanKept,
    GoalMoved,
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    StrengthNoted,
)
from footbridge.journey.plans.rules import (
    CrisisPlan,
    GoalStatus,
    LetGo,
    PlanError,
    Status,
    may_move,
    may_move_goal,
    may_set_goal,
)
from footbridge.trust.decisions import Decision, gettext_noop
from footbridge.trust.vault.folding import Opened
from footbridge.trust.weeks import IsoWeek

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Objective:
    """One objective and the status that it last reached."""

    set: ObjectiveSet
    status: Status = Status.OPEN
    moved_on: date | None = None
    moved: ObjectiveMoved | None = None

    @property
    def completed_on(self) -> date | None:
        """The day on which it was done; None while it is not done."""
        return self.moved_on if self.status is Status.DONE else None

    def late(self, *, on: date) -> bool:
        """Return whether it is still to be done after the day agreed."""
        unfinished = self.status in (Status.OPEN, Status.DOING)
        return unfinished and self.set.by_when is not None and on > self.set.by_when


@dataclass(frozen=True, slots=True)
class PlanState:
    """Strengths, goals and objectives, each in the order in which they were entered."""

    strengths: tuple[StrengthNoted, ...] = ()
    goals: Mapping[UUID, GoalSet] = field(default_factory=lambda: MappingProxyType({}))
    objectives: Mapping[UUID, Objective] = field(default_factory=lambda: MappingProxyType({}))
    moved: Mapping[UUID, GoalMoved] = field(default_factory=lambda: MappingProxyType({}))
    kept: tuple[CrisisPlanKept, ...] = ()

    @property
    def open_goals(self) -> dict[UUID, GoalSet]:
        """The goals that are worked on."""
        return {
            goal.goal: goal
            for goal in self.goals.values()
            if self.goal_status(goal.goal) is GoalStatus.OPEN
        }

    @property
    def safety(self) -> CrisisPlanKept | None:
        """The safety plan as it stands."""
        return self.newest(CrisisPlan.SAFETY)

    @property
    def overdose(self) -> CrisisPlanKept | None:
        """The overdose plan as it stands."""
        return self.newest(CrisisPlan.OVERDOSE)

    def versions(self, which: CrisisPlan) -> list[CrisisPlanKept]:
        """Return a safety or overdose plan as it stood over time, oldest first."""
        return [one for one in self.kept if one.which is which]

    def newest(self, which: CrisisPlan) -> CrisisPlanKept | None:
        """Return a safety or overdose plan as it stands; None where none was begun."""
        return next(reversed(self.versions(which)), None)

    def goal_status(self, goal: UUID) -> GoalStatus:
        """Return where a goal stands."""
        return self.moved[goal].status if goal in self.moved else GoalStatus.OPEN

    def may_move_goal(
        self, goal: UUID, to: GoalStatus, *, on: date, why: LetGo | None = None
    ) -> Decision:
        """Decide whether a goal of this plan may move; raise PlanError if not in it."""
        found = self.goal(goal)
        since = self.moved[goal].moved_on if goal in self.moved else found.set_on
        return may_move_goal(self.goal_status(goal), to, since=since, moved_on=on, why=why)

    def goal(self, id: UUID) -> GoalSet:  # noqa: A002 - the word that records use
        """Return a goal; raise PlanError where the plan has none of that id."""
        try:
            return self.goals[id]
        except KeyError as error:
            raise PlanError(
                gettext_noop(
                    "This plan has no such goal: it may have been corrected. "
                    "Open the plan again and choose one that is shown."
                )
            ) from error

    def may_set_goal(self) -> Decision:
        """Decide whether the plan has a strength to start from."""
        return may_set_goal(len(self.strengths))

    def may_move(
        self, objective: UUID, to: Status, *, on: date, why: LetGo | None = None
    ) -> Decision:
        """Decide whether an objective of this plan may move; raise PlanError if not in it."""
        found = self.objective(objective)
        latest = max(found.set.set_on, found.moved_on or found.set.set_on)
        return may_move(found.status, to, since=latest, moved_on=on, why=why)

    def objective(self, id: UUID) -> Objective:  # noqa: A002 - the word that records use
        """Return an objective; raise PlanError where the plan has none of that id."""
        try:
            return self.objectives[id]
        except KeyError as error:
            raise PlanError(
                gettext_noop(
                    "This plan has no such objective: it may have been corrected. "
                    "Open the plan again and choose one that is shown."
                )
            ) from error

    def of_goal(self, goal: UUID) -> list[Objective]:
        """Return the objectives of one goal."""
        return [one for one in self.objectives.values() if one.set.goal == goal]

    def completed(self, *, since: date | None = None, until: date | None = None) -> int:
        """Return the number of objectives done, both ends of the span included.

        This is the trial's own measure, "objectives completed". An objective that was
        done and then taken up again does not count until it is done once more.
        """
        return sum(
            (since is None or done >= since) and (until is None or done <= until)
            for one in self.objectives.values()
            if (done := one.completed_on) is not None
        )

    def late(self, *, on: date) -> list[Objective]:
        """Return the objectives of open goals that are past the day agreed, oldest first."""
        closed = self.goals.keys() - self.open_goals.keys()
        found = [
            one
            for one in self.objectives.values()
            if one.late(on=on) and one.set.goal not in closed
        ]
        return sorted(found, key=lambda one: one.set.by_when or date.max)


def apply(state: PlanState, entry: Opened) -> PlanState:
    """Return the state after one entry; entries of other rooms change nothing."""
    match entry.record:
        case StrengthNoted() as noted:
            return replace(state, strengths=(*state.strengths, noted))
        case GoalSet() as goal:
            return replace(state, goals=_with(state.goals, goal.goal, goal))
        case ObjectiveSet() as objective:
            return replace(
                state,
                objectives=_with(state.objectives, objective.objective, Objective(objective)),
            )
        case ObjectiveMoved() as moved if moved.objective in state.objectives:
            before = state.objectives[moved.objective]
            after = replace(before, status=moved.status, moved_on=moved.moved_on, moved=moved)
            return replace(state, objectives=_with(state.objectives, moved.objective, after))
        case GoalMoved() as moved if moved.goal in state.goals:
            return replace(state, moved=_with(state.moved, moved.goal, moved))
        case CrisisPlanKept() as kept:
            return replace(state, kept=(*state.kept, kept))
    return state


def course(state: PlanState, *, on: date) -> Course:
    """Return what a coordinator may count of a plan: numbers, and which plans are whole."""
    newest = [one for one in (state.safety, state.overdose) if one is not None]
    return Course(
        "plan",
        IsoWeek.of(on),
        frozenset(one.which.value for one in newest if one.whole),
        {
            "goals": len(state.open_goals),
            "objectives": len(state.objectives),
            "completed": state.completed(),
            "overdue": len(state.late(on=on)),
        },
    )


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})
