"""The logarithm of a prior as a function of the parameters, with its derivatives.

Every standardised value is a parameter times a product of powers of variances, so that all of them
are one vectorised expression: s = v exp(T log total + R log residual).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem
from footbridge.latent.optimise import Discrepancy
from footbridge.latent.prior import Prior
from footbridge.latent.table import ParameterTable, Row
from footbridge.latent.wholes import Frame, Whole, frames

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class _Terms:
    """The prior's terms of one group: K standardised values, then the residual shares.

    `place` (K,) position in theta or -1, `fixed` (K,) values of what is not free, `total` and
    `residual` (K, n) powers of the variances, `precision` (K,) 1 / sd^2 of normal terms and 0 of
    correlations, `power` (K,) of 1 - r^2, `shares` positions of the residual variances.
    """

    frame: Frame
    place: NDArray[np.int64]
    fixed: Vector
    total: Matrix
    residual: Matrix
    precision: Vector
    power: Vector
    shares: NDArray[np.int64]


class Penalty:
    """Minus the logarithm of a prior.

    Parameters
    ----------
    problem, table
        The model.
    prior
        What is believed of its standardised parameters.
    """

    def __init__(self, problem: Problem, table: ParameterTable, prior: Prior) -> None:
        self.prior, self.q = prior, table.n_free
        ordinal = set(problem.roles.ordered)
        self.groups = [
            _terms([r for r in table.parameters if r.group == g], frame, prior, ordinal)
            for g, frame in enumerate(frames(problem, table), start=1)
        ]

    def value(self, theta: Vector) -> float:
        """Return minus the log prior; infinite where a variance or correlation is impossible."""
        found = sum(_value(t, t.frame.at(theta), theta, self.prior) for t in self.groups)
        return self.prior.weight * float(found)

    def slopes(self, theta: Vector) -> tuple[Vector, Matrix]:
        """Return the gradient (q,) and a positive semidefinite stand-in for the Hessian (q, q)."""
        gradient, hessian = np.zeros(self.q), np.zeros((self.q, self.q))
        for t in self.groups:
            g, H = _slopes(t, t.frame.at(theta), theta, self.prior)
            gradient, hessian = gradient + g, hessian + H
        return self.prior.weight * gradient, self.prior.weight * hessian

    def hessian(self, theta: Vector) -> Matrix:
        """Return the second derivatives (q, q), by fourth-order differences of the gradient."""
        columns = []
        bend = np.diag(self.slopes(theta)[1]) / (self.prior.weight or 1.0)
        for j, unit in enumerate(np.eye(self.q)):
            # A step has the parameter's own unit: a variance may be a millionth.
            h = _STEP / np.sqrt(bend[j]) if bend[j] > 0 else _STEP
            a, b, c, d = (self.slopes(theta + h * k * unit)[0] for k in (1, -1, 2, -2))
            columns.append((8 * (a - b) - (c - d)) / (12 * h))
        H = np.array(columns).reshape(self.q, self.q)
        return np.asarray(0.5 * (H + H.T))


class PenalisedFunction:
    """f - log prior / n: what the search minimises; `n` is how many cases the likelihood counts."""

    def __init__(self, inner: Discrepancy, penalty: Penalty, n: float) -> None:
        self.inner, self.penalty, self.n = inner, penalty, n

    def value(self, theta: Vector) -> float:
        """Return f with the penalty; infinite outside the parameter space."""
        extra = self.penalty.value(theta)
        return self.inner.value(theta) + extra / self.n if np.isfinite(extra) else float("inf")

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient and second derivatives; those of the penalty are approximate."""
        gradient, hessian = self.inner.derivatives(theta, exact=exact)
        more, bend = self.penalty.slopes(theta)
        return gradient + more / self.n, hessian + bend / self.n


def _normal_terms(rows: Sequence[Row], prior: Prior) -> Iterator[tuple[Row, float, float]]:
    """Yield rows with a normal prior (precision) or a prior on a correlation (power)."""
    open_factors = {r.lhs for r in rows if r.op == "=~" and r.free}
    spreads = {"=~": prior.loading, "~": prior.path, "|": prior.threshold}
    for row in rows:
        wanted = row.lhs in open_factors if row.op == "=~" else bool(row.free)
        spread = spreads.get(row.op)
        if wanted and spread is not None:
            yield row, spread**-2.0, 0.0
        elif wanted and row.op == "~~" and row.lhs != row.rhs and prior.correlation:
            yield row, 0.0, prior.correlation


