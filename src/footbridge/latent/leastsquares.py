"""Least squares on moments: ULS, GLS, WLS and DWLS, for continuous and ordinal variables.

f = 1/2 sum_g w_g (s - sigma(theta))' V (s - sigma(theta)), w_g = (n_g - 1) / N
(Browne 1984; Muthen 1984, Psychometrika 49, 115-132).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.engine import stacked_delta
from footbridge.latent.errors import OptionError
from footbridge.latent.linalg import times
from footbridge.latent.optimise import Discrepancy
from footbridge.latent.ram import Ram

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class ImpliedMoments(Protocol):
    """The moments of one group as a function of the parameters."""

    def implied(self, theta: Vector) -> Vector:
        """Return the moment vector (k,)."""
        ...

    def jacobian(self, theta: Vector) -> Matrix:
        """Return its derivatives (k, q)."""
        ...


class ContinuousMoments:
    """[mu, vech Sigma] of continuous variables."""

    def __init__(self, ram: Ram, *, n_free: int, means: bool) -> None:
        self.ram, self.n_free, self.means = ram, n_free, means

    def implied(self, theta: Vector) -> Vector:
        """Return [mu, vech Sigma]."""
        state = self.ram.state(theta)
        rows, cols = np.triu_indices(self.ram.p)
        sigma = self.ram.sigma(state)[rows, cols]
        return np.concatenate([self.ram.mu(state), sigma]) if self.means else sigma

    def jacobian(self, theta: Vector) -> Matrix:
        """Return d[mu, vech Sigma] / d theta'."""
        return stacked_delta(self.ram, theta, n_free=self.n_free, means=self.means)


@dataclass(frozen=True, slots=True)
class SampleStatistics:
    """Observed moments of one group with their weight and asymptotic covariance.

    `weight` is the matrix V or its diagonal; `gamma` is n times the covariance of `observed`,
    `gamma_normal` the same under normality where that is known.
    """

    n: float
    observed: Vector
    weight: Matrix
    gamma: Matrix | None
    gamma_normal: Matrix | None = None


class LeastSquaresFunction:
    """The discrepancy: value, gradient and Gauss-Newton matrix."""

    def __init__(
        self, models: Sequence[ImpliedMoments], samples: Sequence[SampleStatistics], *, n_free: int
    ) -> None:
        total = sum(s.n for s in samples)
        self.models, self.samples, self.n_free = models, samples, n_free
        self.shares = [(s.n - 1) / total for s in samples]

    def value(self, theta: Vector) -> float:
        """Return f; infinite where the implied moments do not exist."""
        total = 0.0
        for share, model, sample in zip(self.shares, self.models, self.samples, strict=True):
            implied = model.implied(theta)
            if not np.all(np.isfinite(implied)):
                return float("inf")
            gap = sample.observed - implied
            total += 0.5 * share * float(gap @ _apply(sample.weight, gap))
        return total

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient and the Gauss-Newton matrix; `exact` makes no difference."""
        gradient = np.zeros(self.n_free)
        hessian = np.zeros((self.n_free, self.n_free))
        for share, model, sample in zip(self.shares, self.models, self.samples, strict=True):
            gap = sample.observed - model.implied(theta)
            D = model.jacobian(theta)
            A = times(sample.weight, D)
            gradient -= share * (A.T @ gap)
            hessian += share * (D.T @ A)
        return gradient, hessian


def _apply(weight: Matrix, vector: Vector) -> Vector:
    return weight * vector if weight.ndim == 1 else weight @ vector


class LeastSquaresEngine:
    """A least squares estimator, ready for inference."""

    def __init__(
        self, models: Sequence[ImpliedMoments], samples: Sequence[SampleStatistics], *, n_free: int
    ) -> None:
        self.function = LeastSquaresFunction(models, samples, n_free=n_free)
        self.target: Discrepancy = self.function
        self.models, self.samples = models, samples
        total = sum(s.n for s in samples)
        self.shares: Sequence[float] = [s.n / total for s in samples]
        self._kept: tuple[bytes, list[Matrix]] | None = None
        self.divisor = total - len(samples)
        self.multiplier = total

    def information(self, theta: Vector, kind: str) -> Matrix:
        """Return D'VD summed over groups; least squares knows no other kind."""
        parts = zip(self.shares, self.weights(theta), self.deltas(theta), strict=True)
        return np.asarray(sum(s * (D.T @ times(V, D)) for s, V, D in parts))

    def deltas(self, theta: Vector) -> list[Matrix]:
        """Return the Jacobian of the moments per group; errors and tests ask at one place."""
        key = theta.tobytes()
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, [model.jacobian(theta) for model in self.models])
        return self._kept[1]

    def weights(self, theta: Vector) -> list[Matrix]:
        """Return the weights, which do not depend on `theta`."""
        return [sample.weight for sample in self.samples]

    def gammas(self, theta: Vector, *, normal: bool = False) -> list[Matrix]:
        """Return the asymptotic covariances of the sample moments."""
        found = [s.gamma_normal if normal else s.gamma for s in self.samples]
        if any(g is None for g in found):
            raise OptionError(
                "The asymptotic covariance of the moments is not available.",
                "It needs the cases, and only summary statistics were given.",
                "Pass the data, or ask for se='standard' and test='standard'.",
            )
        return [g for g in found if g is not None]

    def scores(self, theta: Vector) -> Matrix:
        """Refuse: least squares has no likelihood."""
        raise OptionError(
            "Casewise scores do not exist for least squares.",
            "There is no likelihood.",
            "Use se='robust.sem'.",
        )

    def scaling(self, theta: Vector) -> float:
        """Refuse: least squares has no likelihood."""
        raise OptionError(
            "The Yuan-Bentler test does not exist for least squares.",
            "There is no likelihood.",
            "Use test='satorra.bentler' or 'scaled.shifted'.",
        )
