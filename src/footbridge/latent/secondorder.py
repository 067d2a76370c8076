"""What curvature adds to a delta-method variance: 1/2 tr(H V H V) with H the Hessian of a value.

Second-order delta method (Goodman 1960, Journal of the American Statistical Association 55,
708-713, for a product; Preacher, Rucker and Hayes 2007 for conditional indirect effects).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_STEP = 1e-4


def curvature_variances(
    gradients: Callable[[Vector], Matrix], theta: Vector, vcov: Matrix
) -> Vector:
    """Return 1/2 tr(H V H V) of every value, (k,).

    Parameters
    ----------
    gradients
        Gradients of all values, (k, q), at a parameter vector. They are differenced twice, with
        steps h and 2 h, which leaves an error of order h^4.
    vcov
        Covariance matrix of the parameters, (q, q).
    """
    columns = []
    for j, value in enumerate(theta):
        h = _STEP * max(1.0, abs(float(value)))
        unit = np.zeros(theta.size)
        unit[j] = h
        near = gradients(theta + unit) - gradients(theta - unit)
        far = gradients(theta + 2 * unit) - gradients(theta - 2 * unit)
        columns.append((8 * near - far) / (12 * h))
    hessians = np.stack(columns, axis=2)
    hessians = 0.5 * (hessians + hessians.transpose(0, 2, 1))
    HV = hessians @ vcov
    return np.asarray(0.5 * np.einsum("kij,kji->k", HV, HV))
