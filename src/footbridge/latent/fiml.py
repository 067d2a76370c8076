"""Full information maximum likelihood: incomplete continuous data, grouped by pattern.

f = 1/2N sum_k n_k [log|Sigma_k| + tr(T_k Sigma_k^-1)] - f_saturated, k over patterns of missing
values (Arbuckle 1996; Enders and Bandalos 2001). All patterns are inverted in one stack: the rows
and columns of missing variables are replaced by those of the identity.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.ram import Jacobian, Ram, State

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Stack = NDArray[np.float64]
_KRONECKER_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Patterns:
    """Cases of one group by pattern: masks (k, p), counts (k,), means (k, p), cov (k, p, p).

    `of_case` (n,) says which pattern a case has; missing entries hold zeros.
    """

    mask: Matrix
    n: Vector
    mean: Matrix
    cov: Stack
    of_case: NDArray[np.int64]
    values: Matrix


def patterns_of(group: GroupData) -> Patterns:
    """Group the cases by which values are missing."""
    seen = ~np.isnan(group.values)
    mask, of_case = np.unique(seen, axis=0, return_inverse=True)
    of_case = of_case.ravel().astype(np.int64)
    values = np.where(seen, group.values, 0.0)
    k, p = mask.shape
    n, mean, cov = np.zeros(k), np.zeros((k, p)), np.zeros((k, p, p))
    for j in range(k):
        X = values[of_case == j]
        n[j], mean[j] = X.shape[0], X.mean(axis=0)
        Z = X - mean[j]
        cov[j] = Z.T @ Z / X.shape[0]
    return Patterns(mask.astype(np.float64), n, mean, cov, of_case, values)


@dataclass(frozen=True, slots=True)
class Point:
    """One group at one parameter value, all patterns stacked."""

    state: State
    W: Stack
    d: Matrix
    T: Stack
    logdet: Vector


class FimlLikelihood:
    """The likelihood of incomplete data.

    Parameters
    ----------
    rams, patterns
        One of each per group.
    saturated
        Value of the saturated model, which is subtracted.
    """

    def __init__(
        self,
        rams: Sequence[Ram],
        patterns: Sequence[Patterns],
        *,
        n_free: int,
        saturated: float = 0.0,
    ) -> None:
        self.rams, self.patterns, self.n_free, self.saturated = rams, patterns, n_free, saturated
        self.total = float(sum(p.n.sum() for p in patterns))
        self._kept: dict[int, tuple[bytes, Point | None]] = {}

    def point(self, g: int, theta: Vector) -> Point | None:
        """Return everything at `theta`, or None where Sigma is not positive definite.

        The last point is kept: the value and the derivatives after it share one.
        """
        key = theta.tobytes()
        if self._kept.get(g, (b"", None))[0] != key:
            self._kept[g] = (key, self._compute(g, theta))
        return self._kept[g][1]

    def _compute(self, g: int, theta: Vector) -> Point | None:
        ram, pat = self.rams[g], self.patterns[g]
        state = ram.state(theta)
        sigma, mu = ram.sigma(state), ram.mu(state)
        try:
            np.linalg.cholesky(sigma)
        except np.linalg.LinAlgError:
            return None
        both = pat.mask[:, :, None] * pat.mask[:, None, :]
        eye = np.eye(ram.p)
        filled = sigma * both + eye * (1.0 - pat.mask)[:, None, :]
        W = np.linalg.inv(filled) * both
        d = (pat.mean - mu) * pat.mask
        T = pat.cov + d[:, :, None] * d[:, None, :]
        return Point(state, W, d, T, np.linalg.slogdet(filled)[1])

    def value(self, theta: Vector) -> float:
        """Return f; infinite where Sigma is not positive definite."""
        total = 0.0
        for g, pat in enumerate(self.patterns):
            at = self.point(g, theta)
            if at is None:
                return float("inf")
            total += float(pat.n @ (at.logdet + np.einsum("kij,kij->k", at.W, at.T)))
        return 0.5 * total / self.total - self.saturated

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient and the Hessian, observed or expected."""
        gradient, hessian = np.zeros(self.n_free), np.zeros((self.n_free, self.n_free))
        for g, (ram, pat) in enumerate(zip(self.rams, self.patterns, strict=True)):
            at = self.point(g, theta)
            if at is None:
                raise np.linalg.LinAlgError("Sigma is not positive definite")
            jac = ram.jacobian(at.state)
            share = pat.n / self.total
            WTW = at.W @ at.T @ at.W
            core = 0.5 * np.einsum("k,kij->ij", share, at.W - WTW)
            lean = -np.einsum("k,kij,kj->i", share, at.W, at.d)
            q = jac.positions.size
            slope = jac.dsigma.reshape(q, -1) @ core.ravel() + jac.dmu @ lean
            block = _second(at, WTW, jac, share, exact=exact)
            if exact:
                block += ram.curvature(at.state, core, lean)
            np.add.at(gradient, jac.positions, slope)
            hessian[np.ix_(jac.positions, jac.positions)] += block
        return gradient, hessian

    def scores(self, theta: Vector) -> Matrix:
        """Return each case's derivative of its log-likelihood, (n, q)."""
        parts = []
        for g, (ram, pat) in enumerate(zip(self.rams, self.patterns, strict=True)):
            at = self.point(g, theta)
            if at is None:
                raise np.linalg.LinAlgError("Sigma is not positive definite")
            jac = ram.jacobian(at.state)
            q = jac.positions.size
            flat = jac.dsigma.reshape(q, -1)
            gap = (pat.values - ram.mu(at.state)) * pat.mask[pat.of_case]
            z = np.einsum("nij,nj->ni", at.W[pat.of_case], gap)
            outer = (z[:, :, None] * z[:, None, :]).reshape(z.shape[0], -1)
            constant = at.W.reshape(at.W.shape[0], -1) @ flat.T
            out = np.zeros((z.shape[0], self.n_free))
            out[:, jac.positions] = z @ jac.dmu.T + 0.5 * (outer @ flat.T - constant[pat.of_case])
            parts.append(out)
        return np.vstack(parts)


