r"""The likelihood of two-level data with missing values, by pattern within clusters.

Let case i of a cluster have the pattern of the selection M_i, W_i = M_i' (M_i Sigma_W M_i')^-1 M_i
(zero where a value is missing), and A = sum_i W_i. Given the cluster's own observed variables,
what its cases share has covariances C and the residuals are r_i. With

.. math:: S = C - C G (I + G'CG)^{-1} G'C,\; GG' = A,\quad b = \sum_i W_i r_i

the covariance V of all that was observed in the cluster has

.. math:: \log|V| = \sum_i \log|M_i \Sigma_W M_i'| + \log|I + G'CG|,\quad
          r'V^{-1}r = \sum_i r_i'W_i r_i - b'Sb

(the matrix determinant lemma and Woodbury's identity; C may be singular or even indefinite where
V is not). The slopes of the model lie in three sums only: e = V^-1 r of each case, t = T'e and
R = T'V^-1 T, where T repeats the cluster's variables for each of its cases:

.. math:: dl/d\Sigma_W = -(\sum_i P_{ii} - e_i e_i')/2,\; dl/d\Sigma_B = -(R - tt')/2,\; dl/d\mu = t

The Hessian follows from P_ij = d_ij W_i - W_i S W_j in the same sums: no matrix is larger than
the number of variables, however large the cluster. Compare du Toit and du Toit (2008), Multilevel
structural equation modeling, in: Handbook of Multilevel Analysis, Springer, pp. 435-478.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.levelpatterns import ClusterPatterns
from footbridge.latent.ram import Jacobian, Ram, State

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Stack = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PatternPoint:
    """Everything at one parameter value; J clusters, K patterns, n cases in cluster order.

    `W` (K, w, w), `S` and `A` (J, w, w), `F` (J, w, p) with Q_i = W_i F, `R` (J, p, p), `e`
    (n, w), `t` (J, p); `deviance` is -2 log-likelihood without its constant.
    """

    states: tuple[State, State]
    deviance: float
    W: Stack
    S: Stack
    A: Stack
    F: Stack
    R: Stack
    e: Matrix
    t: Matrix


class PatternLikelihood:
    """The likelihood of incomplete two-level data of one group.

    Parameters
    ----------
    rams
        The model within and the model between clusters, over the same observed variables.
    data
        The cases by cluster and pattern.
    """

    def __init__(self, rams: tuple[Ram, Ram], data: ClusterPatterns, *, n_free: int) -> None:
        self.rams, self.data, self.n_free = rams, data, n_free
        self.n = float(data.n)
        self._kept: tuple[bytes, PatternPoint | None] = (b"", None)

    def implied(self, theta: Vector) -> tuple[State, State]:
        """Return the state of both levels."""
        return self.rams[0].state(theta), self.rams[1].state(theta)

    def point(self, theta: Vector) -> PatternPoint | None:
        """Return everything at `theta`, or None where a covariance is not positive definite.

        The last point is kept: the value and the derivatives after it share one.
        """
        key = theta.tobytes()
        if self._kept[0] != key:
            try:
                self._kept = (key, self._compute(theta))
            except np.linalg.LinAlgError:
                self._kept = (key, None)
        return self._kept[1]

    def _compute(self, theta: Vector) -> PatternPoint:
        data, states = self.data, self.implied(theta)
        one, two = self.rams
        w, z = data.within, data.outside
        mu = one.mu(states[0]) + two.mu(states[1])
        B = two.sigma(states[1])
        W, logs = _padded(one.sigma(states[0])[np.ix_(w, w)], data.mask)
        Z, outer_logs = _padded(B[np.ix_(z, z)], data.outer_mask)
        slopes = B[np.ix_(w, z)] @ Z
        C = (B[np.ix_(w, w)] - slopes @ B[np.ix_(z, w)])[data.of_cluster]
        A = np.tensordot(data.counts, W, axes=1)
        S, shrink = _shared(A, C)
        # Residuals of the second level, and of the cases given them.
        own = data.of_cluster
        gap = (data.outer - mu[z]) * data.outer_mask[own]
        pull = np.einsum("jab,jb->ja", Z[own], gap)
        shift = np.einsum("jab,jb->ja", slopes[own], gap)
        r = data.values - mu[w] - shift[data.codes]
        v = self._times(W, r)
        b = data.by_cluster(v)
        Sb = np.einsum("jab,jb->ja", S, b)
        e = v - self._times(W, Sb[data.codes])
        s = data.by_cluster(e)
        t = np.zeros((data.n_clusters, one.p))
        t[:, w] = s
        t[:, z] = pull - np.einsum("jab,ja->jb", slopes[own], s)
        F, R = self._spread((S, A), slopes[own], Z[own])
        logdet = data.counts.sum(axis=0) @ logs + shrink + outer_logs[own].sum()
        square = np.sum(r * v) - np.sum(b * Sb) + np.sum(gap * pull)
        return PatternPoint(states, float(logdet + square), W, S, A, F, R, e, t)

    def _times(self, W: Stack, r: Matrix) -> Matrix:
        """Return W_i r_i by case, (n, w)."""
        return np.asarray(np.einsum("nab,nb->na", W[self.data.of_case], r))

    def _spread(self, inner: tuple[Stack, Stack], slopes: Stack, Z: Stack) -> tuple[Stack, Stack]:
        """Return F = (I - SA)[I, -K] and R = T'V^-1 T over all variables."""
        (S, A), data = inner, self.data
        w, z = data.within, data.outside
        p = w.size + z.size
        left = np.eye(w.size) - S @ A
        core = A @ left
        F = np.zeros((A.shape[0], w.size, p))
        F[:, :, w], F[:, :, z] = left, -left @ slopes
        R = np.zeros((A.shape[0], p, p))
        side = core @ slopes
        R[:, w[:, None], w] = 0.5 * (core + core.transpose(0, 2, 1))
        R[:, w[:, None], z] = -side
        R[:, z[:, None], w] = -side.transpose(0, 2, 1)
        R[:, z[:, None], z] = Z + slopes.transpose(0, 2, 1) @ side
        return F, R

    def value(self, theta: Vector) -> float:
        """Return f, half the deviance per case; infinite outside the parameter space."""
        at = self.point(theta)
        return float("inf") if at is None else 0.5 * at.deviance / self.n

    def log_likelihood(self, theta: Vector) -> float:
        """Return the logarithm of the density of all that was observed."""
        constant = 0.5 * self.data.dimension * float(np.log(2 * np.pi))
        return -self.n * self.value(theta) - constant

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient (q,) and the Hessian, observed or expected (q, q)."""
        at = self.require(theta)
        jacs = self.rams[0].jacobian(at.states[0]), self.rams[1].jacobian(at.states[1])
        inner, outer, lean = (part.sum(axis=0) / self.n for part in self._cores(at))
        cores = (np.zeros_like(outer), outer)
        cores[0][np.ix_(self.data.within, self.data.within)] = inner
        n_one = jacs[0].positions.size
        traces = self._traces(at, jacs)
        dmu = np.concatenate([jacs[0].dmu, jacs[1].dmu])
        if exact:
            block = self._squares(at, jacs, dmu) - 0.5 * traces
        else:
            block = 0.5 * traces + dmu @ at.R.sum(axis=0) @ dmu.T
        block /= self.n
        if exact:
            for k, part in enumerate((slice(0, n_one), slice(n_one, None))):
                block[part, part] += self.rams[k].curvature(at.states[k], cores[k], lean)
        slopes = [
            jac.dsigma.reshape(jac.positions.size, -1) @ core.ravel() + jac.dmu @ lean
            for jac, core in zip(jacs, cores, strict=True)
        ]
        positions = np.concatenate([jac.positions for jac in jacs])
        gradient, hessian = np.zeros(self.n_free), np.zeros((self.n_free, self.n_free))
        np.add.at(gradient, positions, np.concatenate(slopes))
        hessian[np.ix_(positions, positions)] += 0.5 * (block + block.T)
        return gradient, hessian

    def scores(self, theta: Vector) -> Matrix:
        """Return the derivative of each cluster's log-likelihood, (J, q)."""
        at = self.require(theta)
        first, second = self.rams[0].jacobian(at.states[0]), self.rams[1].jacobian(at.states[1])
        inner, outer, lean = self._cores(at)
        w = np.ix_(self.data.within, self.data.within)
        small = first.dsigma[:, w[0], w[1]].reshape(first.positions.size, -1)
        large = second.dsigma.reshape(second.positions.size, -1)
        J = self.data.n_clusters
        out = np.zeros((J, self.n_free))
        out[:, first.positions] = -inner.reshape(J, -1) @ small.T - lean @ first.dmu.T
        out[:, second.positions] -= outer.reshape(J, -1) @ large.T + lean @ second.dmu.T
        return out

    def _cores(self, at: PatternPoint) -> tuple[Stack, Stack, Matrix]:
        """Return the slopes of half the deviance in Sigma_W, Sigma_B and mu by cluster."""
        data = self.data
        cluster, pattern, count = data.cells
        W = at.W[pattern]
        own = count[:, None, None] * (W - W @ at.S[cluster] @ W)
        square = data.by_cluster(at.e[:, :, None] * at.e[:, None, :])
        outer = at.R - at.t[:, :, None] * at.t[:, None, :]
        return 0.5 * (data.by_cell(own) - square), 0.5 * outer, -at.t

    def _traces(self, at: PatternPoint, jacs: tuple[Jacobian, Jacobian]) -> Matrix:
        """Return tr(V^-1 dV_a V^-1 dV_b) over all clusters, (q, q)."""
        data = self.data
        w = np.ix_(data.within, data.within)
        X, Y = jacs[0].dsigma[:, w[0], w[1]], jacs[1].dsigma
        n_one, size = X.shape[0], X.shape[0] + Y.shape[0]
        out = np.zeros((size, size))
        out[n_one:, n_one:] = _products(at.R, at.R, Y)
        # Sum over the cases of W X W, by cluster.
        WXW = at.W[:, None] @ X @ at.W[:, None]
        sums = np.tensordot(data.counts, WXW, axes=1)
        bridge = at.F[:, None] @ Y @ at.F[:, None].transpose(0, 1, 3, 2)
        out[:n_one, n_one:] = _flat(sums) @ _flat(bridge).T
        out[n_one:, :n_one] = out[:n_one, n_one:].T
        shared = np.tensordot(data.counts, at.S, axes=(0, 0))
        left = data.counts.sum(axis=0)[:, None, None] * at.W - 2.0 * at.W @ shared @ at.W
        SX = at.S[:, None] @ sums
        twice = _flat(SX) @ _flat(SX.transpose(0, 1, 3, 2)).T
        out[:n_one, :n_one] = _products(left, at.W, X) + twice
        return out

    def _squares(self, at: PatternPoint, jacs: tuple[Jacobian, Jacobian], dmu: Matrix) -> Matrix:
        """Return h_a' V^-1 h_b with h_a = dV_a e + dm_a over all clusters, (q, q)."""
        data = self.data
        w = np.ix_(data.within, data.within)
        X, Y = jacs[0].dsigma[:, w[0], w[1]], jacs[1].dsigma
        n_one = X.shape[0]
        x = np.tensordot(at.e, X, axes=(1, 2))
        Wx = x @ at.W[data.of_case]
        g = data.by_cluster(Wx)
        k = np.repeat(dmu[None], data.n_clusters, axis=0)
        k[:, n_one:] += np.tensordot(at.t, Y, axes=(1, 2))
        out = _flat(k @ at.R) @ _flat(k).T
        cross = _flat(g @ at.F) @ _flat(k).T
        out[:n_one] += cross
        out[:, :n_one] += cross.T
        out[:n_one, :n_one] += _flat(Wx) @ _flat(x).T - _flat(g @ at.S) @ _flat(g).T
        return np.asarray(out)

    def require(self, theta: Vector) -> PatternPoint:
        """Return everything at `theta`.

        Raises
        ------
        numpy.linalg.LinAlgError
            Where a covariance is not positive definite.
        """
        at = self.point(theta)
        if at is None:
            raise np.linalg.LinAlgError("a covariance matrix is not positive definite")
        return at


