"""What follows on an adverse event: who must act by when, and when it may be closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.outcomes import events
from footbridge.journey.outcomes.events import Act, Seriousness, Standing
from footbridge.journey.outcomes.rules import Harm
from footbridge.trust.weeks import IsoWeek

DAY = date(2026, 11, 21)
harms = st.sampled_from(Harm)
acts = st.dictionaries(st.sampled_from(Act), st.just(DAY))


def every_act(harm):
    return {step.act: DAY for step in events.PATHS[harm]}


@pytest.mark.parametrize("harm", Harm)
def test_every_event_tells_the_coordinator_within_a_day_and_ends_with_a_review(harm):
    steps = events.PATHS[harm]

    told = next(step for step in steps if step.act is Act.COORDINATOR_KNOWS)
    assert told.days <= 1
    assert steps[-1].act is Act.REVIEW
    assert [step.days for step in steps] == sorted(step.days for step in steps)


@pytest.mark.parametrize("harm", [Harm.OVERDOSE, Harm.SUICIDE_ATTEMPT, Harm.VIOLENCE])
def test_where_somebody_is_in_danger_their_safety_comes_first_and_today(harm):
    first = events.PATHS[harm][0]

    assert (first.act, first.days) == (Act.SAFE_NOW, 0)


def test_harms_that_a_confidential_programme_can_do_itself_are_grave():
    assert events.seriousness(Harm.BREACH) is Seriousness.GRAVE
    assert events.seriousness(Harm.DETENTION) is Seriousness.GRAVE
    assert events.seriousness(Harm.HOSPITAL) is Seriousness.SERIOUS


def test_a_step_is_late_only_after_its_last_day():
    line = events.path(Harm.HOSPITAL, DAY, {})[1]

    found = [line.standing(on=DAY + timedelta(days=n)) for n in (0, 2, 3)]

    assert found == [Standing.DUE, Standing.DUE, Standing.LATE]


@given(harms, acts)
def test_an_event_may_be_closed_exactly_when_each_of_its_steps_was_seen_to(harm, done):
    lines = events.path(harm, DAY, done)

    assert bool(events.may_close(lines)) == (set(every_act(harm)) <= set(done))


def test_a_step_of_another_kind_of_event_or_a_second_time_is_refused():
    assert not events.may_do(Act.NO_ONE_CALLS, Harm.OVERDOSE, {})
    assert not events.may_do(Act.SAFE_NOW, Harm.OVERDOSE, {Act.SAFE_NOW: DAY})
    assert events.may_do(Act.SAFE_NOW, Harm.OVERDOSE, {})


@given(harms, acts, st.booleans())
def test_a_coordinator_is_told_kind_and_standing_in_codes(harm, done, closed):
    lines = events.path(harm, DAY, done)

    course = events.course_of(harm, DAY, lines, closed=closed, related="no")

    assert (events.harm_of(course), course.week) == (harm, IsoWeek.of(DAY))
    assert events.is_open(course) is not closed
    assert course.counts["done"] <= course.counts["steps"] == len(lines)
    assert ("coordinator-knows" in course.codes) == (Act.COORDINATOR_KNOWS in done)


def test_an_event_is_late_from_the_week_after_that_of_its_next_step():
    lines = events.path(Harm.HOSPITAL, DAY, {})
    course = events.course_of(Harm.HOSPITAL, DAY, lines, closed=False, related="no")

    week = IsoWeek.of(lines[0].by)

    assert not events.is_late(course, week=week)
    assert events.is_late(course, week=week + 1)


def test_a_closed_event_is_never_late():
    done = every_act(Harm.DEATH)
    course = events.course_of(
        Harm.DEATH, DAY, events.path(Harm.DEATH, DAY, done), closed=True, related="no"
    )

    assert not events.is_late(course, week=IsoWeek.of(DAY) + 50)
    assert events.died([course])
