"""Least squares of one resample of ordinal data, compiled.

Gauss-Newton on slopes and correlations only: thresholds that no mean structure restricts are
their own estimates. `ordinalmodel` is the twin that judges this one.
"""

# ruff: noqa: PLR0913, PLR0917 - a kernel takes its arrays one by one

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
def model_moments(
    theta: Floats,
    paths: Codes,
    path_values: Floats,
    covs: Codes,
    cov_values: Floats,
    sizes: Codes,
    moments: Floats,
    jacobian: Floats,
) -> bool:
    """Fill slopes and correlations with their Jacobian; sizes are n, p, first covariate, theta?."""
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
    squares: Any = E[:p, :p].copy()
    for kind in range(2):
        entries = paths if kind == 0 else covs
        for e in range(entries.shape[0]):
            r, c, pos = entries[e]
            if pos < 0:
                continue
            u = E[:p, r].copy()
            v = C[:p, c].copy() if kind == 0 else E[:p, c].copy()
            if kind == 1 and r == c:
                u *= 0.5
            _column(
                u, v, E, C, squares, spread, scale, sizes, c if kind == 0 else -1, pos, jacobian
            )
    return bool(np.isfinite(scale).all())


@njit(cache=True, nogil=True)
def _column(
    u: Floats,
    v: Floats,
    E: Floats,
    C: Floats,
    squares: Floats,
    spread: Floats,
    scale: Floats,
    sizes: Codes,
    cause: int,
    pos: int,
    jacobian: Floats,
) -> None:
    """Add one parameter's derivatives: dSigma = u v' + v u', dPi = u E[cause, x]."""
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
            jacobian[at, pos] += value
            at += 1
    shift = (squares * ds) @ squares.T
    for i in range(p):
        for j in range(i + 1, p):
            value = scale[i] * scale[j] * (u[i] * v[j] + v[i] * u[j] + shift[i, j])
            value += (dscale[i] * scale[j] + scale[i] * dscale[j]) * C[i, j]
            jacobian[at, pos] += value
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
def fit_draw(
    theta: Floats,
    basis: Floats,
    observed: Floats,
    weight: Floats,
    paths: Codes,
    path_values: Floats,
    covs: Codes,
    cov_values: Floats,
    sizes: Codes,
    tolerance: float,
) -> bool:
    """Minimise (s - sigma)' W (s - sigma) from `theta`, in place; return whether it converged."""
    moments, jacobian = np.zeros(observed.size), np.zeros((observed.size, theta.size))
    if not model_moments(theta, paths, path_values, covs, cov_values, sizes, moments, jacobian):
        return False
    gap = observed - moments
    value = (weight * gap * gap).sum()
    ridge = 0.0
    for _ in range(200):
        slope, bread = _normal_equations(jacobian @ basis, weight, gap)
        for i in range(slope.size):
            bread[i, i] = bread[i, i] * (1.0 + ridge) + 1e-14
        step = basis @ np.linalg.solve(bread, slope)
        if np.abs(step).max() < tolerance:  # the last step leaves a tenth of it or less
            theta += step
            return True
        trial = theta + step
        good = model_moments(trial, paths, path_values, covs, cov_values, sizes, moments, jacobian)
        fresh_gap = observed - moments
        fresh = (weight * fresh_gap * fresh_gap).sum()
        if good and fresh <= value * (1.0 + 1e-12):
            theta[:] = trial
            gap, value = fresh_gap, fresh
            ridge = 0.1 * ridge if ridge > 1e-5 else 0.0
        else:
            ridge = max(1e-3, 10.0 * ridge)
            if ridge > 1e8:
                return bool(np.abs(step).max() < 1e-6)
            model_moments(theta, paths, path_values, covs, cov_values, sizes, moments, jacobian)
    return False
