"""Least squares of one resample of ordinal data, compiled.

Gauss-Newton on slopes and correlations only: thresholds that no mean structure restricts are
their own estimates. `ordinalmodel` is the twin that judges this one.
"""

# ruff: noqa: C901, PLR0917 - a kernel takes its arrays one by one

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@njit(cache=True, nogil=True)
def _fill(n: int, entries: Codes, values: Floats, theta: Floats, both: bool) -> Floats:
    """Return a matrix with its free and fixed entries; `both` fills the mirror image too."""
    out = np.zeros((n, n))
    for i in range(entries.shape[0]):
        r, c, pos = entries[i]
        value = theta[pos] if pos >= 0 else values[i]
        out[r, c] = value
        if both:
            out[c, r] = value
    return out


@njit(cache=True, nogil=True)
def _place(E: Floats, C: Floats, scale: Floats, sizes: Codes, moments: Floats) -> None:
    """Write slopes and correlations in the order of the moment vector."""
    n, p, x0 = sizes[0], sizes[1], sizes[2]
    at = 0
    for x in range(n - x0):
        for k in range(p):
            moments[at] = scale[k] * E[k, x0 + x]
            at += 1
    for i in range(p):
        for j in range(i + 1, p):
            moments[at] = scale[i] * C[i, j] * scale[j]
            at += 1


@njit(cache=True, nogil=True)
def _complete(E: Floats, S: Floats, p: int) -> Floats:
    """Fill the residual variances that make every response variance 1; return the spread."""
    C: Any = E @ S @ E.T
    spread: Any = np.linalg.inv(E[:p, :p].copy() ** 2)
    gap = np.zeros(p)
    for k in range(p):
        gap[k] = 1.0 - C[k, k]
    extra = spread @ gap
    for k in range(p):
        S[k, k] += extra[k]
    return np.ascontiguousarray(spread)


@njit(cache=True, nogil=True)
def model_moments(theta: Floats, shape: tuple, work: tuple) -> int:  # type: ignore[type-arg]
    """Fill slopes and correlations with their Jacobian.

    `shape` is (paths, their values, covariances, their values, sizes); sizes are n, p, first
    covariate, theta?. `work` is (moments, jacobian, matrices); the last (2, n, n) gets E and C.
    Return 0 where the moments do not exist, 2 where no response variable causes another (then
    residual variances touch no moment), else 1.
    """
    paths, path_values, covs, cov_values, sizes = shape
    moments, jacobian, matrices = work
    n, p, theta_form = sizes[0], sizes[1], sizes[3] == 1
    A: Any = _fill(n, paths, path_values, theta, False)
    S: Any = _fill(n, covs, cov_values, theta, True)
    E: Any = np.linalg.inv(np.eye(n) - A)
    C: Any = E @ S @ E.T
    spread: Any = np.zeros((p, p))
    scale: Any = np.ones(p)
    if theta_form:
        for k in range(p):
            scale[k] = 1.0 / np.sqrt(C[k, k]) if C[k, k] > 0.0 else np.nan
    else:
        spread = _complete(E, S, p)
        C = E @ S @ E.T
    _place(E, C, scale, sizes, moments)
    jacobian[:] = 0.0
    matrices[0], matrices[1] = E, C
    squares: Any = E[:p, :p].copy()
    apart = not theta_form and np.abs(squares).sum() == p
    point = (E, C, squares, spread, scale)
    _columns(paths, True, point, sizes, apart, jacobian)
    _columns(covs, False, point, sizes, apart, jacobian)
    if not np.isfinite(scale).all():
        return 0
    return 2 if apart else 1


@njit(cache=True, nogil=True)
def _columns(
    entries: Codes,
    path: bool,
    point: tuple,  # type: ignore[type-arg]
    sizes: Codes,
    apart: bool,
    jacobian: Floats,
) -> None:
    """Add the derivatives in paths or in covariances: dSigma = u v' + v u', dPi = u E[cause, x]."""
    E, C, p = point[0], point[1], sizes[1]
    for e in range(entries.shape[0]):
        r, c, pos = entries[e]
        if pos < 0:
            continue
        u = E[:p, r].copy()
        v = C[:p, c].copy() if path else E[:p, c].copy()
        if not path and r == c:
            u *= 0.5
        if apart:
            _plain_column(u, v, E, sizes, c if path else -1, jacobian[:, pos])
        else:
            _column(u, v, point, sizes, c if path else -1, jacobian[:, pos])


