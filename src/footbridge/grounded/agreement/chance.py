"""Percent, Holsti, Scott, Cohen, Fleiss, Gwet and Brennan-Prediger.

Observed agreement is the mean over units of the share of agreeing coder pairs; the
coefficients differ in what they expect by chance:

====================  ==========================================================
Scott (1955)          pooled shares squared, two coders
Cohen (1960, 1968)    product of the two coders' own shares, weights allowed
Fleiss (1971)         mean category shares squared, any number of coders
Gwet AC1, AC2 (2008)  ``sum(w) sum(p (1 - p)) / (q (q - 1))``
Brennan-Prediger      ``sum(w) / q^2``; Bennett's S and Randolph's kappa alike
====================  ==========================================================

Missing codes: a unit with one code only still enters the shares of Fleiss, Gwet and
Brennan-Prediger (Gwet, Handbook of Inter-Rater Reliability, 4th ed.).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footbridge.grounded.agreement.pairs import PairCounts, count_pairs
from footbridge.grounded.agreement.ratings import Values, read_ratings
from footbridge.grounded.agreement.results import NO_PAIRS, Agreement, beyond_chance, undefined
from footbridge.grounded.agreement.tallies import Tally, take_tally
from footbridge.grounded.errors import AgreementError

Numbers = NDArray[np.float64]
Weights: TypeAlias = Literal["identity", "linear", "quadratic"] | ArrayLike


def _tally(values: Values | Tally) -> Tally:
    return values if isinstance(values, Tally) else take_tally(read_ratings(values))


def agreement_weights(tally: Tally | PairCounts, weights: Weights) -> Numbers:
    """Return how much two categories count as agreeing, shape (n_categories, n_categories).

    Linear and quadratic weights use the categories' numbers, or their ranks where they are
    words. A table is taken as it is; subtract a table of disagreements from its maximum.
    """
    n = len(tally.categories)
    if not isinstance(weights, str):
        table = np.asarray(weights, dtype=np.float64)
        if table.shape != (n, n):
            raise AgreementError(
                f"The weights have shape {table.shape} and {n} codes are in use. "
                "Give one weight for each pair of codes, in sorted order."
            )
        return table
    if weights == "identity":
        return np.eye(n)
    scores = tally.scores if tally.scores is not None else np.arange(n, dtype=float)
    spread = float(np.ptp(scores)) if n > 1 else 1.0
    apart = np.abs(scores[:, None] - scores[None, :]) / spread
    if weights == "linear":
        return 1.0 - apart
    if weights == "quadratic":
        return 1.0 - apart**2
    raise AgreementError(
        f"Weights {weights!r} are not known. Use 'identity', 'linear', 'quadratic' or a table."
    )


def percent_agreement(values: Values | Tally) -> Agreement:
    """Return the mean over units of the share of coder pairs that agree.

    Examples
    --------
    >>> percent_agreement([[1, 1, 2, 3], [1, 2, 2, 3]]).value
    0.75
    """
    tally = _tally(values)
    if not tally.n_compared:
        return undefined("Percent agreement", NO_PAIRS)
    share = tally.observed(np.eye(len(tally.categories)))
    return Agreement("Percent agreement", share, share, None, tally.n_compared)


def holsti(values: Values | PairCounts) -> Agreement:
    """Return Holsti's (1969) ``2 M / (N1 + N2)``, the mean over pairs of coders.

    A unit that only one coder coded counts as a disagreement.
    """
    counts = _pairs(values)
    tables = counts.tables
    agreed = np.trace(tables[:, :-1, :-1], axis1=1, axis2=2)
    decisions = tables[:, :-1, :].sum(axis=(1, 2)) + tables[:, :, :-1].sum(axis=(1, 2))
    if not decisions.any():
        return undefined("Holsti", NO_PAIRS)
    value = float(np.mean(2.0 * agreed[decisions > 0] / decisions[decisions > 0]))
    units = float(tables[0].sum())
    return Agreement("Holsti", value, value, None, units)


def _pairs(values: Values | PairCounts) -> PairCounts:
    return values if isinstance(values, PairCounts) else count_pairs(values)


def cohen_kappa(values: Values | PairCounts, *, weights: Weights = "identity") -> Agreement:
    """Return Cohen's kappa (1960), weighted (1968) where weights are given.

    Parameters
    ----------
    values : array-like, shape (2, n_units), or PairCounts
        Units that only one coder coded are left out.
    weights : {'identity', 'linear', 'quadratic'} or array-like
        Weights of agreement, 1 on the diagonal.

    Examples
    --------
    >>> cohen_kappa([["x", "x", "y", "y"], ["x", "y", "y", "y"]]).value
    0.5
    """
    counts = _pairs(values)
    table = counts.of_two()
    name = (
        "Cohen's kappa"
        if isinstance(weights, str) and weights == "identity"
        else ("Cohen's weighted kappa")
    )
    n = table.sum()
    if not n:
        return undefined(name, NO_PAIRS)
    w = agreement_weights(counts, weights)
    shares = table / n
    chance = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return beyond_chance(name, float((w * shares).sum()), float((w * chance).sum()), units=float(n))


def cohen_kappa_maximum(values: Values | PairCounts) -> Agreement:
    """Return the largest kappa that the two coders' own shares allow (Cohen 1960, p. 42)."""
    table = _pairs(values).of_two()
    n = table.sum()
    if not n:
        return undefined("Largest kappa", NO_PAIRS)
    rows, columns = table.sum(axis=1) / n, table.sum(axis=0) / n
    return beyond_chance(
        "Largest kappa",
        float(np.minimum(rows, columns).sum()),
        float(rows @ columns),
        units=float(n),
    )


