"""First stage: thresholds, slopes, means and variances of one variable at a time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent import special
from footbridge.latent.linalg import inv

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Margin:
    """One variable by itself.

    `thresholds` (k - 1,) of an ordinal variable, or the intercept of a continuous one;
    `slopes` (q,); `variance` is NaN for ordinal variables. `influence` (d, n) holds each case's
    influence on [thresholds or mean, slopes, variance].
    """

    thresholds: Vector
    slopes: Vector
    variance: float
    influence: Matrix


@dataclass(frozen=True, slots=True)
class Design:
    """Covariates (n, q) with their distinct rows (u, q) and which of them a case has (n,)."""

    X: Matrix
    unique: Matrix
    pattern: NDArray[np.int64]


def ordinal_margin(
    codes: NDArray[np.int64], design: Design, weights: Vector, *, full: bool
) -> Margin:
    """Fit the ordered probit of one variable on its covariates, from its table.

    Parameters
    ----------
    codes
        (n,) categories from 0; -1 is missing.
    design
        The covariates; q may be 0.
    full
        Whether the influence of each case is wanted.
    """
    from footbridge.latent.drawtables import margin_influence  # compiled: loaded when needed

    seen = codes >= 0
    y, w, pattern = codes[seen], weights[seen], design.pattern[seen]
    k, u = int(y.max()) + 1, design.unique.shape[0]
    flat = np.bincount(pattern * k + y, weights=w, minlength=u * k)
    table = np.asarray(flat, dtype=np.float64).reshape(u, k)
    counts = table.sum(axis=0)
    thresholds = special.ndtri(np.cumsum(counts)[:-1] / counts.sum())
    slopes = np.zeros(design.X.shape[1])
    if slopes.size:
        thresholds, slopes = _tabled_probit(table, design.unique, thresholds)
        if not slopes.size:  # the plain twin halves its steps and needs no table
            thresholds, slopes = _probit(y, design.X[seen], w, thresholds)
    if not full:
        return Margin(thresholds, slopes, float("nan"), np.empty((0, 0)))
    local = np.zeros((u, k, thresholds.size + slopes.size))
    margin_influence(table, design.unique, np.concatenate([thresholds, slopes]), local)
    influence = np.zeros((local.shape[2], codes.size))
    influence[:, seen] = (local[pattern, y] * w[:, None]).T
    return Margin(thresholds, slopes, float("nan"), influence)


def _tabled_probit(table: Matrix, unique: Matrix, start: Vector) -> tuple[Vector, Vector]:
    """Return thresholds and slopes, the latter empty where Newton's method fails."""
    from footbridge.latent.drawtables import fit_margin

    weight = table.sum(axis=1)
    scale = np.maximum(unique.std(axis=0), 1e-12)
    centre = weight @ unique / weight.sum()
    theta = np.concatenate([start, np.zeros(unique.shape[1])])
    if not fit_margin(table, (unique - centre) / scale, theta):
        return start, np.zeros(0)
    slopes = theta[start.size :] / scale
    return theta[: start.size] + centre @ slopes, slopes


def _influence(scores: Matrix, w: Vector, seen: NDArray[np.bool_]) -> Matrix:
    """Return A^-1 w s for each case, A the sum of crossproducts; zero where missing."""
    weighted = scores * w[:, None]
    bread = inv(scores.T @ weighted)
    out = np.zeros((scores.shape[1], seen.size))
    out[:, seen] = bread @ weighted.T
    return out


def _limits(
    y: NDArray[np.int64], Z: Matrix, thresholds: Vector, slopes: Vector
) -> tuple[Vector, Vector]:
    ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
    eta = Z @ slopes
    return ends[y] - eta, ends[y + 1] - eta


def density(x: Vector) -> Vector:
    """Return the standard normal density."""
    return np.asarray(np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi))


def interval_mass(low: Vector, high: Vector) -> Vector:
    """Return P(low < z < high), without loss in the upper tail."""
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    return np.asarray(np.maximum(special.ndtr(b) - special.ndtr(a), 1e-300))


