"""The noise has the distribution it claims, exactly, and nobody spends more than there is."""

from __future__ import annotations

import secrets
from collections import Counter
from fractions import Fraction
from math import exp
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from footbridge.disclosure.errors import BudgetError
from footbridge.disclosure.noise import Budget, Spent, discrete_laplace, margin, noisy

HALF = Fraction(1, 2)


def probability(k, epsilon):
    """Return the mass of k by the closed form: (1 - q) / (1 + q) q^|k|, q = exp(-epsilon)."""
    q = exp(-epsilon)
    return (1 - q) / (1 + q) * q ** abs(k)


@pytest.mark.parametrize("epsilon", [HALF, Fraction(1, 3), Fraction(3, 2)])
def test_the_draws_follow_the_closed_form(epsilon):
    chance = Random(7)
    seen = Counter(discrete_laplace(epsilon, draws=chance.randrange) for _ in range(20_000))
    inside = range(-4, 5)
    observed = [seen[k] for k in inside]
    expected = [20_000 * probability(k, float(epsilon)) for k in inside]
    rest = 20_000 - sum(expected)

    found = stats.chisquare([*observed, 20_000 - sum(observed)], [*expected, rest])

    assert found.pvalue > 0.001


def test_the_distribution_agrees_with_scipys():
    assert probability(3, 0.5) == pytest.approx(stats.dlaplace.pmf(3, 0.5))


def test_one_person_more_changes_no_answer_by_more_than_the_factor_promised():
    ratios = [probability(k, 0.5) / probability(k - 1, 0.5) for k in range(-20, 21)]

    assert max([*ratios, *(1 / one for one in ratios)]) <= exp(0.5) + 1e-12


@given(st.integers(0, 40), st.sampled_from([HALF, Fraction(1, 10), Fraction(4)]))
def test_a_noisy_count_is_never_negative(count, epsilon):
    assert noisy(count, epsilon, draws=secrets.randbelow) >= 0


@pytest.mark.parametrize("epsilon", [HALF, Fraction(1, 10), Fraction(1), Fraction(4)])
def test_the_margin_holds_ninety_five_of_a_hundred_draws_and_no_smaller_one_does(epsilon):
    found = margin(epsilon)
    held = sum(probability(k, float(epsilon)) for k in range(-found, found + 1))
    under = sum(probability(k, float(epsilon)) for k in range(-found + 1, found))

    assert held >= 0.95 - 1e-9
    assert found == 0 or under < 0.95


def test_four_quarters_of_a_half_spend_a_years_budget_and_a_fifth_is_refused():
    spent = [Spent(2026, f"enrolled {quarter}", HALF) for quarter in range(4)]
    budget = Budget()

    budget.check(Spent(2026, "enrolled", HALF), spent[:3])
    with pytest.raises(BudgetError, match="laid together, are no longer noisy"):
        budget.check(Spent(2026, "enrolled", HALF), spent)
    budget.check(Spent(2027, "enrolled", HALF), spent)
    assert budget.left(2026, spent) == 0


@pytest.mark.parametrize("epsilon", [Fraction(0), Fraction(1, 1000), Fraction(50), Fraction(-1)])
def test_an_epsilon_that_says_nothing_or_hides_nobody_is_refused(epsilon):
    with pytest.raises(BudgetError, match="out of range"):
        discrete_laplace(epsilon, draws=secrets.randbelow)