def scott_pi(values: Values | PairCounts) -> Agreement:
    """Return Scott's pi (1955) of two coders."""
    table = _pairs(values).of_two()
    n = table.sum()
    if not n:
        return undefined("Scott's pi", NO_PAIRS)
    pooled = (table.sum(axis=0) + table.sum(axis=1)) / (2 * n)
    return beyond_chance(
        "Scott's pi", float(np.trace(table) / n), float(pooled @ pooled), units=float(n)
    )


def fleiss_kappa(values: Values | Tally) -> Agreement:
    """Return Fleiss' kappa (1971), in Gwet's form where codes are missing."""
    tally = _tally(values)
    shares = tally.shares()
    return beyond_chance(
        "Fleiss' kappa",
        tally.observed(np.eye(shares.size)),
        float(shares @ shares),
        units=tally.n_compared,
    )


def gwet_ac2(values: Values | Tally, *, weights: Weights = "quadratic") -> Agreement:
    """Return Gwet's AC2; with identity weights this is AC1.

    References
    ----------
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48.
    """
    tally = _tally(values)
    plain = isinstance(weights, str) and weights == "identity"
    name = "Gwet's AC1" if plain else "Gwet's AC2"
    q = len(tally.categories)
    if q < 2:
        return _without_variation(name, tally)
    w = agreement_weights(tally, weights)
    shares = tally.shares()
    chance = float(w.sum() * (shares * (1.0 - shares)).sum() / (q * (q - 1)))
    return beyond_chance(name, tally.observed(w), chance, units=tally.n_compared)


def gwet_ac1(values: Values | Tally) -> Agreement:
    """Return Gwet's AC1 (2008)."""
    return gwet_ac2(values, weights="identity")


def brennan_prediger(
    values: Values | Tally,
    *,
    weights: Weights = "identity",
    categories: Sequence[object] | None = None,
) -> Agreement:
    """Return Brennan & Prediger's kappa (1981): every category is equally likely by chance.

    Parameters
    ----------
    values : array-like, shape (n_coders, n_units)
    weights : {'identity', 'linear', 'quadratic'} or array-like
    categories : sequence, optional
        All codes that could have been given, where some were given to nothing; only with
        identity weights.
    """
    tally = _tally(values)
    q = len(tally.categories) if categories is None else len(set(categories))
    if q < len(tally.categories):
        raise AgreementError(
            f"{len(tally.categories)} codes are in use and {q} were named as possible. "
            "Name every code that could have been given."
        )
    if q < 2:
        return _without_variation("Brennan-Prediger", tally)
    w = agreement_weights(tally, weights)
    chance = 1.0 / q if categories is not None else float(w.sum()) / (q * q)
    return beyond_chance("Brennan-Prediger", tally.observed(w), chance, units=tally.n_compared)


def _without_variation(name: str, tally: Tally) -> Agreement:
    return beyond_chance(name, 1.0, 1.0, units=tally.n_compared)
