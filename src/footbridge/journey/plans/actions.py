"""Working on a plan: strengths before goals, goals before objectives, objectives that move."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.plans import domains, rules
from footbridge.journey.plans.queries import Correctable, standing, state_of
from footbridge.journey.plans.records import (
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    StrengthNoted,
)
from footbridge.journey.plans.rules import PlanError, Status
from footbridge.trust.decisions import RefusedError, gettext_noop


def note_strength(
    record: OpenRecord, strength: StrengthNoted, *, on: date, replaces: UUID | None = None
) -> UUID:
    """Note something that the person can do, has or has done.

    Raises
    ------
    PlanError
        If there is no such domain, or the entry to correct is no strength of this plan.
    """
    domains.domain(strength.domain)
    _check_replaced(record, strength, replaces)
    with writing("plan.changed", record, on=on) as doing:
        return doing.care(strength, replaces=replaces)


def set_goal(record: OpenRecord, goal: GoalSet, *, on: date, replaces: UUID | None = None) -> UUID:
    """Set a goal in the person's words, or correct one.

    Raises
    ------
    RefusedError
        If no strength is noted yet.
    PlanError
        If there is no such domain, or the entry to correct is no goal of this plan.
    """
    domains.domain(goal.domain)
    decision = state_of(record).may_set_goal()
    if not decision:
        raise RefusedError.by(decision)
    _check_replaced(record, goal, replaces)
    with writing("plan.changed", record, on=on) as doing:
        return doing.care(goal, replaces=replaces)


def set_objective(
    record: OpenRecord, objective: ObjectiveSet, *, on: date, replaces: UUID | None = None
) -> UUID:
    """Set one step towards a goal, or correct one.

    Raises
    ------
    RefusedError
        If it would be due before it is set.
    PlanError
        If the plan has no such goal, or the entry to correct is no objective of it.
    """
    decision = rules.may_set_objective(set_on=objective.set_on, by_when=objective.by_when)
    if not decision:
        raise RefusedError.by(decision)
    if objective.goal not in state_of(record).goals:
        raise PlanError(
            gettext_noop(
                "This plan has no such goal: it may have been corrected. "
                "Open the plan again and choose one that is shown."
            )
        )
    _check_replaced(record, objective, replaces)
    with writing("plan.changed", record, on=on) as doing:
        return doing.care(objective, replaces=replaces)


def move_objective(record: OpenRecord, objective: UUID, to: Status, *, on: date) -> UUID:
    """Let an objective reach another status today.

    Raises
    ------
    PlanError
        If the plan has no such objective.
    RefusedError
        If it cannot go there from where it stands.
    """
    decision = state_of(record).may_move(objective, to, on=on)
    if not decision:
        raise RefusedError.by(decision)
    with writing("plan.changed", record, on=on) as doing:
        return doing.care(ObjectiveMoved(objective, to, on))


def _check_replaced(record: OpenRecord, new: Correctable, replaces: UUID | None) -> None:
    """A correction keeps what it corrects: same kind, same goal or objective."""
    if replaces is None:
        return
    old = standing(record).get(replaces)
    match old, new:
        case StrengthNoted(), StrengthNoted():
            return
        case GoalSet(goal=before), GoalSet(goal=after) if before == after:
            return
        case ObjectiveSet(objective=before), ObjectiveSet(objective=after) if before == after:
            return
    raise PlanError(
        gettext_noop(
            "What was to be corrected does not stand in this plan any more. "
            "Open the plan again and choose from what is shown."
        )
    )
