"""Impute incomplete normal data by data augmentation.

Draws of the missing values given means and covariances, and of these given completed data, in turn
(Tanner and Wong 1987; Schafer 1997, Analysis of incomplete multivariate data, ch. 5). The prior is
|Sigma|^-(p+1)/2, so that Sigma given completed data is inverse Wishart with n - 1 degrees of
freedom and scatter S, and mu is N(mean, Sigma / n).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.errors import DataError
from footbridge.latent.fiml import Patterns, em_start, em_step, patterns_of

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]
_MOST_EM = 500
_EM_CHANGE = 1e-4


@dataclass(frozen=True)
class NormalSampler:
    """Completes one block of cases; every chain starts at the estimates of maximum likelihood.

    Parameters
    ----------
    values
        (n, p), standardised, NaN where missing.
    mask, of_case
        Patterns (k, p), zero where missing, and which of them a case has (n,).
    sigma, mu
        Where the chain starts.
    iterations
        Draws of all that is unknown before a data set is taken.
    """

    values: Matrix
    mask: Matrix
    of_case: Index
    sigma: Matrix
    mu: Vector
    iterations: int

    def draw(self, stream: np.random.Generator) -> Matrix:
        """Return completed values (n, p)."""
        sigma, mu = self.sigma, self.mu
        X = self._fill(sigma, mu, stream)
        for _ in range(self.iterations - 1):
            sigma, mu = draw_moments(X, stream)
            X = self._fill(sigma, mu, stream)
        return X

    def _fill(self, sigma: Matrix, mu: Vector, stream: np.random.Generator) -> Matrix:
        """Draw what is missing given the moments; cases in parts that fit in memory."""
        slopes, roots = conditional(sigma, self.mask)
        noise = stream.standard_normal(self.values.shape)
        X = self.values.copy()
        size = max(1, int(4e6 / mu.size**2))
        for first in range(0, X.shape[0], size):
            part = slice(first, first + size)
            gone = np.isnan(X[part])
            k = self.of_case[part]
            gap = np.where(gone, 0.0, X[part] - mu)
            drawn = slopes[k] @ gap[:, :, None] + roots[k] @ noise[part][:, :, None]
            X[part] = np.where(gone, mu + drawn[:, :, 0], X[part])
        return X


def conditional(sigma: Matrix, mask: Matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return slopes on what is seen and roots of what is left, (k, p, p) each, by pattern."""
    both = mask[:, :, None] * mask[:, None, :]
    unit = np.eye(sigma.shape[0])
    filled = sigma * both + unit * (1.0 - mask)[:, None, :]
    slopes = sigma @ (np.linalg.inv(filled) * both)
    left = sigma - slopes @ sigma
    gone = 1.0 - mask
    left = left * gone[:, :, None] * gone[:, None, :] + unit * mask[:, None, :]
    return slopes, np.asarray(np.linalg.cholesky(left))


def draw_moments(X: Matrix, stream: np.random.Generator) -> tuple[Matrix, Vector]:
    """Return a covariance matrix and means from their distribution given complete data."""
    n, p = X.shape
    mean = X.mean(axis=0)
    Z = X - mean
    root = np.linalg.cholesky(Z.T @ Z)
    # Bartlett's decomposition: T T' is Wishart with n - 1 degrees of freedom.
    T = np.tril(stream.standard_normal((p, p)), -1)
    T[np.diag_indices(p)] = np.sqrt(stream.chisquare(n - 1 - np.arange(p)))
    half = np.linalg.solve(T, root.T)
    sigma = half.T @ half
    return sigma, mean + half.T @ stream.standard_normal(p) / np.sqrt(n)


def normal_sampler(
    values: Matrix, names: tuple[str, ...], *, iterations: int | None, where: str = ""
) -> NormalSampler:
    """Return the sampler of one block, started at the estimates of EM.

    Parameters
    ----------
    iterations
        By default twice as many as EM takes to settle, and 20 to 1000: data augmentation forgets
        its start about as fast as EM finds its end (Schafer 1997, 4.4).

    Raises
    ------
    DataError
        If there are too few cases, or one variable is a sum of others.
    """
    n, p = values.shape
    if n < p + 2:
        raise DataError(
            f"{n} cases{where} are too few to impute {p} variables.",
            "Their covariances would have no distribution.",
            "Name fewer variables, or impute the groups together.",
        )
    pat = patterns_of(GroupData("", values, np.arange(n)))
    try:
        sigma, mu, steps = _settled(pat)
        singular = bool(np.linalg.eigvalsh(sigma)[0] < 1e-9)  # variances are near 1
    except np.linalg.LinAlgError:
        singular = True
    if singular:
        raise DataError(
            f"The variables {', '.join(names)}{where} cannot be imputed together.",
            "One of them is a sum of others, or too few cases have two of them together.",
            "Leave out a sum score, or a variable with few values.",
        )
    wanted = iterations or int(np.clip(2 * steps, 20, 1000))
    return NormalSampler(values, pat.mask, pat.of_case, sigma, mu, wanted)


def _settled(pat: Patterns) -> tuple[Matrix, Vector, int]:
    """Return moments by EM and after how many steps no standardised one moved any more."""
    sigma, mu = em_start(pat, steps=1)
    for step in range(2, _MOST_EM):
        last = (sigma, mu)
        sigma, mu = em_step(pat, sigma, mu, float(pat.n.sum()))
        change = max(np.abs(sigma - last[0]).max(), np.abs(mu - last[1]).max())
        if change < _EM_CHANGE:
            return sigma, mu, step
    return sigma, mu, _MOST_EM