def _shares(rows: Sequence[Row], ordinal: set[str]) -> set[str]:
    """Return what the model explains, unless its residual variance is fixed at zero."""
    explained = {r.rhs for r in rows if r.op == "=~"} | {r.lhs for r in rows if r.op == "~"}
    own = [r for r in rows if r.op == "~~" and r.lhs == r.rhs]
    return explained & (ordinal | {r.lhs for r in own if r.free or r.ustart != 0.0})


def _terms(rows: Sequence[Row], frame: Frame, prior: Prior, ordinal: set[str]) -> _Terms:
    names = frame.ram.names
    chosen = list(_normal_terms(rows, prior))
    total, residual = np.zeros((2, len(chosen), len(names)))
    for k, (row, _, _) in enumerate(chosen):
        if row.op == "~~":
            residual[k, [names.index(row.lhs), names.index(row.rhs)]] = -0.5
            continue
        total[k, names.index(row.rhs if row.op == "=~" else row.lhs)] = -0.5
        if row.op != "|":
            total[k, names.index(row.lhs if row.op == "=~" else row.rhs)] += 0.5
    kept = _shares(rows, ordinal) if prior.residual else set()
    return _Terms(
        frame,
        np.array([r.free - 1 for r, _, _ in chosen], dtype=np.int64),
        np.array([0.0 if r.free else r.ustart or 0.0 for r, _, _ in chosen]),
        total,
        residual,
        np.array([precision for _, precision, _ in chosen]),
        np.array([power for _, _, power in chosen]),
        np.array(sorted(names.index(n) for n in kept), dtype=np.int64),
    )


def _standard(t: _Terms, whole: Whole, theta: Vector) -> tuple[Vector, Vector]:
    """Return the standardised values (K,) and their factors; NaN where a variance is <= 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        total, residual = (
            np.where(v > 0, np.log(v), np.nan) for v in (whole.total, whole.residual)
        )
    # Variances that no term asks for may be zero or missing.
    factor = np.exp(_powers(t.total, total) + _powers(t.residual, residual))
    raw = np.where(t.place >= 0, theta[t.place], t.fixed) if theta.size else t.fixed
    return raw * factor, factor


def _powers(weights: Matrix, logs: Vector) -> Vector:
    used = np.any(weights != 0, axis=0)
    return np.asarray(weights[:, used] @ logs[used])


def _value(t: _Terms, whole: Whole, theta: Vector, prior: Prior) -> float:
    s, _ = _standard(t, whole, theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.log(whole.residual[t.shares] / whole.total[t.shares])
        room = np.where(t.power > 0, 1.0 - s**2, 1.0)
        value = 0.5 * t.precision @ s**2 - t.power @ np.log(room) - prior.residual * share.sum()
    possible = np.all(room > 0) and np.all(whole.total[t.shares] > 0) and np.isfinite(value)
    return float(value) if possible else float("inf")


def _slopes(t: _Terms, whole: Whole, theta: Vector, prior: Prior) -> tuple[Vector, Matrix]:
    s, factor = _standard(t, whole, theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        d_total, d_residual = whole.d_total / whole.total, whole.d_residual / whole.residual
    logs = _products(t.total, d_total) + _products(t.residual, d_residual)
    J = s[:, None] * logs
    own = np.flatnonzero(t.place >= 0)
    J[own, t.place[own]] += factor[own]
    room = np.where(t.power > 0, 1.0 - s**2, 1.0)
    slope = t.precision * s + 2.0 * t.power * s / room
    bend = t.precision + 2.0 * t.power * (1.0 + s**2) / room**2
    share = (d_residual - d_total)[:, t.shares].T
    gradient = J.T @ slope - prior.residual * share.sum(axis=0)
    return gradient, J.T @ (bend[:, None] * J) + prior.residual * share.T @ share


def _products(weights: Matrix, slopes: Matrix) -> Matrix:
    used = np.any(weights != 0, axis=0)
    return np.asarray(weights[:, used] @ slopes[:, used].T)
