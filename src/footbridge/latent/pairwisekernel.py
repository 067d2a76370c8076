"""The pairwise likelihood of ordinal variables with its derivatives, compiled.

log P of a cell is a function of five numbers: the ends of both intervals and the correlation.
With F the bivariate normal distribution, f its density and s^2 = 1 - r^2: F_h = phi(h)
Phi((k - r h) / s), F_hk = F_r = f, F_hh = -h F_h - r f, F_hr = f (r k - h) / s^2 and
F_rr = f (r / s^2 + (h k (1 + r^2) - r (h^2 + k^2)) / s^4) (Plackett 1954, Biometrika 41, 351-360).
"""

# ruff: noqa: PLR0913, PLR0917 - a kernel takes its arrays one by one, and loops plainly

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from footbridge.latent.bvn import bvn_cdf, bvn_density, normal_cdf, normal_density
from footbridge.latent.corners import limit

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@njit(cache=True, nogil=True)
def cell(ends: Floats, rho: float, slope: Floats, bend: Floats) -> float:
    """Return P of a cell; fill the derivatives of P in (h_low, h_high, k_low, k_high, rho).

    Parameters
    ----------
    ends
        (4,) the limits.
    slope, bend
        (5,) and (5, 5), overwritten.
    """
    slope[:] = 0.0
    bend[:] = 0.0
    left = 1.0 - rho * rho
    root = math.sqrt(left)
    prob = 0.0
    for i in range(2):
        h = ends[i]
        for j in range(2):
            k = ends[2 + j]
            sign = 1.0 if i == j else -1.0
            f = bvn_density(h, k, rho)
            fh = normal_density(h) * normal_cdf((k - rho * h) / root)
            fk = normal_density(k) * normal_cdf((h - rho * k) / root)
            prob += sign * bvn_cdf(h, k, rho)
            slope[i] += sign * fh
            slope[2 + j] += sign * fk
            slope[4] += sign * f
            bend[i, i] += sign * (-h * fh - rho * f)
            bend[2 + j, 2 + j] += sign * (-k * fk - rho * f)
            bend[i, 2 + j] += sign * f
            bend[i, 4] += sign * f * (rho * k - h) / left
            bend[2 + j, 4] += sign * f * (rho * h - k) / left
            curve = h * k * (1.0 + rho * rho) - rho * (h * h + k * k)
            bend[4, 4] += sign * f * (rho / left + curve / (left * left))
    for i in range(5):
        for j in range(i):
            bend[i, j] = bend[j, i]
    return max(prob, 1e-300)


@njit(cache=True, nogil=True)
def _place(
    first: int, slopes: Codes, x: Floats, category: int, count: int, at: Codes, J: Floats, row: int
) -> None:
    """Write which moments the two ends of a category depend on; -1 is none."""
    nx = slopes.size
    base = row // 2 * (2 + nx)
    at[base] = first + category - 1 if category > 0 else -1
    at[base + 1] = first + category if category < count - 1 else -1
    J[row, base] = 1.0
    J[row + 1, base + 1] = 1.0
    for c in range(nx):
        at[base + 2 + c] = slopes[c]
        J[row, base + 2 + c] = -x[c] if category > 0 else 0.0
        J[row + 1, base + 2 + c] = -x[c] if category < count - 1 else 0.0


@njit(cache=True, nogil=True)
def _information(
    at: Codes,
    local: Floats,
    second: Floats,
    n: float,
    hoped: float,
    observed: Floats,
    expected: Floats,
) -> None:
    """Add one cell with `n` cases, where `hoped` are expected, to both information matrices."""
    for i in range(at.size):
        for j in range(at.size):
            if at[i] >= 0 and at[j] >= 0:
                square = local[i] * local[j]
                observed[at[i], at[j]] += n * (square - second[i, j])
                expected[at[i], at[j]] += hoped * square


