"""Pairwise maximum likelihood (PML) for ordinal variables, and continuous ones next to them.

pl(theta) = sum over pairs of variables and cells of n log P(cell; theta): a composite likelihood.
It uses every table as it is: an empty cell needs no added half case, and thresholds,
correlations and paths are estimated together. Pairs with a continuous variable contribute their
density (`mixedpairwise`). Errors are H^-1 J H^-1; the likelihood ratio
against unrestricted thresholds and correlations is adjusted in mean and variance.

Joreskog and Moustaki (2001), Multivariate Behavioral Research 36, 347-387; Katsikatsou, Moustaki,
Yang-Wallentin and Joreskog (2012), Computational Statistics and Data Analysis 56, 4243-4258;
Katsikatsou and Moustaki (2016), Psychometrika 81, 1046-1068.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.errors import OptionError
from footbridge.latent.leastsquares import ImpliedMoments
from footbridge.latent.linalg import inv
from footbridge.latent.mixedpairwise import MixedPairs
from footbridge.latent.optimise import Discrepancy
from footbridge.latent.ordinal import Layout, OrdinalMoments
from footbridge.latent.pairs import tabulate
from footbridge.latent.pairwisekernel import case_scores, pairwise

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]
_EDGE = 0.9999


@dataclass(frozen=True, slots=True)
class Slopes:
    """The log-likelihood of one group with its derivatives in the moments (k,)."""

    value: float
    gradient: Vector
    observed: Matrix
    expected: Matrix
    cells: NDArray[np.float64]


class PairTables:
    """All tables of two variables of one group, and the likelihood as a function of moments.

    Parameters
    ----------
    group
        Cases, variables in the order of the layout, covariates in the last columns.
    layout
        Where each moment sits.
    """

    def __init__(self, group: GroupData, layout: Layout) -> None:
        p = len(layout.names)
        self.n = float(group.n if group.weights is None else group.weights.sum())
        self.layout, self.size = layout, layout.size
        self.counts = np.array(layout.counts, dtype=np.int64)
        self.first = np.array(layout.first, dtype=np.int64)
        rows = [[layout.slope_row(v, x) for x in range(layout.n_x)] for v in range(p)]
        self.slopes = np.array(rows, dtype=np.int64).reshape(p, layout.n_x)
        both = layout.counts
        found = [
            (i, j, layout.pair_row(i, j))
            for i in range(p)
            for j in range(i + 1, p)
            if both[i] and both[j]
        ]
        self.mixed = None if all(both) else MixedPairs(group, layout)
        self.pairs = np.array(found, dtype=np.int64).reshape(len(found), 3)
        values = group.values[:, :p]
        self.codes = np.ascontiguousarray(np.where(np.isnan(values), -1, values).astype(np.int64).T)
        self.X, self.pattern = _patterns(group.values[:, p:], layout.n_x, group.n)
        self.design = (self.counts, self.first, self.slopes, self.X)
        self.weights = np.ones(group.n) if group.weights is None else group.weights
        width = max(layout.counts)
        self.table = np.zeros((len(found), self.X.shape[0], width, width))
        for q, (i, j, _) in enumerate(found):
            tabulate(self.codes[i], self.codes[j], self.pattern, self.weights, self.table[q])

    def _admissible(self, moments: Vector) -> bool:
        ok = bool(np.all(np.isfinite(moments)))
        ok = ok and bool(np.all(np.abs(moments[self.pairs[:, 2]]) < _EDGE))
        for first, count in zip(self.first, self.counts, strict=True):
            ok = ok and bool(np.all(np.diff(moments[first : first + max(count - 1, 0)]) > 0))
        return ok and (self.mixed is None or self.mixed.admissible(moments))

    def slopes_at(self, moments: Vector, *, depth: int = 2, curved: bool = False) -> Slopes:
        """Return the likelihood; -infinity outside the space of the moments.

        Parameters
        ----------
        depth
            0 for the value, 1 for the gradient as well, 2 for the information as well.
        curved
            Whether `observed` must be there for pairs with a continuous variable too.
        """
        k = self.size
        gradient = np.zeros(k)
        observed, expected = (np.zeros((k if depth == 2 else 1,) * 2) for _ in range(2))
        shape = self.table.shape if depth else (1, 1, 1, 1)
        cells = np.zeros((*shape, 5 + 2 * self.layout.n_x))
        if not self._admissible(moments):
            return Slopes(float("-inf"), gradient, observed, expected, cells)
        value = pairwise(
            self.table,
            self.pairs,
            self.design,
            np.ascontiguousarray(moments),
            depth,
            (gradient, observed, expected),
            cells,
        )
        if self.mixed is not None:
            value += self.mixed.value(moments)
            if depth:
                into = (gradient, observed, expected)
                self.mixed.add_slopes(moments, into, curved=curved)
        return Slopes(value, gradient, observed, expected, cells)

    def scores(self, moments: Vector) -> Matrix:
        """Return each case's scores in the moments, (n, k)."""
        out = np.zeros((self.pattern.size, self.size))
        case_scores(
            self.codes,
            self.pattern,
            self.weights,
            self.pairs,
            self.design,
            self.slopes_at(moments, depth=1).cells,
            out,
        )
        if self.mixed is not None:
            self.mixed.add_scores(moments, out)
        return out

    def saturated(self, start: Vector) -> float:
        """Return the largest value that unrestricted moments reach, by scoring."""
        at = self.slopes_at(start)
        moments = start
        for _ in range(100):
            step = np.linalg.lstsq(at.expected, at.gradient, rcond=1e-12)[0]
            if float(at.gradient @ step) < 1e-12 * abs(at.value):
                break  # nothing but rounding is left to gain
            length, fresh = 1.0, at
            while length > 1e-6:
                fresh = self.slopes_at(moments + length * step)
                if fresh.value >= at.value:
                    break
                length *= 0.5
            if not fresh.value > at.value:
                break
            moments, at = moments + length * step, fresh
        return at.value


