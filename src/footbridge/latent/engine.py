"""What every estimator offers to inference, and the normal-theory estimator's answer."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.errors import OptionError
from footbridge.latent.linalg import inv
from footbridge.latent.moments import (
    NormalMoments,
    adf_gamma,
    case_products,
    embedded_inverse,
    normal_weight,
)
from footbridge.latent.normal import NormalLikelihood
from footbridge.latent.optimise import Discrepancy
from footbridge.latent.ram import Ram

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


class Engine(Protocol):
    """One estimator on one data set: everything that inference asks of it.

    All matrices are per case: information is the second derivative of f, Gamma is n times the
    covariance of the sample moments. Weights may be a vector, the diagonal of the matrix.
    """

    target: Discrepancy
    shares: Sequence[float]
    divisor: float
    multiplier: float

    def information(self, theta: Vector, kind: str) -> Matrix:
        """Return the information of one case: expected, observed or first.order."""
        ...

    def deltas(self, theta: Vector) -> list[Matrix]:
        """Return the Jacobian of the moments, one per group."""
        ...

    def weights(self, theta: Vector) -> list[Matrix]:
        """Return the weight matrices of the moments."""
        ...

    def gammas(self, theta: Vector, *, normal: bool = False) -> list[Matrix]:
        """Return the asymptotic covariance matrices of the sample moments."""
        ...

    def scores(self, theta: Vector) -> Matrix:
        """Return the derivatives of each case's log-likelihood, shape (n, q)."""
        ...

    def scaling(self, theta: Vector) -> float:
        """Return tr(H1^-1 J1), the saturated model's part of the Yuan-Bentler correction."""
        ...


def stacked_delta(ram: Ram, theta: Vector, *, n_free: int, means: bool) -> Matrix:
    """Return d[mu, vech(Sigma)] / d theta', shape (k, q)."""
    state = ram.state(theta)
    jac = ram.jacobian(state)
    rows, cols = np.triu_indices(ram.p)
    block = jac.dsigma[:, rows, cols]
    if means:
        block = np.hstack([jac.dmu, block])
    out = np.zeros((block.shape[1], n_free))
    out[:, jac.positions] = block.T
    return out


class LikelihoodEngine(ABC):
    """What engines share whose discrepancy is a likelihood of cases."""

    likelihood: Any
    divisor: float

    @abstractmethod
    def scores(self, theta: Vector) -> Matrix:
        """Return the scores of each case."""

    def information(self, theta: Vector, kind: str) -> Matrix:
        """Return the information of one case."""
        if kind == "first.order":
            S = self.scores(theta)
            return np.asarray(S.T @ S / self.divisor)
        return np.asarray(self.likelihood.derivatives(theta, exact=kind == "observed")[1])


