"""When a urine test falls due under the plan of a site: configuration, not code (facts 1.10)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.checkups import schedules
from footbridge.journey.checkups.months import add_months
from footbridge.journey.checkups.rules import CheckupError
from footbridge.journey.checkups.urine import Phase, UrinePlan, check_plan, next_test

START = date(2026, 1, 31)


def plan(*phases):
    return UrinePlan("own", {}, tuple(Phase(*phase) for phase in phases), "")


@pytest.mark.parametrize(
    ("name", "tests"),
    # Facts 1.10: every two months for three years; 3 a year for three years; monthly in the
    # first, 3-monthly in the second and 6-monthly in the third year.
    [("none", 0), ("two-monthly", 18), ("three-a-year", 9), ("falling-off", 12 + 4 + 2)],
)
def test_each_reported_rhythm_asks_for_as_many_tests_as_reported(name, tests):
    assert len(schedules.urine_plans()[name].months()) == tests


def test_no_test_is_ever_due_unless_the_site_chose_a_plan():
    assert next_test(schedules.urine_plan(), START, [], on=date(2027, 1, 1)) is None


def test_tests_that_were_left_out_do_not_pile_up():
    due = next_test(plan((12, 1)), START, [], on=date(2026, 6, 15))

    assert due == date(2026, 5, 31)


def test_a_declined_test_answers_its_month_as_any_other():
    due = next_test(plan((12, 3)), START, [date(2026, 4, 30)], on=date(2026, 5, 1))

    assert due == date(2026, 7, 31)


def test_after_the_last_phase_nothing_is_due():
    assert next_test(plan((3, 3)), START, [date(2026, 5, 2)], on=date(2026, 5, 2)) is None


@pytest.mark.parametrize("phases", [[(6, 1), (6, 3)], [(6, 0)], [(6, 1), (3, 1)]])
def test_phases_that_cannot_follow_on_each_other_are_refused(phases):
    with pytest.raises(CheckupError, match="urine plan own cannot work"):
        check_plan(plan(*phases))


@given(every=st.integers(1, 6), tested=st.integers(0, 30), passed=st.integers(0, 40))
def test_the_test_that_is_due_lies_in_a_planned_month_that_is_not_answered(every, tested, passed):
    chosen = plan((24, every))

    due = next_test(chosen, START, [add_months(START, tested)], on=add_months(START, passed))

    days = {add_months(START, month): month for month in chosen.months()}
    assert due is None or days[due] > tested
    assert (due is None) == (max(chosen.months()) <= tested)
