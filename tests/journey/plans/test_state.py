"""A plan folded from a journal."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.plans import state as plans
from footbridge.journey.plans.records import (
    GoalMoved,
    GoalSet,
    ObjectiveMoved,
    ObjectiveSet,
    StrengthNoted,
)
from footbridge.journey.plans.rules import GoalStatus, PlanError, Status, Who
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import FreeText

SET = date(2026, 3, 2)
GOAL = UUID(int=1)
steps = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(Status), st.integers(0, 90)), max_size=20
)


def objective(number, by_when=None):
    return ObjectiveSet(UUID(int=number), GOAL, FreeText("x"), Who.PERSON, by_when, SET)


def moved(number, status, after=0):
    return ObjectiveMoved(UUID(int=number), status, SET + timedelta(days=after))


def folded(*records):
    entries = [Opened(id=uuid4(), sequence=n, record=r) for n, r in enumerate(records)]
    return fold(entries, plans.apply, plans.PlanState())


@given(moves=steps, first=st.integers(0, 90), length=st.integers(0, 90))
def test_completed_objectives_are_those_whose_last_word_is_done_in_the_span(moves, first, length):
    state = folded(*map(objective, range(4)), *(moved(*move) for move in moves))
    since, until = SET + timedelta(days=first), SET + timedelta(days=first + length)

    completed = state.completed(since=since, until=until)

    last = {number: (status, day) for number, status, day in moves}
    assert completed == sum(
        status is Status.DONE and first <= day <= first + length for status, day in last.values()
    )


def test_an_objective_taken_up_again_no_longer_counts_as_completed():
    done = folded(objective(1), moved(1, Status.DONE))
    again = folded(objective(1), moved(1, Status.DONE), moved(1, Status.DOING, 5))

    assert (done.completed(), again.completed()) == (1, 0)


def test_a_goal_waits_for_the_first_strength():
    noted = StrengthNoted("work", FreeText("cooked for forty people"), SET)

    assert not folded().may_set_goal()
    assert folded(noted).may_set_goal()


def test_an_objective_is_late_from_the_day_after_the_one_agreed():
    state = folded(objective(1, by_when=SET + timedelta(days=7)), objective(2))

    on_the_day = state.late(on=SET + timedelta(days=7))
    after = state.late(on=SET + timedelta(days=8))

    assert on_the_day == []
    assert [one.set.objective for one in after] == [UUID(int=1)]


def test_what_is_done_or_dropped_is_never_late():
    due = SET + timedelta(days=7)
    state = folded(
        objective(1, due), objective(2, due), moved(1, Status.DONE), moved(2, Status.DROPPED)
    )

    assert state.late(on=due + timedelta(days=100)) == []


def test_a_move_is_judged_from_the_last_status_and_its_day():
    state = folded(objective(1), moved(1, Status.DOING, after=10))

    assert state.may_move(UUID(int=1), Status.DONE, on=SET + timedelta(days=10))
    assert not state.may_move(UUID(int=1), Status.DONE, on=SET + timedelta(days=9))
    assert not state.may_move(UUID(int=1), Status.DOING, on=SET + timedelta(days=10))


def test_objectives_are_found_under_their_goal():
    goal = GoalSet(GOAL, "housing", FreeText("a room of my own"), SET)
    state = folded(goal, objective(1), objective(2))

    assert len(state.of_goal(GOAL)) == 2
    assert state.of_goal(UUID(int=99)) == []
    assert state.goals[GOAL].domain == "housing"


def test_a_move_of_something_that_is_not_in_the_plan_changes_nothing():
    assert folded(objective(1), moved(2, Status.DONE)) == folded(objective(1))


def test_an_unknown_objective_is_refused_without_repeating_words():
    with pytest.raises(PlanError, match="no such objective"):
        folded().may_move(UUID(int=1), Status.DONE, on=SET)


@given(moves=steps, closed=st.booleans(), day=st.integers(0, 120))
def test_the_course_of_a_plan_counts_what_the_plan_shows(moves, closed, day):
    due = [SET + timedelta(days=30 * n) for n in range(4)]
    on = SET + timedelta(days=day)
    goal = GoalSet(GOAL, "housing", FreeText("a room"), SET)
    ending = [GoalMoved(GOAL, GoalStatus.REACHED, SET)] if closed else []
    state = folded(
        goal, *(objective(n, due[n]) for n in range(4)), *(moved(*m) for m in moves), *ending
    )

    counts = plans.course(state, on=on).counts

    last = {number: status for number, status, _ in moves}
    unfinished = {n for n in range(4) if last.get(n) not in (Status.DONE, Status.DROPPED)}
    overdue = 0 if closed else sum(on > due[n] for n in unfinished)
    assert counts == {
        "goals": int(not closed),
        "objectives": 4,
        "completed": sum(status is Status.DONE for status in last.values()),
        "overdue": overdue,
    }


def test_records_of_other_rooms_change_nothing():
    assert plans.apply(folded(objective(1)), Opened(uuid4(), 5, object())) == folded(objective(1))
