"""Moments of one resample of ordinal data from tables alone, compiled.

The diagonal of Gamma is a function of the tables: a case's influence depends on its covariate
pattern and its two categories only. So a draw never touches an (n, moments) array.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0917, SIM108 - a kernel takes its arrays one by one

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from footbridge.latent.bvn import normal_cdf, normal_density
from footbridge.latent.corners import limit
from footbridge.latent.pairs import cross_pair, estimate_pair, tabulate

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_FAR = 39.0


@njit(cache=True, nogil=True)
def _cell(theta: Floats, x: Floats, a: int, count: int, up: Floats, down: Floats) -> tuple:  # type: ignore[type-arg]
    """Return limits and probability of one category; fill the directions of its limits."""
    k1 = count - 1
    eta = 0.0
    for j in range(x.size):
        eta += x[j] * theta[k1 + j]
    high, low = limit(theta, a, count, eta), limit(theta, a - 1, count, eta)
    up[:] = 0.0
    down[:] = 0.0
    if a < k1:
        up[a] = 1.0
        for j in range(x.size):
            up[k1 + j] = -x[j]
    if a > 0:
        down[a - 1] = 1.0
        for j in range(x.size):
            down[k1 + j] = -x[j]
    if low > 0.0:
        prob = normal_cdf(-low) - normal_cdf(-high)
    else:
        prob = normal_cdf(high) - normal_cdf(low)
    return low, high, max(prob, 1e-300)


@njit(cache=True, nogil=True)
def fit_margin(table: Floats, X: Floats, theta: Floats) -> bool:
    """Fit an ordered probit to table (patterns, categories) by Newton's method, in place."""
    count, d = table.shape[1], theta.size
    up, down, s = np.zeros(d), np.zeros(d), np.zeros(d)
    for _ in range(60):
        gradient, hessian = np.zeros(d), np.zeros((d, d))
        for p in range(table.shape[0]):
            for a in range(count):
                n = table[p, a]
                if n <= 0.0:
                    continue
                low, high, prob = _cell(theta, X[p], a, count, up, down)
                fh = normal_density(high) / prob
                fl = normal_density(low) / prob
                bh = -high * fh if abs(high) < _FAR else 0.0
                bl = -low * fl if abs(low) < _FAR else 0.0
                for i in range(d):
                    s[i] = fh * up[i] - fl * down[i]
                    gradient[i] += n * s[i]
                for i in range(d):
                    for j in range(d):
                        bend = bh * up[i] * up[j] - bl * down[i] * down[j]
                        hessian[i, j] += n * (bend - s[i] * s[j])
        for i in range(d):
            hessian[i, i] -= 1e-12
        step = -np.linalg.solve(hessian, gradient)
        length, size = 1.0, np.abs(step).max()
        if not size < 1e6:
            return False
        for i in range(1, count - 1):
            while theta[i] + length * step[i] <= theta[i - 1] + length * step[i - 1]:
                length *= 0.5
                if length < 1e-8:
                    return False
        theta += length * step
        if size < 1e-12:  # not sooner: without a maximum the steps grow short as well
            return True
    return False


@njit(cache=True, nogil=True)
def margin_influence(table: Floats, X: Floats, theta: Floats, influence: Floats) -> None:
    """Fill influence (patterns, categories, d) = A^-1 s."""
    count, d = table.shape[1], theta.size
    up, down = np.zeros(d), np.zeros(d)
    bread = np.zeros((d, d))
    for p in range(table.shape[0]):
        for a in range(count):
            low, high, prob = _cell(theta, X[p], a, count, up, down)
            fh, fl = normal_density(high) / prob, normal_density(low) / prob
            for i in range(d):
                influence[p, a, i] = fh * up[i] - fl * down[i]
            for i in range(d):
                for j in range(d):
                    bread[i, j] += table[p, a] * influence[p, a, i] * influence[p, a, j]
    inverse = np.linalg.inv(bread)
    for p in range(table.shape[0]):
        for a in range(count):
            influence[p, a] = inverse @ influence[p, a]


