"""Different people across sites, from a question that nobody can hold against anybody."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.disclosure.distinct import Coin, distinct_people, share_of_yes
from footbridge.disclosure.errors import DisclosureError


def a_quarter(chance, coin, *, people, both):
    """Return what two sites count and hear when some people go to both."""
    yes = asked = 0
    counts = [0, 0]
    for person in range(people):
        twice = person < both
        for site in (0, 1) if twice else (person % 2,):
            counts[site] += 1
            asked += 1
            yes += coin.answer(twice, draws=chance.randrange)
    return distinct_people(counts, yes=yes, asked=asked, coin=coin)


def test_in_simulated_quarters_the_interval_holds_the_truth_and_the_bound_always_does():
    chance, coin = Random(11), Coin()
    runs = [a_quarter(chance, coin, people=400, both=60) for _ in range(400)]

    held = sum(one.low <= 400 <= one.high for one in runs) / len(runs)
    mean = sum(one.point for one in runs) / len(runs)

    assert held >= 0.93
    assert mean == pytest.approx(400, abs=3)
    assert all(one.bound == 460 for one in runs)


def test_an_answer_tells_little_about_the_truth():
    coin, chance = Coin(), Random(3)
    said = {
        true: sum(coin.answer(true, draws=chance.randrange) for _ in range(20_000)) / 20_000
        for true in (True, False)
    }

    assert said[True] == pytest.approx(0.75, abs=0.015)
    assert said[False] == pytest.approx(0.25, abs=0.015)


def test_with_every_answer_forced_as_often_as_chance_says_nobody_was_elsewhere():
    found = distinct_people([120, 80], yes=50, asked=200)

    assert (found.point, found.share, found.bound) == (200, 0, 200)


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=5),
    st.integers(1, 400),
    st.floats(0, 1),
)
def test_point_and_interval_stay_between_half_the_sum_and_the_sum(counts, asked, share):
    found = distinct_people(counts, yes=int(share * asked), asked=asked)

    assert found.bound / 2 <= found.low <= found.point <= found.high <= found.bound


@pytest.mark.parametrize(("yes", "asked"), [(0, 0), (5, 4), (-1, 4)])
def test_answers_that_cannot_be_are_refused(yes, asked):
    with pytest.raises(DisclosureError, match="cannot be counted"):
        share_of_yes(yes, asked, Coin())


@pytest.mark.parametrize("forced", [(0, 0), (Fraction(1, 2), Fraction(1, 2)), (0, Fraction(1, 4))])
def test_a_coin_that_protects_nobody_or_leaves_nothing_is_refused(forced):
    with pytest.raises(DisclosureError, match="coin"):
        Coin(*map(Fraction, forced))


def test_counts_that_cannot_be_added_are_refused():
    with pytest.raises(DisclosureError, match="cannot be added"):
        distinct_people([], yes=0, asked=1)
