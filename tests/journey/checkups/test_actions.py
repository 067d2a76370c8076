"""Check-ups are held, missed and followed up, and the summary tells a coordinator so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from footbridge.journey.checkups import actions, queries
from footbridge.journey.checkups.actions import Attempt, Talk, Told
from footbridge.journey.checkups.rules import (
    Agreed,
    CheckupError,
    LinkageStep,
    Means,
    Need,
    NeedReason,
)
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.decisions import RefusedError
from footbridge.trust.weeks import IsoWeek

START = date(2026, 10, 21)
WELL = Told(days_used=0, symptoms=frozenset(), says_need=False)
UNWELL = Told(days_used=20, symptoms=frozenset({"danger"}), says_need=True)


class Course:
    """One invented person's check-ups; every act opens the record anew."""

    def __init__(self, house, worker, *purposes):
        _, self._record = house.in_care(worker, Purpose.CARE, *purposes)

    @property
    def record(self):
        return people.open_record(self._record.person.id, by=self._record.by)

    @property
    def state(self):
        return queries.state_of(self.record)

    @property
    def summary(self):
        return people.summary_of(self._record.person.id, by=self._record.by)


@pytest.fixture
def course(house, worker, today):
    found = Course(house, worker, Purpose.CONTACT)
    actions.choose_schedule(found.record, "adaptive", starts_on=START, on=today)
    return found


def test_a_schedule_sets_the_next_day_and_its_window_in_the_summary(course, today):
    assert course.state.due.on == date(2026, 11, 21)
    assert course.summary.next_due == IsoWeek.of(today)
    assert course.summary.next_window == IsoWeek.of(today - timedelta(days=14))


def test_the_day_of_enrolment_is_seen_until_a_check_up_is_held(course, today):
    assert course.summary.last_seen == IsoWeek.of(today)


def test_a_schedule_that_does_not_exist_is_refused(course, today):
    with pytest.raises(CheckupError, match="no check-up schedule"):
        actions.choose_schedule(course.record, "whenever", starts_on=START, on=today)


def test_a_schedule_cannot_start_tomorrow(course, today):
    with pytest.raises(CheckupError, match="has not come yet"):
        actions.choose_schedule(
            course.record, "adaptive", starts_on=today + timedelta(days=1), on=today
        )


def test_a_check_up_without_need_moves_the_next_one_on(course, today):
    held = actions.hold(course.record, WELL, on=today)

    assert held.need is Need.NOT_IN_NEED
    assert held.next_on == date(2026, 12, 21)
    assert (course.summary.in_need, course.summary.held, course.summary.in_window) == (False, 1, 1)


def test_need_is_found_with_its_reasons_and_told_to_the_summary(course, today):
    held = actions.hold(course.record, UNWELL, on=today)

    assert queries.reasons(held) == [
        NeedReason.WEEKLY_USE,
        NeedReason.SYMPTOM,
        NeedReason.SAYS_SO,
    ]
    assert course.summary.in_need is True


def test_a_second_check_up_on_the_same_day_is_refused_and_not_written(course, today):
    actions.hold(course.record, WELL, on=today)

    with pytest.raises(RefusedError, match="cannot be held before"):
        actions.hold(course.record, WELL, on=today)

    assert len(course.state.held) == 1


def test_an_open_window_is_no_missed_check_up(course, today):
    with pytest.raises(RefusedError, match="nothing is missed yet"):
        actions.note_missed(course.record, on=today + timedelta(days=14))

    assert course.state.missed == ()


def test_a_closed_window_is_noted_and_the_next_check_up_is_near(course, today):
    actions.note_missed(course.record, on=today + timedelta(days=15))

    assert course.summary.missed == 1
    assert course.state.due.on == date(2026, 12, 21)


def test_attempts_are_counted_and_forgotten_at_the_check_up(course, today):
    for _ in range(3):
        actions.note_attempt(course.record, Attempt(Means.DROP_IN, today, False), on=today)
    before = course.summary.attempts

    actions.hold(course.record, WELL, on=today)

    assert (before, course.summary.attempts) == (3, 0)


def test_no_attempt_is_noted_without_consent_to_contact(house, worker, today):
    course = Course(house, worker)

    with pytest.raises(RefusedError, match="not agreed to"):
        actions.note_attempt(course.record, Attempt(Means.DROP_IN, today, True), on=today)

    assert course.state.attempts == ()


def test_a_linkage_meeting_follows_a_check_up(course, today):
    with pytest.raises(CheckupError, match="No check-up was held yet"):
        actions.hold_meeting(
            course.record, Talk(frozenset({LinkageStep.FEEDBACK}), Agreed.YES), on=today
        )


def test_what_was_agreed_is_told_and_no_second_meeting_is_asked_for(course, today):
    actions.hold(course.record, UNWELL, on=today)
    asked_before = queries.wants_meeting(course.state)

    actions.hold_meeting(
        course.record, Talk(frozenset({LinkageStep.BOOKING}), Agreed.YES), on=today
    )

    assert asked_before
    assert not queries.wants_meeting(course.state)
    assert course.summary.agreed is True


@pytest.mark.parametrize(("attempts", "first_line"), [(0, "55.0%"), (60, "35.5%")])
def test_the_lines_stand_where_others_arrived(course, today, attempts, first_line):
    # 22 of 40 and 22 of 62 attempts of width, by hand.
    for _ in range(attempts):
        actions.note_attempt(course.record, Attempt(Means.DROP_IN, today, False), on=today)

    tracking = queries.tracking(course.state)

    assert tracking.lines[0].left == first_line
    assert bool(tracking.advice) is (attempts == 0)


def test_months_count_from_the_consent_to_care_where_no_schedule_is_chosen(house, worker, today):
    course = Course(house, worker)

    assert queries.started_on(course.record, on=today + timedelta(days=9)) == today
