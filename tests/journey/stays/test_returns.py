"""Returns are only ever told with the bounds of recognition."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.stays.returns import (
    LEAST_BASE,
    Range,
    ReturnsError,
    returns,
    shown_rate,
    true_range,
    wilson,
)

SHARES = st.floats(0.01, 1)


def test_fact_6_18_true_45_in_100_at_60_in_100_recognised_shows_as_27():
    shown = shown_rate(0.45, match=0.60)

    assert shown == pytest.approx(0.27)
    assert true_range(shown, match=Range(0.60, 0.60)).low == pytest.approx(0.45)


@given(st.floats(0, 1), SHARES, SHARES)
def test_the_truth_lies_in_the_range_whenever_its_match_rate_does(true, one, other):
    match = Range(min(one, other), max(one, other))

    for rate in (match.low, match.high):
        found = true_range(shown_rate(true, match=rate), match=match)
        assert found.low - 1e-9 <= true <= found.high + 1e-9


@given(st.integers(LEAST_BASE, 400), st.data())
def test_the_wide_range_holds_the_range_and_the_range_holds_what_was_seen_at_most(base, data):
    seen = data.draw(st.integers(0, base))

    found = returns(seen, base, match=Range(0.5, 1.0))

    assert found.true95.low <= found.true.low + 1e-12
    assert found.true.high <= found.true95.high + 1e-12
    assert found.true.low == pytest.approx(found.observed)


def test_under_thirty_stays_no_share_is_told():
    found = returns(9, LEAST_BASE - 1, match=Range(0.5, 1.0))

    assert (found.observed, found.true, found.true95) == (None, None, None)


def test_wilsons_interval_is_the_one_of_newcombe_1998():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3: 81 of 263.
    found = wilson(81, 263)

    assert found.low == pytest.approx(0.2553, abs=5e-5)
    assert found.high == pytest.approx(0.3662, abs=5e-5)


def test_counted_with_unrecognised_people_the_true_rate_is_found_again():
    dice, true, match = Random(618), 0.45, 0.60
    seen = sum(dice.random() < true and dice.random() < match for _ in range(4000))

    found = returns(seen, 4000, match=Range(match, match))

    assert math.isclose(found.observed, 0.27, abs_tol=0.03)
    assert found.true95.low <= true <= found.true95.high


@pytest.mark.parametrize("match", [(0, 0.5), (0.6, 0.5), (0.5, 1.1)])
def test_match_rates_that_cannot_be_are_refused(match):
    with pytest.raises(ReturnsError, match="match rates cannot be"):
        returns(1, 50, match=Range(*match))
