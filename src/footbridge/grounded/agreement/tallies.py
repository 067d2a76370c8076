"""Counts from which every coefficient for coded units follows; counts of interviews add up."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footbridge.grounded.agreement import kernels
from footbridge.grounded.agreement.pairs import split_ratings
from footbridge.grounded.agreement.ratings import Ratings, Values
from footbridge.grounded.errors import AgreementError

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tally:
    """Ordered pairs, values and units, split by how many coders gave something.

    Attributes
    ----------
    pairs : ndarray, shape (m_max + 1, n_categories, n_categories)
    values : ndarray, shape (m_max + 1, n_categories)
    units : ndarray, shape (m_max + 1,)
    categories : tuple
    scores : ndarray or None, shape (n_categories,)
        The categories as numbers, where they are numbers.
    """

    pairs: Numbers
    values: Numbers
    units: Numbers
    categories: tuple[Hashable, ...]
    scores: Numbers | None

    @property
    def n_pairable(self) -> float:
        """Values in units with two values or more."""
        return float(self.values[2:].sum())

    @property
    def n_compared(self) -> float:
        """Units with two values or more."""
        return float(self.units[2:].sum())

    def coincidences(self) -> Numbers:
        """Return Krippendorff's coincidence matrix, shape (n_categories, n_categories)."""
        others = np.maximum(np.arange(self.units.size) - 1, 1)
        table: Numbers = (self.pairs / others[:, None, None]).sum(axis=0)
        return table

    def observed(self, weights: Numbers) -> float:
        """Return the mean over units of the weighted share of agreeing pairs."""
        sizes = np.arange(self.units.size)
        ordered = np.maximum(sizes * (sizes - 1), 1)
        by_size = (self.pairs * weights).sum(axis=(1, 2)) / ordered
        return float(by_size[2:].sum() / self.n_compared) if self.n_compared else 0.0

    def shares(self) -> Numbers:
        """Return the mean over coded units of each category's share, shape (n_categories,)."""
        sizes = np.maximum(np.arange(self.units.size), 1)
        coded = self.units[1:].sum()
        per_unit: Numbers = (self.values[1:] / sizes[1:, None]).sum(axis=0)
        return per_unit / coded if coded else per_unit


def take_tally(ratings: Ratings) -> Tally:
    """Return the counts of one table of ratings."""
    n = len(ratings.categories)
    pairs, values, units = kernels.tally(np.ascontiguousarray(ratings.codes), n)
    return Tally(
        pairs.astype(float), values.astype(float), units.astype(float), ratings.categories,
        ratings.scores(),
    )  # fmt: skip


def add_tallies(tallies: Sequence[Tally], weights: Sequence[float] | None = None) -> Tally:
    """Return the sum of tallies over the same coders and categories, each times its weight."""
    if not tallies:
        raise AgreementError("There is no interview to add up. Give at least one.")
    w = np.ones(len(tallies)) if weights is None else np.asarray(weights, dtype=float)
    first = tallies[0]
    return Tally(
        np.tensordot(w, np.stack([t.pairs for t in tallies]), axes=1),
        np.tensordot(w, np.stack([t.values for t in tallies]), axes=1),
        np.tensordot(w, np.stack([t.units for t in tallies]), axes=1),
        first.categories,
        first.scores,
    )


def split_tallies(values: Values, interviews: ArrayLike) -> list[Tally]:
    """Return one tally for each interview, over the categories of all of them.

    Parameters
    ----------
    values : array-like, shape (n_coders, n_units)
    interviews : array-like, shape (n_units,)
        To which interview each unit belongs.
    """
    return [take_tally(part) for part in split_ratings(values, interviews)]
