"""How days are counted, and what may be done when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.stays import rules
from footbridge.journey.stays.codes import FollowMeans, Point
from footbridge.journey.stays.rules import StayError

NOON = datetime(2026, 11, 21, 12)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(DAYS, st.integers(0, 400))
def test_the_nights_and_the_day_of_a_stay_agree(begun, passed):
    on = begun + timedelta(days=passed)

    assert rules.nights(begun, on) == max(1, passed)
    assert rules.day_of(begun, on) == passed + 1


@given(DAYS, st.integers(-9, 2000))
def test_any_minute_that_a_record_may_hold_is_a_moment_of_its_day(day, minute):
    assert rules.moment(day, minute).date() == day


@given(st.times())
def test_a_time_of_day_comes_back_to_the_minute(at):
    found = rules.moment(date(2026, 1, 1), rules.minute_of(at)).time()

    assert found == at.replace(second=0, microsecond=0, fold=0)


def test_nobody_is_in_two_stays_at_once():
    decision = rules.may_admit(in_stay=True, agreed=Point)

    assert not decision
    assert "in a stay already" in decision.reason


@pytest.mark.parametrize("left_out", list(Point))
def test_all_six_points_of_fact_6_8_are_spoken_of_before_a_stay(left_out):
    agreed = set(Point) - {left_out}

    assert not rules.may_admit(in_stay=False, agreed=agreed)
    assert rules.may_admit(in_stay=False, agreed=Point)


def test_reaching_out_asks_for_consent_to_contact_and_coming_by_oneself_does_not():
    assert not rules.may_contact(FollowMeans.AGREED_WAY, consented=False)
    assert rules.may_contact(FollowMeans.AGREED_WAY, consented=True)
    assert rules.may_contact(FollowMeans.CAME, consented=False)
    assert rules.may_contact(FollowMeans.WENT_ALONG, consented=False)


def test_outside_a_stay_nothing_is_written_in_it_and_before_its_end_nothing_after_it():
    assert not rules.may_write(in_stay=False)
    assert not rules.may_follow(left=False)


def test_a_moment_lies_between_admission_and_now():
    begun = NOON - timedelta(days=2)

    rules.check_moment(begun, begun=begun, now=NOON)
    rules.check_moment(NOON, begun=begun, now=NOON)
    with pytest.raises(StayError, match="not come yet"):
        rules.check_moment(NOON + timedelta(minutes=2), begun=begun, now=NOON)
    with pytest.raises(StayError, match="before the stay"):
        rules.check_moment(begun - timedelta(minutes=1), begun=begun, now=NOON)


@pytest.mark.parametrize("amount", [0, -1, 10_000, float("nan"), float("inf")])
def test_a_figure_that_can_be_no_amount_is_refused(amount):
    with pytest.raises(StayError, match="cannot be an amount"):
        rules.check_amount(amount)


@given(st.floats(0.001, 9999))
def test_any_other_amount_is_taken_without_a_word_about_doses(amount):
    rules.check_amount(amount)
