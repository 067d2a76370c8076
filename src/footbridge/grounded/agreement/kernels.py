"""Counting loops, compiled. `reference.py` holds their plain twins, which judge them.

All sums are of whole numbers wherever that is possible, so that the order of coders and
units changes nothing, not even the last bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


_BLOCK = 4096  # units whose patterns fit the processor's nearest memory
_MOST_PATTERNS = 65_536


@njit(cache=True)
def whole_range(numbers: Floats) -> tuple[float, float, bool]:
    """Return the least and the largest number, and whether all are whole."""
    low, high, whole = np.inf, -np.inf, True
    for row in range(numbers.shape[0]):
        for x in numbers[row]:
            # NaN is neither smaller nor larger, and differs from itself. Four plain steps
            # without a jump are twice as fast as asking for NaN first.
            low = x if x < low else low
            high = x if x > high else high
            whole = whole & ((np.floor(x) == x) | (x != x))  # noqa: PLR0124
    return low, high, whole


@njit(cache=True)
def shift(numbers: Floats, low: float, width: int) -> tuple[Codes, NDArray[np.bool_]]:
    """Return positions among the whole numbers that occur, and which occur."""
    present = np.zeros(width, dtype=np.bool_)
    codes = np.empty(numbers.shape, dtype=np.int32)
    for row in range(numbers.shape[0]):
        for column in range(numbers.shape[1]):
            x = numbers[row, column]
            if x == x:  # noqa: PLR0124
                at = int(x - low)
                codes[row, column] = at
                present[at] = True
            else:
                codes[row, column] = -1
    place = np.cumsum(present) - 1
    if place[-1] + 1 == width:
        return codes, present
    for row in range(numbers.shape[0]):
        for column in range(numbers.shape[1]):
            if codes[row, column] >= 0:
                codes[row, column] = place[codes[row, column]]
    return codes, present


def tally(codes: Codes, n_categories: int) -> tuple[Counts, Counts, Counts]:
    """Count ordered pairs, values and units by how many coders gave something.

    Returns
    -------
    pairs : ndarray, shape (n_coders + 1, n_categories, n_categories)
        ``pairs[m, c, k]``: ordered pairs of coders with values c and k, in units with m values.
    values : ndarray, shape (n_coders + 1, n_categories)
    units : ndarray, shape (n_coders + 1,)
    """
    n_coders, n_units = codes.shape
    cells = (n_categories + 1) ** n_coders if n_coders <= 16 else _MOST_PATTERNS + 1
    if cells > _MOST_PATTERNS or cells * 4 > n_units:
        return _count(codes, np.empty(0, dtype=np.int64), n_categories)
    seen = _patterns(codes, n_categories + 1, cells)
    # Few patterns stand for many units: count each once, times how often it was seen.
    found = np.flatnonzero(seen)
    rest = found.copy()
    given = np.empty((n_coders, found.size), dtype=np.int32)
    for coder in range(n_coders - 1, -1, -1):
        given[coder] = rest % (n_categories + 1) - 1
        rest //= n_categories + 1
    return _count(given, seen[found], n_categories)


@njit(cache=True)
def _patterns(codes: Codes, base: int, cells: int) -> Counts:
    """Count each combination of what the coders gave, as a number with one digit per coder."""
    n_coders, n_units = codes.shape
    seen = np.zeros(cells, dtype=np.int64)
    keys = np.empty(_BLOCK, dtype=np.int32)
    for first in range(0, n_units, _BLOCK):
        size = min(_BLOCK, n_units - first)
        keys[:size] = 0
        for coder in range(n_coders):
            row = codes[coder, first : first + size]
            for at in range(size):
                keys[at] = keys[at] * base + row[at] + 1
        for at in range(size):
            seen[keys[at]] += 1
    return seen


@njit(cache=True)
def _count(codes: Codes, times: Counts, n_categories: int) -> tuple[Counts, Counts, Counts]:
    """Count as `tally` says, each unit as often as `times` says; once where that is empty."""
    n_coders, n_units = codes.shape
    pairs = np.zeros((n_coders + 1, n_categories, n_categories), dtype=np.int64)
    values = np.zeros((n_coders + 1, n_categories), dtype=np.int64)
    units = np.zeros(n_coders + 1, dtype=np.int64)
    given = np.empty(n_coders, dtype=np.int32)
    for unit in range(n_units):
        n = times[unit] if times.size else 1
        m = 0
        for coder in range(n_coders):
            if codes[coder, unit] >= 0:
                given[m] = codes[coder, unit]
                m += 1
        units[m] += n
        for i in range(m):
            values[m, given[i]] += n
            for j in range(i):
                pairs[m, given[i], given[j]] += n
                pairs[m, given[j], given[i]] += n
    return pairs, values, units


@njit(cache=True)
def squared_spread(codes: Codes, scores: Floats) -> tuple[float, Counts]:
    """Return the summed squared differences within units, each over m - 1, and value counts.

    Only units with two values or more enter. For very many categories, where a table of
    pairs would not fit.
    """
    counts = np.zeros(scores.size, dtype=np.int64)
    total = 0.0
    for unit in range(codes.shape[1]):
        m = 0
        within = 0.0
        for coder in range(codes.shape[0]):
            here = codes[coder, unit]
            if here < 0:
                continue
            m += 1
            for other in range(coder):
                if codes[other, unit] >= 0:
                    within += (scores[here] - scores[codes[other, unit]]) ** 2
        if m > 1:
            total += 2.0 * within / (m - 1)
            for coder in range(codes.shape[0]):
                if codes[coder, unit] >= 0:
                    counts[codes[coder, unit]] += 1
    return total, counts


@njit(cache=True)
def first_fault(starts: Counts, ends: Counts, length: int) -> int:
    """Return the first unit that is empty, outside the text or overlaps the one before; else -1."""
    reached = 0
    for at in range(starts.size):
        if starts[at] < reached or ends[at] <= starts[at] or ends[at] > length:
            return at
        reached = ends[at]
    return -1


@njit(cache=True)
def sweep(
    spans: Counts, codes: Codes, bounds: Counts, shape: tuple[int, int]
) -> tuple[Counts, Counts]:
    """Walk along one text once and measure where coders' units meet.

    Parameters
    ----------
    spans : ndarray, shape (2, n_units)
        Starts and ends of the units of all coders, coder after coder, sorted.
    codes : ndarray, shape (n_units,)
        Counted from 1; 0 is a gap.
    bounds : ndarray, shape (n_coders + 1,)
        Where each coder's units begin in those arrays.
    shape : tuple
        Length of the text and number of codes.

    Returns
    -------
    overlap : ndarray, shape (n_codes + 1, n_codes + 1)
        Characters in common, over ordered pairs of coders.
    met : ndarray, shape (n_units,)
        Characters of each unit that meet a unit of any other coder.
    """
    length, n_codes = shape
    starts, ends = spans[0], spans[1]
    n_coders = bounds.size - 1
    overlap = np.zeros((n_codes + 1, n_codes + 1), dtype=np.int64)
    met = np.zeros(starts.size, dtype=np.int64)
    at = bounds[:-1].copy()
    here = np.zeros(n_coders, dtype=np.int64)
    position = 0
    while position < length:
        following = length
        covered = 0
        for coder in range(n_coders):
            here[coder] = 0
            if at[coder] < bounds[coder + 1]:
                if position < starts[at[coder]]:
                    following = min(following, starts[at[coder]])
                else:
                    here[coder] = codes[at[coder]]
                    covered += 1
                    following = min(following, ends[at[coder]])
        step = following - position
        for i in range(n_coders):
            if here[i] and covered > 1:
                met[at[i]] += step
            for j in range(i):
                overlap[here[i], here[j]] += step
                overlap[here[j], here[i]] += step
        position = following
        for coder in range(n_coders):
            if here[coder] and ends[at[coder]] == position:
                at[coder] += 1
    return overlap, met


@njit(cache=True)
def unequal_pairs(codes: Codes) -> float:
    """Return the unequal ordered pairs within units, each over m - 1."""
    total = 0.0
    for unit in range(codes.shape[1]):
        m = 0
        unequal = 0
        for coder in range(codes.shape[0]):
            here = codes[coder, unit]
            if here >= 0:
                m += 1
                for other in range(coder):
                    if codes[other, unit] >= 0 and codes[other, unit] != here:
                        unequal += 2
        if m > 1:
            total += unequal / (m - 1)
    return total


@njit(cache=True)
def ratio_spread(codes: Codes, scores: Floats) -> float:
    """Return the summed squared ratio differences within units, each over m - 1."""
    total = 0.0
    for unit in range(codes.shape[1]):
        m = 0
        within = 0.0
        for coder in range(codes.shape[0]):
            if codes[coder, unit] < 0:
                continue
            m += 1
            x = scores[codes[coder, unit]]
            for other in range(coder):
                if codes[other, unit] >= 0:
                    y = scores[codes[other, unit]]
                    if x + y > 0:
                        within += ((x - y) / (x + y)) ** 2
        if m > 1:
            total += 2.0 * within / (m - 1)
    return total


@njit(cache=True)
def ratio_expected(scores: Floats, counts: Floats) -> float:
    """Return the summed squared ratio differences over all ordered pairs of values."""
    total = 0.0
    for i in range(scores.size):
        for j in range(i):
            both = scores[i] + scores[j]
            if both > 0:
                total += counts[i] * counts[j] * ((scores[i] - scores[j]) / both) ** 2
    return 2.0 * total
