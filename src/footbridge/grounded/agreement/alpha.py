r"""Krippendorff's alpha for coded units, at four levels of measurement.

.. math:: \alpha = 1 - (n - 1) \frac{\sum o_{ck} \delta^2_{ck}}{\sum n_c n_k \delta^2_{ck}}

Units with fewer than two values are left out. Ordinal differences are differences of
midranks, so ordinal alpha is interval alpha on midranks; interval sums need moments only.

References
----------
Krippendorff (2011), Computing Krippendorff's alpha-reliability,
https://repository.upenn.edu/asc_papers/43
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from footbridge.grounded.agreement import kernels
from footbridge.grounded.agreement.ratings import Ratings, Values, read_ratings
from footbridge.grounded.agreement.results import Agreement, one_minus_ratio
from footbridge.grounded.agreement.tallies import Tally, take_tally
from footbridge.grounded.errors import AgreementError

Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
Numbers = NDArray[np.float64]
_MOST_IN_A_TABLE = 400


def krippendorff_alpha(values: Values | Tally, *, level: Level = "nominal") -> Agreement:
    """Return Krippendorff's alpha.

    Parameters
    ----------
    values : array-like, shape (n_coders, n_units)
        Numbers or words; None, NaN or a masked cell where a coder gave nothing.
    level : {'nominal', 'ordinal', 'interval', 'ratio'}
        What a difference between two codes means.

    Returns
    -------
    Agreement
        Observed and expected are disagreements; `units` counts pairable values.

    Raises
    ------
    AgreementError
        If the level needs numbers and the codes are words, or ratio and a code is negative.

    Examples
    --------
    >>> table = [["a", "a", "b", "b"], ["a", "b", "b", "b"]]
    >>> round(krippendorff_alpha(table, level="nominal").required(), 3)
    0.533
    """
    if level not in get_args(Level):
        raise AgreementError(
            f"Level {level!r} is not known. Use 'nominal', 'ordinal', 'interval' or 'ratio'."
        )
    name = f"Krippendorff's alpha ({level})"
    if isinstance(values, Tally):
        return _from_tally(values, level, name)
    ratings = read_ratings(values)
    if len(ratings.categories) <= _MOST_IN_A_TABLE:
        return _from_tally(take_tally(ratings), level, name)
    return _from_units(ratings, level, name)


def differences(level: Level, scores: Numbers | None, counts: Numbers) -> Numbers:
    """Return the squared difference of each pair of categories, shape (n, n).

    Parameters
    ----------
    level : {'nominal', 'ordinal', 'interval', 'ratio'}
    scores : ndarray or None, shape (n,)
        The categories as numbers; needed at every level but nominal.
    counts : ndarray, shape (n,)
        Pairable values of each category, which ordinal differences rest on.
    """
    if level == "nominal":
        return 1.0 - np.eye(counts.size)
    if scores is None:
        raise AgreementError(
            f"A difference at level {level!r} needs numbers, and these codes are words. "
            "Use level='nominal', or replace each word by its rank."
        )
    if level == "ratio":
        return _ratio(scores)
    along = midranks(counts) if level == "ordinal" else scores
    apart: Numbers = (along[:, None] - along[None, :]) ** 2
    return apart


def midranks(counts: Numbers) -> Numbers:
    """Return the middle rank of each category, so that differences are Krippendorff's ordinal."""
    ranks: Numbers = np.cumsum(counts) - counts / 2.0
    return ranks


def _ratio(scores: Numbers) -> Numbers:
    if (scores < 0).any():
        raise AgreementError(
            "Ratio agreement needs codes of zero or more, and a code is negative. "
            "Use level='interval'."
        )
    total = scores[:, None] + scores[None, :]
    apart = scores[:, None] - scores[None, :]
    return np.divide(apart, total, out=np.zeros_like(apart), where=total > 0) ** 2


def _from_tally(tally: Tally, level: Level, name: str) -> Agreement:
    n = tally.n_pairable
    together = tally.coincidences()
    counts = tally.values[2:].sum(axis=0)
    apart = differences(level, tally.scores, counts) if counts.size else np.zeros((0, 0))
    if n < 2:
        return one_minus_ratio(name, 0.0, 0.0, units=0)
    observed = float((together * apart).sum() / n)
    expected = float((np.outer(counts, counts) * apart).sum() / (n * (n - 1)))
    return one_minus_ratio(name, observed, expected, units=n)


def _from_units(ratings: Ratings, level: Level, name: str) -> Agreement:
    """For more categories than a table of pairs can hold."""
    codes = np.ascontiguousarray(ratings.codes)
    _, raw = kernels.squared_spread(codes, np.zeros(len(ratings.categories)))
    counts = raw.astype(np.float64)
    n = float(counts.sum())
    if n < 2:
        return one_minus_ratio(name, 0.0, 0.0, units=0)
    if level == "nominal":
        between = kernels.unequal_pairs(codes)
        expected = n * n - float(counts @ counts)
    elif level == "ratio":
        between, expected = _ratio_sums(codes, ratings.numbers(), counts)
    else:
        along = midranks(counts) if level == "ordinal" else ratings.numbers()
        along = along - float(counts @ along) / n
        between, _ = kernels.squared_spread(codes, along)
        expected = 2.0 * (n * float(counts @ along**2) - float(counts @ along) ** 2)
    return one_minus_ratio(name, between / n, expected / (n * (n - 1)), units=n)


def _ratio_sums(codes: NDArray[np.int32], scores: Numbers, counts: Numbers) -> tuple[float, float]:
    if (scores < 0).any():
        _ratio(scores[scores < 0])
    return kernels.ratio_spread(codes, scores), kernels.ratio_expected(scores, counts)
