"""What to do, step by step, when somebody is due or does not come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.checkups import protocol, schedules
from footbridge.journey.checkups.protocol import SoFar, Standing
from footbridge.journey.checkups.rules import CheckupError, Due, Means

DUE_ON = date(2026, 11, 21)
DUE = Due(3, DUE_ON, DUE_ON - timedelta(days=14), DUE_ON + timedelta(days=14))
LONG_AGO = DUE_ON - timedelta(days=90)


def day(days):
    return DUE_ON + timedelta(days=days)


def at(days, *tried, ticked=(), since=LONG_AGO, may=True):
    found = protocol.lines(
        schedules.protocol(),
        DUE,
        so_far=SoFar(since, tuple(tried), frozenset(ticked)),
        may_contact=may,
        on=day(days),
    )
    return {line.step.id: line.standing for line in found}


def test_the_sequence_runs_from_six_weeks_before_to_the_day_after_the_window():
    # Facts 2.10: a confirmation six weeks ahead, a first try within 24 to 48 hours, weekly review.
    days = [step.days for step in schedules.protocol()]

    assert (days[0], days[-1]) == (-42, 15)
    assert {1, 7} <= set(days)


def test_no_step_needs_a_name_a_number_or_an_address():
    # Facts 2.12: safe substitutes for a locator form.
    assert {step.means for step in schedules.protocol()} <= {None, *Means}


def test_only_the_last_step_that_has_begun_is_to_be_done_now():
    found = at(6)

    assert found["place"] is Standing.NOW
    assert found["drop-in"] is Standing.PASSED
    assert found["team"] is Standing.LATER


def test_an_attempt_does_the_latest_step_of_its_means_that_had_begun():
    found = at(2, (day(1), Means.AGREED_MESSAGE))

    assert found["same-day"] is Standing.DONE
    assert at(2)["same-day"] is Standing.NOW


def test_steps_before_the_last_check_up_are_left_out():
    found = at(0, since=day(-30))

    assert "ways" not in found
    assert "reminder" in found


def test_without_consent_to_contact_every_step_that_reaches_out_is_closed():
    found = at(9, may=False)

    reaching = {step.id for step in schedules.protocol() if step.means is not None}
    assert {name for name, where in found.items() if where is Standing.NOT_AGREED} == reaching
    assert found["team"] is Standing.NOW


def test_a_step_that_was_ticked_is_done():
    assert at(8, ticked=["team"])["team"] is Standing.DONE


@given(st.integers(-60, 60), st.lists(st.tuples(st.integers(-60, 60), st.sampled_from(Means))))
def test_at_most_one_step_is_to_be_done_now_and_none_before_its_day(days, tries):
    tried = tuple((day(n), means) for n, means in tries)

    found = protocol.lines(
        schedules.protocol(),
        DUE,
        so_far=SoFar(LONG_AGO, tried),
        may_contact=True,
        on=day(days),
    )

    open_now = [line for line in found if line.standing is Standing.NOW]
    assert len(open_now) <= 1
    assert protocol.now(found) == (open_now[0] if open_now else None)
    assert all(line.on <= day(days) for line in open_now)


def test_steps_out_of_order_or_named_twice_are_refused():
    first, second, *_ = schedules.protocol()

    for wrong in ([second, first], [first, replace(second, id=first.id)], []):
        with pytest.raises(CheckupError, match="contact steps cannot work"):
            protocol.check_steps(wrong)
