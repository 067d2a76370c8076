"""Polychoric correlations of all pairs of ordinal variables, compiled.

Two-step maximum likelihood (Olsson 1979, Psychometrika 44, 443-460) on tables of
(pattern of covariates) x (category) x (category); only corners of cells that hold somebody
need the distribution function.
"""

# ruff: noqa: PLR0913, PLR0917 - a kernel takes its arrays one by one

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from footbridge.latent.bvn import bvn_density
from footbridge.latent.corners import below, corners, densities, limits

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
LIMIT = 0.999


@njit(cache=True, nogil=True)
def tabulate(first: Codes, second: Codes, pattern: Codes, weights: Floats, table: Floats) -> None:
    """Count cases into table[pattern, category, category]; -1 is missing."""
    table[:] = 0.0
    for n in range(first.size):
        if first[n] >= 0 and second[n] >= 0:
            table[pattern[n], first[n], second[n]] += weights[n]


@njit(cache=True, nogil=True)
def _score(
    table: Floats, t1: Floats, t2: Floats, e1: Floats, e2: Floats, rho: float, cells: Floats
) -> tuple:  # type: ignore[type-arg]
    """Return score of rho, its sum of squares and its two derivatives.

    `cells` (4, patterns, k1, k2) receives d log P / d rho, P and two derivatives of the first.
    """
    k1, k2 = t1.size + 1, t2.size + 1
    corner = np.zeros((4, k1 + 1, k2 + 1))
    first, second = np.zeros((2, k1 + 1)), np.zeros((2, k2 + 1))
    sums = np.zeros(4)
    part = np.zeros(4)
    for p in range(table.shape[0]):
        limits(t1, e1[p], first)
        limits(t2, e2[p], second)
        corners(first, second, rho, table[p], corner)
        for a in range(k1):
            for b in range(k2):
                n = table[p, a, b]
                if n <= 0.0:
                    continue
                for d in range(4):
                    c = corner[d]
                    part[d] = c[a + 1, b + 1] - c[a, b + 1] - c[a + 1, b] + c[a, b]
                prob = max(part[0], 1e-300)
                slope, bend, turn = part[1] / prob, part[2] / prob, part[3] / prob
                cells[0, p, a, b] = slope
                cells[1, p, a, b] = prob
                cells[2, p, a, b] = bend - slope * slope
                cells[3, p, a, b] = turn - 3.0 * slope * bend + 2.0 * slope**3
                sums[0] += n * slope
                sums[1] += n * slope * slope
                sums[2] += n * cells[2, p, a, b]
                sums[3] += n * cells[3, p, a, b]
    return sums[0], sums[1], sums[2], sums[3]


@njit(cache=True, nogil=True)
def _move(cells: Floats, step: float) -> None:
    """Take log P and its derivative in rho along a short step, to second order."""
    half = 0.5 * step * step
    cells[1] *= 1.0 + step * cells[0] + half * (cells[2] + cells[0] ** 2)
    cells[0] += step * cells[2] + half * cells[3]


@njit(cache=True, nogil=True)
def solve_rho(
    table: Floats,
    t1: Floats,
    t2: Floats,
    e1: Floats,
    e2: Floats,
    start: float,
    cells: Floats,
    tolerance: float,
) -> float:
    """Return the correlation at which the score is zero, bounded at +-0.999.

    Halley's method inside a bracket, whose error is the cube of the one before; where the
    likelihood is not concave, a step over the sum of squared scores. A step shorter than
    `tolerance` times 1 - rho^2 is the last: `cells` are moved along it, not evaluated again.
    """
    low, high = -LIMIT, LIMIT
    rho = min(max(start, -0.95), 0.95)
    for _ in range(60):
        score, square, bend, twist = _score(table, t1, t2, e1, e2, rho, cells)
        if score > 0.0:
            low = rho
        else:
            high = rho
        concave = -bend > 0.2 * square
        slope = -bend if concave else square
        step = score / slope if slope > 0.0 else 0.0
        if concave:  # not where the third derivative says more than the second
            step /= min(max(1.0 - 0.5 * step * twist / slope, 0.5), 2.0)
        # Never more than 0.7 of the way to +-1: empty cells make the far end flat.
        room = 0.7 * ((1.0 - rho) if step > 0.0 else (1.0 + rho))
        fresh = rho + math.copysign(min(abs(step), room), step)
        inside = low <= fresh <= high
        if not inside:
            end = high if fresh > high else low
            if abs(end) == LIMIT and _score(table, t1, t2, e1, e2, end, cells)[0] * end > 0.0:
                return end  # the likelihood rises to the very end
            fresh = 0.5 * (low + high)
        elif abs(fresh - rho) < tolerance * (1.0 - rho * rho):
            _move(cells, fresh - rho)
            return fresh
        if high - low < 1e-9:
            _score(table, t1, t2, e1, e2, fresh, cells)
            return fresh
        rho = fresh
    return rho


