"""Weighted root mean square residual: sqrt(T / moments). Muthen and Muthen (1998-2017)."""

import math


def wrmr(statistic: float, *, moments: int) -> float:
    """Return the index."""
    return math.sqrt(max(statistic, 0.0) / moments)