@njit(cache=True, nogil=True)
def _plain_column(
    u: Floats, v: Floats, E: Floats, sizes: Codes, cause: int, column: Floats
) -> None:
    """Add one parameter's derivatives where scales are 1 and residual variances do not matter."""
    n, p, x0 = sizes[0], sizes[1], sizes[2]
    at = 0
    for x in range(n - x0):
        for k in range(p):
            if cause >= 0:
                column[at] += u[k] * E[cause, x0 + x]
            at += 1
    for i in range(p):
        for j in range(i + 1, p):
            column[at] += u[i] * v[j] + v[i] * u[j]
            at += 1


@njit(cache=True, nogil=True)
def _column(
    u: Floats,
    v: Floats,
    point: tuple,  # type: ignore[type-arg]
    sizes: Codes,
    cause: int,
    column: Floats,
) -> None:
    """Add one parameter's derivatives, scales and residual variances moving along."""
    E, C, squares, spread, scale = point
    n, p, x0, theta_form = sizes[0], sizes[1], sizes[2], sizes[3] == 1
    diagonal = 2.0 * u * v
    ds, dscale = np.zeros(p), np.zeros(p)
    if theta_form:
        dscale = -0.5 * scale**3 * diagonal
    else:
        ds = -(spread @ diagonal)
    at = 0
    for x in range(n - x0):
        for k in range(p):
            value = dscale[k] * E[k, x0 + x]
            if cause >= 0:
                value += scale[k] * u[k] * E[cause, x0 + x]
            column[at] += value
            at += 1
    shift = (squares * ds) @ squares.T
    for i in range(p):
        for j in range(i + 1, p):
            value = scale[i] * scale[j] * (u[i] * v[j] + v[i] * u[j] + shift[i, j])
            value += (dscale[i] * scale[j] + scale[i] * dscale[j]) * C[i, j]
            column[at] += value
            at += 1


@njit(cache=True, nogil=True)
def _normal_equations(J: Floats, weight: Floats, gap: Floats) -> tuple:  # type: ignore[type-arg]
    """Return J'W gap and J'WJ by plain loops, which start no threads of their own."""
    k, q = J.shape
    slope, bread = np.zeros(q), np.zeros((q, q))
    for r in range(k):
        for i in range(q):
            scaled = weight[r] * J[r, i]
            if scaled != 0.0:
                slope[i] += scaled * gap[r]
                for j in range(i, q):
                    bread[i, j] += scaled * J[r, j]
    for i in range(q):
        for j in range(i):
            bread[i, j] = bread[j, i]
    return slope, bread


@njit(cache=True, nogil=True)
def _bend(lean: Floats, matrices: Floats, shape: tuple, q: int) -> Floats:  # type: ignore[type-arg]
    """Return sum_k lean_k d2 moment_k (q, q) where no response variable causes another.

    The same as `Ram.curvature` for covariances, and d2E = E dA E dA E for slopes.
    """
    paths, _, covs, _, sizes = shape
    n, p, x0 = sizes[0], sizes[1], sizes[2]
    E, C = matrices[0], matrices[1]
    G, g = np.zeros((p, p)), np.zeros((p, n))
    at = 0
    for x in range(n - x0):
        for k in range(p):
            g[k, x0 + x] = lean[at]
            at += 1
    for i in range(p):
        for j in range(i + 1, p):
            G[i, j] = G[j, i] = 0.5 * lean[at]
            at += 1
    top = np.ascontiguousarray(E[:p].T)
    GE: Any = G @ E[:p].copy()
    L: Any = top @ GE
    P: Any = np.ascontiguousarray(GE.T) @ C[:p].copy()
    R: Any = (top @ g) @ np.ascontiguousarray(E.T)
    out = np.zeros((q, q))
    for a in range(paths.shape[0]):
        r, c, i = paths[a]
        if i < 0:
            continue
        for b in range(paths.shape[0]):
            s, t, j = paths[b]
            if j >= 0:
                out[i, j] += 2.0 * (L[r, s] * C[c, t] + E[t, r] * P[s, c] + E[c, s] * P[r, t])
                out[i, j] += E[c, s] * R[r, t] + E[t, r] * R[s, c]
        for b in range(covs.shape[0]):
            s, t, j = covs[b]
            if j >= 0:
                value = (L[r, s] * E[c, t] + L[r, t] * E[c, s]) * (1.0 if s == t else 2.0)
                out[i, j] += value
                out[j, i] += value
    return out


