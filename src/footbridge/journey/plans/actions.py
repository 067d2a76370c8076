"""Working on a plan: strengths before goals, goals before objectives, objectives that move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.plans import crisis, domains, rules
from footbridge.journey.plans.queries import Correctable, last_step, newest_kept, standing, state_of
from footbridge.journey.plans.records import (
    CrisisPlanKept,
    GoalMoved,
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    PlanStepUndone,
    StrengthNoted,
)
from footbridge.journey.plans.rules import CrisisPlan, PlanError
from footbridge.journey.plans.state import PlanState, apply, course
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import FreeText, Record


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
    return _write(record, strength, on=on, replaces=replaces)


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
    return _write(record, goal, on=on, replaces=replaces)


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
    state = state_of(record)
    state.goal(objective.goal)
    decision = rules.may_set_objective(
        set_on=objective.set_on,
        by_when=objective.by_when,
        goal=state.goal_status(objective.goal),
    )
    if not decision:
        raise RefusedError.by(decision)
    _check_replaced(record, objective, replaces)
    return _write(record, objective, on=on, replaces=replaces)


def move_objective(record: OpenRecord, moved: ObjectiveMoved, *, on: date) -> UUID:
    """Let an objective reach another status; dropping it needs a reason.

    Raises
    ------
    PlanError
        If the plan has no such objective.
    RefusedError
        If it cannot go there from where it stands.
    """
    state = state_of(record)
    decision = state.may_move(moved.objective, moved.status, on=moved.moved_on, why=moved.why)
    if not decision:
        raise RefusedError.by(decision)
    return _write(record, moved, on=on)


def move_goal(record: OpenRecord, moved: GoalMoved, *, on: date) -> UUID:
    """Close a goal, reached or let go, or take it up again.

    Raises
    ------
    PlanError
        If the plan has no such goal.
    RefusedError
        If it cannot go there from where it stands, or is let go without a reason.
    """
    state = state_of(record)
    decision = state.may_move_goal(moved.goal, moved.status, on=moved.moved_on, why=moved.why)
    if not decision:
        raise RefusedError.by(decision)
    return _write(record, moved, on=on)


def undo_last(record: OpenRecord, *, entry: UUID, on: date) -> UUID:
    """Take the last step back: what it wrote stays in the journal and no longer counts.

    A correction that is taken back lets the version before it stand again. `entry` is
    the step that the page showed, so that two presses never take back two steps.

    Raises
    ------
    PlanError
        If there is no step, or another one was taken meanwhile.
    """
    last = last_step(record)
    if last is None or last.id != entry:
        raise PlanError(
            gettext_noop(
                "The last step of this plan is another one by now. "
                "Open the plan again and look at what it says."
            )
        )
    before = next((one.record for one in record.entries if one.id == last.replaces), None)
    back = before if before is not None else PlanStepUndone(on)
    return _write(record, back, on=on, replaces=last.id)


def keep_crisis_plan(record: OpenRecord, kept: CrisisPlanKept, *, on: date) -> UUID:
    """Keep a safety or overdose plan as it stands now; one version stands for a day.

    Raises
    ------
    PlanError
        If a part belongs to no step of this plan.
    """
    for part in kept.parts:
        crisis.step(kept.which, part)
    newest = newest_kept(record, kept.which)
    same_day = newest is not None and newest[1].kept_on == kept.kept_on
    return _write(record, kept, on=on, replaces=newest[0] if newest and same_day else None)


def put_on_paper(record: OpenRecord, *, on: date) -> None:
    """Note on the trail that a plan was put on paper, so that the person can see it."""
    with writing("plan.printed", record, on=on):
        pass


def merged(
    state: PlanState, which: CrisisPlan, *, part: tuple[str, FreeText], on: date
) -> CrisisPlanKept:
    """Return the newest version of a plan with one part written anew."""
    newest = state.newest(which)
    before = newest or CrisisPlanKept(which, {}, None, on)
    return replace(before, parts={**before.parts, part[0]: part[1]}, kept_on=on)


def _write(record: OpenRecord, new: Record, *, on: date, replaces: UUID | None = None) -> UUID:
    """Seal one entry, and tell the summary what may be counted of the plan after it."""
    after = Opened(uuid4(), len(record.entries), new, replaces=replaces)
    state = fold((*record.entries, after), apply, PlanState())
    with writing("plan.changed", record, on=on) as doing:
        entry = doing.care(new, replaces=replaces)
        doing.courses("plan", [course(state, on=on)])
    return entry


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