class NormalEngine(LikelihoodEngine):
    """Maximum likelihood of continuous variables, with or without robust corrections."""

    likelihood: NormalLikelihood

    def __init__(
        self,
        rams: Sequence[Ram],
        sample: tuple[Sequence[NormalMoments], Sequence[GroupData] | None],
        *,
        n_free: int,
        means: bool,
        wishart: bool = False,
        n_covariates: int = 0,
    ) -> None:
        moments, groups = sample
        total = sum(m.n for m in moments)
        n_groups = len(moments)
        if wishart:
            moments = [NormalMoments(m.n, m.mean, m.cov * m.n / (m.n - 1)) for m in moments]
            total -= n_groups
        counts = [m.n - 1 if wishart else m.n for m in moments]
        self.shares: Sequence[float] = [c / total for c in counts]
        self.likelihood = NormalLikelihood(
            rams, moments, n_free=n_free, means=means, weights=self.shares
        )
        self.target: Discrepancy = self.likelihood
        self.rams, self.moments, self.groups = rams, moments, groups
        self.n_free, self.means = n_free, means
        self.n_covariates = n_covariates
        self.divisor = self.multiplier = total

    @cached_property
    def modelled(self) -> NDArray[np.intp]:
        """Which of [mu, vech Sigma] are not moments of fixed covariates alone."""
        return modelled_moments(self.rams[0].p, self.n_covariates, means=self.means)

    def _cases(self) -> Sequence[GroupData]:
        if self.groups is None:
            raise OptionError(
                "Robust statistics need the cases.",
                "Only a covariance matrix was given.",
                "Pass the data, or use estimator='ML'.",
            )
        return self.groups

    def deltas(self, theta: Vector) -> list[Matrix]:
        """Return the Jacobian of [mu, vech Sigma] per group."""
        return [stacked_delta(r, theta, n_free=self.n_free, means=self.means) for r in self.rams]

    def weights(self, theta: Vector) -> list[Matrix]:
        """Return the normal-theory weights at the implied moments."""
        inverses = [inv(self.likelihood.implied(g, theta)[0]) for g in range(len(self.rams))]
        return [normal_weight(W, means=self.means) for W in inverses]

    def gammas(self, theta: Vector, *, normal: bool = False) -> list[Matrix]:
        """Return the covariances of the moments, given fixed covariates: zero for their own."""
        if normal:
            return [embedded_inverse(V, self.modelled) for V in self.weights(theta)]
        x = self.n_covariates
        return [adf_gamma(group, means=self.means, n_covariates=x) for group in self._cases()]

    def _h1_scores(self, g: int, theta: Vector, group: GroupData) -> Matrix:
        """Return per-case scores in [mu, vech Sigma] at the implied moments."""
        sigma, mu = self.likelihood.implied(g, theta)
        return h1_scores(group, sigma, mu if self.means else self.moments[g].mean, means=self.means)

    def scores(self, theta: Vector) -> Matrix:
        """Return the scores of cases, or of clusters where the data have them, (n, q)."""
        parts = [
            by_cluster(self._h1_scores(g, theta, group) @ delta, group)
            for g, (group, delta) in enumerate(zip(self._cases(), self.deltas(theta), strict=True))
        ]
        return np.vstack(parts)

    def scaling(self, theta: Vector) -> float:
        """Return tr(H1^-1 J1) of the saturated model at the sample moments."""
        total = 0.0
        for m, group in zip(self.moments, self._cases(), strict=True):
            keep = self.modelled
            V = normal_weight(inv(m.cov), means=self.means)[np.ix_(keep, keep)]
            S = by_cluster(h1_scores(group, m.cov, m.mean, means=self.means)[:, keep], group)
            total += float(np.trace(np.linalg.solve(V, S.T @ S / m.n)))
        return total


def modelled_moments(p: int, n_covariates: int, *, means: bool) -> NDArray[np.intp]:
    """Return which of [mu, vech Sigma] are not moments of fixed covariates alone."""
    rows, _ = np.triu_indices(p)
    first = p - n_covariates
    keep = rows < first
    if means:
        keep = np.concatenate([np.arange(p) < first, keep])
    return np.flatnonzero(keep)


def by_cluster(scores: Matrix, group: GroupData) -> Matrix:
    """Return scores summed within clusters; as they are where there are none."""
    if group.clusters is None:
        return scores
    _, codes = np.unique(group.clusters, return_inverse=True)
    out = np.zeros((int(codes.max()) + 1, scores.shape[1]))
    np.add.at(out, codes.ravel(), scores)
    # The usual correction for few clusters, c / (c - 1), put on both sides of a product.
    return np.asarray(out * np.sqrt(out.shape[0] / (out.shape[0] - 1)))


def h1_scores(group: GroupData, sigma: Matrix, centre: Vector, *, means: bool) -> Matrix:
    """Return per-case scores in [mu, vech Sigma] at given moments, shape (n, k)."""
    rows, cols = np.triu_indices(sigma.shape[0])
    V = normal_weight(inv(sigma), means=means)
    Z = case_products(group, centre, means=means)
    Z[:, (sigma.shape[0] if means else 0) :] -= sigma[rows, cols]
    out = Z @ V
    return out if group.weights is None else out * group.weights[:, None]
