"""The bivariate normal distribution, compiled.

Genz (2004), Statistics and Computing 14, 251-260: Gauss-Legendre quadrature of 6, 12 or 20 nodes
by the size of the correlation, with a Taylor-corrected form above 0.925. Accurate to 1e-15.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

_X6, _W6 = np.polynomial.legendre.leggauss(6)
_X12, _W12 = np.polynomial.legendre.leggauss(12)
_X20, _W20 = np.polynomial.legendre.leggauss(20)
_ROOT2 = math.sqrt(2.0)
_TWOPI = 2.0 * math.pi


@njit(cache=True, nogil=True)
def normal_cdf(x: float) -> float:
    """Return the standard normal distribution function."""
    return 0.5 * math.erfc(-x / _ROOT2)


@njit(cache=True, nogil=True)
def normal_density(x: float) -> float:
    """Return the standard normal density; zero at infinity."""
    return math.exp(-0.5 * x * x) / math.sqrt(_TWOPI)


@njit(cache=True, nogil=True)
def quadrature(r: float, nodes: NDArray[np.float64]) -> int:
    """Fill sines and weights (2, 20) for a correlation; return how many, none where it is strong.

    They do not depend on the limits: a table asks for them once and not at every corner.
    """
    size = abs(r)
    if size < 0.3:
        x, w = _X6, _W6
    elif size < 0.75:
        x, w = _X12, _W12
    elif size < 0.925:
        x, w = _X20, _W20
    else:
        return 0
    angle = math.asin(r)
    for i in range(x.size):
        nodes[0, i] = math.sin(0.5 * angle * (x[i] + 1.0))
        nodes[1, i] = w[i] * angle / (2.0 * _TWOPI)
    return int(x.size)


@njit(cache=True, nogil=True)
def moderate_excess(h: float, k: float, nodes: NDArray[np.float64], count: int) -> float:
    """Return P(X <= h, Y <= k) - P(X <= h) P(Y <= k) from the nodes of `quadrature`."""
    half, total = 0.5 * (h * h + k * k), 0.0
    for i in range(count):
        s = nodes[0, i]
        total += nodes[1, i] * math.exp((s * h * k - half) / (1.0 - s * s))
    return total


@njit(cache=True, nogil=True)
def _upper_strong_part(h: float, k: float, r: float) -> float:
    """Return the correction to the limiting form; k and hk are already signed."""
    hk = h * k
    a2 = (1.0 - r) * (1.0 + r)
    a, gap = math.sqrt(a2), (h - k) ** 2
    c, d = (4.0 - hk) / 8.0, (12.0 - hk) / 16.0
    total = 0.0
    level = -0.5 * (gap / a2 + hk)
    if level > -100.0:
        series = 1.0 - c * (gap - a2) * (1.0 - d * gap / 5.0) / 3.0 + c * d * a2 * a2 / 5.0
        total = a * math.exp(level) * series
    if hk > -100.0:
        b = math.sqrt(gap)
        tail = math.exp(-0.5 * hk) * math.sqrt(_TWOPI) * normal_cdf(-b / a) * b
        total -= tail * (1.0 - c * gap * (1.0 - d * gap / 5.0) / 3.0)
    a *= 0.5
    for i in range(_X20.size):
        x2 = (a * (_X20[i] + 1.0)) ** 2
        root = math.sqrt(1.0 - x2)
        level = -0.5 * (gap / x2 + hk)
        if level > -100.0:
            exact = math.exp(-hk * (1.0 - root) / (2.0 * (1.0 + root))) / root
            total += a * _W20[i] * math.exp(level) * (exact - (1.0 + c * x2 * (1.0 + d * x2)))
    return -total / _TWOPI


@njit(cache=True, nogil=True)
def bvn_cdf(h: float, k: float, r: float) -> float:
    """Return P(X <= h, Y <= k) for standard normals with correlation r."""
    if h < -37.0 or k < -37.0:
        return 0.0
    if h > 37.0:
        return normal_cdf(k)
    if k > 37.0:
        return normal_cdf(h)
    h, k = -h, -k
    nodes = np.empty((2, 20))
    count = quadrature(r, nodes)
    if count > 0:
        value = moderate_excess(h, k, nodes, count) + normal_cdf(-h) * normal_cdf(-k)
    else:
        other = -k if r < 0.0 else k
        value = _upper_strong_part(h, other, r) if abs(r) < 1.0 else 0.0
        if r > 0.0:
            value += normal_cdf(-max(h, other))
        else:
            value = -value
            if other > h:
                value += normal_cdf(other) - normal_cdf(h)
    return min(1.0, max(0.0, value))


@njit(cache=True, nogil=True)
def bvn_density(h: float, k: float, r: float) -> float:
    """Return the standard bivariate normal density; zero at infinity."""
    if abs(h) > 37.0 or abs(k) > 37.0:
        return 0.0
    a2 = 1.0 - r * r
    return math.exp(-0.5 * (h * h - 2.0 * r * h * k + k * k) / a2) / (_TWOPI * math.sqrt(a2))


def bivariate_normal(
    h: NDArray[np.float64], k: NDArray[np.float64], r: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return P(X <= h, Y <= k; r) element by element."""
    h, k, r = np.broadcast_arrays(h, k, r)
    found = [bvn_cdf(a, b, c) for a, b, c in zip(h.ravel(), k.ravel(), r.ravel(), strict=True)]
    return np.array(found).reshape(h.shape)
