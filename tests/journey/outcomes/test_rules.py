"""Bands, the composite, states and time points."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.checkups.months import add_months
from footbridge.journey.outcomes import labels, rules
from footbridge.journey.outcomes.rules import (
    Answer,
    CareerState,
    Count,
    DaysUsed,
    OutcomeError,
    OutcomeValues,
    Place,
    Third,
    Treatment,
)

START = date(2026, 1, 31)
answers = st.sampled_from(Answer)


def test_the_composite_is_yes_only_where_all_three_parts_are_known_to_hold():
    found = {
        parts: rules.favourable(used_30=parts[0], crime_30=parts[1], community_30=parts[2])
        for parts in product(Answer, repeat=3)
    }

    yes = [parts for parts, value in found.items() if value is Answer.YES]
    assert yes == [(Answer.NO, Answer.NO, Answer.YES)]


@given(used=answers, crime=answers, community=answers)
def test_one_part_known_to_fail_is_enough_for_no(used, crime, community):
    found = rules.favourable(used_30=used, crime_30=crime, community_30=community)

    failed = used == "yes" or crime == "yes" or community == "no"
    assert (found is Answer.NO) == failed


@pytest.mark.parametrize(
    ("used", "known", "band"),
    [
        (None, 90, DaysUsed.NOT_KNOWN),
        (0, 0, DaysUsed.NOT_KNOWN),
        (0, 90, DaysUsed.NONE),
        (1, 90, DaysUsed.UNDER_WEEKLY),
        (12, 90, DaysUsed.UNDER_WEEKLY),
        (13, 90, DaysUsed.WEEKLY),
        (45, 90, DaysUsed.WEEKLY),
        (46, 90, DaysUsed.MOST_DAYS),
        (4, 28, DaysUsed.WEEKLY),
        (90, 90, DaysUsed.MOST_DAYS),
    ],
)
def test_days_of_use_fall_into_bands_of_the_days_known(used, known, band):
    assert rules.days_used_band(used, known) is band


def test_counts_fall_into_four_bands():
    bands = [rules.count_band(count) for count in (None, 0, 1, 2, 3, 5, 6, 40)]

    assert bands == [
        Count.NOT_KNOWN,
        Count.NONE,
        Count.ONE_OR_TWO,
        Count.ONE_OR_TWO,
        Count.THREE_TO_FIVE,
        Count.THREE_TO_FIVE,
        Count.SIX_OR_MORE,
        Count.SIX_OR_MORE,
    ]


@pytest.mark.parametrize(
    ("value", "third"),
    [
        (None, Third.NOT_KNOWN),
        (0, Third.LOWER),
        (13, Third.LOWER),
        (14, Third.MIDDLE),
        (26, Third.MIDDLE),
        (27, Third.UPPER),
        (40, Third.UPPER),
    ],
)
def test_a_score_is_coarsened_to_a_third_of_its_range(value, third):
    assert rules.third_of(value, low=0, high=40) is third


@pytest.mark.parametrize("value", [-1, 41])
def test_a_score_outside_its_scale_is_refused(value):
    with pytest.raises(OutcomeError, match="from 0 to 40"):
        rules.third_of(value, low=0, high=40)


@pytest.mark.parametrize(
    ("place", "treatment", "used", "state"),
    [
        (Place.DETAINED, Treatment.METHADONE, Answer.YES, CareerState.DETAINED),
        (Place.COMMUNITY, Treatment.METHADONE, Answer.YES, CareerState.IN_TREATMENT),
        (Place.TREATMENT, Treatment.NONE, Answer.NO, CareerState.IN_TREATMENT),
        (Place.COMMUNITY, Treatment.NONE, Answer.YES, CareerState.USING),
        (Place.COMMUNITY, Treatment.NONE, Answer.NO, CareerState.NOT_USING),
        (Place.COMMUNITY, Treatment.NONE, Answer.NOT_KNOWN, CareerState.NOT_KNOWN),
        (Place.NOT_KNOWN, Treatment.NONE, Answer.NO, CareerState.NOT_KNOWN),
    ],
)
def test_everybody_is_in_one_of_four_states_or_not_known(place, treatment, used, state):
    values = OutcomeValues(place=place, treatment=treatment, used_30=used)

    assert rules.career_state(values) is state


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"services": -1}, "below 0"),
        ({"objectives": -1}, "below 0"),
        ({"days_used": 91, "days_known": 90}, "cannot be"),
        ({"days_used": -1, "days_known": 90}, "cannot be"),
        ({"days_used": 0, "days_known": 90, "used_30": Answer.YES}, "contradict"),
        ({"days_used": 90, "days_known": 90, "used_30": Answer.NO}, "contradict"),
    ],
)
def test_values_that_no_person_can_have_are_refused(changes, because):
    with pytest.raises(OutcomeError, match=because):
        rules.check_values(OutcomeValues(**changes))


@given(known=st.integers(1, 90), data=st.data(), answer=answers)
def test_days_of_use_on_some_days_fit_any_answer(known, data, answer):
    used = data.draw(st.integers(0, known))
    values = OutcomeValues(days_used=used, days_known=known, used_30=answer)
    impossible = (used == 0 and known >= 30 and answer == "yes") or (
        used == known and answer == "no"
    )

    try:
        rules.check_values(values)
        refused = False
    except OutcomeError:
        refused = True

    assert refused == impossible


@given(month=st.sampled_from(rules.TIME_POINTS), off=st.integers(-20, 20))
def test_a_measurement_belongs_to_the_time_point_whose_window_holds_it(month, off):
    on = add_months(START, month) + timedelta(days=off)

    assert rules.time_point(START, on) == (month if abs(off) <= 14 else None)


def test_of_two_windows_the_nearer_time_point_is_taken():
    on = date(2026, 3, 20)

    assert rules.time_point(START, on, planned=(1, 2), window=40) == 2


@pytest.mark.parametrize(
    ("on", "month"),
    [
        (date(2026, 1, 30), None),
        (date(2026, 1, 31), 3),
        (date(2026, 4, 29), 3),
        (date(2026, 4, 30), 6),
        (date(2028, 1, 30), 24),
        (date(2028, 1, 31), None),
    ],
)
def test_an_event_is_told_only_as_before_which_time_point(on, month):
    assert rules.interval(START, on) == month


def test_every_code_has_its_words():
    assert set(labels.HARMS) == set(rules.Harm)
    assert set(labels.CAREER_STATES) == set(rules.CareerState)
    assert set(labels.JUSTICE) == set(rules.Justice)
    assert set(labels.HOUSING) == set(rules.Housing)
