"""What a calendar may say: weeks from this one on, and numbers."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.reminders.rules import due_weeks
from footbridge.trust.weeks import IsoWeek

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def told(windows, *, on, ahead=12):
    """Return each week that is told, with its number."""
    return {str(one.week): one.visits for one in due_weeks(windows, on=on, ahead=ahead)}


def test_windows_that_open_in_one_week_are_counted_together(today):
    found = told(["2026-W50", "2026-W48", "2026-W50"], on=today)

    assert found == {"2026-W48": 1, "2026-W50": 2}


def test_a_window_that_opened_and_still_waits_counts_to_this_week(today):
    assert told(["2026-W30", "2026-W47"], on=today) == {"2026-W47": 2}


def test_nobody_without_a_planned_window_is_counted(today):
    assert told(["", ""], on=today) == {}


def test_the_horizon_counts_this_week_as_the_first(today):
    windows = ["2026-W47", "2026-W48", "2026-W49"]

    assert told(windows, on=today, ahead=2) == {"2026-W47": 1, "2026-W48": 1}


def test_a_week_of_the_next_year_is_found_across_week_53():
    assert told(["2027-W01"], on=date(2026, 12, 30), ahead=2) == {"2027-W01": 1}


@given(st.lists(DAYS, max_size=30), DAYS, st.integers(1, 60))
def test_every_window_up_to_the_horizon_is_counted_once_and_no_week_is_over(days, on, ahead):
    windows = [str(IsoWeek.of(day)) for day in days]

    found = due_weeks(windows, on=on, ahead=ahead)

    limit = IsoWeek.of(on).monday + timedelta(weeks=ahead)
    assert sum(one.visits for one in found) == sum(
        IsoWeek.parse(text).monday < limit for text in windows
    )
    assert all(IsoWeek.of(on) <= one.week for one in found)
    assert [one.week for one in found] == sorted({one.week for one in found})


@given(st.lists(DAYS, max_size=20), DAYS)
def test_the_order_in_which_people_stand_changes_nothing(days, on):
    windows = [str(IsoWeek.of(day)) for day in days]

    assert due_weeks(windows, on=on, ahead=9) == due_weeks(reversed(windows), on=on, ahead=9)