@njit(cache=True, nogil=True)
def _direction(slope: Floats, bread: Floats, bend: Floats, ridge: float) -> Floats:
    """Return the Newton step where it goes down, else the (damped) Gauss-Newton step."""
    if ridge == 0.0 and bend.size:
        step = np.linalg.solve(bread - bend, slope)
        if (step * slope).sum() > 0.0:
            return np.ascontiguousarray(step)
    damped = bread.copy()
    for i in range(slope.size):
        damped[i, i] = bread[i, i] * (1.0 + ridge) + 1e-14
    return np.ascontiguousarray(np.linalg.solve(damped, slope))


@njit(cache=True, nogil=True)
def _step(
    work: tuple,  # type: ignore[type-arg]
    basis: Floats,
    data: tuple,  # type: ignore[type-arg]
    shape: tuple,  # type: ignore[type-arg]
    newton: bool,
    ridge: float,
) -> Floats:
    """Return the step within the basis; `data` are weights and gaps, `work` as in `fit_draw`."""
    weight, gap = data
    free = basis.shape[0] == basis.shape[1]  # nothing is constrained
    jacobian = work[1] if free else work[1] @ basis
    slope, bread = _normal_equations(jacobian, weight, gap)
    bend = np.zeros((0, 0))
    if newton:
        bend = _bend(weight * gap, work[2], shape, basis.shape[0])
        bend = bend if free else basis.T @ bend @ basis
    step = _direction(slope, bread, bend, ridge)
    return step if free else np.ascontiguousarray(basis @ step)


@njit(cache=True, nogil=True)
def fit_draw(
    theta: Floats,
    basis: Floats,
    observed: Floats,
    weight: Floats,
    shape: tuple,  # type: ignore[type-arg]
    tolerance: float,
) -> int:
    """Minimise (s - sigma)' W (s - sigma) from `theta`, in place.

    Return the number of iterations, or 0 where it did not converge. Gauss-Newton at first, then
    Newton's method where second derivatives are at hand. `shape` is as in `model_moments`.
    """
    k, n = observed.size, shape[4][0]
    work = (np.zeros(k), np.zeros((k, theta.size)), np.zeros((2, n, n)))
    kind = model_moments(theta, shape, work)
    if kind == 0:
        return 0
    gap = observed - work[0]
    value = (weight * gap * gap).sum()
    ridge, length = 0.0, 1.0
    for iteration in range(1, 201):
        newton = kind == 2 and length < 0.5 and ridge == 0.0
        step = _step(work, basis, (weight, gap), shape, newton, ridge)
        before, length = length, np.abs(step).max()
        # A Newton step leaves its square, but a Gauss-Newton step a share of itself.
        if length < tolerance and (newton or length < 1e-11 or length > 0.9 * before):
            theta += step
            return iteration
        trial = theta + step
        kind = model_moments(trial, shape, work)
        fresh_gap = observed - work[0]
        fresh = (weight * fresh_gap * fresh_gap).sum()
        if kind > 0 and fresh <= value * (1.0 + 1e-12):
            theta[:] = trial
            gap, value = fresh_gap, fresh
            ridge = 0.1 * ridge if ridge > 1e-5 else 0.0
        else:
            ridge = max(1e-3, 10.0 * ridge)
            if ridge > 1e8:
                return iteration if length < 1e-6 else 0
            kind = model_moments(theta, shape, work)
    return 0
