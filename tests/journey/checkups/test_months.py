"""Calendar months from a start."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.checkups.months import add_months, months_passed

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))
months = st.integers(min_value=0, max_value=240)


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_the_end_of_a_short_month_stands_for_later_days(start, number, expected):
    assert add_months(start, number) == expected


@given(start=days, number=months)
def test_the_day_of_the_month_is_kept_or_is_the_last_of_its_month(start, number):
    found = add_months(start, number)

    last_of_month = (found + timedelta(days=1)).day == 1
    assert found.day == start.day or (last_of_month and found.day < start.day)
    assert (found.year - start.year) * 12 + found.month - start.month == number


@given(start=days, number=months)
def test_months_passed_undoes_adding_months(start, number):
    assert months_passed(start, add_months(start, number)) == number
    assert months_passed(start, add_months(start, number + 1) - timedelta(days=1)) == number


@given(start=days, later=st.integers(min_value=0, max_value=4000))
def test_a_day_lies_between_the_months_around_it(start, later):
    on = start + timedelta(days=later)

    passed = months_passed(start, on)

    assert add_months(start, passed) <= on < add_months(start, passed + 1)
