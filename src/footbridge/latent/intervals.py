"""Bootstrap intervals: normal, basic, percentile, bias-corrected and BCa.

Efron (1987), JASA 82, 171-185; Davison and Hinkley (1997), chapter 5, whose interpolation of
order statistics on the normal scale is used for all percentile-type limits.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Vector = NDArray[np.float64]


def quantile(draws: Vector, alpha: float) -> float:
    """Interpolate the order statistics of `draws` at (B + 1) alpha on the normal scale."""
    ordered = np.sort(draws)
    size = ordered.size
    at = (size + 1) * alpha
    k = int(np.floor(at + 1e-12))
    if abs(at - round(at)) < 1e-10:
        k = round(at)
        return float(ordered[min(max(k, 1), size) - 1])
    if k < 1:
        return float(ordered[0])
    if k >= size:
        return float(ordered[-1])
    low, high = special.ndtri(k / (size + 1)), special.ndtri((k + 1) / (size + 1))
    share = (special.ndtri(alpha) - low) / (high - low)
    return float(ordered[k - 1] + share * (ordered[k] - ordered[k - 1]))


def interval(
    draws: Vector,
    estimate: float,
    *,
    kind: str = "percentile",
    level: float = 0.95,
    acceleration: float = 0.0,
) -> tuple[float, float]:
    """Return lower and upper limit.

    Parameters
    ----------
    draws
        (b,) usable draws.
    kind
        normal, basic, percentile, bc (bias-corrected) or bca.
    acceleration
        Skewness of the influence values over 6, for bca.
    """
    tail = (1 - level) / 2
    if kind == "normal":  # spread with divisor b, as the references have it
        bias, half = (
            float(draws.mean()) - estimate,
            special.ndtri(1 - tail) * float(draws.std()),
        )
        return estimate - bias - half, estimate - bias + half
    if kind == "percentile":
        return quantile(draws, tail), quantile(draws, 1 - tail)
    if kind == "basic":
        return 2 * estimate - quantile(draws, 1 - tail), 2 * estimate - quantile(draws, tail)
    share = np.sum(draws < estimate) / draws.size
    bias = float(special.ndtri(np.clip(share, 1e-6, 1 - 1e-6)))
    speed = acceleration if kind == "bca" else 0.0
    ends = []
    for z in (special.ndtri(tail), special.ndtri(1 - tail)):
        moved = bias + (bias + z) / (1 - speed * (bias + z))
        ends.append(quantile(draws, float(special.ndtr(moved))))
    return ends[0], ends[1]
