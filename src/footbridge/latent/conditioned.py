"""Moments of continuous variables given the covariates, from the joint ones.

With B = S_yx S_xx^-1: intercepts m_y - B m_x, slopes B and residual covariances S_yy - B S_xy.
Together with the covariates' own moments they are the joint moments in other coordinates, so
information and covariances carry over with the Jacobian (by a complex step).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv
from footbridge.latent.momentsof import GroupMoments, Label, normal_labels

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def given_covariates(
    at: GroupMoments, *, modelled: Sequence[str], covariates: Sequence[str]
) -> GroupMoments:
    """Return the moments given the covariates, whose own moments are taken as known.

    Parameters
    ----------
    at
        The joint moments, modelled variables first.
    modelled, covariates
        Names of both kinds of variables.
    """
    means = at.labels[0][1] == "~1"
    sizes = (len(modelled), len(covariates))
    labels: list[Label] = [(name, "~1", "") for name in modelled] if means else []
    labels += [(name, "~", x) for x in covariates for name in modelled]
    labels += normal_labels(modelled, means=False)
    k = len(labels)
    seen, implied = (_jacobian(m, sizes, means=means) for m in (at.observed, at.implied))
    weight = np.diag(at.weight) if at.weight.ndim == 1 else at.weight
    back = inv(implied)
    return GroupMoments(
        tuple(labels),
        np.real(_conditioned(at.observed, sizes, means=means))[:k],
        np.real(_conditioned(at.implied, sizes, means=means))[:k],
        (seen @ at.acov @ seen.T)[:k, :k],
        (implied @ at.delta)[:k],
        (back.T @ weight @ back)[:k, :k],
    )


def _jacobian(moments: Vector, sizes: tuple[int, int], *, means: bool) -> Matrix:
    out = np.zeros((moments.size, moments.size))
    for j in range(moments.size):
        point = moments.astype(np.complex128)
        point[j] += 1e-30j
        out[:, j] = _conditioned(point, sizes, means=means).imag / 1e-30
    return out


def _conditioned(
    moments: NDArray[np.float64] | NDArray[np.complex128], sizes: tuple[int, int], *, means: bool
) -> NDArray[np.complex128]:
    """Return [intercepts, slopes covariate by covariate, vech residual covariances, x's own]."""
    p, q = sizes[0], sum(sizes)
    S = np.zeros((q, q), dtype=np.complex128)
    rows, cols = np.triu_indices(q)
    S[rows, cols] = S[cols, rows] = moments[q if means else 0 :]
    B = np.linalg.solve(S[p:, p:], S[p:, :p]).T
    rest = S[:p, :p] - B @ S[p:, :p]
    first = [moments[:p] - B @ moments[p:q]] if means else []
    last = [moments[p:q]] if means else []
    inner, outer = np.triu_indices(p), np.triu_indices(q - p)
    return np.concatenate([*first, B.T.ravel(), rest[inner], *last, S[p:, p:][outer]])
