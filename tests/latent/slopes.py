"""Numerical derivatives, the judge of every analytic one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def slope(function: Callable[[Values], Values], theta: Values, step: float = 1e-6) -> Values:
    """Return the central differences of a function, one column for each parameter."""
    columns = []
    for j in range(theta.size):
        up, down = theta.copy(), theta.copy()
        up[j] += step
        down[j] -= step
        columns.append((function(up) - function(down)) / (2 * step))
    return np.stack(columns, axis=-1)
