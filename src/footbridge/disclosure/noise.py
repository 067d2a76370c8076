"""Exact discrete Laplace noise for a headline count, and the budget that it is paid from.

The draw uses whole numbers only, so no rounding of floating point numbers can betray the
count (Mironov 2012, CCS, 650-661).

References
----------
Canonne, Kamath and Steinke 2020, NeurIPS 33:15676-15688, algorithms 1 and 2.
Ghosh, Roughgarden and Sundararajan 2012, SIAM J. Comput. 41:1673-1693 (geometric mechanism).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import exp, floor, log

from footbridge.disclosure.errors import BudgetError

Draws = Callable[[int], int]
"""Returns a whole number from 0 up to, not including, its argument; `secrets.randbelow`."""

SMALLEST, LARGEST = Fraction(1, 100), Fraction(4)


def discrete_laplace(epsilon: Fraction, *, draws: Draws) -> int:
    """Return k with probability proportional to ``exp(-epsilon |k|)``.

    Parameters
    ----------
    epsilon : Fraction
        From 1/100 to 4. One person more or less changes the probability of any answer
        by a factor of at most ``exp(epsilon)``.
    draws : callable
        The source of chance; `secrets.randbelow` for a release.

    Raises
    ------
    BudgetError
        If epsilon is out of range.
    """
    over, under = check_epsilon(epsilon).as_integer_ratio()
    while True:
        # A geometric number of scale 1/epsilon, made of one of scale `under` and its rest.
        rest = draws(under)
        if not _bernoulli_exp(Fraction(rest, under), draws):
            continue
        whole = 0
        while _bernoulli_exp(Fraction(1), draws):
            whole += 1
        size = (rest + under * whole) // over
        negative = draws(2) == 1
        if size == 0 and negative:
            continue  # else zero would come twice as often as it should
        return -size if negative else size


def noisy(count: int, epsilon: Fraction, *, draws: Draws) -> int:
    """Return a count with noise; not under zero, which costs nothing more."""
    return max(0, count + discrete_laplace(epsilon, draws=draws))


def margin(epsilon: Fraction, *, confidence: float = 0.95) -> int:
    """Return the smallest m such that the noise is at most m with this probability.

    Examples
    --------
    >>> margin(Fraction(1, 2))
    6
    """
    e = float(check_epsilon(epsilon))
    # P(|k| > m) = 2 q^(m+1) / (1 + q) with q = exp(-epsilon)
    q = exp(-e)
    need = log((1 - confidence) * (1 + q) / 2) / log(q) - 1
    return max(0, floor(need) + (need > floor(need)))


def check_epsilon(epsilon: Fraction) -> Fraction:
    """Return epsilon; raise BudgetError where it hides nothing or everything."""
    if not SMALLEST <= epsilon <= LARGEST:
        raise BudgetError(
            f"An epsilon of {float(epsilon):g} is out of range.",
            f"Under {float(SMALLEST):g} a count says nothing, over {float(LARGEST):g} "
            "it hides nobody.",
            "Choose one between them; 0.5 a quarter is the default here.",
        )
    return epsilon


@dataclass(frozen=True, slots=True)
class Spent:
    """One noisy number that left: in which year, of what, and what it cost."""

    year: int
    series: str
    epsilon: Fraction


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent on one population in a year; costs add up (sequential composition).

    Parameters
    ----------
    a_year : Fraction
        The most that all series together may cost in a calendar year.
    """

    a_year: Fraction = Fraction(2)

    def left(self, year: int, spent: Iterable[Spent]) -> Fraction:
        """Return what is left of a year's budget."""
        return self.a_year - sum((s.epsilon for s in spent if s.year == year), Fraction(0))

    def check(self, wanted: Spent, spent: Iterable[Spent]) -> None:
        """Raise BudgetError if a number cannot be paid for any more."""
        check_epsilon(wanted.epsilon)
        left = self.left(wanted.year, spent)
        if wanted.epsilon > left:
            raise BudgetError(
                f"The noise budget of {wanted.year} has {float(left):g} left, and this number "
                f"costs {float(wanted.epsilon):g}.",
                "Many noisy answers about the same people, laid together, are no longer noisy.",
                "Use a number that was released already, or wait for the next year.",
            )


def _bernoulli_exp(gamma: Fraction, draws: Draws) -> bool:
    """Return True with probability ``exp(-gamma)``, for gamma from 0 to 1, exactly."""
    k = 1
    while draws(gamma.denominator * k) < gamma.numerator:
        k += 1
    return k % 2 == 1
