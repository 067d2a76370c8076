r"""The likelihood of two-level data: cases in clusters, complete continuous variables.

A case is the sum of a part of its own, (mu_W, Sigma_W), and of its cluster's, (mu_B, Sigma_B).
Within a cluster of n cases the deviations from the mean are n - 1 draws from Sigma_W and the
mean is one draw from Sigma_B + Sigma_W / n, so that

.. math:: 2 N f = (N - J) [\log|\Sigma_W| + tr(S \Sigma_W^{-1})]
          + \sum_k c_k [\log|\Sigma_k| + tr(T_k \Sigma_k^{-1})], \Sigma_k = \Sigma_B + \Sigma_W/n_k

over the distinct cluster sizes n_k with c_k clusters each (McDonald and Goldstein 1989, British
Journal of Mathematical and Statistical Psychology 42, 215-232). A variable that only one level
has, has zeros in the other matrix.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.clusters import ClusterData
from footbridge.latent.linalg import inv
from footbridge.latent.ram import Ram, State

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Stack = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Point:
    """Everything at one parameter value: one matrix within, one for each cluster size."""

    states: tuple[State, State]
    inner: Matrix
    logdet: float
    W: Stack
    logdets: Vector
    d: Matrix
    T: Stack


class TwoLevelLikelihood:
    """The two-level likelihood of a model of each level.

    Parameters
    ----------
    rams
        The model within and the model between clusters, over the same observed variables.
    data
        The clusters.
    """

    def __init__(self, rams: tuple[Ram, Ram], data: ClusterData, *, n_free: int) -> None:
        self.rams, self.data, self.n_free = rams, data, n_free
        self.n = float(data.n)
        self.block = np.ix_(data.within, data.within)
        self.pooled = data.pooled

    def implied(self, theta: Vector) -> tuple[State, State]:
        """Return the state of both levels."""
        return self.rams[0].state(theta), self.rams[1].state(theta)

    def point(self, theta: Vector) -> _Point | None:
        """Return everything at `theta`, or None where a covariance is not positive definite."""
        one, two = self.rams
        states = self.implied(theta)
        S, B = one.sigma(states[0]), two.sigma(states[1])
        stack = B + S / self.data.sizes[:, None, None]
        try:
            root = np.linalg.cholesky(S[self.block])
            roots = np.linalg.cholesky(stack)
        except np.linalg.LinAlgError:
            return None
        d = self.data.centre - one.mu(states[0]) - two.mu(states[1])
        diagonals = np.diagonal(roots, axis1=1, axis2=2)
        return _Point(
            states,
            inv(S[self.block]),
            2.0 * float(np.log(np.diag(root)).sum()),
            np.asarray(np.linalg.inv(stack), dtype=np.float64),
            2.0 * np.log(diagonals).sum(axis=1),
            d,
            self.data.spread + d[:, :, None] * d[:, None, :],
        )

    def value(self, theta: Vector) -> float:
        """Return f; infinite outside the parameter space."""
        at = self.point(theta)
        if at is None:
            return float("inf")
        within = self.data.inside * (at.logdet + float(np.sum(at.inner * self.pooled)))
        between = self.data.counts @ (at.logdets + np.einsum("kij,kij->k", at.W, at.T))
        return 0.5 * (within + float(between)) / self.data.n

    def log_likelihood(self, theta: Vector) -> float:
        """Return the logarithm of the density of all cases."""
        data = self.data
        constant = data.dimension * np.log(2 * np.pi) + data.stretch
        return float(-data.n * self.value(theta) - 0.5 * constant)

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient (q,) and the Hessian, observed or expected (q, q)."""
        at = self._require(theta)
        one, two = self.rams
        first, second = one.jacobian(at.states[0]), two.jacobian(at.states[1])
        positions = np.concatenate([first.positions, second.positions])
        n_one, p = first.positions.size, one.p
        dmu = np.concatenate([first.dmu, second.dmu])
        block = np.zeros((positions.size, positions.size))
        cores, leans = (np.zeros((p, p)), np.zeros((p, p))), np.zeros(p)
        # Within clusters: no means, the variables of the first level.
        share = self.data.inside / self.data.n
        inner = first.dsigma[:, self.block[0], self.block[1]]
        block[:n_one, :n_one] = share * _second(at.inner, self.pooled, inner, None, exact=exact)
        cores[0][self.block] = 0.5 * share * (at.inner - at.inner @ self.pooled @ at.inner)
        for k, size in enumerate(self.data.sizes):
            share = self.data.counts[k] / self.data.n
            D = np.concatenate([first.dsigma / size, second.dsigma])
            W = at.W[k]
            block += share * _second(W, at.T[k], D, (dmu, at.d[k]), exact=exact)
            core = 0.5 * share * (W - W @ at.T[k] @ W)
            cores[0][...] += core / size
            cores[1][...] += core
            leans -= share * (W @ at.d[k])
        slopes = [
            jac.dsigma.reshape(jac.positions.size, -1) @ core.ravel() + jac.dmu @ leans
            for jac, core in zip((first, second), cores, strict=True)
        ]
        if exact:
            block[:n_one, :n_one] += one.curvature(at.states[0], cores[0], leans)
            block[n_one:, n_one:] += two.curvature(at.states[1], cores[1], leans)
        gradient, hessian = np.zeros(self.n_free), np.zeros((self.n_free, self.n_free))
        np.add.at(gradient, positions, np.concatenate(slopes))
        hessian[np.ix_(positions, positions)] += block
        return gradient, hessian

    def scores(self, theta: Vector) -> Matrix:
        """Return the derivative of each cluster's log-likelihood, (J, q)."""
        at, data = self._require(theta), self.data
        one, two = self.rams
        first, second = one.jacobian(at.states[0]), two.jacobian(at.states[1])
        inner = first.dsigma[:, self.block[0], self.block[1]]
        size = data.sizes[data.kind]
        gap = data.means - one.mu(at.states[0]) - two.mu(at.states[1])
        z = np.einsum("jab,jb->ja", at.W[data.kind], gap)
        # Cross-products of u = Sigma_W^-1 (y - mean), summed by cluster.
        u = data.rest @ at.inner
        rows, cols = np.triu_indices(u.shape[1])
        sums = np.stack(
            [np.bincount(data.codes, u[:, a] * u[:, b]) for a, b in zip(rows, cols, strict=True)],
            axis=1,
        )
        twice = np.where(rows == cols, 1.0, 2.0)
        lost = np.outer(size - 1.0, np.einsum("ab,qab->q", at.inner, inner))
        own = 0.5 * (sums @ (inner[:, rows, cols] * twice).T - lost)
        parts = []
        for jac, scale in ((first, 1.0 / size), (second, np.ones(size.size))):
            flat = jac.dsigma.reshape(jac.positions.size, -1)
            outer = (z[:, :, None] * z[:, None, :]).reshape(z.shape[0], -1)
            pull = (outer - at.W[data.kind].reshape(z.shape[0], -1)) @ flat.T
            parts.append(0.5 * scale[:, None] * pull + z @ jac.dmu.T)
        out = np.zeros((size.size, self.n_free))
        out[:, first.positions] = parts[0] + own
        out[:, second.positions] += parts[1]
        return out

    def _require(self, theta: Vector) -> _Point:
        at = self.point(theta)
        if at is None:
            raise np.linalg.LinAlgError("a covariance matrix is not positive definite")
        return at


def _second(
    W: Matrix, T: Matrix, D: Stack, means: tuple[Matrix, Vector] | None, *, exact: bool
) -> Matrix:
    """Return the part of the Hessian of (log|S| + tr(T S^-1)) / 2 without second derivatives.

    `D` (q, p, p) holds derivatives of S, `means` those of the mean (q, p) and the gap (p,).
    """
    q = D.shape[0]
    flat = D.reshape(q, -1)
    WDW = W @ D @ W
    block = 0.5 * flat @ WDW.reshape(q, -1).T
    if exact:
        right = (W @ T @ W) @ D @ W
        block = flat @ right.reshape(q, -1).T - block
    if means is not None:
        dmu, d = means
        block = block + dmu @ W @ dmu.T
        if exact:
            cross = (WDW @ d) @ dmu.T
            block = block + cross + cross.T
    return np.asarray(0.5 * (block + block.T))
