"""Implied moments of ordinal and mixed data in the delta and theta parameterizations.

The latent responses have mean mu, slopes Pi on the covariates and covariance Sigma; what is
observed are thresholds scale (tau - mu), slopes scale Pi and covariances scale Sigma scale.
Delta: scale is a parameter and the residual variances follow from Sigma_kk = 1 / scale_k^2.
Theta: the residual variances are parameters and scale_k = Sigma_kk^-1/2
(Muthen and Asparouhov 2002, Mplus Web Note 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv
from footbridge.latent.ordinal import Layout
from footbridge.latent.ram import Ram, State
from footbridge.latent.table import Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Slots:
    """Values of thresholds or scales: where they go, which parameter (-1 fixed), what value."""

    at: Index
    pos: Index
    value: Vector

    def read(self, theta: Vector, size: int, fill: float) -> Vector:
        out = np.full(size, fill)
        out[self.at] = (
            np.where(self.pos >= 0, theta[self.pos], self.value) if theta.size else self.value
        )
        return out


def _slots(found: Sequence[tuple[int, Row]]) -> _Slots:
    return _Slots(
        np.array([a for a, _ in found], dtype=np.int64),
        np.array([r.free - 1 for _, r in found], dtype=np.int64),
        np.array([r.ustart or 0.0 for _, r in found], dtype=np.float64),
    )


@dataclass(frozen=True, slots=True)
class _Point:
    """Everything of one group at one parameter value."""

    state: State
    scale: Vector
    tau: Vector
    spread: Matrix


class OrdinalModel:
    """Moments of one group with ordinal variables, as a function of the parameters.

    Parameters
    ----------
    rows
        Parameters of this group.
    layout
        Order of the moments; its names are the variables that are modelled.
    others
        Latent variables, then covariates that are conditioned on.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        layout: Layout,
        others: tuple[Sequence[str], Sequence[str]],
        *,
        n_free: int,
        theta_form: bool,
    ) -> None:
        latent, covariates = others
        place = {name: i for i, name in enumerate(layout.names)}
        known = set(covariates)
        ordinal = {n for n, c in zip(layout.names, layout.counts, strict=True) if c}
        kept = [
            r
            for r in rows
            if not (r.op in {"~~", "~1"} and r.lhs in known)
            and not (not theta_form and r.op == "~~" and r.lhs == r.rhs and r.lhs in ordinal)
        ]
        self.ram = Ram(kept, layout.names, (*latent, *covariates))
        self.layout, self.n_free, self.theta_form = layout, n_free, theta_form
        self.p = len(layout.names)
        self.x = np.arange(self.ram.n - len(covariates), self.ram.n)
        self.ordinal = np.array([place[n] for n in layout.names if n in ordinal], dtype=np.int64)
        thresholds = [
            (layout.first[place[r.lhs]] + int(r.rhs[1:]) - 1, r) for r in rows if r.op == "|"
        ]
        self.tau = _slots(thresholds)
        self.delta = _slots([(place[r.lhs], r) for r in rows if r.op == "~*~" and r.lhs in place])
        owner = np.zeros(layout.slope, dtype=np.int64)
        for v, first in enumerate(layout.first):
            owner[first : first + max(layout.counts[v] - 1, 1)] = v
        self.owner = owner
        self.is_tau = np.array([layout.counts[v] > 0 for v in owner])
        rows_, cols_ = np.triu_indices(self.p, 1)
        self.lower = (rows_, cols_)
        self.numeric = np.array([v for v in range(self.p) if not layout.counts[v]], dtype=np.int64)

    def _point(self, theta: Vector) -> _Point:
        state = self.ram.state(theta)
        o = self.ordinal
        scale = self.delta.read(theta, self.p, 1.0)
        spread = np.zeros((o.size, o.size))
        if self.theta_form:
            scale[o] = 1.0 / np.sqrt(np.diag(state.C)[o])
        else:
            spread = inv(state.E[np.ix_(o, o)] ** 2)
            extra = np.zeros(self.ram.n)
            extra[o] = spread @ (1.0 / scale[o] ** 2 - np.diag(state.C)[o])
            state = self.ram.state(theta, variances=extra)
        return _Point(state, scale, self.tau.read(theta, self.layout.slope, 0.0), spread)

    def implied(self, theta: Vector) -> Vector:
        """Return the moment vector (k,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            at = self._point(theta)
            scale = at.scale
            mu = self.ram.mu(at.state)[self.owner]
            level = np.where(self.is_tau, scale[self.owner] * (at.tau - mu), -mu)
            slopes = (scale[:, None] * at.state.E[: self.p, self.x]).T.ravel()
            sigma = scale[:, None] * self.ram.sigma(at.state) * scale
        return np.concatenate([level, slopes, sigma[self.numeric, self.numeric], sigma[self.lower]])

    def residual_variances(self, theta: Vector) -> Vector:
        """Return the residual variances of the ordinal variables under delta, (n_ordinal,)."""
        state = self.ram.state(theta)
        o = self.ordinal
        scale = self.delta.read(theta, self.p, 1.0)
        spread = inv(state.E[np.ix_(o, o)] ** 2)
        return np.asarray(spread @ (1.0 / scale[o] ** 2 - np.diag(state.C)[o]))

    def residual_jacobian(self, theta: Vector) -> Matrix:
        """Return the derivatives of the residual variances under delta, (q, n_ordinal)."""
        at = self._point(theta)
        o = self.ordinal
        jac = self.ram.jacobian(at.state)
        target = np.zeros((self.n_free, o.size))
        target[jac.positions] = -jac.dsigma[:, o, o]
        place = {int(k): i for i, k in enumerate(o)}
        for where, pos in zip(self.delta.at, self.delta.pos, strict=True):
            if pos >= 0 and int(where) in place:
                target[pos, place[int(where)]] += -2.0 / at.scale[where] ** 3
        return np.asarray(target @ at.spread.T)

    def latent_moments(self, theta: Vector) -> tuple[State, Vector]:
        """Return the matrices with residual variances filled in, and the scales (p,)."""
        at = self._point(theta)
        return at.state, at.scale

    def jacobian(self, theta: Vector) -> Matrix:
        """Return the derivatives of the moments, (k, q)."""
        at = self._point(theta)
        ram, p, o = self.ram, self.p, self.ordinal
        jac = ram.jacobian(at.state)
        dsigma = np.zeros((self.n_free, p, p))
        dmu = np.zeros((self.n_free, p))
        dsigma[jac.positions], dmu[jac.positions] = jac.dsigma, jac.dmu
        dscale = np.zeros((self.n_free, p))
        free = self.delta.pos >= 0
        if self.theta_form:
            dscale[:, o] = -0.5 * at.scale[o] ** 3 * dsigma[:, o, o]
        else:
            dscale[self.delta.pos[free], self.delta.at[free]] = 1.0
            target = -2.0 / at.scale[o] ** 3 * dscale[:, o] - dsigma[:, o, o]
            ds = target @ at.spread.T
            E = at.state.E[:p, o]
            dsigma += np.einsum("qj,aj,bj->qab", ds, E, E, optimize=True)
        return self._chain(at, dsigma, dmu, dscale)

    def _chain(self, at: _Point, dsigma: Matrix, dmu: Matrix, dscale: Matrix) -> Matrix:
        ram, p, own = self.ram, self.p, self.owner
        mu, scale = ram.mu(at.state)[own], at.scale
        dtau = np.zeros((self.n_free, self.layout.slope))
        free = self.tau.pos >= 0
        dtau[self.tau.pos[free], self.tau.at[free]] = 1.0
        moved = dscale[:, own] * (at.tau - mu) + scale[own] * (dtau - dmu[:, own])
        level = np.where(self.is_tau, moved, -dmu[:, own])
        paths = at.state.E[:p, self.x]
        dpaths = np.zeros((self.n_free, p, self.x.size))
        fa = ram.fa
        dpaths[fa.pos] = (
            at.state.E[:p, fa.row].T[:, :, None] * at.state.E[np.ix_(fa.col, self.x)][:, None, :]
        )
        slopes = dscale[:, :, None] * paths + scale[:, None] * dpaths
        slopes = slopes.transpose(0, 2, 1).reshape(self.n_free, -1)
        sigma = ram.sigma(at.state)
        half = dscale[:, :, None] * sigma * scale
        moment = scale[:, None] * dsigma * scale + half + half.transpose(0, 2, 1)
        rows, cols = self.lower
        parts = [level, slopes, moment[:, self.numeric, self.numeric], moment[:, rows, cols]]
        return np.hstack(parts).T
