"""Counts that keep coders apart, for Holsti, Cohen and Scott; counts of interviews add up."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footbridge.grounded.agreement.ratings import MISSING, Ratings, Values, read_ratings
from footbridge.grounded.errors import AgreementError

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairCounts:
    """How often one coder gave this and another coder that, for each pair of coders.

    Attributes
    ----------
    tables : ndarray, shape (n_pairs, n_categories + 1, n_categories + 1)
        Row: the earlier coder's code; column: the later one's; last: gave nothing.
    n_coders : int
    categories : tuple
    scores : ndarray or None, shape (n_categories,)
        The categories as numbers, where they are numbers.
    """

    tables: Numbers
    n_coders: int
    categories: tuple[Hashable, ...]
    scores: Numbers | None

    def of_two(self) -> Numbers:
        """Return the table of exactly two coders over units both coded.

        Raises
        ------
        AgreementError
            If there are more than two coders.
        """
        if self.n_coders != 2:
            raise AgreementError(
                f"This coefficient compares exactly two coders and {self.n_coders} were given. "
                "Use fleiss_kappa or krippendorff_alpha, or compare the coders two by two."
            )
        return self.tables[0, :-1, :-1]


def count_pairs(values: Values) -> PairCounts:
    """Return the counts of one table of ratings.

    Parameters
    ----------
    values : array-like, shape (n_coders, n_units)
    """
    ratings = read_ratings(values)
    n = len(ratings.categories) + 1
    codes = ratings.codes.astype(np.int64)
    codes[codes == MISSING] = n - 1
    tables = [
        np.bincount(a * n + b, minlength=n * n).reshape(n, n) for a, b in combinations(codes, 2)
    ]
    whole = np.stack(tables).astype(np.float64)
    return PairCounts(whole, ratings.n_coders, ratings.categories, ratings.scores())


def add_pairs(parts: Sequence[PairCounts], weights: Sequence[float] | None = None) -> PairCounts:
    """Return the sum of counts over the same coders and categories, each times its weight."""
    if not parts:
        raise AgreementError("There is no interview to add up. Give at least one.")
    w = np.ones(len(parts)) if weights is None else np.asarray(weights, dtype=float)
    first = parts[0]
    tables = np.tensordot(w, np.stack([part.tables for part in parts]), axes=1)
    return PairCounts(tables, first.n_coders, first.categories, first.scores)


def split_pairs(values: Values, interviews: ArrayLike) -> list[PairCounts]:
    """Return one set of counts for each interview, over the categories of all of them.

    Parameters
    ----------
    values : array-like, shape (n_coders, n_units)
    interviews : array-like, shape (n_units,)
        To which interview each unit belongs.
    """
    return [count_pairs(part) for part in split_ratings(values, interviews)]


def split_ratings(values: Values, interviews: ArrayLike) -> list[Ratings]:
    """Return the ratings of each interview, over the categories of all of them.

    Raises
    ------
    AgreementError
        If there is not one interview for each unit.
    """
    ratings = read_ratings(values)
    labels = np.asarray(interviews)
    if labels.shape != (ratings.codes.shape[1],):
        raise AgreementError(
            f"There are {ratings.codes.shape[1]} units and interview labels of shape "
            f"{labels.shape}. Give one interview for each unit."
        )
    found, where = np.unique(labels, return_inverse=True)
    return [
        Ratings(np.ascontiguousarray(ratings.codes[:, where == at]), ratings.categories)
        for at in range(found.size)
    ]
