"""Linear algebra in double precision, with types that stay so."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def inv(matrix: Matrix) -> Matrix:
    """Return the inverse of a square matrix."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def times(weight: Matrix, other: Matrix) -> Matrix:
    """Multiply a weight, full (k, k) or its diagonal (k,), from the left."""
    return weight[:, None] * other if weight.ndim == 1 else weight @ other
