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

from footbridge.latent.bvn import bvn_cdf, bvn_density, normal_cdf, normal_density

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
LIMIT = 0.999
_FAR = 40.0


@njit(cache=True, nogil=True)
def tabulate(first: Codes, second: Codes, pattern: Codes, weights: Floats, table: Floats) -> None:
    """Count cases into table[pattern, category, category]; -1 is missing."""
    table[:] = 0.0
    for n in range(first.size):
        if first[n] >= 0 and second[n] >= 0:
            table[pattern[n], first[n], second[n]] += weights[n]


@njit(cache=True, nogil=True)
def limit(thresholds: Floats, category: int, count: int, eta: float) -> float:
    """Return the upper limit of a category on the latent scale, shifted by the predictor."""
    if category < 0:
        return -_FAR
    if category >= count - 1:
        return _FAR
    return float(thresholds[category] - eta)


@njit(cache=True, nogil=True)
def _corners(
    t1: Floats, t2: Floats, e1: float, e2: float, rho: float, out: Floats, need: Floats
) -> None:
    """Fill distribution function (0) and density (1) at the corners that a cell needs."""
    k1, k2 = t1.size + 1, t2.size + 1
    for a in range(k1 + 1):
        h = limit(t1, a - 1, k1, e1)
        for b in range(k2 + 1):
            used = False
            for i in range(max(a - 1, 0), min(a + 1, k1)):
                for j in range(max(b - 1, 0), min(b + 1, k2)):
                    used = used or need[i, j] > 0.0
            if used:
                k = limit(t2, b - 1, k2, e2)
                out[0, a, b] = bvn_cdf(h, k, rho)
                density = bvn_density(h, k, rho)
                out[1, a, b] = density
                out[2, a, b] = 0.0
                if density > 0.0:
                    left = 1.0 - rho * rho
                    curve = h * k * (1.0 + rho * rho) - rho * (h * h + k * k)
                    out[2, a, b] = density * (rho / left + curve / (left * left))


@njit(cache=True, nogil=True)
def _score(
    table: Floats, t1: Floats, t2: Floats, e1: Floats, e2: Floats, rho: float, cells: Floats
) -> tuple:  # type: ignore[type-arg]
    """Return score of rho, its sum of squares and its derivative.

    `cells` (3, patterns, k1, k2) receives d log P / d rho, P and the derivative of the first.
    """
    k1, k2 = t1.size + 1, t2.size + 1
    corner = np.zeros((3, k1 + 1, k2 + 1))
    score = square = bend = 0.0
    for p in range(table.shape[0]):
        _corners(t1, t2, e1[p], e2[p], rho, corner, table[p])
        for a in range(k1):
            for b in range(k2):
                n = table[p, a, b]
                if n <= 0.0:
                    continue
                c = corner[0]
                prob = max(c[a + 1, b + 1] - c[a, b + 1] - c[a + 1, b] + c[a, b], 1e-300)
                c = corner[1]
                slope = (c[a + 1, b + 1] - c[a, b + 1] - c[a + 1, b] + c[a, b]) / prob
                c = corner[2]
                second = (c[a + 1, b + 1] - c[a, b + 1] - c[a + 1, b] + c[a, b]) / prob
                cells[0, p, a, b] = slope
                cells[1, p, a, b] = prob
                cells[2, p, a, b] = second - slope * slope
                score += n * slope
                square += n * slope * slope
                bend += n * (second - slope * slope)
    return score, square, bend


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

    Newton's method inside a bracket; where the likelihood is not concave, a step over the sum
    of squared scores. The last step is applied to `cells` to first order, not evaluated again.
    """
    low, high = -LIMIT, LIMIT
    rho = min(max(start, -0.95), 0.95)
    for _ in range(60):
        score, square, bend = _score(table, t1, t2, e1, e2, rho, cells)
        if score > 0.0:
            low = rho
        else:
            high = rho
        slope = -bend if -bend > 0.2 * square else square
        step = score / slope if slope > 0.0 else 0.0
        # Never more than 0.7 of the way to +-1: empty cells make the far end flat.
        room = 0.7 * ((1.0 - rho) if step > 0.0 else (1.0 + rho))
        fresh = rho + math.copysign(min(abs(step), room), step)
        if fresh < low or fresh > high:
            fresh = 0.5 * (low + high)
        if abs(fresh - rho) < tolerance:
            cells[1] *= 1.0 + (fresh - rho) * cells[0]
            cells[0] += (fresh - rho) * cells[2]
            return fresh
        if LIMIT - abs(fresh) < 1e-9:
            fresh = math.copysign(LIMIT, fresh)
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
def _margin(x: float, lower: float, upper: float, rho: float) -> float:
    """Return d P / d(limit x) = density(x) P(lower < Y < upper | x)."""
    if abs(x) >= _FAR:
        return 0.0
    root = math.sqrt(1.0 - rho * rho)
    return normal_density(x) * (
        normal_cdf((upper - rho * x) / root) - normal_cdf((lower - rho * x) / root)
    )


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
    k1, k2, q = t1.size + 1, t2.size + 1, X.shape[1]
    rho = min(max(rho, -LIMIT), LIMIT)
    square, out[:] = 0.0, 0.0
    for p in range(table.shape[0]):
        for a in range(k1):
            h0, h1 = limit(t1, a - 1, k1, e1[p]), limit(t1, a, k1, e1[p])
            for b in range(k2):
                n = table[p, a, b]
                if n <= 0.0:
                    continue
                g0, g1 = limit(t2, b - 1, k2, e2[p]), limit(t2, b, k2, e2[p])
                prob = cells[1, p, a, b]
                s = n * cells[0, p, a, b]
                square += s * cells[0, p, a, b]
                up, down = _margin(h1, g0, g1, rho) / prob, _margin(h0, g0, g1, rho) / prob
                right, left = _margin(g1, h0, h1, rho) / prob, _margin(g0, h0, h1, rho) / prob
                if a < k1 - 1:
                    out[a] += s * up
                if a > 0:
                    out[a - 1] -= s * down
                if b < k2 - 1:
                    out[k1 - 1 + b] += s * right
                if b > 0:
                    out[k1 - 2 + b] -= s * left
                for x in range(q):
                    out[k1 + k2 - 2 + x] -= s * (up - down) * X[p, x]
                    out[k1 + k2 - 2 + q + x] -= s * (right - left) * X[p, x]
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
        cells = np.zeros((3, X.shape[0], k1, k2))
        tabulate(codes[i], codes[j], pattern, weights, table)
        if k1 == 2 and k2 == 2 and X.shape[0] == 1:
            empty[m] = zero_cells(table, table.copy())
        t1, t2 = thresholds[i, : k1 - 1], thresholds[j, : k2 - 1]
        rho[m] = estimate_pair(table, t1, t2, eta[i], eta[j], rho[m], cells, 1e-7)
        if not full:
            continue
        cross = np.zeros(k1 + k2 - 2 + 2 * q)
        square = cross_pair(table, cells, t1, t2, eta[i], eta[j], rho[m], X, cross)
        spread(codes[i], codes[j], pattern, cells, 1.0 / square, influence[row])
        for c in range(n):
            influence[row, c] *= weights[c]
        _subtract_margins(influence, row, cross / square, (i, j), counts, index, q)
