"""The picture of a course on a person's page: what the rooms tell, and nothing between."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from footbridge.journey.assessments.records import UseCalendarTaken
from footbridge.journey.assessments.state import AssessmentState
from footbridge.journey.checkups.records import CheckupHeld, ScheduleChosen
from footbridge.journey.checkups.rules import Need as InNeed
from footbridge.journey.checkups.state import CheckupState
from footbridge.journey.desk.timeline import timeline
from footbridge.journey.outcomes.state import OutcomeState
from footbridge.journey.referrals.rules import Referral
from footbridge.journey.referrals.table import ReferralState
from footbridge.journey.services.rules import Need
from footbridge.journey.stays.state import StayState
from tests.conftest import TODAY


def drawn(*calendars, held=(), referrals=()):
    chosen = ScheduleChosen("quarterly", TODAY - timedelta(days=200))
    return timeline(
        AssessmentState(calendars=tuple(calendars)),
        CheckupState(chosen=chosen, held=tuple(held), timely=(True,) * len(held)),
        referrals,
        OutcomeState(),
        on=TODAY,
        stays=StayState(),
    )


def test_between_two_calendars_nothing_is_guessed():
    early = UseCalendarTaken(TODAY - timedelta(days=200), "0" * 90)
    late = UseCalendarTaken(TODAY, "1" * 90)

    found = drawn(early, late)

    assert [band.state for band in found.bands] == ["not_using", "unknown", "using"]


def test_a_check_up_fills_the_days_that_no_calendar_tells():
    held = CheckupHeld(
        1, TODAY - timedelta(days=1), 0, 60, frozenset(), False, InNeed.NOT_IN_NEED, None
    )

    found = drawn(held=[held])

    assert [band.state for band in found.bands] == ["not_using"]
    assert [mark.kind for mark in found.marks] == ["checkup"]


@pytest.mark.parametrize(
    ("state", "ends"),
    [
        (ReferralState.ENGAGED, TODAY),
        (ReferralState.ENDED, TODAY - timedelta(days=10)),
        (ReferralState.NO_SHOW, None),
    ],
)
def test_drug_treatment_is_drawn_from_the_first_visit_as_long_as_it_is_known(state, ends):
    referral = Referral(
        uuid4(),
        uuid4(),
        Need.DRUG_TREATMENT,
        state,
        TODAY - timedelta(days=10),
        linked_on=TODAY - timedelta(days=30),
    )

    found = drawn(referrals=[referral])

    treated = [band for band in found.bands if band.state == "treatment"]
    assert [band.starts for band in treated] == ([TODAY - timedelta(days=30)] if ends else [])
    assert all(abs((band.ends - ends).days) < 7 for band in treated)


def test_quarters_are_counted_from_the_start_of_check_ups():
    found = drawn(UseCalendarTaken(TODAY, "0" * 90))

    assert found.quarters[0].starts == date(2026, 5, 5)
    assert found.quarters[0].state.value == "not-known"
    assert found.quarters[-1].state.value == "in-community-not-using"


def test_without_calendar_or_event_there_is_no_picture():
    state = AssessmentState(), CheckupState(), (), OutcomeState()

    assert timeline(*state, on=TODAY, stays=StayState()) is None