@njit(cache=True, nogil=True)
def zero_cells(table: Floats, adjusted: Floats) -> int:
    """Count empty cells of a 2 x 2 table; with one, `adjusted` gets 1/2 there, margins kept."""
    empty, row, col = 0, 0, 0
    for a in range(2):
        for b in range(2):
            if table[0, a, b] == 0.0:
                empty += 1
                row, col = a, b
    if empty == 1:
        for a in range(2):
            for b in range(2):
                same = (a == row) == (b == col)
                adjusted[0, a, b] = table[0, a, b] + (0.5 if same else -0.5)
    return empty


@njit(cache=True, nogil=True)
def estimate_pair(
    table: Floats,
    t1: Floats,
    t2: Floats,
    e1: Floats,
    e2: Floats,
    start: float,
    cells: Floats,
    tolerance: float,
) -> float:
    """Return rho of one pair, with the rules for empty cells of 2 x 2 tables."""
    if table.shape[0] == 1 and t1.size == 1 and t2.size == 1:
        adjusted = table.copy()
        empty = zero_cells(table, adjusted)
        if empty >= 2:
            sign = 1.0 if table[0, 0, 1] + table[0, 1, 0] == 0.0 else -1.0
            _score(table, t1, t2, e1, e2, sign * LIMIT, cells)
            # The density at 0.9999 over the observed share: what lavaan's weights amount to.
            density = bvn_density(t1[0] - e1[0], t2[0] - e2[0], sign * 0.9999)
            total = table.sum()
            for a in range(2):
                for b in range(2):
                    side = 1.0 if a == b else -1.0
                    cells[0, 0, a, b] = side * density * total / max(table[0, a, b], 1e-300)
            return sign
        if empty == 1:
            rho = solve_rho(adjusted, t1, t2, e1, e2, start, cells, tolerance)
            _score(table, t1, t2, e1, e2, rho, cells)
            return rho
    return solve_rho(table, t1, t2, e1, e2, start, cells, tolerance)


@njit(cache=True, nogil=True)
def _add_products(
    s: float,
    slopes: tuple,  # type: ignore[type-arg]
    where: tuple,  # type: ignore[type-arg]
    x: Floats,
    out: Floats,
) -> None:
    """Add one cell's score of rho times its slopes at the limits (up, down, right, left)."""
    (up, down, right, left), (a, b, k1, k2), q = slopes, where, x.size
    if a < k1 - 1:
        out[a] += s * up
    if a > 0:
        out[a - 1] -= s * down
    if b < k2 - 1:
        out[k1 - 1 + b] += s * right
    if b > 0:
        out[k1 - 2 + b] -= s * left
    for c in range(q):
        out[k1 + k2 - 2 + c] -= s * (up - down) * x[c]
        out[k1 + k2 - 2 + q + c] -= s * (right - left) * x[c]