def _patterns(X: Matrix, n_x: int, n: int) -> tuple[Matrix, Codes]:
    if n_x == 0:
        return np.zeros((1, 0)), np.zeros(n, dtype=np.int64)
    unique, back = np.unique(X, axis=0, return_inverse=True)
    return np.ascontiguousarray(unique), np.ascontiguousarray(back.ravel().astype(np.int64))


@dataclass(frozen=True)
class PairwiseSample:
    """The tables of every group, and what unrestricted moments reach on them."""

    tables: tuple[PairTables, ...]
    best: float


def pairwise_sample(
    groups: Sequence[GroupData], moments: Sequence[OrdinalMoments]
) -> PairwiseSample:
    """Tabulate all pairs and fit the unrestricted moments, from the two-step estimates."""
    tables = tuple(PairTables(g, m.layout) for g, m in zip(groups, moments, strict=True))
    best = 0.0
    for table, m in zip(tables, moments, strict=True):
        start = m.observed.copy()
        rows = table.pairs[:, 2]
        start[rows] = np.clip(start[rows], -0.95, 0.95)
        best += table.saturated(start)
    return PairwiseSample(tables, best)


class PairwiseFunction:
    """f = (pl of the unrestricted moments - pl(theta)) / n, with scoring steps."""

    def __init__(
        self, models: Sequence[ImpliedMoments], sample: PairwiseSample, *, n_free: int
    ) -> None:
        self.models, self.sample, self.n_free = models, sample, n_free
        self.n = sum(t.n for t in sample.tables)

    def value(self, theta: Vector) -> float:
        """Return f; infinite where the implied moments do not exist."""
        total = self.sample.best
        for model, table in zip(self.models, self.sample.tables, strict=True):
            total -= table.slopes_at(model.implied(theta), depth=0).value
        return total / self.n

    def gradient(self, theta: Vector) -> Vector:
        """Return the gradient (q,)."""
        out = np.zeros(self.n_free)
        for model, table in zip(self.models, self.sample.tables, strict=True):
            at = table.slopes_at(model.implied(theta), depth=1)
            out -= model.jacobian(theta).T @ at.gradient / self.n
        return out

    def derivatives(self, theta: Vector, *, exact: bool) -> tuple[Vector, Matrix]:
        """Return the gradient and the expected second derivatives; `exact` changes nothing."""
        gradient, hessian = np.zeros(self.n_free), np.zeros((self.n_free, self.n_free))
        for model, table in zip(self.models, self.sample.tables, strict=True):
            at = table.slopes_at(model.implied(theta))
            D = model.jacobian(theta)
            gradient -= D.T @ at.gradient / self.n
            hessian += D.T @ at.expected @ D / self.n
        return gradient, hessian