def _second(at: Point, WTW: Stack, jac: Jacobian, share: Vector, *, exact: bool) -> Matrix:
    """Return the part of the Hessian that needs first derivatives only."""
    q, p = jac.dsigma.shape[:2]
    weighted = share[:, None, None] * at.W
    block = jac.dmu @ weighted.sum(axis=0) @ jac.dmu.T
    left = WTW - 0.5 * at.W if exact else 0.5 * at.W
    flat = jac.dsigma.reshape(q, -1)
    if p <= _KRONECKER_LIMIT:
        kron = np.tensordot(weighted, left, axes=(0, 0)).transpose(0, 2, 1, 3).reshape(p * p, p * p)
        block += flat @ kron @ flat.T
    else:
        for Wk, Lk in zip(weighted, left, strict=True):
            block += flat @ (Wk @ jac.dsigma @ Lk).reshape(q, -1).T
    if exact:
        Wd = np.einsum("kij,kj->ki", at.W, at.d)
        mixed = np.tensordot(weighted, Wd, axes=(0, 0))
        cross = np.einsum("qij,aij->qa", jac.dsigma, mixed.transpose(0, 1, 2)) @ jac.dmu.T
        block += cross + cross.T
    return np.asarray(0.5 * (block + block.T))


def saturated_value(
    patterns: Sequence[Patterns], moments: Sequence[tuple[Matrix, Vector]]
) -> float:
    """Return the log-likelihood (over all groups) at given covariances and means."""
    total = 0.0
    for pat, (sigma, mu) in zip(patterns, moments, strict=True):
        both = pat.mask[:, :, None] * pat.mask[:, None, :]
        filled = sigma * both + np.eye(mu.size) * (1.0 - pat.mask)[:, None, :]
        W = np.linalg.inv(filled) * both
        d = (pat.mean - mu) * pat.mask
        T = pat.cov + d[:, :, None] * d[:, None, :]
        fit = np.linalg.slogdet(filled)[1] + np.einsum("kij,kij->k", W, T)
        total -= 0.5 * float(pat.n @ (fit + pat.mask.sum(axis=1) * np.log(2 * np.pi)))
    return total


def em_start(pat: Patterns, *, steps: int = 20) -> tuple[Matrix, Vector]:
    """Return covariance and mean after some EM steps (Dempster, Laird and Rubin 1977)."""
    n = pat.n.sum()
    counts = np.maximum(pat.n @ pat.mask, 1.0)
    mu = (pat.n[:, None] * pat.mean).sum(axis=0) / counts
    spread = (
        np.einsum("k,kii->ki", pat.n, pat.cov) + pat.n[:, None] * ((pat.mean - mu) * pat.mask) ** 2
    )
    sigma = np.diag(spread.sum(axis=0) / counts)
    for _ in range(steps):
        sigma, mu = em_step(pat, sigma, mu, float(n))
    return sigma, mu


def em_step(pat: Patterns, sigma: Matrix, mu: Vector, n: float) -> tuple[Matrix, Vector]:
    """Return covariance and mean after one more step of EM."""
    both = pat.mask[:, :, None] * pat.mask[:, None, :]
    filled = sigma * both + np.eye(mu.size) * (1.0 - pat.mask)[:, None, :]
    W = np.linalg.inv(filled) * both
    B = sigma @ W
    d = (pat.mean - mu) * pat.mask
    full = (B @ d[:, :, None])[:, :, 0]
    fresh = mu + (pat.n @ full) / n
    move = full - (fresh - mu)
    left = sigma - B @ sigma
    inner = B @ pat.cov @ B.transpose(0, 2, 1) + move[:, :, None] * move[:, None, :] + left
    return np.einsum("k,kij->ij", pat.n, inner) / n, fresh
