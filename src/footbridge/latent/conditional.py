"""Moments of continuous variables given their covariates: what fit indices compare then.

Where an analysis conditions on covariates x, the moments are the residual covariances and the
coefficients (intercept and slopes) of the regression of every variable on x. The likelihood is
the one of fixed covariates; only residuals and GFI are held against these moments.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv
from footbridge.latent.measures.facts import GroupResiduals
from footbridge.latent.moments import NormalMoments, normal_weight, vech
from footbridge.latent.ram import Ram, State
from footbridge.latent.residualtest import Piece

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Regressed:
    """Residual covariance (p, p), intercepts (p,) and slopes (p, x) of p variables on x."""

    cov: Matrix
    intercepts: Vector
    slopes: Matrix

    @property
    def vector(self) -> Vector:
        """The moments in one row: (intercept, slopes) variable by variable, vech of cov."""
        lines = np.column_stack([self.intercepts, self.slopes])
        return np.concatenate([lines.ravel(), vech(self.cov)])


def regress(cov: Matrix, mean: Vector, p: int) -> Regressed:
    """Regress the first p variables on the others."""
    slopes = cov[:p, p:] @ inv(cov[p:, p:])
    return Regressed(cov[:p, :p] - slopes @ cov[p:, :p], mean[:p] - slopes @ mean[p:], slopes)


def regressed_jacobian(ram: Ram, state: State, p: int, *, n_free: int) -> Matrix:
    """Return d moments / d theta' in the order of `Regressed.vector`; x has its sample moments.

    With B = S_yx S_xx^-1: dB = dS_yx S_xx^-1, d(residual) = dS_yy - dB S_xy - (dB S_xy)'.
    """
    sigma, mu, jac = ram.sigma(state), ram.mu(state), ram.jacobian(state)
    slopes = jac.dsigma[:, :p, p:] @ inv(sigma[p:, p:])
    part = slopes @ sigma[p:, :p]
    cov = jac.dsigma[:, :p, :p] - part - part.transpose(0, 2, 1)
    intercepts = jac.dmu[:, :p] - slopes @ mu[p:]
    lines = np.concatenate([intercepts[:, :, None], slopes], axis=2)
    rows, cols = np.triu_indices(p)
    found = np.hstack([lines.reshape(lines.shape[0], -1), cov[:, rows, cols]])
    out = np.zeros((found.shape[1], n_free))
    out[:, jac.positions] = found.T
    return out


def regressed_weight(cov: Matrix, x: NormalMoments) -> Matrix:
    """Return the normal-theory weight: S^-1 by E[(1, x)(1, x)'], and that of vech S."""
    W = inv(cov)
    design = np.ones((1 + x.mean.size,) * 2)
    design[0, 1:] = design[1:, 0] = x.mean
    design[1:, 1:] = x.cov + np.outer(x.mean, x.mean)
    lines, spread = np.kron(W, design), normal_weight(W, means=False)
    out = np.zeros((lines.shape[0] + spread.shape[0],) * 2)
    out[: lines.shape[0], : lines.shape[0]] = lines
    out[lines.shape[0] :, lines.shape[0] :] = spread
    return out


def conditional_facts(
    ram: Ram, moments: NormalMoments, theta: Vector, *, basis: Matrix, p: int
) -> tuple[GroupResiduals, Piece]:
    """Return what the indices compare in one group; `p` variables are modelled."""
    state = ram.state(theta)
    mine = regress(moments.cov, moments.mean, p)
    model = regress(ram.sigma(state), ram.mu(state), p)
    x = NormalMoments(moments.n, moments.mean[p:], moments.cov[p:, p:])
    weight = regressed_weight(model.cov, x)
    D = regressed_jacobian(ram, state, p, n_free=theta.size) @ basis
    residuals = GroupResiduals(
        moments.n,
        mine.cov,
        model.cov,
        mine.intercepts,
        model.intercepts,
        slopes=mine.slopes,
        implied_slopes=model.slopes,
        spread=np.sqrt(np.diag(x.cov)),
    )
    return residuals, Piece(moments.n, mine.vector, mine.vector - model.vector, weight, weight, D)
