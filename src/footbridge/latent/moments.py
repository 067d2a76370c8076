"""Sample moments of continuous variables and their asymptotic covariance."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.errors import DataError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NormalMoments:
    """Number of cases, means (p,) and covariances (p, p) of one group (divisor n)."""

    n: float
    mean: Vector
    cov: Matrix


def moments_of(group: GroupData) -> NormalMoments:
    """Return (weighted) means and covariances with divisor n."""
    X, w = group.values, group.weights
    if w is None:
        mean = X.mean(axis=0)
        centred = X - mean
        return NormalMoments(X.shape[0], mean, centred.T @ centred / X.shape[0])
    mean = w @ X / w.sum()
    centred = X - mean
    return NormalMoments(float(w.sum()), mean, (centred * w[:, None]).T @ centred / w.sum())


def require_positive(cov: Matrix, names: tuple[str, ...], n: float, place: str = "") -> None:
    """Raise a DataError if a sample covariance matrix cannot be inverted."""
    sd = np.sqrt(np.diag(cov))
    scaled = cov / sd[:, None] / sd
    if np.linalg.eigvalsh(scaled)[0] > 1e-10:
        return
    vectors = np.linalg.eigh(scaled)[1]
    involved = [names[i] for i in np.argsort(-np.abs(vectors[:, 0])) if abs(vectors[i, 0]) > 0.1]
    few = n <= len(names)
    raise DataError(
        f"The sample covariance matrix{place} is not positive definite.",
        f"There are {n:g} cases for {len(names)} variables."
        if few
        else f"One of {', '.join(involved)} is a linear combination of the others.",
        "Use more cases or fewer variables." if few else "Leave one of them out.",
    )


def vech(matrix: Matrix) -> Vector:
    """Return the lower triangle, column by column."""
    rows, cols = np.triu_indices(matrix.shape[0])
    return matrix[rows, cols]


def duplication_weights(p: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Vector]:
    """Return the indices of vech and how often each element occurs in the full matrix."""
    rows, cols = np.triu_indices(p)
    return rows, cols, np.where(rows == cols, 1.0, 2.0)


def normal_weight(inverse: Matrix, *, means: bool) -> Matrix:
    """Return the normal-theory weight of [mean, vech]: blocks W and 0.5 D'(W x W)D.

    Source: Browne (1974), South African Statistical Journal 8, 1-24.
    """
    rows, cols, times = duplication_weights(inverse.shape[0])
    W = inverse
    pair = W[np.ix_(rows, rows)] * W[np.ix_(cols, cols)]
    swap = W[np.ix_(rows, cols)] * W[np.ix_(cols, rows)]
    block = 0.25 * np.outer(times, times) * (pair + swap)
    if not means:
        return np.asarray(block)
    p = W.shape[0]
    out = np.zeros((p + block.shape[0],) * 2)
    out[:p, :p] = W
    out[p:, p:] = block
    return out


def case_products(group: GroupData, mean: Vector, *, means: bool) -> Matrix:
    """Return per-case contributions [y - m, vech((y - m)(y - m)')], shape (n, k)."""
    centred = group.values - mean
    rows, cols = np.triu_indices(centred.shape[1])
    products = centred[:, rows] * centred[:, cols]
    return np.hstack([centred, products]) if means else products


def adf_gamma(group: GroupData, *, means: bool, n_covariates: int = 0) -> Matrix:
    """Return the asymptotically distribution-free covariance of the moments (times n).

    Given the last `n_covariates` variables, what a case contributes is reduced by what its values
    fitted from them would contribute; rows of the covariates' own moments are then zero.
    Source: Browne (1984), British Journal of Mathematical and Statistical Psychology 37, 62-83.
    """
    moments, w = moments_of(group), group.weights
    Z = case_products(group, moments.mean, means=means)
    if n_covariates:
        fitted = replace(group, values=_fitted(group, moments, n_covariates))
        Z = Z - case_products(fitted, moments.mean, means=means)
    if w is None:
        Z = Z - Z.mean(axis=0)
        return np.asarray(Z.T @ Z / Z.shape[0])
    Z = Z - w @ Z / w.sum()
    return np.asarray((Z * w[:, None]).T @ Z / w.sum())


def _fitted(group: GroupData, moments: NormalMoments, n_covariates: int) -> Matrix:
    """Return all values as the covariates predict them; the covariates as they are."""
    p = moments.mean.size - n_covariates
    slopes = np.linalg.solve(moments.cov[p:, p:], moments.cov[p:, :p])
    values = group.values.copy()
    values[:, :p] = moments.mean[:p] + (values[:, p:] - moments.mean[p:]) @ slopes
    return values


def embedded_inverse(matrix: Matrix, keep: NDArray[np.intp]) -> Matrix:
    """Return the inverse of the rows and columns `keep`, and zero elsewhere."""
    out = np.zeros_like(matrix)
    block = np.ix_(keep, keep)
    out[block] = np.linalg.inv(matrix[block])
    return out
