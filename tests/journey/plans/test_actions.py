"""A plan is built from strengths up, and corrections do not orphan what stands on them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from footbridge.journey.people import queries as people
from footbridge.journey.plans import actions, crisis, queries
from footbridge.journey.plans.records import (
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
    Who,
)
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault.records import FreeText


class Plan:
    """One invented person's plan; every act opens the record anew."""

    def __init__(self, house, worker, today):
        self.today = today
        _, self._record = house.in_care(worker)

    @property
    def record(self):
        return people.open_record(self._record.person.id, by=self._record.by)

    @property
    def page(self):
        return queries.plan_page(self.record, on=self.today)

    def strength(self, words="cooks well", *, domain="food", replaces=None):
        noted = StrengthNoted(domain, FreeText(words), self.today)
        return actions.note_strength(self.record, noted, on=self.today, replaces=replaces)

    def goal(self, words="a stall of my own", *, id_=None, replaces=None):
        found = GoalSet(id_ or uuid.uuid4(), "employment", FreeText(words), self.today)
        return found.goal, actions.set_goal(self.record, found, on=self.today, replaces=replaces)

    def objective(self, goal, *, by_when=None):
        id_ = uuid.uuid4()
        found = ObjectiveSet(id_, goal, FreeText("ask"), Who.PERSON, by_when, self.today)
        actions.set_objective(self.record, found, on=self.today)
        return id_

    def move(self, step, to, *, why=None):
        moved = ObjectiveMoved(step, to, self.today, why)
        return actions.move_objective(self.record, moved, on=self.today)

    def close(self, goal, to=GoalStatus.REACHED, *, why=None):
        return actions.move_goal(self.record, GoalMoved(goal, to, self.today, why), on=self.today)

    def undo(self):
        record = self.record
        return actions.undo_last(record, entry=queries.last_step(record).id, on=self.today)

    def keep(self, which, part, words, *, on=None):
        on = on or self.today
        record = self.record
        kept = actions.merged(queries.state_of(record), which, part=(part, FreeText(words)), on=on)
        return actions.keep_crisis_plan(record, kept, on=on)

    @property
    def course(self):
        (found,) = people.summary_of(self.record.person.id, by=self.record.by).courses_of("plan")
        return found


@pytest.fixture
def plan(house, worker, today):
    return Plan(house, worker, today)


def test_no_goal_stands_before_a_strength(plan):
    with pytest.raises(RefusedError, match="starts from what somebody can do"):
        plan.goal()

    assert plan.page.goals == ()


def test_a_part_of_life_that_is_not_in_the_list_is_refused(plan):
    with pytest.raises(PlanError, match="no domain"):
        plan.strength(domain="astrology")


def test_an_objective_needs_a_goal_of_this_plan(plan):
    plan.strength()

    with pytest.raises(PlanError, match="no such goal"):
        plan.objective(uuid.uuid4())


def test_an_objective_cannot_be_due_before_it_is_set(plan):
    plan.strength()
    goal, _ = plan.goal()

    with pytest.raises(RefusedError, match="before the day"):
        plan.objective(goal, by_when=plan.today - timedelta(days=1))


def test_an_objective_that_is_done_counts_as_completed(plan):
    plan.strength()
    goal, _ = plan.goal()
    step = plan.objective(goal)

    plan.move(step, Status.DONE)

    assert plan.page.completed == 1
    assert plan.page.goals[0].objectives[0].moves == (Status.DOING,)


def test_a_move_that_is_not_in_the_table_is_refused_and_not_written(plan):
    plan.strength()
    goal, _ = plan.goal()
    step = plan.objective(goal)
    plan.move(step, Status.DONE)

    with pytest.raises(RefusedError, match="cannot become dropped"):
        plan.move(step, Status.DROPPED, why=LetGo.OTHER)

    assert plan.page.completed == 1


def test_a_corrected_goal_keeps_its_objectives_and_its_place(plan):
    plan.strength()
    goal, entry = plan.goal("a stal")
    plan.objective(goal)
    plan.goal("another")

    plan.goal("a stall", id_=goal, replaces=entry)

    first, second = plan.page.goals
    assert (first.goal.words, len(first.objectives)) == ("a stall", 1)
    assert second.goal.words == "another"


