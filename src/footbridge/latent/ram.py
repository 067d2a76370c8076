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

    def fill(self, target: Matrix, theta: Vector) -> None:
        values = np.where(self.pos >= 0, theta[self.pos], self.value) if theta.size else self.value
        target[self.row, self.col] = values

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

    def state(self, theta: Vector, *, variances: Vector | None = None) -> State:
        """Return the matrices at `theta`; `variances` (n,) are added to the diagonal of S."""
        A = np.zeros((self.n, self.n))
        S = np.zeros((self.n, self.n))
        m = np.zeros((self.n, 1))
        self.a.fill(A, theta)
        self.s.fill(S, theta)
        S[self.s.col, self.s.row] = S[self.s.row, self.s.col]
        if variances is not None:
            S[np.arange(self.n), np.arange(self.n)] += variances
        self.m.fill(m, theta)
        E = inv(np.eye(self.n) - A)
        return State(E, E @ S @ E.T, E @ m[:, 0])

    def sigma(self, state: State) -> Matrix:
        """Return the implied covariance matrix (p, p)."""
        return state.C[: self.p, : self.p]

    def mu(self, state: State) -> Vector:
        """Return the implied means (p,)."""
        return state.mean[: self.p]

    def jacobian(self, state: State, *, p: int | None = None) -> Jacobian:
        """Return the derivatives of the first `p` variables' moments."""
        size = self.p if p is None else p
        E, C = state.E[:size], state.C[:size]
        U = np.concatenate([E.T[self.fa.row], E.T[self.fs.row] * self.half[:, None]])
        V = np.concatenate([C.T[self.fa.col], E.T[self.fs.col]])
        outer = U[:, :, None] * V[:, None, :]
        dsigma = outer + outer.transpose(0, 2, 1)
        dmu = np.zeros((self.positions.size, size))
        n_a, n_s = self.fa.pos.size, self.fs.pos.size
        dmu[:n_a] = E.T[self.fa.row] * state.mean[self.fa.col][:, None]
        dmu[n_a + n_s :] = E.T[self.fm.row]
        if self.fm.pos.size:
            dsigma = np.concatenate([dsigma, np.zeros((self.fm.pos.size, size, size))])
        return Jacobian(self.positions, dsigma, dmu)

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
        h = g @ Eo
        fa, fs, fm = self.fa, self.fs, self.fm
        n_a, n_s = fa.pos.size, fs.pos.size
        out = np.zeros((self.positions.size, self.positions.size))
        r, c = fa.row, fa.col
        B = E[np.ix_(c, r)]  # B[i, j] = E[c_i, r_j]
        cross = B.T * P[np.ix_(r, c)].T
        aa = 2 * (L[np.ix_(r, r)] * C[np.ix_(c, c)] + cross + cross.T)
        bend = h[r][:, None] * (B * e[c][None, :])
        out[:n_a, :n_a] = aa + bend + bend.T
        s, t = fs.row, fs.col
        mixed = L[np.ix_(r, s)] * E[np.ix_(c, t)] + L[np.ix_(r, t)] * E[np.ix_(c, s)]
        out[:n_a, n_a : n_a + n_s] = 2 * mixed * self.half[None, :]
        out[:n_a, n_a + n_s :] = h[r][:, None] * E[np.ix_(c, fm.row)]
        out[n_a:, :n_a] = out[:n_a, n_a:].T
        return out