@njit(cache=True, nogil=True)
def _fit_scaled(table: Floats, X: Floats, scale: Floats, theta: Floats) -> bool:
    """Fit a margin with its covariates centred and scaled, thresholds from `theta`, in place."""
    k1, q = table.shape[1] - 1, X.shape[1]
    Z, centre = np.zeros(X.shape), np.zeros(q)
    for x in range(q):
        for p in range(X.shape[0]):
            centre[x] += table[p].sum() * X[p, x]
        centre[x] /= table.sum()
        Z[:, x] = (X[:, x] - centre[x]) / scale[x]
    if not fit_margin(table, Z, theta):
        return False
    for x in range(q):
        theta[k1 + x] /= scale[x]
        theta[:k1] += centre[x] * theta[k1 + x]
    return True


@njit(cache=True, nogil=True)
def fit_margins(
    codes: Codes,
    pattern: Codes,
    weights: Floats,
    X: Floats,
    scale: Floats,
    rows: Codes,
    counts: Codes,
    tables: Floats,
    observed: Floats,
    influence: Floats,
) -> bool:
    """Fit every ordered probit of a sample; False where one has no maximum.

    Parameters
    ----------
    scale
        (q,) spread of the covariates.
    rows
        (p, 2): first row of a variable's thresholds, first row of its slopes.
    tables
        (p, patterns, categories) cases, filled up with zeros.
    observed
        Thresholds without covariates at the start; moments at the end.
    influence
        (k, n) of every case, or anything narrower where it is not wanted.
    """
    p, q = codes.shape[0], X.shape[1]
    for v in range(p):
        k = counts[v]
        table = tables[v, :, :k].copy()
        theta, place = np.zeros(k - 1 + q), np.zeros(k - 1 + q, dtype=np.int64)
        for t in range(theta.size):
            place[t] = rows[v, 0] + t if t < k - 1 else rows[v, 1] + (t - k + 1) * p
        theta[: k - 1] = observed[rows[v, 0] : rows[v, 0] + k - 1]
        if q > 0 and not _fit_scaled(table, X, scale, theta):
            return False
        observed[place] = theta
        if influence.shape[1] < pattern.size:
            continue
        local = np.zeros((X.shape[0], k, theta.size))
        margin_influence(table, X, theta, local)
        for t in range(theta.size):
            for n in range(pattern.size):
                if codes[v, n] >= 0:
                    influence[place[t], n] = weights[n] * local[pattern[n], codes[v, n], t]
    return True


@njit(cache=True, nogil=True)
def _pair_gamma(
    table: Floats, cells: Floats, cross: Floats, square: float, f1: Floats, f2: Floats, q: int
) -> float:
    """Return sum of squared influence of one correlation over the cells of its table."""
    k1, k2 = table.shape[1] - 1, table.shape[2] - 1
    total = 0.0
    for p in range(table.shape[0]):
        for a in range(k1 + 1):
            first = 0.0
            for t in range(k1):
                first += cross[t] * f1[p, a, t]
            for x in range(q):
                first += cross[k1 + k2 + x] * f1[p, a, k1 + x]
            for b in range(k2 + 1):
                n = table[p, a, b]
                if n <= 0.0:
                    continue
                e = cells[0, p, a, b] - first
                for t in range(k2):
                    e -= cross[k1 + t] * f2[p, b, t]
                for x in range(q):
                    e -= cross[k1 + k2 + q + x] * f2[p, b, k2 + x]
                total += n * e * e
    return total / (square * square)