def test_a_correction_cannot_turn_a_strength_into_a_goal(plan):
    strength = plan.strength()

    with pytest.raises(PlanError, match="does not stand"):
        plan.goal(replaces=strength)

    assert len(plan.page.strengths) == 1


def test_a_late_objective_is_marked(plan):
    plan.strength()
    goal, _ = plan.goal()
    plan.objective(goal, by_when=plan.today)

    tomorrow = queries.plan_page(plan.record, on=plan.today + timedelta(days=1))

    assert not plan.page.goals[0].objectives[0].late
    assert tomorrow.goals[0].objectives[0].late


def test_a_dropped_step_keeps_its_reason_and_can_be_taken_up_again(plan):
    plan.strength()
    goal, _ = plan.goal()
    step = plan.objective(goal)

    with pytest.raises(RefusedError, match="without its reason"):
        plan.move(step, Status.DROPPED)
    plan.move(step, Status.DROPPED, why=LetGo.IN_THE_WAY)
    dropped = plan.page.goals[0].objectives[0].objective
    plan.move(step, Status.OPEN)

    assert dropped.moved.why is LetGo.IN_THE_WAY
    assert plan.page.goals[0].objectives[0].objective.status is Status.OPEN


def test_a_goal_is_closed_and_taken_up_again_with_its_steps(plan):
    plan.strength()
    goal, _ = plan.goal()
    plan.objective(goal)

    plan.close(goal)
    closed = plan.page
    with pytest.raises(RefusedError, match="takes no new step"):
        plan.objective(goal)
    plan.close(goal, GoalStatus.OPEN)

    assert (closed.goals, closed.closed[0].status) == ((), GoalStatus.REACHED)
    assert len(plan.page.goals[0].objectives) == 1


def test_a_step_taken_back_leaves_what_was_before(plan):
    plan.strength()
    goal, _ = plan.goal()
    step = plan.objective(goal)
    plan.move(step, Status.DONE)

    plan.undo()

    assert plan.page.completed == 0
    assert plan.course.counts["completed"] == 0
    plan.undo()
    assert plan.page.goals[0].objectives == ()


def test_a_correction_taken_back_lets_the_first_version_stand(plan):
    plan.strength()
    goal, entry = plan.goal("a stall")
    plan.goal("a shop", id_=goal, replaces=entry)

    plan.undo()

    assert [line.goal.words for line in plan.page.goals] == ["a stall"]


def test_a_page_that_is_out_of_date_takes_nothing_back(plan):
    shown = plan.strength()
    plan.goal()

    with pytest.raises(PlanError, match="another one by now"):
        actions.undo_last(plan.record, entry=shown, on=plan.today)

    assert len(plan.page.goals) == 1


def test_a_plan_for_a_bad_hour_has_one_version_a_day(plan):
    plan.keep(CrisisPlan.SAFETY, "alone", "walk")
    plan.keep(CrisisPlan.SAFETY, "signs", "no sleep")
    plan.keep(CrisisPlan.SAFETY, "alone", "sing", on=plan.today + timedelta(days=30))

    page = queries.crisis_page(queries.state_of(plan.record), CrisisPlan.SAFETY)

    assert page.newest.parts == {"alone": "sing", "signs": "no sleep"}
    assert [one.parts for one in page.earlier] == [{"alone": "walk", "signs": "no sleep"}]
    assert page.answered == 2


def test_a_part_that_no_step_asks_for_is_refused(plan):
    with pytest.raises(PlanError, match="no such step"):
        plan.keep(CrisisPlan.SAFETY, "horoscope", "x")


def test_the_summary_counts_the_plan_and_holds_no_word_of_it(plan):
    plan.strength()
    goal, _ = plan.goal()
    plan.objective(goal, by_when=plan.today)
    plan.move(plan.objective(goal), Status.DONE)
    for step in crisis.outline(CrisisPlan.SAFETY).steps:
        plan.keep(CrisisPlan.SAFETY, step.id, "words")
    plan.keep(CrisisPlan.OVERDOSE, "call", "words")

    assert plan.course.codes == {"safety"}
    assert plan.course.counts == {"goals": 1, "objectives": 2, "completed": 1, "overdue": 0}
