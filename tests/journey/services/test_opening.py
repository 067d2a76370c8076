"""Open now: checked against an independent reading of RFC 5545."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from uuid import UUID

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.services.hsds import Frequency, Schedule, Weekday
from footbridge.journey.services.opening import Opening, falls_on, opening

ID = UUID(int=1)
DAYS = {day: getattr(rrule, day.value) for day in Weekday}


def a_schedule(**fields: object) -> Schedule:
    return Schedule(id=ID, **fields)


def office(**fields: object) -> Schedule:
    usual = {"freq": Frequency.WEEKLY, "byday": "MO,FR", "opens_at": time(9), "closes_at": time(17)}
    return a_schedule(**(usual | fields))


starts = st.dates(date(2024, 1, 1), date(2027, 12, 31))
weekdays = st.lists(st.sampled_from(Weekday), min_size=1, max_size=3, unique=True)


@settings(deadline=None)
@given(
    start=starts,
    later=st.integers(0, 400),
    days=weekdays,
    interval=st.integers(1, 4),
    wkst=st.sampled_from(Weekday),
)
def test_weekly_rules_fall_where_dateutil_says(start, later, days, interval, wkst):
    day = start + timedelta(days=later)
    ours = a_schedule(
        freq=Frequency.WEEKLY,
        byday=",".join(days),
        dtstart=start,
        interval=interval,
        wkst=wkst,
    )
    theirs = rrule.rrule(
        rrule.WEEKLY,
        dtstart=datetime.combine(start, time()),
        until=datetime.combine(day, time()),
        byweekday=[DAYS[each] for each in days],
        interval=interval,
        wkst=DAYS[wkst],
    )

    assert falls_on(ours, day) is (datetime.combine(day, time()) in theirs)


nth = st.tuples(st.sampled_from([0, 1, 2, 3, 4, 5, -1, -2]), st.sampled_from(Weekday))


@settings(deadline=None)
@given(
    start=starts,
    later=st.integers(0, 400),
    parts=st.lists(nth, max_size=3),
    monthdays=st.lists(st.sampled_from([1, 2, 13, 28, 31, -1, -5]), max_size=3, unique=True),
    interval=st.integers(1, 3),
)
def test_monthly_rules_fall_where_dateutil_says(start, later, parts, monthdays, interval):
    # dateutil takes "every Sunday and the first Monday" for what is both at once, which RFC 5545
    # does not; and it would look for a first Monday on a 13th until the year 9999.
    if monthdays or any(which == 0 for which, _ in parts):
        parts = [(0, weekday) for _, weekday in parts]
    day = start + timedelta(days=later)
    ours = a_schedule(
        freq=Frequency.MONTHLY,
        byday=",".join(f"{which or ''}{weekday}" for which, weekday in parts) or None,
        bymonthday=",".join(map(str, monthdays)) or None,
        dtstart=start,
        interval=interval,
    )
    byweekday = [DAYS[weekday](which) if which else DAYS[weekday] for which, weekday in parts]
    theirs = rrule.rrule(
        rrule.MONTHLY,
        dtstart=datetime.combine(start, time()),
        until=datetime.combine(day, time()),
        byweekday=byweekday or None,
        bymonthday=monthdays or None,
        interval=interval,
    )

    assert falls_on(ours, day) is (datetime.combine(day, time()) in theirs)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 20, 8, 59), Opening.CLOSED),
        (datetime(2026, 11, 20, 9, 0), Opening.OPEN),
        (datetime(2026, 11, 20, 16, 59), Opening.OPEN),
        (datetime(2026, 11, 20, 17, 0), Opening.CLOSED),
        (datetime(2026, 11, 21, 12, 0), Opening.CLOSED),
    ],
)
def test_it_is_open_from_the_first_minute_to_the_last(at, expected):
    assert opening([office()], at) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 11, 20, 20, 59), Opening.CLOSED),
        (datetime(2026, 11, 20, 23, 0), Opening.OPEN),
        (datetime(2026, 11, 21, 0, 59), Opening.OPEN),
        (datetime(2026, 11, 21, 1, 0), Opening.CLOSED),
        (datetime(2026, 11, 22, 0, 30), Opening.CLOSED),
    ],
)
def test_a_night_that_began_yesterday_is_still_open_after_midnight(at, expected):
    night = office(byday="FR", opens_at=time(21), closes_at=time(1))

    assert opening([night], at) is expected


def test_equal_times_mean_all_day_and_missing_times_too():
    at = datetime(2026, 11, 20, 3, 0)

    assert opening([office(opens_at=time(0), closes_at=time(0))], at) is Opening.OPEN
    assert opening([office(opens_at=None, closes_at=None)], at) is Opening.OPEN


def test_one_open_schedule_of_several_is_enough():
    weekend = office(byday="SA,SU")

    assert opening([weekend, office()], datetime(2026, 11, 20, 10)) is Opening.OPEN


@pytest.mark.parametrize(
    "untold",
    [
        {"freq": None},
        {"count": 5},
        {"byweekno": "41"},
        {"interval": 2},
        {"byday": None},
        {"freq": Frequency.MONTHLY, "byday": None},
        {"closes_at": None},
    ],
)
def test_what_is_not_told_is_unknown_and_never_open(untold):
    assert opening([office(**untold)], datetime(2026, 11, 20, 10)) is Opening.UNKNOWN


def test_no_schedule_at_all_is_unknown():
    assert opening([], datetime(2026, 11, 20, 10)) is Opening.UNKNOWN


def test_a_schedule_holds_only_while_it_is_valid():
    autumn = office(valid_from=date(2026, 11, 20), valid_to=date(2026, 11, 23))

    assert opening([autumn], datetime(2026, 11, 16, 10)) is Opening.CLOSED
    assert opening([autumn], datetime(2026, 11, 20, 10)) is Opening.OPEN
    assert opening([autumn], datetime(2026, 11, 23, 10)) is Opening.OPEN
    assert opening([autumn], datetime(2026, 11, 27, 10)) is Opening.CLOSED


def test_a_moment_elsewhere_is_read_on_the_clock_of_the_service():
    china = timezone(timedelta(hours=8))
    with_offset = office(opens_at=time(9, tzinfo=china), closes_at=time(17, tzinfo=china))
    with_zone = office(timezone=8.0)
    at = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)

    assert opening([with_offset], at) is opening([with_zone], at) is Opening.OPEN
    assert opening([office()], at) is Opening.CLOSED
