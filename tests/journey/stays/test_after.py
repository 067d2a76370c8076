"""The discharge bundle's clocks, and what counts as follow-up."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.stays import after
from footbridge.journey.stays.after import Clock, Door, Part
from footbridge.journey.stays.codes import Answer, Step

LEFT = datetime(2026, 11, 1, 10)
DOOR = {step: Door(Answer.GIVEN, LEFT.date()) for step in Step}
DAYS = st.lists(st.integers(0, 60), max_size=8)


def days(*numbers):
    return [LEFT.date() + timedelta(days=number) for number in numbers]


def bundle(*, contacts=(), visits=(), steps=DOOR, on=0):
    now = LEFT + timedelta(days=on)
    found = after.bundle(
        LEFT, steps=steps, contacts=days(*contacts), visits=days(*visits), on=now.date()
    )
    return {item.part: item.clock(now) for item in found}


def codes(*, contacts=(), visits=()):
    return after.follow_codes(LEFT.date(), contacts=days(*contacts), visits=days(*visits))


def test_fact_3_20_the_bundle_is_warning_naloxone_48_hours_weekly_to_day_28_and_14_days():
    found = after.bundle(LEFT, steps={}, contacts=[], visits=[], on=LEFT.date())

    assert {item.part: (item.due - LEFT).days for item in found} == {
        Part.TOLERANCE: 0, Part.NALOXONE: 0, Part.FIRST_CONTACT: 2, Part.WEEK_1: 7,
        Part.LINKAGE: 14, Part.WEEK_2: 14, Part.WEEK_3: 21, Part.WEEK_4: 28,
    }  # fmt: skip
    assert next(i for i in found if i.part is Part.FIRST_CONTACT).due == LEFT + timedelta(hours=48)


def test_the_first_contact_is_late_after_48_hours_and_stays_until_it_is_made():
    assert bundle(on=1.5)[Part.FIRST_CONTACT] is Clock.DUE
    assert bundle(on=2.1)[Part.FIRST_CONTACT] is Clock.LATE
    assert bundle(on=40)[Part.FIRST_CONTACT] is Clock.LATE
    assert bundle(contacts=[5], on=40)[Part.FIRST_CONTACT] is Clock.DONE


def test_a_week_that_went_by_is_missed_and_the_next_one_runs():
    found = bundle(contacts=[1, 10], on=16)

    assert found[Part.WEEK_1] is Clock.MISSED
    assert found[Part.WEEK_2] is Clock.DONE
    assert found[Part.WEEK_3] is Clock.RUNNING


def test_the_first_contact_does_not_stand_for_the_first_week_as_well():
    assert bundle(contacts=[2], on=3)[Part.WEEK_1] is Clock.RUNNING
    assert bundle(contacts=[2, 6], on=6)[Part.WEEK_1] is Clock.DONE


def test_what_was_not_possible_at_the_door_stays_open_and_a_no_is_an_answer():
    steps = {
        Step.TOLERANCE: Door(Answer.NOT_POSSIBLE, LEFT.date()),
        Step.NALOXONE: Door(Answer.DECLINED, LEFT.date()),
    }

    found = bundle(steps=steps, on=1)

    assert found[Part.TOLERANCE] is Clock.LATE
    assert found[Part.NALOXONE] is Clock.DONE


@given(DAYS, DAYS, st.integers(0, 80))
def test_a_bundle_always_has_eight_parts_and_a_done_one_names_its_day(contacts, visits, on):
    now = (LEFT + timedelta(days=on)).date()
    found = after.bundle(LEFT, steps=DOOR, contacts=days(*contacts), visits=days(*visits), on=now)

    assert sorted(item.part for item in found) == sorted(Part)
    assert all(not (item.given_up and item.done_on is not None and item.open) for item in found)
    assert [item.due for item in found] == sorted(item.due for item in found)


@pytest.mark.parametrize(
    ("visits", "earned"),
    [
        ([], set()),
        ([0], {"initiated-14"}),  # on the day of leaving: begun, and no follow-up (FUI)
        ([7], {"follow-7", "follow-30", "initiated-14"}),
        ([8], {"follow-30", "initiated-14"}),
        ([14], {"follow-30", "initiated-14"}),
        ([15], {"follow-30"}),
        ([31], set()),
        ([3, 3, 3], {"follow-7", "follow-30", "initiated-14"}),  # a day counts once
        ([3, 20, 37], {"follow-7", "follow-30", "initiated-14", "engaged-34"}),
        ([3, 20, 38], {"follow-7", "follow-30", "initiated-14"}),
        ([15, 16, 17], {"follow-30"}),  # not begun in time, so not engaged
    ],
)
def test_fact_3_23_fui_7_and_30_and_iet_14_and_34_by_their_days(visits, earned):
    assert codes(visits=visits) == earned


def test_fact_3_20_a_contact_counts_up_to_the_second_day():
    assert codes(contacts=[2]) == {"follow-2"}
    assert codes(contacts=[3]) == frozenset()


@given(DAYS, DAYS, st.integers(0, 60))
def test_one_visit_more_never_takes_a_code_away(contacts, visits, more):
    fewer = codes(contacts=contacts, visits=visits)

    assert fewer - {"engaged-34"} <= codes(contacts=contacts, visits=[*visits, more])


@pytest.mark.parametrize(
    ("later", "earned"),
    [(0, 3), (30, 3), (31, 2), (90, 2), (91, 1), (365, 1), (366, 0)],
)
def test_a_return_is_counted_within_30_90_and_365_days(later, earned):
    left = date(2026, 1, 1)

    assert len(after.return_codes(left, left + timedelta(days=later))) == earned
    assert after.return_codes(left, None) == frozenset()
