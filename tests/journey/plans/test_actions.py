"""A plan is built from strengths up, and corrections do not orphan what stands on them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from footbridge.journey.people import queries as people
from footbridge.journey.plans import actions, queries
from footbridge.journey.plans.records import GoalSet, ObjectiveSet, StrengthNoted
from footbridge.journey.plans.rules import PlanError, Status, Who
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

    actions.move_objective(plan.record, step, Status.DONE, on=plan.today)

    assert plan.page.completed == 1
    assert plan.page.goals[0].objectives[0].moves == (Status.DOING,)


def test_a_move_that_is_not_in_the_table_is_refused_and_not_written(plan):
    plan.strength()
    goal, _ = plan.goal()
    step = plan.objective(goal)
    actions.move_objective(plan.record, step, Status.DONE, on=plan.today)

    with pytest.raises(RefusedError, match="cannot become dropped"):
        actions.move_objective(plan.record, step, Status.DROPPED, on=plan.today)

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
