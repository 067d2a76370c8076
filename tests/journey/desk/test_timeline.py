"""The picture of a course: what calendars tell, week by week, and nothing between them."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.assessments.calendar import Mark as Day
from footbridge.journey.assessments.records import UseCalendarTaken
from footbridge.journey.assessments.state import AssessmentState
from footbridge.journey.checkups.state import CheckupState
from footbridge.journey.desk.timeline import bands_of, timeline, week_state
from footbridge.journey.outcomes.state import OutcomeState
from footbridge.journey.stays.state import StayState
from tests.conftest import TODAY

marks = st.text(alphabet="01p?", min_size=90, max_size=90)


def state(*calendars):
    return AssessmentState(calendars=tuple(calendars))


@given(marks=marks)
def test_every_day_of_a_calendar_lies_in_exactly_one_band(marks):
    bands = bands_of(state(UseCalendarTaken(TODAY, marks)))

    days = [
        b.starts + timedelta(days=n) for b in bands for n in range((b.ends - b.starts).days + 1)
    ]
    assert days == [TODAY - timedelta(days=n) for n in range(89, -1, -1)]


@given(marks=marks)
def test_neighbouring_bands_differ(marks):
    states = [band.state for band in bands_of(state(UseCalendarTaken(TODAY, marks)))]

    assert all(a != b for a, b in itertools.pairwise(states))


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("0001000", "using"),
        ("0?0?0?0", "not_using"),
        ("ppp????", "treatment"),
        ("???????", "unknown"),
    ],
)
def test_one_day_of_use_makes_a_week_of_use(days, told):
    assert week_state([Day(day) for day in days]) == told


def test_between_two_calendars_nothing_is_guessed():
    early = UseCalendarTaken(TODAY - timedelta(days=200), "0" * 90)
    late = UseCalendarTaken(TODAY, "1" * 90)

    bands = bands_of(state(early, late))

    assert [band.state for band in bands] == ["not_using", "unknown", "using"]


def test_without_calendar_or_event_there_is_no_picture():
    assert (
        timeline(state(), CheckupState(), (), OutcomeState(), on=TODAY, stays=StayState()) is None
    )
