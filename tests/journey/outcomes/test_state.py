"""Outcomes folded from a journal."""

from datetime import date
from uuid import uuid4

from footbridge.journey.outcomes import state as outcomes
from footbridge.journey.outcomes.records import AdverseEventNoted, ArmAssigned, OutcomeCoded
from footbridge.journey.outcomes.rules import (
    Answer,
    CareerState,
    Harm,
    OutcomeValues,
    Place,
    Related,
    Treatment,
)
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import FreeText

DAY = date(2026, 3, 2)
WELL = OutcomeValues(
    place=Place.COMMUNITY,
    treatment=Treatment.NONE,
    used_30=Answer.NO,
    crime_30=Answer.NO,
    community_30=Answer.YES,
)
HELD = OutcomeValues(place=Place.DETAINED, community_30=Answer.NO)


def folded(*records):
    entries = [Opened(id=uuid4(), sequence=n, record=r) for n, r in enumerate(records)]
    return fold(entries, outcomes.apply, outcomes.OutcomeState())


def test_the_career_is_told_in_the_order_of_months():
    state = folded(OutcomeCoded(6, DAY, WELL), OutcomeCoded(3, DAY, HELD))

    assert state.career() == [(3, CareerState.DETAINED), (6, CareerState.NOT_USING)]


def test_the_composite_is_told_by_time_point():
    state = folded(OutcomeCoded(3, DAY, HELD), OutcomeCoded(6, DAY, WELL))

    assert [state.favourable(month) for month in (3, 6, 9)] == [
        Answer.NO,
        Answer.YES,
        Answer.NOT_KNOWN,
    ]


def test_a_time_point_coded_twice_keeps_the_later_coding():
    state = folded(OutcomeCoded(3, DAY, HELD), OutcomeCoded(3, DAY, WELL))

    assert state.favourable(3) is Answer.YES


def test_an_arm_stays_as_first_allocated():
    state = folded(ArmAssigned("pilot", "rmi", DAY), ArmAssigned("pilot", "standard", DAY))

    assert state.arms == {"pilot": "rmi"}


def test_every_adverse_event_is_kept():
    event = AdverseEventNoted(Harm.BREACH, DAY, Related.PROBABLY, FreeText("seen at the door"))

    assert folded(event, event).events == (event, event)


def test_records_of_other_rooms_change_nothing():
    state = folded(OutcomeCoded(3, DAY, WELL))

    assert outcomes.apply(state, Opened(uuid4(), 9, object())) == state
