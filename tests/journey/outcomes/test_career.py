"""The four states over time (facts 2.7), from everything that the journal tells."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.assessments.records import UseCalendarTaken
from footbridge.journey.checkups.records import CheckupHeld
from footbridge.journey.checkups.rules import Need
from footbridge.journey.outcomes import career
from footbridge.journey.outcomes.career import Changes, Quarter, Sources, Week
from footbridge.journey.outcomes.records import OutcomeCoded
from footbridge.journey.outcomes.rules import Answer, CareerState, OutcomeValues, Place, Treatment

S = CareerState
START = date(2026, 1, 15)
DAY = timedelta(days=1)
WELL = OutcomeValues(place=Place.COMMUNITY, treatment=Treatment.NONE, used_30=Answer.NO)
HELD = OutcomeValues(place=Place.DETAINED)
states = st.sampled_from(list(S))


def checkup(on, used, days=30):
    return CheckupHeld(1, on, used, days, frozenset(), False, Need.NOT_IN_NEED, None)


def test_a_check_up_tells_of_the_days_since_the_one_before():
    known = career.days_of(Sources(held=(checkup(START + 30 * DAY, 0),)))

    assert set(known.values()) == {S.NOT_USING}
    assert (min(known), max(known)) == (START + DAY, START + 30 * DAY)


def test_a_calendar_that_asked_day_by_day_goes_before_a_check_up():
    on = START + 30 * DAY
    calendar = UseCalendarTaken(on, "?" * 89 + "0")

    known = career.days_of(Sources(calendars=(calendar,), held=(checkup(on, 4),)))

    assert known[on] is S.NOT_USING
    assert known[on - DAY] is S.USING


def test_treatment_and_detention_go_before_use():
    on = START + 60 * DAY
    known = career.days_of(
        Sources(
            calendars=(UseCalendarTaken(on, "1" * 90),),
            coded=(OutcomeCoded(3, on, HELD),),
            treated=((START + 20 * DAY, START + 40 * DAY),),
        )
    )

    assert known[START + 10 * DAY] is S.USING
    assert known[START + 25 * DAY] is S.IN_TREATMENT
    assert known[START + 35 * DAY] is S.DETAINED  # the last 30 days before the time point


def test_what_was_not_told_is_no_state():
    assert career.days_of(Sources(held=(checkup(START, None),))) == {}
    assert career.weeks({}, until=START) == ()


@given(st.dictionaries(st.integers(0, 120), states, min_size=1, max_size=60))
def test_weeks_join_without_a_gap_and_neighbouring_bands_differ(known):
    found = career.weeks(
        {START + n * DAY: state for n, state in known.items()}, until=START + 120 * DAY
    )
    bands = career.bands(found)

    for parts in (found, bands):
        assert parts[-1].ends == START + 120 * DAY
        assert all(a.ends + DAY == b.starts for a, b in itertools.pairwise(parts))
    assert all(a.state is not b.state for a, b in itertools.pairwise(bands))


def a_week(number, state):
    begins = START + 7 * number * DAY
    return Week(begins, begins + 6 * DAY, state)


def test_a_quarter_is_in_the_state_of_most_of_its_known_weeks():
    told = [S.USING] * 4 + [S.NOT_KNOWN] * 5 + [S.NOT_USING] * 3
    weeks = [a_week(n, state) for n, state in enumerate(told)]

    (quarter,) = career.quarters(weeks, start=START)

    assert (quarter.number, quarter.state) == (1, S.USING)
    assert (quarter.starts, quarter.ends) == (START, date(2026, 4, 14))


def test_of_as_many_weeks_in_two_states_the_graver_one_stands():
    weeks = [a_week(0, S.NOT_USING), a_week(1, S.DETAINED)]

    assert career.quarters(weeks, start=START)[0].state is S.DETAINED


@given(st.lists(states, max_size=60))
def test_quarters_follow_on_each_other_to_the_last_week(told):
    weeks = [a_week(n, state) for n, state in enumerate(told)]

    found = career.quarters(weeks, start=START)

    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert all(a.ends + DAY == b.starts for a, b in itertools.pairwise(found))
    assert not told or found[-1].starts <= weeks[-1].ends <= found[-1].ends


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], Changes(0, 0)),
        ([S.USING], Changes(0, 0)),
        ([S.USING, S.USING, S.IN_TREATMENT], Changes(1, 2)),
        ([S.USING, S.NOT_KNOWN, S.IN_TREATMENT], Changes(0, 0)),
    ],
)
def test_a_change_is_counted_only_between_two_known_quarters(told, expected):
    assert career.changes([Quarter(n, START, START, s) for n, s in enumerate(told)]) == expected
