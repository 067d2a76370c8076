"""What a coordinator is told of each check-up, in codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.checkups import state as checkups
from footbridge.journey.checkups.courses import courses, ending, has_ended
from footbridge.journey.checkups.records import (
    AppointmentGiven,
    CheckupEntryUndone,
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
    ScheduleEnded,
)
from footbridge.journey.checkups.rules import (
    Agreed,
    Conversion,
    EndReason,
    LinkageStep,
    Means,
    Need,
)
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.weeks import IsoWeek

START = date(2026, 1, 15)
FIRST = date(2026, 2, 15)
CHOSEN = ScheduleChosen("quarterly", START)


def held(on, *, month=3, need=Need.IN_NEED, used=20):
    return CheckupHeld(month, on, used, 30, frozenset(), False, need, None)


def tried(on):
    return ContactAttempted(on, Means.DROP_IN, False)


def talk(on, agreed, first=None):
    steps = frozenset({LinkageStep.FEEDBACK})
    return LinkageMeetingHeld(3, on, steps, agreed, first, frozenset({Conversion.HEARD_REASON}))


def opened(*records):
    return [Opened(uuid4(), n, record) for n, record in enumerate(records)]


def folded(entries):
    return fold(entries, checkups.apply, checkups.CheckupState())


def test_a_check_up_in_need_that_led_to_a_yes_says_so_in_codes():
    day = date(2026, 4, 17)
    state = folded(opened(CHOSEN, tried(FIRST), held(day), talk(day, Agreed.YES, Agreed.NO)))

    (course,) = courses(state)

    assert course.codes == {"held", "in-window", "need", "used", "met", "agreed", "doubted"}
    assert (course.week, course.counts) == (IsoWeek.of(day), {"month": 3, "attempts": 1})


def test_attempts_are_counted_to_the_check_up_that_they_led_to():
    state = folded(
        opened(
            CHOSEN,
            tried(date(2026, 4, 1)),
            held(date(2026, 4, 15)),
            CheckupMissed(6, date(2026, 7, 31)),
            tried(date(2026, 7, 20)),  # written down after the check-up was found missed
        )
    )

    assert [course.counts["attempts"] for course in courses(state)] == [1, 1]
    assert "missed" in courses(state)[1].codes


def test_a_talk_belongs_to_the_check_up_before_it_and_to_no_later_one():
    state = folded(
        opened(
            CHOSEN,
            held(date(2026, 4, 15)),
            talk(date(2026, 4, 20), Agreed.NO),
            held(date(2026, 7, 15), month=6),
        )
    )

    first, second = courses(state)

    assert {"met", "refused", "doubted"} <= first.codes
    assert "met" not in second.codes


def test_what_was_taken_back_is_told_no_more():
    entries = opened(CHOSEN, held(date(2026, 4, 15)))
    undone = Opened(uuid4(), 9, CheckupEntryUndone(date(2026, 4, 16)), replaces=entries[1].id)

    state = folded([*entries, undone])

    assert courses(state) == []
    assert state.due.month == 3


def test_a_corrected_check_up_is_told_as_corrected():
    entries = opened(CHOSEN, held(date(2026, 4, 15)))
    right = replace(entries[1].record, need=Need.NOT_IN_NEED, days_used=0)

    (course,) = courses(folded([*entries, Opened(uuid4(), 9, right, replaces=entries[1].id)]))

    assert course.codes == {"held", "in-window"}


def test_the_day_that_was_given_last_stands_until_the_check_up():
    given_then = AppointmentGiven(FIRST, date(2026, 4, 14))
    before = folded(opened(CHOSEN, given_then))
    after = folded(opened(CHOSEN, given_then, held(date(2026, 4, 14))))

    assert before.appointment == date(2026, 4, 14)
    assert checkups.summary_changes(before)["next_visit"] == IsoWeek.of(date(2026, 4, 14))
    assert after.appointment is None


def test_a_death_ends_the_schedule_and_taking_it_back_begins_it_again():
    entries = opened(CHOSEN, AppointmentGiven(FIRST, date(2026, 4, 14)))
    died = Opened(uuid4(), 8, ScheduleEnded(FIRST, EndReason.DIED))
    mistaken = Opened(uuid4(), 9, CheckupEntryUndone(FIRST), replaces=died.id)

    ended, again = folded([*entries, died]), folded([*entries, died, mistaken])

    assert (ended.due, ended.appointment) == (None, None)
    assert again.due.month == 3


days = st.lists(st.integers(1, 700), unique=True, max_size=12)


@given(days, st.lists(st.integers(1, 700), max_size=20))
def test_no_attempt_is_counted_twice_and_none_before_a_check_up_is_lost(seen, attempts):
    held_on = [held(START + timedelta(days=n)) for n in seen]
    tries = [tried(START + timedelta(days=n)) for n in attempts]

    found = courses(folded(opened(CHOSEN, *held_on, *tries)))

    counted = sum(course.counts["attempts"] for course in found)
    assert counted == sum(n <= max(seen, default=0) for n in attempts)


@given(days, st.randoms())
def test_the_order_of_writing_does_not_change_what_is_told(seen, dice):
    records = [held(START + timedelta(days=n)) for n in seen]
    shuffled = list(records)
    dice.shuffle(shuffled)

    assert courses(folded(opened(CHOSEN, *records))) == courses(folded(opened(CHOSEN, *shuffled)))


def test_check_ups_that_ended_are_told_so_that_nobody_asks_for_a_schedule():
    going_on = folded(opened(CHOSEN))
    ended = folded(opened(CHOSEN, ScheduleEnded(FIRST, EndReason.WISH)))

    (course,) = ending(ended)

    assert course.codes == {"ended", "ended-wish"}
    assert has_ended([course])
    assert not has_ended([*ending(going_on), *courses(going_on)])


def test_after_a_death_nobody_reaches_out_and_what_was_tried_before_can_still_be_noted():
    died = folded(opened(CHOSEN, ScheduleEnded(FIRST, EndReason.DIED)))
    wished = folded(opened(CHOSEN, ScheduleEnded(FIRST, EndReason.WISH)))

    assert not died.may_attempt(FIRST + timedelta(days=1))
    assert died.may_attempt(FIRST)
    assert wished.may_attempt(FIRST + timedelta(days=1))


def test_an_answer_about_another_place_is_told_and_no_answer_is_not():
    said = replace(held(FIRST), elsewhere=True)
    silent = held(FIRST + timedelta(days=90), month=6)

    told = courses(folded(opened(CHOSEN, said, silent)))

    assert "elsewhere-yes" in told[0].codes
    assert not {"elsewhere-yes", "elsewhere-no"} & told[1].codes
