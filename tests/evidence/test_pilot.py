"""The reconstructed pilot: its coded outcomes are the published counts."""

import pytest

from footbridge.evidence import pilot
from footbridge.evidence.comparisons import compare_outcomes
from footbridge.evidence.rules import QUESTIONS, row_of
from footbridge.journey.outcomes.coding import bands_of
from footbridge.journey.outcomes.records import OutcomeCoded
from tests.conftest import TODAY


def comparisons():
    rows = [
        row_of(arm, bands_of(OutcomeCoded(3, TODAY, values), scale=(0, 40), arm=arm))
        for arm, values in pilot.pilot_outcomes()
    ]
    found = compare_outcomes(rows, QUESTIONS, arms=("rmi", "standard"))
    return {one.question.id: one for one in found}


@pytest.mark.parametrize("outcome", pilot.published()["outcomes"], ids=lambda one: one["id"])
def test_the_counts_are_the_published_ones(outcome):
    found = comparisons()[outcome["id"]].complete_case

    assert [found.first.events, found.first.total] == outcome["rmi"]
    assert [found.second.events, found.second.total] == outcome["standard"]


@pytest.mark.parametrize(
    ("outcome", "d"), [("returned", 0.354), ("methadone", 0.417), ("employed", 0.876)]
)
def test_cohens_d_is_the_published_one_to_three_decimals(outcome, d):
    assert round(abs(comparisons()[outcome].complete_case.d), 3) == d


def test_whoever_was_not_interviewed_is_missing_and_not_counted_as_no():
    employed = comparisons()["employed"]

    assert employed.missing == (2, 4)


def test_a_hundred_people_were_randomised():
    assert len(pilot.pilot_outcomes()) == 100