def _probit_scores(y: NDArray[np.int64], Z: Matrix, thresholds: Vector, slopes: Vector) -> Matrix:
    """Return scores (n, k - 1 + q) of thresholds and slopes."""
    low, high = _limits(y, Z, thresholds, slopes)
    prob = interval_mass(low, high)
    up, down = density(high) / prob, density(low) / prob
    out = np.zeros((y.size, thresholds.size + slopes.size))
    inner, outer = y < thresholds.size, y > 0
    rows = np.arange(y.size)
    out[rows[inner], y[inner]] = up[inner]
    out[rows[outer], y[outer] - 1] -= down[outer]
    out[:, thresholds.size :] = -(up - down)[:, None] * Z
    return out


def _probit(y: NDArray[np.int64], Z: Matrix, w: Vector, start: Vector) -> tuple[Vector, Vector]:
    """Newton's method on the rows that differ (category and covariates)."""
    rows, back = np.unique(np.column_stack([y, Z]), axis=0, return_inverse=True)
    weight = np.bincount(back.ravel(), weights=w).astype(np.float64)
    y, Z = rows[:, 0].astype(np.int64), rows[:, 1:]
    scale = np.maximum(Z.std(axis=0), 1e-12)
    centre = np.average(Z, axis=0, weights=weight)
    Z = (Z - centre) / scale
    theta, k1, size = np.concatenate([start, np.zeros(Z.shape[1])]), start.size, np.inf
    for _ in range(100):
        step, size = _newton_step(y, Z, weight, theta)
        length = 1.0
        while np.any(np.diff((theta + length * step)[:k1]) <= 0) and length > 1e-6:
            length *= 0.5
        theta = theta + length * step
        if size < 1e-13:
            break
    if not size < 1e-6:  # it ran off: the covariates tell the categories apart
        raise np.linalg.LinAlgError("the probit likelihood has no maximum")
    slopes = theta[k1:] / scale
    return theta[:k1] + centre @ slopes, slopes


def _newton_step(
    y: NDArray[np.int64], Z: Matrix, weight: Vector, theta: Vector
) -> tuple[Vector, float]:
    k1 = theta.size - Z.shape[1]
    low, high = _limits(y, Z, theta[:k1], theta[k1:])
    prob = interval_mass(low, high)
    S = _probit_scores(y, Z, theta[:k1], theta[k1:])
    bend_high = -np.where(np.isfinite(high), high, 0.0) * density(high) / prob
    bend_low = -np.where(np.isfinite(low), low, 0.0) * density(low) / prob
    up, down = np.zeros_like(S), np.zeros_like(S)
    inner, outer = y < k1, y > 0
    up[np.flatnonzero(inner), y[inner]] = 1.0
    down[np.flatnonzero(outer), y[outer] - 1] = 1.0
    up[:, k1:] = down[:, k1:] = -Z
    hessian = -(S * weight[:, None]).T @ S
    hessian += (up * (weight * bend_high)[:, None]).T @ up
    hessian -= (down * (weight * bend_low)[:, None]).T @ down
    gradient = weight @ S
    step = np.asarray(-np.linalg.solve(hessian, gradient), dtype=np.float64)
    return step, float(np.abs(step).max())


def continuous_margin(y: Vector, X: Matrix, weights: Vector) -> Margin:
    """Fit the normal linear regression of one continuous variable on its covariates."""
    seen = ~np.isnan(y)
    z, w = y[seen], weights[seen]
    design = np.column_stack([np.ones(z.size), X[seen]])
    half = design * w[:, None]
    beta = np.asarray(np.linalg.solve(half.T @ design, half.T @ z), dtype=np.float64)
    gap = z - design @ beta
    variance = float(w @ gap**2 / w.sum())
    scores = np.column_stack(
        [design * (gap / variance)[:, None], 0.5 * (gap**2 / variance - 1) / variance]
    )
    return Margin(beta[:1], beta[1:], variance, _influence(scores, w, seen))
