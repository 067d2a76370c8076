r"""Pairs with a continuous variable in a pairwise likelihood: polyserial and normal pairs.

With e the residual of a continuous variable, v its variance, c its covariance with the response of
variance 1 behind an ordinal one and h the ends of that one's interval,
log f(e, cell) = -1/2 log(2 pi v) - e^2 / (2 v) + log[Phi(u_high) - Phi(u_low)] with
u = (h - c e / v) / sqrt(1 - c^2 / v) (Olsson, Drasgow and Dorans 1982, Psychometrika 47, 337-347).
Two continuous variables have the bivariate normal density. First derivatives are exact; second
ones are fourth-order differences of them in five local variables, which are linear in the moments.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.margins import density, interval_mass
from footbridge.latent.ordinal import Layout

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]
_EDGE = 0.9999
_STEP = 1e-3
Local = Callable[[Matrix], tuple[Vector, Matrix]]


def serial(local: Matrix) -> tuple[Vector, Matrix]:
    """Return log f and its derivatives (5, n) in (e, v, h_low, h_high, c), given these (5, n)."""
    e, v, c = local[0], local[1], local[4]
    b, left = c / v, 1.0 - c * c / v
    root = np.sqrt(left)
    ends = (local[2:4] - b * e) / root
    prob = np.maximum(interval_mass(ends[0], ends[1]), 1e-300)
    value = -0.5 * (np.log(2 * np.pi * v) + e * e / v) + np.log(prob)
    out = np.zeros_like(local)
    for k, sign in ((0, -1.0), (1, 1.0)):
        u = np.where(np.isfinite(ends[k]), ends[k], 0.0)
        pull = sign * density(ends[k]) / prob
        out[2 + k] = pull / root
        out[0] -= pull * b / root
        out[1] += pull * (b * e / (v * root) - 0.5 * u * b * b / left)
        out[4] += pull * (u * b / left - e / (v * root))
    out[0] -= e / v
    out[1] += 0.5 * (e * e / v - 1.0) / v
    return np.asarray(value), out


def normal(local: Matrix) -> tuple[Vector, Matrix]:
    """Return log f and its derivatives (5, n) in (e1, v1, e2, v2, c), given these (5, n)."""
    e1, v1, e2, v2, c = local
    det = v1 * v2 - c * c
    a, b = (v2 * e1 - c * e2) / det, (v1 * e2 - c * e1) / det
    value = -np.log(2 * np.pi) - 0.5 * np.log(det) - 0.5 * (a * e1 + b * e2)
    out = [-a, 0.5 * (a * a - v2 / det), -b, 0.5 * (b * b - v1 / det), a * b + c / det]
    return np.asarray(value), np.array(out)


def second(function: Local, local: Matrix) -> NDArray[np.float64]:
    """Return the second derivatives (5, 5, n), by differences of the first in their own units."""
    out = np.zeros((5, *local.shape))
    v, other = local[1, :1], local[3, :1]
    one = np.ones_like(v)
    tail = (np.sqrt(other), other, np.sqrt(v * other)) if function is normal else (one, one, v**0.5)
    units = _STEP * np.array([np.sqrt(v), v, *tail])
    for j in range(5):
        h = np.zeros_like(local)
        h[j] = units[j]
        a, b = function(local + h)[1], function(local - h)[1]
        c, d = function(local + 2 * h)[1], function(local - 2 * h)[1]
        out[j] = (8 * (a - b) - (c - d)) / (12 * units[j])
    return np.asarray(0.5 * (out + out.transpose(1, 0, 2)))


@dataclass(frozen=True, slots=True)
class _Pair:
    """Who a pair is and where its moments sit; the continuous variable comes first."""

    i: int
    j: int
    row: int
    rows: Index  # moments that the pair depends on, (m,)
    seen: Index  # cases with both values


class MixedPairs:
    """All pairs of one group that hold a continuous variable.

    Parameters
    ----------
    group
        Cases, variables in the order of the layout, covariates in the last columns.
    layout
        Where each moment sits. The level of a continuous variable is minus its mean.
    """

    def __init__(self, group: GroupData, layout: Layout) -> None:
        p = len(layout.names)
        self.layout, self.values = layout, group.values[:, :p]
        self.X = group.values[:, p:] if layout.n_x else np.empty((group.n, 0))
        self.weights = np.ones(group.n) if group.weights is None else group.weights
        self.pairs = [
            self._pair(i, j)
            for i in range(p)
            for j in range(i + 1, p)
            if not (layout.counts[i] and layout.counts[j])
        ]

    def _pair(self, i: int, j: int) -> _Pair:
        row = self.layout.pair_row(i, j)
        if self.layout.counts[i]:
            i, j = j, i
        rows = [*self._own(i), *self._own(j), row]
        seen = np.flatnonzero(~np.isnan(self.values[:, [i, j]]).any(axis=1))
        return _Pair(i, j, row, np.array(rows, dtype=np.int64), seen)

    def _own(self, v: int) -> list[int]:
        """Return the moments of one variable: levels, slopes, variance."""
        layout = self.layout
        levels = range(layout.first[v], layout.first[v] + max(layout.counts[v] - 1, 1))
        slopes = [layout.slope_row(v, x) for x in range(layout.n_x)]
        return [*levels, *slopes, *([] if layout.counts[v] else [layout.variance[v]])]

    def admissible(self, moments: Vector) -> bool:
        """Whether variances are positive and no correlation is beyond 0.9999."""
        variance = np.array([1.0 if at < 0 else moments[at] for at in self.layout.variance])
        if np.any(variance <= 0):
            return False
        return all(
            moments[q.row] ** 2 < _EDGE**2 * variance[q.i] * variance[q.j] for q in self.pairs
        )

    def value(self, moments: Vector) -> float:
        """Return the sum of the pairs' log-likelihoods."""
        total = 0.0
        for pair in self.pairs:
            function, local, _ = self._local(pair, moments)
            total += float(self.weights[pair.seen] @ function(local)[0])
        return total

    def add_scores(self, moments: Vector, out: Matrix) -> None:
        """Add every case's scores in the moments to `out` (n, k)."""
        for pair in self.pairs:
            function, local, J = self._local(pair, moments)
            scores = np.einsum("an,amn->nm", function(local)[1], J)
            weighted = self.weights[pair.seen, None] * scores
            out[np.ix_(pair.seen, pair.rows)] += weighted

    def add_slopes(self, moments: Vector, into: Sequence[Matrix], *, curved: bool) -> None:
        """Add gradient (k,), observed (k, k) if `curved` and scoring matrix (k, k) to `into`.

        The scoring matrix sums the products of each pair's scores: what is expected of it is the
        information, because a pair has a proper likelihood.
        """
        gradient, observed, expected = into
        for pair in self.pairs:
            function, local, J = self._local(pair, moments)
            w, at = self.weights[pair.seen], np.ix_(pair.rows, pair.rows)
            scores = np.einsum("an,amn->nm", function(local)[1], J)
            gradient[pair.rows] += w @ scores
            if expected.shape[0] > 1:
                expected[at] += scores.T @ (w[:, None] * scores)
            if curved:
                bend = second(function, local) * w
                observed[at] -= np.einsum("amn,abn,bkn->mk", J, bend, J, optimize=True)

    def _local(self, pair: _Pair, moments: Vector) -> tuple[Local, Matrix, NDArray[np.float64]]:
        """Return the pair's function, its local variables (5, n) and d local / d moments."""
        n, n_x, counts = pair.seen.size, self.layout.n_x, self.layout.counts
        X = self.X[pair.seen]
        local, J = np.zeros((5, n)), np.zeros((5, pair.rows.size, n))
        at = self._residual(pair, (local, J, moments), 0, 0)
        if not counts[pair.j]:
            self._residual(pair, (local, J, moments), 2, at)
            function: Local = normal
        else:
            function, k = serial, counts[pair.j] - 1
            y = self.values[pair.seen, pair.j].astype(np.int64)
            eta = X @ moments[pair.rows[at + k : at + k + n_x]]
            limits = np.concatenate([[-np.inf], moments[pair.rows[at : at + k]], [np.inf]])
            for side, inner in ((0, y > 0), (1, y < k)):
                local[2 + side] = limits[y + side] - eta
                where = np.flatnonzero(inner)
                J[2 + side, at + y[where] - 1 + side, where] = 1.0
                J[2 + side, at + k : at + k + n_x, where] = -X[where]
        local[4] = moments[pair.row]
        J[4, -1] = 1.0
        return function, local, J

    def _residual(
        self, pair: _Pair, into: tuple[Matrix, NDArray[np.float64], Vector], slot: int, at: int
    ) -> int:
        """Fill in the residual and variance of a continuous variable; return the next column."""
        local, J, moments = into
        v = pair.i if slot == 0 else pair.j
        n_x, X = self.layout.n_x, self.X[pair.seen]
        own = pair.rows[at : at + n_x + 2]
        slopes = moments[own[1 : 1 + n_x]]
        local[slot] = self.values[pair.seen, v] + moments[own[0]] - X @ slopes
        local[slot + 1] = moments[own[-1]]
        J[slot, at] = 1.0
        J[slot, at + 1 : at + 1 + n_x] = -X.T
        J[slot + 1, at + 1 + n_x] = 1.0
        return at + n_x + 2
