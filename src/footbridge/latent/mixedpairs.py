"""Pairs with a continuous variable: polyserial and Pearson correlations.

Olsson, Drasgow and Dorans (1982), Psychometrika 47, 337-347. Each function returns the
correlation, each case's score and the scores of the two variables' own parameters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.margins import Margin, density, interval_mass

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairScores:
    """Correlation; scores of rho (n,); scores (n, d) of the first and second variable."""

    rho: float
    score: Vector
    first: Matrix
    second: Matrix


def pearson_pair(
    z1: Vector, z2: Vector, X: Matrix, *, margins: tuple[Margin, Margin], w: Vector
) -> PairScores:
    """Return the correlation of two standardised residuals and its scores."""
    rho = float(w @ (z1 * z2) / w.sum())
    left = 1 - rho * rho
    score = (rho * left + z1 * z2 * (1 + rho * rho) - rho * (z1**2 + z2**2)) / left**2
    parts = []
    for a, b, margin in ((z1, z2, margins[0]), (z2, z1, margins[1])):
        sd = np.sqrt(margin.variance)
        mean = (a - rho * b) / (sd * left)
        variance = (a * (a - rho * b) / left - 1) / (2 * margin.variance)
        parts.append(np.column_stack([mean, X * mean[:, None], variance]))
    return PairScores(rho, score, parts[0], parts[1])


@dataclass(frozen=True, slots=True)
class _Serial:
    """Densities and probabilities of the ordinal variable given the continuous one."""

    a: tuple[Vector, Vector]
    u: tuple[Vector, Vector]
    prob: Vector
    root: float


def _given(z: Vector, ends: tuple[Vector, Vector], rho: float) -> _Serial:
    root = float(np.sqrt(1 - rho * rho))
    low, high = (ends[0] - rho * z) / root, (ends[1] - rho * z) / root
    return _Serial(ends, (low, high), interval_mass(low, high), root)


def _rho_score(z: Vector, ends: tuple[Vector, Vector], rho: float) -> Vector:
    at = _given(z, ends, rho)
    slopes = [
        density(u) * np.where(np.isfinite(a), rho * np.where(np.isfinite(a), a, 0.0) - z, 0.0)
        for a, u in zip(at.a, at.u, strict=True)
    ]
    return np.asarray((slopes[1] - slopes[0]) / (at.prob * at.root**3))


def polyserial_pair(
    z: Vector,
    y: NDArray[np.int64],
    X: Matrix,
    *,
    margins: tuple[Margin, Margin],
    w: Vector,
) -> PairScores:
    """Return the polyserial correlation of a standardised residual with an ordinal variable.

    `margins` are of the continuous and of the ordinal variable, in this order.
    """
    continuous, ordinal = margins
    limits = np.concatenate([[-np.inf], ordinal.thresholds, [np.inf]])
    eta = X @ ordinal.slopes
    ends = (limits[y] - eta, limits[y + 1] - eta)
    rho = _solve(z, ends, w)
    score = _rho_score(z, ends, rho)
    at = _given(z, ends, rho)
    low, high = density(at.u[0]) / at.prob, density(at.u[1]) / at.prob
    gap = (high - low) / at.root
    k1, rows = ordinal.thresholds.size, np.arange(y.size)
    second = np.zeros((y.size, k1))
    inner, outer = y < k1, y > 0
    second[rows[inner], y[inner]] = high[inner] / at.root
    second[rows[outer], y[outer] - 1] -= low[outer] / at.root
    second = np.column_stack([second, -X * gap[:, None]])
    sd = np.sqrt(continuous.variance)
    mean = (z + rho * gap) / sd
    variance = (z**2 - 1 + rho * z * gap) / (2 * continuous.variance)
    first = np.column_stack([mean, X * mean[:, None], variance])
    return PairScores(rho, score, first, second)


def _solve(z: Vector, ends: tuple[Vector, Vector], w: Vector) -> float:
    rho, low, high = 0.0, -0.999, 0.999
    last, last_score = np.nan, np.nan
    for _ in range(100):
        s = _rho_score(z, ends, rho)
        score, square = float(w @ s), float(w @ s**2)
        low, high = (rho, high) if score > 0 else (low, rho)
        slope = square if np.isnan(last) else -(score - last_score) / (rho - last)
        slope = slope if slope > 0.2 * square else square
        last, last_score = rho, score
        fresh = rho + score / slope
        if not low < fresh < high:
            fresh = 0.5 * (low + high)
        if abs(fresh - rho) < 1e-15:
            break
        rho = fresh
    return rho
