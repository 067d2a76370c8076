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
        self._kept: tuple[bytes, _Point] | None = None
        self.numeric = np.array([v for v in range(self.p) if not layout.counts[v]], dtype=np.int64)

    def _point(self, theta: Vector) -> _Point:
        """Return everything at `theta`; the last is kept, for moments and Jacobian share it."""
        key = theta.tobytes()
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, self._compute(theta))
        return self._kept[1]

    def _compute(self, theta: Vector) -> _Point:
        state = self.ram.state(theta)
        o = self.ordinal
        scale = self.delta.read(theta, self.p, 1.0)
        spread = np.zeros((o.size, o.size))
        if self.theta_form:
            scale[o] = 1.0 / np.sqrt(np.diag(state.C)[o])
        else:
            spread = inv(state.E[np.ix_(o, o)] ** 2)
            extra = spread @ (1.0 / scale[o] ** 2 - state.C.diagonal()[o])
            own = state.E[:, o]
            state = State(state.E, state.C + (own * extra) @ own.T, state.mean)
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
        ram, o, n_delta = self.ram, self.ordinal, int(np.sum(self.delta.pos >= 0))
        free = self.delta.pos >= 0
        U, V = ram.factors(at.state)
        active = np.concatenate([ram.positions, self.delta.pos[free]])
        diagonal = np.zeros((active.size, self.p))
        diagonal[: len(U)] = 2.0 * U * V
        dscale = np.zeros((active.size, self.p))
        rows, cols = np.concatenate([[self.numeric] * 2, self.lower], axis=1)
        dsigma = np.zeros((active.size, rows.size))
        dsigma[: len(U)] = U[:, rows] * V[:, cols] + V[:, rows] * U[:, cols]
        if self.theta_form:
            dscale[:, o] = -0.5 * at.scale[o] ** 3 * diagonal[:, o]
        else:
            dscale[np.arange(active.size - n_delta, active.size), self.delta.at[free]] = 1.0
            ds = (-2.0 / at.scale[o] ** 3 * dscale[:, o] - diagonal[:, o]) @ at.spread.T
            E = at.state.E[: self.p, o]
            dsigma += ds @ (E[rows] * E[cols]).T
        sigma, scale = ram.sigma(at.state)[rows, cols], at.scale
        moment = scale[rows] * scale[cols] * dsigma
        moment += (dscale[:, rows] * scale[cols] + scale[rows] * dscale[:, cols]) * sigma
        return self._assemble(at, active, dscale, moment)

    def _assemble(self, at: _Point, active: Index, dscale: Matrix, moment: Matrix) -> Matrix:
        """Put levels, slopes and covariances together; thresholds move their own level only."""
        ram, own, scale = self.ram, self.owner, at.scale
        mu = ram.mu(at.state)[own]
        dmu = np.zeros((active.size, self.p))
        dmu[: ram.positions.size] = ram.mean_slopes(at.state)
        level = np.where(
            self.is_tau, dscale[:, own] * (at.tau - mu) - scale[own] * dmu[:, own], -dmu[:, own]
        )
        paths, fa = at.state.E[: self.p, self.x], ram.fa
        slopes = dscale[:, None, :] * paths.T
        slopes[: fa.pos.size] += (scale * at.state.E.T[fa.row, : self.p])[:, None, :] * (
            at.state.E[np.ix_(fa.col, self.x)][:, :, None]
        )
        flat = slopes.reshape(active.size, self.x.size * self.p)
        block = np.hstack([level, flat, moment]).T
        out = np.zeros((block.shape[0], self.n_free))
        out[:, active] = block
        free = self.tau.pos >= 0
        out[self.tau.at[free], self.tau.pos[free]] = scale[own[self.tau.at[free]]]
        return out