@njit(cache=True, nogil=True)
def cross_pair(
    table: Floats,
    cells: Floats,
    t1: Floats,
    t2: Floats,
    e1: Floats,
    e2: Floats,
    rho: float,
    X: Floats,
    out: Floats,
) -> float:
    """Return sum of squared scores of rho; `out` gets its products with the variables' scores.

    `out` holds thresholds of the first, thresholds of the second, slopes of the first and of the
    second; `X` are the unique covariate rows (patterns, q).
    """
    k1, k2 = t1.size + 1, t2.size + 1
    rho = min(max(rho, -LIMIT), LIMIT)
    first, second = np.zeros((2, k1 + 1)), np.zeros((2, k2 + 1))
    given = np.zeros((2, k1 + 1, k2 + 1))
    square, out[:] = 0.0, 0.0
    for p in range(table.shape[0]):
        limits(t1, e1[p], first)
        limits(t2, e2[p], second)
        below(first[0], second[0], rho, given)
        densities(first)
        densities(second)
        for a in range(k1):
            for b in range(k2):
                n = table[p, a, b]
                if n <= 0.0:
                    continue
                prob = cells[1, p, a, b]
                s = n * cells[0, p, a, b]
                square += s * cells[0, p, a, b]
                # d P / d(limit h) = density(h) P(lower < Y < upper | h), and so on
                up = first[1, a + 1] * (given[0, a + 1, b + 1] - given[0, a + 1, b]) / prob
                down = first[1, a] * (given[0, a, b + 1] - given[0, a, b]) / prob
                right = second[1, b + 1] * (given[1, a + 1, b + 1] - given[1, a, b + 1]) / prob
                left = second[1, b] * (given[1, a + 1, b] - given[1, a, b]) / prob
                _add_products(s, (up, down, right, left), (a, b, k1, k2), X[p], out)
    return square


@njit(cache=True, nogil=True)
def spread(
    first: Codes, second: Codes, pattern: Codes, cells: Floats, scale: float, out: Floats
) -> None:
    """Write each case's score of rho times `scale` into `out`; missing pairs get zero."""
    for n in range(first.size):
        if first[n] >= 0 and second[n] >= 0:
            out[n] = cells[0, pattern[n], first[n], second[n]] * scale
        else:
            out[n] = 0.0


@njit(cache=True, nogil=True)
def _subtract_margins(
    influence: Floats,
    row: int,
    share: Floats,
    pair: tuple,  # type: ignore[type-arg]
    counts: Codes,
    index: Codes,
    q: int,
) -> None:
    """Take off what the estimated thresholds and slopes of the two variables contribute."""
    at = 0
    for v in pair:
        for t in range(counts[v] - 1):
            influence[row] -= share[at] * influence[index[v, 0] + t]
            at += 1
    for v in pair:
        for x in range(q):
            influence[row] -= share[at] * influence[index[v, 1] + x * counts.size]
            at += 1


@njit(cache=True, nogil=True)
def all_pairs(
    codes: Codes,
    pattern: Codes,
    weights: Floats,
    X: Floats,
    thresholds: Floats,
    eta: Floats,
    counts: Codes,
    index: Codes,
    pairs: Codes,
    rho: Floats,
    influence: Floats,
    full: bool,
    empty: Codes,
) -> None:
    """Estimate every pair; with `full`, write each pair's influence rows as well.

    codes (p, n), thresholds (p, k) padded, eta (p, patterns), counts (p,) categories,
    index (p, 2): first influence row of a variable's thresholds and of its slopes,
    pairs (m, 3): first variable, second variable, influence row. rho (m,) is start and result.
    """
    q, n = X.shape[1], codes.shape[1]
    for m in range(pairs.shape[0]):
        i, j, row = pairs[m]
        k1, k2 = counts[i], counts[j]
        table = np.zeros((X.shape[0], k1, k2))
        cells = np.zeros((4, X.shape[0], k1, k2))
        tabulate(codes[i], codes[j], pattern, weights, table)
        if k1 == 2 and k2 == 2 and X.shape[0] == 1:
            empty[m] = zero_cells(table, table.copy())
        t1, t2 = thresholds[i, : k1 - 1], thresholds[j, : k2 - 1]
        rho[m] = estimate_pair(table, t1, t2, eta[i], eta[j], rho[m], cells, 1e-5)
        if not full:
            continue
        cross = np.zeros(k1 + k2 - 2 + 2 * q)
        square = cross_pair(table, cells, t1, t2, eta[i], eta[j], rho[m], X, cross)
        spread(codes[i], codes[j], pattern, cells, 1.0 / square, influence[row])
        for c in range(n):
            influence[row, c] *= weights[c]
        _subtract_margins(influence, row, cross / square, (i, j), counts, index, q)
