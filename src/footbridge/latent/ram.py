"""Implied moments of one group and their derivatives, in reticular action form.

With A the directed paths, S the (residual) covariances and m the intercepts of all variables,
E = (I - A)^-1, C = E S E':  Sigma = C[obs, obs],  mu = (E m)[obs]
(McArdle and McDonald 1984, British Journal of Mathematical and Statistical Psychology 37,
234-251). Every first derivative of Sigma is u v' + v u', so a Jacobian is two thin matrices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv
from footbridge.latent.table import Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class State:
    """The matrices at one parameter value; shapes (n, n), (n, n), (n,)."""

    E: Matrix
    C: Matrix
    mean: Vector


@dataclass(frozen=True, slots=True)
class Jacobian:
    """First derivatives of the moments of one group.

    `positions` (q,) places them in the full parameter vector; `dsigma` is (q, p, p) and
    `dmu` (q, p).
    """

    positions: Index
    dsigma: NDArray[np.float64]
    dmu: Matrix


@dataclass(frozen=True, slots=True)
class _Entries:
    """Where rows of one matrix live: row index, column index, position in theta (-1 fixed)."""

    row: Index
    col: Index
    pos: Index
    value: Vector

    def free(self) -> "_Entries":
        keep = self.pos >= 0
        return _Entries(self.row[keep], self.col[keep], self.pos[keep], self.value[keep])


def _entries(found: Sequence[tuple[int, int, Row]]) -> _Entries:
    return _Entries(
        np.array([f[0] for f in found], dtype=np.int64),
        np.array([f[1] for f in found], dtype=np.int64),
        np.array([f[2].free - 1 for f in found], dtype=np.int64),
        np.array([f[2].ustart or 0.0 for f in found], dtype=np.float64),
    )


class Ram:
    """One group's model, compiled from the rows of the table.

    Parameters
    ----------
    rows
        The parameters of this group; other operators than `=~ ~ ~~ ~1` are ignored.
    observed
        Names of the variables whose moments are modelled, in the order of the moments.
    others
        Names of latent (and conditioned-on) variables.
    """

    def __init__(self, rows: Sequence[Row], observed: Sequence[str], others: Sequence[str]) -> None:
        self.names = (*observed, *others)
        place = {name: i for i, name in enumerate(self.names)}
        self.n, self.p = len(self.names), len(observed)
        paths, covariances, means = [], [], []
        for row in rows:
            if row.op == "=~":
                paths.append((place[row.rhs], place[row.lhs], row))
            elif row.op == "~":
                paths.append((place[row.lhs], place[row.rhs], row))
            elif row.op == "~~":
                covariances.append((place[row.lhs], place[row.rhs], row))
            elif row.op == "~1":
                means.append((place[row.lhs], 0, row))
        self.a, self.s, self.m = _entries(paths), _entries(covariances), _entries(means)
        self.fa, self.fs, self.fm = self.a.free(), self.s.free(), self.m.free()
        self.positions = np.concatenate([self.fa.pos, self.fs.pos, self.fm.pos])
        self.half = np.where(self.fs.row == self.fs.col, 0.5, 1.0)
        self._compile_template()
        self._compile_series()
        self._compile_factors()
        self._compile_curvature()

    def _compile_template(self) -> None:
        """Lay out [I - A, S, m] with all fixed values, and where the free ones go."""
        n, square = self.n, self.n * self.n
        a, s, m = self.a, self.s, self.m
        where = np.concatenate(
            [
                a.row * n + a.col,
                square + s.row * n + s.col,
                square + s.col * n + s.row,
                2 * square + m.row,
            ]
        )
        pos = np.concatenate([a.pos, s.pos, s.pos, m.pos])
        sign = np.ones(pos.size)
        sign[: a.pos.size] = -1.0
        self._template = np.zeros(2 * square + n)
        self._template[: square : n + 1] = 1.0
        fixed = pos < 0
        value = sign * np.concatenate([a.value, s.value, s.value, m.value])
        self._template[where[fixed]] = value[fixed]
        free = ~fixed
        self._where, self._which, self._sign = where[free], pos[free], sign[free]

    def _compile_series(self) -> None:
        """Find out how soon the powers A^2, A^4, ... vanish; never where there is a loop."""
        power = np.zeros((self.n, self.n))
        power[self.a.row, self.a.col] = 1.0
        self._unit, self._doublings = np.eye(self.n), -1
        for k in range(self.n.bit_length() + 1):
            power = np.minimum(power @ power, 1.0)
            if not power.any():
                self._doublings = k
                break

    def _compile_factors(self) -> None:
        """Keep which rows of [E', C] are the thin factors of the Jacobian, U above V."""
        fa, fs, n = self.fa, self.fs, self.n
        self._thin = np.concatenate([fa.row, fs.row, n + fa.col, fs.col])
        self._weight = np.ones((self._thin.size, 1))
        self._weight[fa.row.size : fa.row.size + fs.row.size, 0] = self.half

    def _compile_curvature(self) -> None:
        """Keep the flat positions of the blocks that second derivatives are read from."""
        n = self.n
        r, c, s, t = self.fa.row, self.fa.col, self.fs.row, self.fs.col
        self._cc, self._rc = c[:, None] * n + c, r[:, None] * n + c
        self._from_L = r[:, None] * n + np.concatenate([r, s, t])
        self._from_E = c[:, None] * n + np.concatenate([r, t, s])
        self._cm = c[:, None] * n + self.fm.row

    def state(self, theta: Vector, *, variances: Vector | None = None) -> State:
        """Return the matrices at `theta`; `variances` (n,) are added to the diagonal of S."""
        n, square = self.n, self.n * self.n
        flat = self._template.copy()
        flat[self._where] = self._sign * theta[self._which]
        S = flat[square : 2 * square].reshape(n, n)
        if variances is not None:
            flat[square : 2 * square : n + 1] += variances
        E = self._effects(flat[:square].reshape(n, n))
        return State(E, E @ S @ E.T, E @ flat[2 * square :])

    def _effects(self, N: Matrix) -> Matrix:
        """Return the inverse of N = I - A: without loops (I + A)(I + A^2)(I + A^4) ... ends."""
        if self._doublings < 0:
            return inv(N)
        A = self._unit - N
        E = self._unit + A
        for _ in range(self._doublings):
            A = A @ A
            E = E + E @ A
        return E

    def residuals(self, theta: Vector) -> Vector:
        """Return the diagonal of S, (n,)."""
        flat = self._template.copy()
        flat[self._where] = self._sign * theta[self._which]
        square = self.n * self.n
        return flat[square : 2 * square : self.n + 1]

    def sigma(self, state: State) -> Matrix:
        """Return the implied covariance matrix (p, p)."""
        return state.C[: self.p, : self.p]

    def mu(self, state: State) -> Vector:
        """Return the implied means (p,)."""
        return state.mean[: self.p]

    def factors(self, state: State, *, p: int | None = None) -> tuple[Matrix, Matrix]:
        """Return U and V (paths and covariances, p) with dSigma_i = u_i v_i' + v_i u_i'."""
        Z = self.thin(state, p=p)
        half = len(Z) // 2
        return Z[:half], Z[half:]

    def thin(self, state: State, *, p: int | None = None) -> Matrix:
        """Return U above V of `factors` in one matrix."""
        size = self.p if p is None else p
        rows = np.concatenate([state.E.T[:, :size], state.C[:, :size]])
        return np.asarray(rows.take(self._thin, axis=0) * self._weight)

    def mean_slopes(self, state: State, *, p: int | None = None) -> Matrix:
        """Return the derivatives (q, p) of the means."""
        size = self.p if p is None else p
        E = state.E.T[:, :size]
        dmu = np.zeros((self.positions.size, size))
        n_a, n_s = self.fa.pos.size, self.fs.pos.size
        dmu[:n_a] = E[self.fa.row] * state.mean[self.fa.col][:, None]
        dmu[n_a + n_s :] = E[self.fm.row]
        return dmu

    def jacobian(self, state: State, *, p: int | None = None) -> Jacobian:
        """Return the derivatives of the first `p` variables' moments."""
        size = self.p if p is None else p
        U, V = self.factors(state, p=size)
        outer = U[:, :, None] * V[:, None, :]
        dsigma = outer + outer.transpose(0, 2, 1)
        if self.fm.pos.size:
            dsigma = np.concatenate([dsigma, np.zeros((self.fm.pos.size, size, size))])
        return Jacobian(self.positions, dsigma, self.mean_slopes(state, p=size))

    def curvature(self, state: State, G: Matrix, g: Vector) -> Matrix:
        """Return sum_ab G_ab d2Sigma_ab + sum_a g_a d2mu_a, shape (q, q).

        Parameters
        ----------
        G, g
            Symmetric (p, p) and (p,): gradients of a function in Sigma and in mu.
        """
        E, C, e = state.E, state.C, state.mean
        Eo = E[: self.p]
        GE = G @ Eo
        L = Eo.T @ GE
        P = GE.T @ C[: self.p]
        fa, fs = self.fa, self.fs
        n_a, n_s = fa.pos.size, fs.pos.size
        out = np.zeros((self.positions.size, self.positions.size))
        of_L, of_E = L.take(self._from_L), E.take(self._from_E)
        B = of_E[:, :n_a]  # B[i, j] = E[c_i, r_j]
        cross = B * P.take(self._rc)
        aa = of_L[:, :n_a] * C.take(self._cc) + cross
        aa = 2 * (aa + cross.T)
        mixed = of_L[:, n_a:] * of_E[:, n_a:]
        out[:n_a, n_a : n_a + n_s] = (mixed[:, :n_s] + mixed[:, n_s:]) * (2 * self.half)
        if g.any():
            h = g @ Eo
            bend = h[fa.row][:, None] * (B * e[fa.col])
            aa += bend + bend.T
            out[:n_a, n_a + n_s :] = h[fa.row][:, None] * E.take(self._cm)
        out[:n_a, :n_a] = aa
        out[n_a:, :n_a] = out[:n_a, n_a:].T
        return out
