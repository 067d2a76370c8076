"""The two-level likelihood of all groups: each group's, weighted by its cases."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.levellikelihood import TwoLevelLikelihood
from footbridge.latent.levelmissing import PatternLikelihood

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Part = TwoLevelLikelihood | PatternLikelihood


class JointLikelihood:
    """The likelihood of independent groups.

    Parameters
    ----------
    parts
        The likelihood of each group, over the same parameters.
    saturated
        Value of the saturated model, which is subtracted.
    """

    def __init__(self, parts: Sequence[Part], *, n_free: int, saturated: float = 0.0) -> None:
        self.parts, self.n_free, self.saturated = tuple(parts), n_free, saturated
        self.n = sum(part.n for part in parts)
        self.shares = [part.n / self.n for part in parts]

    @property
    def dimension(self) -> float:
        """How many numbers were observed."""
        return sum(part.data.dimension for part in self.parts)

    def value(self, theta: Vector) -> float:
        """Return f; infinite outside the parameter space."""
        values = [part.value(theta) for part in self.parts]
        return float(np.dot(self.shares, values)) - self.saturated

    def log_likelihood(self, theta: Vector) -> float:
        """Return the logarithm of the density of all cases."""
        return sum(part.log_likelihood(theta) for part in self.parts)

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient (q,) and the Hessian, observed or expected (q, q)."""
        gradient, hessian = np.zeros(self.n_free), np.zeros((self.n_free, self.n_free))
        for share, part in zip(self.shares, self.parts, strict=True):
            slope, block = part.derivatives(theta, exact=exact)
            gradient += share * slope
            hessian += share * block
        return gradient, hessian

    def scores(self, theta: Vector) -> Matrix:
        """Return the derivative of each cluster's log-likelihood, (J, q), group after group."""
        return np.vstack([part.scores(theta) for part in self.parts])