class PairwiseEngine:
    """Pairwise maximum likelihood, ready for inference.

    In the moments, H (minus the second derivatives at the implied moments) takes the place of a
    weight matrix and H^-1 J H^-1 that of Gamma: tr(U Gamma) is the likelihood ratio's mean.
    """

    def __init__(
        self, models: Sequence[ImpliedMoments], sample: PairwiseSample, *, n_free: int
    ) -> None:
        self.function = PairwiseFunction(models, sample, n_free=n_free)
        self.target: Discrepancy = self.function
        self.models, self.tables = models, sample.tables
        total = self.function.n
        self.shares: Sequence[float] = [t.n / total for t in self.tables]
        self.divisor = self.multiplier = total

    def information(self, theta: Vector, kind: str) -> Matrix:
        """Return the information of one case; observed by differences of the exact gradient."""
        if kind == "first.order":
            S = self.scores(theta)
            return np.asarray(S.T @ S / self.divisor)
        if kind == "expected":
            return self.function.derivatives(theta, exact=False)[1]
        out = np.zeros((theta.size, theta.size))
        diagonal = np.diag(self.function.derivatives(theta, exact=False)[1])
        for j in range(theta.size):
            # The fourth-order formula leaves about 1e-11; a step has the parameter's own unit.
            h = 1e-3 / np.sqrt(diagonal[j]) if diagonal[j] > 0 else 1e-3
            ahead = [theta + np.eye(theta.size)[j] * h * k for k in (1, -1, 2, -2)]
            a, b, c, d = (self.function.gradient(point) for point in ahead)
            out[:, j] = (8 * (a - b) - (c - d)) / (12 * h)
        return np.asarray(0.5 * (out + out.T))

    def deltas(self, theta: Vector) -> list[Matrix]:
        """Return the Jacobian of the moments per group."""
        return [model.jacobian(theta) for model in self.models]

    def weights(self, theta: Vector) -> list[Matrix]:
        """Return minus the second derivatives of one case in the moments."""
        return [
            table.slopes_at(model.implied(theta), curved=True).observed / table.n
            for model, table in zip(self.models, self.tables, strict=True)
        ]

    def gammas(self, theta: Vector, *, normal: bool = False) -> list[Matrix]:
        """Return n times the covariance of the unrestricted estimates of the moments."""
        found = []
        for model, table, H in zip(self.models, self.tables, self.weights(theta), strict=True):
            S = table.scores(model.implied(theta))
            bread = inv(H)
            found.append(bread @ (S.T @ S / table.n) @ bread)
        return found

    def scores(self, theta: Vector) -> Matrix:
        """Return the casewise scores (n, q)."""
        return np.vstack(
            [
                table.scores(model.implied(theta)) @ model.jacobian(theta)
                for model, table in zip(self.models, self.tables, strict=True)
            ]
        )

    def scaling(self, theta: Vector) -> float:
        """Refuse: the Yuan-Bentler test is about a full likelihood."""
        raise OptionError(
            "The Yuan-Bentler test does not exist for PML.",
            "There is no full likelihood.",
            "Use test='mean.var.adjusted'.",
        )