def _padded(sigma: Matrix, mask: Matrix) -> tuple[Stack, Vector]:
    """Return inverses of the observed blocks with zeros around them, and log determinants."""
    both = mask[:, :, None] * mask[:, None, :]
    filled = sigma * both + np.eye(sigma.shape[0]) * (1.0 - mask)[:, None, :]
    roots = np.linalg.cholesky(filled)
    logs = 2.0 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
    return np.asarray(np.linalg.inv(filled) * both), logs


def _shared(A: Stack, C: Stack) -> tuple[Stack, float]:
    """Return S = (C^-1 + A)^-1, C singular or not, and the sum of log|I + G'CG|."""
    values, vectors = np.linalg.eigh(A)
    G = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    CG = C @ G
    roots = np.linalg.cholesky(np.eye(A.shape[1]) + G.transpose(0, 2, 1) @ CG)
    half = np.linalg.solve(roots, CG.transpose(0, 2, 1))
    logs = 2.0 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum()
    return C - half.transpose(0, 2, 1) @ half, float(logs)


def _products(left: Stack, right: Stack, D: Stack) -> Matrix:
    """Return sum_k tr(L_k D_a R_k D_b) for symmetric matrices, (q, q)."""
    m = D.shape[1]
    kron = np.tensordot(left, right, axes=(0, 0)).transpose(1, 2, 0, 3).reshape(m * m, m * m)
    flat = D.reshape(D.shape[0], -1)
    found = flat @ kron @ flat.T
    return np.asarray(0.5 * (found + found.T))


def _flat(stack: Stack) -> Matrix:
    """Return (q, J ...) of an array (J, q, ...)."""
    return np.moveaxis(stack, 1, 0).reshape(stack.shape[1], -1)