@njit(cache=True, nogil=True)
def _margins(
    codes: Codes,
    pattern: Codes,
    weights: Floats,
    X: Floats,
    counts: Codes,
    rows: Codes,
    start: Floats,
    observed: Floats,
    gamma: Floats,
    influence: Floats,
) -> int:
    """Fit every margin of a resample; return a status as `draw_moments` does."""
    p, q, n = codes.shape[0], X.shape[1], weights.sum()
    for v in range(p):
        k = counts[v]
        table = np.zeros((X.shape[0], k))
        for c in range(codes.shape[1]):
            if codes[v, c] >= 0:
                table[pattern[c], codes[v, c]] += weights[c]
        for a in range(k):
            if table[:, a].sum() == 0.0:
                return 1 + v
        theta = np.zeros(k - 1 + q)
        theta[: k - 1] = start[rows[v, 0] : rows[v, 0] + k - 1]
        for x in range(q):
            theta[k - 1 + x] = start[rows[v, 1] + x * p]
        if not fit_margin(table, X, theta):
            return -1 - v
        local = np.zeros((X.shape[0], k, theta.size))
        margin_influence(table, X, theta, local)
        influence[v, :, :k, : theta.size] = local
        for t in range(theta.size):
            row = rows[v, 0] + t if t < k - 1 else rows[v, 1] + (t - k + 1) * p
            observed[row] = theta[t]
            gamma[row] = n * (table * local[:, :, t] ** 2).sum()
    return 0


@njit(cache=True, nogil=True)
def _predictors(X: Floats, rows: Codes, observed: Floats) -> Floats:
    """Return what the covariates predict for every variable and pattern, (p, patterns)."""
    p = rows.shape[0]
    eta = np.zeros((p, X.shape[0]))
    for v in range(p):
        for x in range(X.shape[1]):
            eta[v] += X[:, x] * observed[rows[v, 1] + x * p]
    return eta


@njit(cache=True, nogil=True)
def draw_moments(
    codes: Codes,
    pattern: Codes,
    weights: Floats,
    X: Floats,
    counts: Codes,
    rows: Codes,
    pairs: Codes,
    start: Floats,
    observed: Floats,
    gamma: Floats,
    last: float,
) -> int:
    """Fill moments and the diagonal of Gamma of one resample; return a status.

    Parameters
    ----------
    rows
        (p, 2): first row of a variable's thresholds, first row of its slopes.
    pairs
        (m, 3): variables and row of their correlation.
    start
        Moments of the full sample.
    last
        Size of the step that ends the search for a correlation; its cube is left.

    Returns
    -------
    int
        0; 1 + v if variable v lost a category; -1 - v if its probit failed.
    """
    p, q, width = codes.shape[0], X.shape[1], counts.max()
    influence = np.zeros((p, X.shape[0], width, width - 1 + q))
    status = _margins(codes, pattern, weights, X, counts, rows, start, observed, gamma, influence)
    if status != 0:
        return status
    eta = _predictors(X, rows, observed)
    for m in range(pairs.shape[0]):
        i, j, row = pairs[m]
        k1, k2 = counts[i], counts[j]
        cube, cells = np.zeros((X.shape[0], k1, k2)), np.zeros((4, X.shape[0], k1, k2))
        tabulate(codes[i], codes[j], pattern, weights, cube)
        t1 = observed[rows[i, 0] : rows[i, 0] + k1 - 1]
        t2 = observed[rows[j, 0] : rows[j, 0] + k2 - 1]
        rho = estimate_pair(cube, t1, t2, eta[i], eta[j], start[row], cells, last)
        cross = np.zeros(k1 + k2 - 2 + 2 * q)
        square = cross_pair(cube, cells, t1, t2, eta[i], eta[j], rho, X, cross)
        observed[row] = rho
        f1, f2 = influence[i, :, :k1, : k1 - 1 + q], influence[j, :, :k2, : k2 - 1 + q]
        gamma[row] = weights.sum() * _pair_gamma(cube, cells, cross, square, f1, f2, q)
        if not math.isfinite(gamma[row]):
            return int(-1 - i)
    return 0
