"""The normal-theory likelihood: value, gradient, expected information and exact Hessian.

f = 1/2 sum_g w_g [log|Sigma| - log|S| + tr(T Sigma^-1) - p],  T = S + (m - mu)(m - mu)',
so that the second derivative of f is the information of one case
(Joreskog 1969, Psychometrika 34, 183-202).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv
from footbridge.latent.moments import NormalMoments
from footbridge.latent.ram import Ram, State

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Point:
    """One group at one parameter value."""

    state: State
    W: Matrix
    logdet: float
    d: Vector
    T: Matrix


def trace_products(Z: Matrix, left: Matrix, right: Matrix) -> Matrix:
    """Return tr(D_i left D_j right) for D_i = u_i v_i' + v_i u_i', without forming any D_i.

    Z has the rows u_i above the rows v_i.
    """
    k = len(Z) // 2
    b = Z @ right @ Z.T
    a = b if left is right else Z @ left @ Z.T
    out = a[k:, :k] * b[:k, k:]
    out += out.T
    out += a[k:, k:] * b[:k, :k] + a[:k, :k] * b[k:, k:]
    return out


class NormalLikelihood:
    """Maximum likelihood for complete continuous data.

    Parameters
    ----------
    rams, moments
        One of each per group.
    n_free
        Length of the parameter vector.
    means
        Whether means are modelled.
    weights
        Share of each group; by default n_g / N.
    """

    def __init__(
        self,
        rams: Sequence[Ram],
        moments: Sequence[NormalMoments],
        *,
        n_free: int,
        means: bool,
        weights: Sequence[float] | None = None,
    ) -> None:
        total = sum(m.n for m in moments)
        self.rams, self.moments, self.n_free, self.means = rams, moments, n_free, means
        self.shares = list(weights) if weights is not None else [m.n / total for m in moments]
        self._kept: dict[int, tuple[bytes, _Point | None]] = {}
        self._last: tuple[bytes, bool, tuple[Vector, Matrix]] | None = None
        order = np.concatenate([ram.positions for ram in rams])
        alone = len(rams) == 1 and order.size == n_free
        self._in_order = alone and bool((order == np.arange(n_free)).all())
        self.log_sample = [float(np.linalg.slogdet(m.cov)[1]) for m in moments]

    def _point(self, g: int, theta: Vector) -> _Point | None:
        """Return one group at `theta`; the last is kept, for value and derivatives share it."""
        key = theta.tobytes()
        if self._kept.get(g, (b"", None))[0] != key:
            self._kept[g] = (key, self._compute(g, theta))
        return self._kept[g][1]

    def _compute(self, g: int, theta: Vector) -> _Point | None:
        ram, moments = self.rams[g], self.moments[g]
        state = ram.state(theta)
        try:
            factor = np.asarray(np.linalg.cholesky(ram.sigma(state)), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        inverse = inv(factor)
        W = inverse.T @ inverse
        logdet = 2.0 * float(np.log(factor.diagonal()).sum())
        if not self.means:
            return _Point(state, W, logdet, np.zeros(ram.p), moments.cov)
        d = moments.mean - ram.mu(state)
        return _Point(state, W, logdet, d, moments.cov + d[:, None] * d)

    def value(self, theta: Vector) -> float:
        """Return f; infinite where Sigma is not positive definite."""
        total = 0.0
        for g, share in enumerate(self.shares):
            at = self._point(g, theta)
            if at is None:
                return float("inf")
            p = self.rams[g].p
            fit = at.logdet - self.log_sample[g] + float(np.vdot(at.W, at.T)) - p
            total += 0.5 * share * fit
        return total

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient (q,) and the Hessian, exact or expected (q, q).

        The last ones are kept: where the search ends is where the errors are taken.
        """
        key = theta.tobytes()
        if self._last is None or self._last[:2] != (key, exact):
            self._last = (key, exact, self._derive(theta, exact=exact))
        return self._last[2]

    def _derive(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        gradient = np.zeros(self.n_free)
        hessian = np.zeros((self.n_free, self.n_free))
        for g, (ram, share) in enumerate(zip(self.rams, self.shares, strict=True)):
            at = self._point(g, theta)
            if at is None:
                raise np.linalg.LinAlgError("Sigma is not positive definite")
            grad, block = self._of_group(ram, at, share, exact=exact)
            if self._in_order:
                return grad, block
            gradient[ram.positions] += grad
            hessian[ram.positions[:, None], ram.positions] += block
        return gradient, hessian

    def _of_group(
        self, ram: Ram, at: _Point, share: float, *, exact: bool
    ) -> tuple[Vector, Matrix]:
        """Return one group's part, in the order of its own parameters."""
        WTW = at.W @ at.T @ at.W
        core = (0.5 * share) * (at.W - WTW)
        Z = ram.thin(at.state)
        k, q = len(Z) // 2, ram.positions.size
        block = trace_products(Z, WTW - 0.5 * at.W if exact else at.W, at.W)
        block *= share if exact else 0.5 * share
        grad = 2.0 * np.einsum("ij,ij->i", Z[:k] @ core, Z[k:])
        lean = -share * (at.W @ at.d)
        if q > k:
            grad, inner = np.concatenate([grad, np.zeros(q - k)]), block
            block = np.zeros((q, q))
            block[:k, :k] = inner
        if self.means:
            dmu = ram.mean_slopes(at.state)
            grad += dmu @ lean
            block += share * self._mean_part(at, (Z[:k], Z[k:]), dmu, exact=exact)
        if exact:
            block += ram.curvature(at.state, core, lean)
        return grad, block

    @staticmethod
    def _mean_part(
        at: _Point, factors: tuple[Matrix, Matrix], dmu: Matrix, *, exact: bool
    ) -> Matrix:
        """Return what the means add to the Hessian."""
        Wm = dmu @ at.W
        block = Wm @ dmu.T
        if exact:
            U, V = factors
            z = at.W @ at.d
            cross = np.zeros_like(block)
            cross[: len(U)] = (U @ Wm.T) * (V @ z)[:, None] + (V @ Wm.T) * (U @ z)[:, None]
            block += cross + cross.T
        return block

    def implied(self, g: int, theta: Vector) -> tuple[Matrix, Vector]:
        """Return Sigma and mu of one group."""
        state = self.rams[g].state(theta)
        return self.rams[g].sigma(state), self.rams[g].mu(state)
