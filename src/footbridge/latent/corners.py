"""Limits and corners of the cells of a two-way table under the bivariate normal, compiled.

A cell is an interval times an interval; its probability and all its derivatives are differences
of functions at its four corners, and neighbours share corners.
"""

# ruff: noqa: PLR0917 - a kernel takes its arrays one by one

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from footbridge.latent.bvn import (
    bvn_cdf,
    bvn_density,
    moderate_excess,
    normal_cdf,
    normal_density,
    quadrature,
)

Floats = NDArray[np.float64]
_FAR = 40.0


@njit(cache=True, nogil=True)
def limit(thresholds: Floats, category: int, count: int, eta: float) -> float:
    """Return the upper limit of a category on the latent scale, shifted by the predictor."""
    if category < 0:
        return -_FAR
    if category >= count - 1:
        return _FAR
    return float(thresholds[category] - eta)


@njit(cache=True, nogil=True)
def limits(thresholds: Floats, eta: float, ends: Floats) -> None:
    """Fill the limits of all categories (0) and the probabilities up to them (1)."""
    count = thresholds.size + 1
    for a in range(count + 1):
        ends[0, a] = limit(thresholds, a - 1, count, eta)
        ends[1, a] = normal_cdf(ends[0, a])


@njit(cache=True, nogil=True)
def _needed(table: Floats, a: int, b: int) -> bool:
    """Whether a corner belongs to a cell that holds somebody."""
    for i in range(max(a - 1, 0), min(a + 1, table.shape[0])):
        for j in range(max(b - 1, 0), min(b + 1, table.shape[1])):
            if table[i, j] > 0.0:
                return True
    return False


@njit(cache=True, nogil=True)
def corners(first: Floats, second: Floats, rho: float, need: Floats, out: Floats) -> None:
    """Fill the distribution function (0) and its three derivatives in rho at needed corners."""
    k1, k2 = need.shape[0], need.shape[1]
    nodes, left = np.empty((2, 20)), 1.0 - rho * rho
    count = quadrature(rho, nodes)
    for a in range(k1 + 1):
        h = first[0, a]
        for b in range(k2 + 1):
            if not _needed(need, a, b):
                continue
            k = second[0, b]
            out[1, a, b] = out[2, a, b] = out[3, a, b] = 0.0
            if a == 0 or b == 0 or a == k1 or b == k2:
                out[0, a, b] = first[1, a] * second[1, b]
                continue
            if count > 0:
                both = first[1, a] * second[1, b] + moderate_excess(h, k, nodes, count)
                out[0, a, b] = min(1.0, max(0.0, both))
            else:
                out[0, a, b] = bvn_cdf(h, k, rho)
            f = bvn_density(h, k, rho)
            square = h * h + k * k
            curve = h * k * (1.0 + rho * rho) - rho * square
            bend = rho / left + curve / (left * left)
            turn = (1.0 + rho * rho + 2.0 * rho * h * k - square) / (left * left)
            out[1, a, b] = f
            out[2, a, b] = f * bend
            out[3, a, b] = f * (bend * bend + turn + 4.0 * rho * curve / (left * left * left))


@njit(cache=True, nogil=True)
def below(first: Floats, second: Floats, rho: float, out: Floats) -> None:
    """Fill P(Y < k | X = h) (0) and P(X < h | Y = k) (1) at all corners."""
    root = math.sqrt(1.0 - rho * rho)
    k1, k2 = first.size - 1, second.size - 1
    for a in range(k1 + 1):
        for b in range(k2 + 1):
            h, k = first[a], second[b]
            out[0, a, b] = 0.0 if b == 0 else 1.0
            out[1, a, b] = 0.0 if a == 0 else 1.0
            if 0 < b < k2:
                out[0, a, b] = normal_cdf((k - rho * h) / root)
            if 0 < a < k1:
                out[1, a, b] = normal_cdf((h - rho * k) / root)


@njit(cache=True, nogil=True)
def densities(ends: Floats) -> None:
    """Put the densities at inner limits where the probabilities were; none at infinity."""
    ends[1] = 0.0
    for a in range(1, ends.shape[1] - 1):
        ends[1, a] = normal_density(ends[0, a])
