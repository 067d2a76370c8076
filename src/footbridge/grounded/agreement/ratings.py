"""Reads coders x units tables of any shape a person may have into small integers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from footbridge.grounded.agreement import kernels
from footbridge.grounded.errors import AgreementError

Codes = NDArray[np.int32]
Row: TypeAlias = Sequence[Any]  # numbers or words, None where nothing was given
MISSING = -1
_WIDEST = 65_536  # a span of whole numbers up to this is counted directly, without sorting


@dataclass(frozen=True, slots=True)
class Ratings:
    """What coders gave to units, as positions in a list of categories.

    Attributes
    ----------
    codes : ndarray of int32, shape (n_coders, n_units)
        Position in `categories`, or -1 where a coder gave nothing.
    categories : tuple
        The values in use, sorted where they can be sorted.
    """

    codes: Codes
    categories: tuple[Hashable, ...]

    @property
    def n_coders(self) -> int:
        """How many coders there are."""
        return int(self.codes.shape[0])

    def numbers(self) -> NDArray[np.float64]:
        """Return the categories as numbers.

        Raises
        ------
        AgreementError
            If they are not numbers, so that ordinal, interval and ratio mean nothing.
        """
        scores = self.scores()
        if scores is None and self.categories:
            raise AgreementError(
                "Ordinal, interval and ratio agreement need numbers, and these codes are words. "
                "Use level='nominal', or replace each word by its rank."
            )
        return np.zeros(0) if scores is None else scores

    def scores(self) -> NDArray[np.float64] | None:
        """Return the categories as numbers, or None where any of them is something else."""
        plain = all(isinstance(c, Real) and not isinstance(c, bool) for c in self.categories)
        if not plain or not self.categories:
            return None
        return np.asarray(self.categories, dtype=np.float64)


Values: TypeAlias = ArrayLike | Sequence[Row] | Ratings


def read_ratings(values: Values) -> Ratings:
    """Return the ratings in a table of coders (rows) by units (columns).

    Parameters
    ----------
    values : array-like, shape (n_coders, n_units)
        Numbers or words; None, NaN or a masked cell where a coder gave nothing.

    Raises
    ------
    AgreementError
        If the table is not a rectangle with two coders or more.
    """
    if isinstance(values, Ratings):
        return values
    table = _as_table(values)
    if table.ndim != 2 or table.shape[0] < 2:
        raise AgreementError(
            f"Agreement needs a table of coders (rows) by units (columns) with two rows or more; "
            f"this one has shape {table.shape}. Put one coder on each row."
        )
    if table.dtype.kind in "bif" or table.dtype.kind == "u":
        return _read_numbers(table)
    return _read_objects(table)


def _as_table(values: ArrayLike | Sequence[Row]) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        plain: NDArray[Any] = np.array(values.data, dtype=object)
        plain[np.ma.getmaskarray(values)] = None
        return plain
    if isinstance(values, np.ndarray):
        return values
    try:
        rows = [list(row) for row in values]  # type: ignore[union-attr, arg-type]
    except TypeError as error:
        raise AgreementError(
            "Agreement needs a table of coders (rows) by units (columns); this is a single row "
            "or a single value. Put one coder on each row."
        ) from error
    if len({len(row) for row in rows}) > 1:
        raise AgreementError(
            "The coders have unequal numbers of units. Give every coder one cell for every unit "
            "and None where a coder gave nothing."
        )
    table = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
    for at, row in enumerate(rows):
        table[at, :] = row
    return table


def _read_numbers(table: NDArray[Any]) -> Ratings:
    numbers = np.ascontiguousarray(table, dtype=np.float64)
    low, high, whole = kernels.whole_range(numbers)
    if low > high:
        return Ratings(np.full(table.shape, MISSING, dtype=np.int32), ())
    if whole and high - low < _WIDEST:
        codes, present = kernels.shift(numbers, low, int(high - low) + 1)
        return Ratings(codes, tuple((np.flatnonzero(present) + low).tolist()))
    if not np.isfinite(numbers[~np.isnan(numbers)]).all():
        raise AgreementError(_INFINITE)
    found, positions = np.unique(numbers, return_inverse=True)
    codes = positions.reshape(table.shape).astype(np.int32)
    codes[np.isnan(numbers)] = MISSING
    return Ratings(codes, tuple(found[~np.isnan(found)].tolist()))


_INFINITE = "A code is infinite. Replace it by a number, or by None if missing."


def _read_objects(table: NDArray[Any]) -> Ratings:
    cells = [None if _is_missing(cell) else cell for cell in table.ravel().tolist()]
    try:
        categories = _sorted({cell for cell in cells if cell is not None})
    except TypeError as error:
        raise AgreementError(
            "A code is a list or another changeable thing. Give each cell one number or one word."
        ) from error
    if any(isinstance(c, float) and abs(c) == float("inf") for c in categories):
        raise AgreementError(_INFINITE)
    place: dict[Hashable | None, int] = {c: at for at, c in enumerate(categories)}
    place[None] = MISSING
    codes = np.array([place[cell] for cell in cells], dtype=np.int32).reshape(table.shape)
    return Ratings(codes, tuple(categories))


def _is_missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, float) and cell != cell)  # noqa: PLR0124 - only NaN


def _sorted(categories: set[Hashable]) -> list[Hashable]:
    try:
        return sorted(categories)  # type: ignore[type-var]
    except TypeError:
        return sorted(categories, key=lambda c: (type(c).__name__, str(c)))


def ratings_from_counts(counts: ArrayLike) -> Ratings:
    """Return ratings that give these units x categories counts, as in Fleiss (1971).

    Which coder gave which code is lost in such a table, so only coefficients that do not
    tell coders apart (Fleiss, Gwet, Brennan-Prediger, alpha) mean something afterwards.

    Parameters
    ----------
    counts : array-like of int, shape (n_units, n_categories)
    """
    table = np.asarray(counts, dtype=np.int64)
    if table.ndim != 2 or (table < 0).any():
        raise AgreementError("Counts need a table of units by categories without negative cells.")
    n_coders = max(2, int(table.sum(axis=1).max(initial=0)))
    codes = np.full((n_coders, table.shape[0]), MISSING, dtype=np.int32)
    for unit, row in enumerate(table):
        given = np.repeat(np.arange(table.shape[1]), row)
        codes[: given.size, unit] = given
    return Ratings(codes, tuple(range(table.shape[1])))


def ratings_from_table(table: ArrayLike) -> Ratings:
    """Return ratings of two coders that give this contingency table.

    Parameters
    ----------
    table : array-like of int, shape (n_categories, n_categories)
        Row: first coder; column: second coder.
    """
    cells = np.asarray(table, dtype=np.int64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or (cells < 0).any():
        raise AgreementError("A contingency table is square and has no negative cells.")
    first, second = np.indices(cells.shape)
    codes = np.stack([np.repeat(grid.ravel(), cells.ravel()) for grid in (first, second)])
    return Ratings(codes.astype(np.int32), tuple(range(cells.shape[0])))


def collapse(ratings: Ratings, category: Hashable) -> Ratings:
    """Return the same ratings as "this category" (1) against "any other" (0)."""
    if category not in ratings.categories:
        raise AgreementError(
            f"No coder used the code {category!r}. Codes in use: {_some(ratings.categories)}."
        )
    wanted = ratings.categories.index(category)
    codes = np.where(ratings.codes == wanted, 1, 0)
    codes[ratings.codes == MISSING] = MISSING
    return Ratings(codes.astype(np.int32), (0, 1))


def _some(categories: Sequence[Hashable]) -> str:
    shown = ", ".join(str(c) for c in categories[:10])
    return shown + (", ..." if len(categories) > 10 else "")
