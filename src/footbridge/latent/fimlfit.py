"""Corrections of fit indices for missing values.

The likelihood ratio of incomplete data shrinks as values go missing, so an index made from it
says "good" too easily. The robust indices take the misfit that complete data would have shown:
the normal statistic T of the saturated moments against the model at the FIML estimates, and
c = k / df with k the expectation of T under the model. With H the observed information of the
saturated moments, V their complete-data information, D their Jacobian in the parameters and
M = I - D (D'HD)^-1 D'H,

    k = tr(H^-1 V) - tr((D'HD)^-1 D'VD)      normal data (version 6)
    k = tr(M' V M G), G = H^-1 J H^-1        any data (version 3), J from casewise scores

Zhang and Savalei (2023), Psychological Methods 28, 263-283, https://doi.org/10.1037/met0000445.
Where the expected information is asked for, D'HD is made from it; H outside of it stays observed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.engine import modelled_moments
from footbridge.latent.fimlengine import FimlEngine, Saturated, TwoStageEngine
from footbridge.latent.linalg import inv
from footbridge.latent.measures.facts import Corrected
from footbridge.latent.moments import normal_weight, vech
from footbridge.latent.normal import NormalLikelihood
from footbridge.latent.ram import Ram

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def corrected_fit(
    engine: FimlEngine,
    solved: tuple[Vector, Matrix],
    *,
    df: float,
    n_covariates: int,
    information: str,
    robust: bool,
) -> Corrected:
    """Return the complete-data statistic and its correction.

    Parameters
    ----------
    solved
        Estimates (q,) by full information, and the null space (q, r) of the active constraints.
    n_covariates
        How many of the last variables are covariates. No model restricts their own moments,
        which V therefore leaves out, be they fixed or estimated.
    df
        Degrees of freedom of the model; without any the correction is 1.
    information
        expected, observed or first.order: which D'HD.
    robust
        Whether the data may be other than normal (version 3).
    """
    saturated, (theta, basis) = engine.saturated, solved
    complete = NormalLikelihood(engine.rams, saturated.moments, n_free=theta.size, means=True)
    total = saturated.likelihood.total
    statistic = 2 * total * complete.value(theta)
    if df <= 0:
        return Corrected(statistic, 1.0)
    pairs = zip(saturated.maps, engine.deltas(theta), strict=True)
    D = np.asarray(sum(P.T @ delta for P, delta in pairs)) @ basis
    H, V, S = saturated.information, _complete(saturated, n_covariates), saturated.scores
    inverse = inv(D.T @ _information(saturated, information) @ D)
    if not robust:
        k = float(np.trace(np.linalg.solve(H, V)) - np.sum(inverse * (D.T @ V @ D)))
        return Corrected(statistic, k / df)
    M = np.eye(D.shape[0]) - D @ inverse @ (D.T @ H)
    influence = S @ np.linalg.solve(H, M.T)
    return Corrected(statistic, float(np.sum((influence @ V) * influence)) / total / df)


def _complete(saturated: Saturated, n_covariates: int) -> Matrix:
    """Return the information of one case in the saturated moments, had nothing been missing."""
    total, m = saturated.likelihood.total, saturated.theta.size
    out = np.zeros((m, m))
    for P, sample in zip(saturated.maps, saturated.moments, strict=True):
        keep = modelled_moments(sample.mean.size, n_covariates, means=True)
        V = normal_weight(inv(sample.cov), means=True)[np.ix_(keep, keep)]
        out += sample.n / total * P[keep].T @ V @ P[keep]
    return out


def _information(saturated: Saturated, kind: str) -> Matrix:
    if kind == "first.order":
        return np.asarray(saturated.scores.T @ saturated.scores / saturated.likelihood.total)
    if kind == "expected":
        return saturated.likelihood.derivatives(saturated.theta, exact=False)[1]
    return saturated.information


def _implied(saturated: Saturated, rams: Sequence[Ram], theta: Vector) -> Vector:
    """Return the saturated parameters at which the model's implied moments lie."""
    at = saturated.theta.copy()
    for P, ram in zip(saturated.maps, rams, strict=True):
        state = ram.state(theta)
        moved = P.T @ np.concatenate([ram.mu(state), vech(ram.sigma(state))])
        at = np.where(P.any(axis=0), moved, at)
    return at


def _by_group(saturated: Saturated, information: Matrix) -> list[Matrix]:
    """Return one matrix of [mean, vech S] per group; rows of fixed moments are zero."""
    total = saturated.likelihood.total
    groups = zip(saturated.maps, saturated.moments, strict=True)
    return [np.asarray(P @ information @ P.T * (total / m.n)) for P, m in groups]


def implied_weights(engine: FimlEngine, theta: Vector) -> list[Matrix]:
    """Return the expected information of the moments at the implied ones, missing allowed for."""
    saturated = engine.saturated
    at = _implied(saturated, engine.rams, theta)
    return _by_group(saturated, saturated.likelihood.derivatives(at, exact=False)[1])


def residual_weights(engine: TwoStageEngine, theta: Vector) -> list[Matrix]:
    """Return the inverse covariances of the first stage's moments, were the model right.

    From the observed information H at the implied moments, and, where data may be other than
    normal, from H J^-1 H with casewise scores (Browne 1984, eq. 2.20, with that Gamma).
    """
    saturated = engine.saturated
    at = _implied(saturated, engine.rams, theta)
    H = saturated.likelihood.derivatives(at, exact=True)[1]
    if saturated.robust:
        S = saturated.likelihood.scores(at)
        H = H @ np.linalg.solve(S.T @ S / saturated.likelihood.total, H)
    return _by_group(saturated, H)


def available_moments(group: GroupData) -> tuple[Vector, Matrix]:
    """Return means, and covariances from the cases that have both values, with divisor n.

    With n_ij cases that have both, products about the pair's own means are divided by
    n (n_ij - 1) / (n - 1). lavaan holds these against the model in the LISREL GFI, although the
    model is fitted to every value: even a saturated model then has a GFI a little under 1.
    """
    seen = ~np.isnan(group.values)
    M = seen.astype(np.float64)
    centre = np.nanmean(group.values, axis=0)
    Z = np.where(seen, group.values - centre, 0.0)
    both, cross = M.T @ M, Z.T @ M
    products = (Z.T @ Z - cross * cross.T / both) / (both - 1.0)
    return centre, products * (group.n - 1) / group.n
