"""Sobol indices by an emulator, tornado bars and the value of knowing a parameter."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.errors import MicrosimError

Table = NDArray[np.float64]
Function = Callable[[Table], Table]


def sobol(
    function: Function, n_inputs: int, *, n_base: int = 4096, seed: int = 1
) -> tuple[Table, Table]:
    """Return first-order and total Sobol indices of a function on the unit cube.

    Parameters
    ----------
    function : callable
        From points, shape (n, n_inputs), to numbers, shape (n,).
    n_inputs : int
        Dimensions of the cube.
    n_base : int
        Base points; ``n_base * (n_inputs + 2)`` evaluations are made.
    seed : int
        Of the points.

    Returns
    -------
    tuple of ndarray
        First-order and total indices, shape (n_inputs,) each.

    Raises
    ------
    MicrosimError
        If the function is constant.

    References
    ----------
    Saltelli et al. (2010), Comput. Phys. Commun. 181, table 2, estimators b and f,
    https://doi.org/10.1016/j.cpc.2009.09.018
    """
    draws = np.random.default_rng(seed)
    a, b = draws.random((n_base, n_inputs)), draws.random((n_base, n_inputs))
    at_a, at_b = function(a), function(b)
    variance = float(np.concatenate([at_a, at_b]).var())
    if variance <= 0.0:
        raise MicrosimError(
            "Sobol indices are undefined. The function is constant, so no input explains its "
            "variance. Ask about an output that varies."
        )
    first, total = np.zeros(n_inputs), np.zeros(n_inputs)
    for j in range(n_inputs):
        mixed = a.copy()
        mixed[:, j] = b[:, j]
        at_mixed = function(mixed)
        first[j] = float(np.mean(at_b * (at_mixed - at_a))) / variance
        total[j] = float(np.mean((at_a - at_mixed) ** 2)) / (2.0 * variance)
    return first, total


@dataclass(frozen=True, slots=True)
class Emulator:
    """A ridge regression on linear and squared inputs, with its cross-validated R squared."""

    centre: Table
    scale: Table
    weights: Table
    r_squared: float

    @classmethod
    def fit(cls, inputs: Table, output: Table, *, ridge: float = 1.0) -> "Emulator":
        """Return an emulator of an output, with leave-one-out R squared.

        Parameters
        ----------
        inputs : ndarray, shape (n, k)
            Points.
        output : ndarray, shape (n,)
            What the model said there.
        ridge : float
            Penalty on every weight but the constant.
        """
        centre, scale = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-12)
        basis = _basis((inputs - centre) / scale)
        penalty = ridge * np.eye(basis.shape[1])
        penalty[0, 0] = 0.0
        inverse = np.linalg.pinv(basis.T @ basis + penalty)
        weights = inverse @ basis.T @ output
        leverage = np.einsum("ij,jk,ik->i", basis, inverse, basis)
        left_out = (output - basis @ weights) / np.maximum(1.0 - leverage, 1e-3)
        spread = float(((output - output.mean()) ** 2).sum())
        r_squared = 1.0 - float((left_out**2).sum()) / spread if spread > 0 else 0.0
        return cls(centre, scale, weights, r_squared)

    def __call__(self, points: Table) -> Table:
        """Return the emulated output at points, shape (n, k)."""
        return np.asarray(_basis((points - self.centre) / self.scale) @ self.weights)


def _basis(x: Table) -> Table:
    return np.column_stack([np.ones(len(x)), x, x**2 - 1.0])


def tornado(emulator: Emulator, inputs: Table) -> Table:
    """Return the emulated output at the 5th and 95th percentile of each input, others at median.

    Returns
    -------
    ndarray, shape (n_inputs, 2)
    """
    middle = np.median(inputs, axis=0)
    bars = np.zeros((inputs.shape[1], 2))
    for j in range(inputs.shape[1]):
        for side, quantile in enumerate((0.05, 0.95)):
            point = middle.copy()
            point[j] = np.quantile(inputs[:, j], quantile)
            bars[j, side] = float(emulator(point[None, :])[0])
    return bars


def value_of_knowing(benefits: Table, parameter: Table, *, degree: int = 3) -> float:
    r"""Return the expected gain from knowing one parameter before choosing a policy.

    .. math:: EVPPI = E_\theta[\max_d E(B_d \mid \theta)] - \max_d E(B_d)

    with the conditional means by polynomial regression.

    Parameters
    ----------
    benefits : ndarray, shape (n_draws, n_policies)
        Benefit of each policy by draw, in any unit; larger is better.
    parameter : ndarray, shape (n_draws,)
        The parameter by draw.
    degree : int
        Of the polynomial.

    Returns
    -------
    float
        In the unit of the benefits; 0 or more.

    References
    ----------
    Strong, Oakley & Brennan (2014), Med. Decis. Making 34, 311-326,
    https://doi.org/10.1177/0272989X13505910
    """
    spread = float(parameter.std())
    if spread == 0.0:
        return 0.0
    x = (parameter - parameter.mean()) / spread
    basis = np.vander(x, degree + 1)
    fitted = basis @ np.linalg.lstsq(basis, benefits, rcond=None)[0]
    return max(0.0, float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max()))