@njit(cache=True, nogil=True)
def _one_table(
    table: Floats,
    point: tuple,  # type: ignore[type-arg]
    where: tuple,  # type: ignore[type-arg]
    depth: int,
    sums: tuple,  # type: ignore[type-arg]
    cells: Floats,
) -> float:
    """Return the log-likelihood of one table of one pattern, and add to the derivatives.

    `point` are thresholds, predictors and the correlation, `where` the rows of the moments.
    """
    t1, t2, e1, e2, rho = point
    first, second, slopes, others, x, row = where
    gradient, observed, expected = sums
    k1, k2, size = t1.size + 1, t2.size + 1, cells.shape[2]
    ends, slope, bend = np.zeros(4), np.zeros(5), np.zeros((5, 5))
    at, J = np.zeros(size, dtype=np.int64), np.zeros((5, size))
    total, everybody = 0.0, table.sum()
    for a in range(k1):
        ends[0], ends[1] = limit(t1, a - 1, k1, e1), limit(t1, a, k1, e1)
        for b in range(k2):
            n = table[a, b]
            if n == 0.0 and (depth < 2 or everybody == 0.0):
                continue
            ends[2], ends[3] = limit(t2, b - 1, k2, e2), limit(t2, b, k2, e2)
            prob = cell(ends, rho, slope, bend)
            total += n * math.log(prob)
            if depth == 0:
                continue
            J[:] = 0.0
            _place(first, slopes, x, a, k1, at, J, 0)
            _place(second, others, x, b, k2, at, J, 2)
            at[size - 1], J[4, size - 1] = row, 1.0
            local = (slope / prob) @ J
            cells[a, b] = local
            _add(at, n * local, gradient)
            if depth == 2:
                curve = J.T @ bend @ J / prob
                _information(at, local, curve, n, everybody * prob, observed, expected)
    return total


@njit(cache=True, nogil=True)
def _add(at: Codes, values: Floats, out: Floats) -> None:
    """Add values where they belong; -1 is nowhere."""
    for i in range(at.size):
        if at[i] >= 0:
            out[at[i]] += values[i]


@njit(cache=True, nogil=True)
def pairwise(
    table: Floats,
    pairs: Codes,
    design: tuple,  # type: ignore[type-arg]
    moments: Floats,
    depth: int,
    sums: tuple,  # type: ignore[type-arg]
    cells: Floats,
) -> float:
    """Return the log-likelihood, and add its derivatives in the moments to `sums`.

    Parameters
    ----------
    table
        (pairs, patterns, categories, categories) counts.
    pairs
        (pairs, 3): first variable, second variable, row of the correlation.
    design
        Numbers of categories (p,), row of the first threshold (p,), rows of the slopes (p, nx)
        and the patterns of the covariates (patterns, nx).
    depth
        0: the value only; 1: the gradient too; 2: the information matrices too.
    sums
        Gradient (k,), minus the second derivatives (k, k), and the sum of P score score' (k, k).
    cells
        (pairs, patterns, categories, categories, 5 + 2 nx): scores of the cells by local moment.
    """
    counts, first, slopes, X = design
    total = 0.0
    for q in range(pairs.shape[0]):
        u, v, row = pairs[q]
        t1 = moments[first[u] : first[u] + counts[u] - 1]
        t2 = moments[first[v] : first[v] + counts[v] - 1]
        for p in range(table.shape[1]):
            e1 = e2 = 0.0
            for c in range(X.shape[1]):
                e1 += X[p, c] * moments[slopes[u, c]]
                e2 += X[p, c] * moments[slopes[v, c]]
            point = (t1, t2, e1, e2, moments[row])
            where = (first[u], first[v], slopes[u], slopes[v], X[p], row)
            out = cells[q, p] if depth else cells[0, 0]
            total += _one_table(table[q, p], point, where, depth, sums, out)
    return total


@njit(cache=True, nogil=True)
def case_scores(
    codes: Codes,
    pattern: Codes,
    weights: Floats,
    pairs: Codes,
    design: tuple,  # type: ignore[type-arg]
    cells: Floats,
    out: Floats,
) -> None:
    """Add every case's scores in the moments to `out` (n, k); `codes` (p, n), -1 missing."""
    counts, first, slopes, _ = design
    nx = slopes.shape[1]
    for q in range(pairs.shape[0]):
        u, v, row = pairs[q]
        for n in range(pattern.size):
            a, b = codes[u, n], codes[v, n]
            if a < 0 or b < 0:
                continue
            local = cells[q, pattern[n], a, b]
            for side in range(2):
                w, category = (u, a) if side == 0 else (v, b)
                base = side * (2 + nx)
                if category > 0:
                    out[n, first[w] + category - 1] += weights[n] * local[base]
                if category < counts[w] - 1:
                    out[n, first[w] + category] += weights[n] * local[base + 1]
                for c in range(nx):
                    out[n, slopes[w, c]] += weights[n] * local[base + 2 + c]
            out[n, row] += weights[n] * local[4 + 2 * nx]
