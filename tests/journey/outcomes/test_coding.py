"""What research is told: bands and months, never days, words or exact numbers."""

import dataclasses
import typing
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.outcomes import coding, records
from footbridge.journey.outcomes.coding import bands_of
from footbridge.journey.outcomes.records import (
    AdverseEventNoted,
    ArmAssigned,
    OutcomeBands,
    OutcomeCoded,
)
from footbridge.journey.outcomes.rules import (
    Count,
    DaysUsed,
    Employment,
    Harm,
    OutcomeError,
    OutcomeValues,
    Related,
    Third,
)
from footbridge.trust.vault.records import Compartment, FreeText

SCALE = (0.0, 40.0)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1))


def coded(on=date(2026, 3, 2), **values):
    return OutcomeCoded(3, on, OutcomeValues(**values))


def test_exact_numbers_become_bands():
    outcome = coded(
        employment=Employment.OCCASIONAL,
        days_used=20,
        days_known=88,
        services=4,
        objectives=1,
        recovery_capital=31.0,
    )

    bands = bands_of(outcome, scale=SCALE, arm="rmi")

    assert (bands.month, bands.arm, bands.employment) == (3, "rmi", Employment.OCCASIONAL)
    assert (bands.days_used, bands.services) == (DaysUsed.WEEKLY, Count.THREE_TO_FIVE)
    assert (bands.objectives, bands.recovery_capital) == (Count.ONE_OR_TWO, Third.UPPER)


def test_what_is_not_known_stays_not_known():
    bands = dataclasses.asdict(bands_of(coded(), scale=SCALE))

    told = {name: value for name, value in bands.items() if name not in ("month", "arm")}
    assert set(told.values()) == {"not-known"}
    assert bands["arm"] == coding.NO_ARM


@given(one=days, other=days)
def test_two_people_measured_on_different_days_look_the_same_to_research(one, other):
    assert bands_of(coded(one), scale=SCALE) == bands_of(coded(other), scale=SCALE)


def test_an_impossible_outcome_reaches_no_study():
    with pytest.raises(OutcomeError):
        bands_of(coded(days_used=91, days_known=90), scale=SCALE)


def test_an_event_leaves_its_day_and_its_words_in_care():
    event = AdverseEventNoted(
        Harm.OVERDOSE, date(2026, 5, 5), Related.NO, FreeText("found by a friend")
    )

    band = coding.band_of_event(event, start=date(2026, 1, 31), arm="rmi")

    assert band == records.AdverseEventBand(Harm.OVERDOSE, 6, Related.NO, "rmi")


def test_an_event_without_a_day_has_no_interval():
    event = AdverseEventNoted(Harm.VIOLENCE, None, Related.POSSIBLY, FreeText(""))

    assert coding.band_of_event(event, start=date(2026, 1, 31)).month is None


def test_an_arm_is_told_without_its_day():
    assigned = ArmAssigned("pilot", "rmi", date(2026, 3, 2))

    assert coding.band_of_arm(assigned) == records.ArmBand("pilot", "rmi")


def research_records():
    return [
        cls
        for cls in vars(records).values()
        if getattr(cls, "COMPARTMENT", None) is Compartment.RESEARCH
    ]


def test_no_research_record_can_hold_a_day_or_words():
    allowed = {int, int | None}

    for cls in research_records():
        hints = typing.get_type_hints(cls)
        for one in dataclasses.fields(cls):
            hint = hints[one.name]
            coded_value = isinstance(hint, type) and issubclass(hint, StrEnum)
            code_of_design = hint is str and one.name in ("arm", "study")
            assert coded_value or code_of_design or hint in allowed, (cls, one.name)

    assert OutcomeBands in research_records()
