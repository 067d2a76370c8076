"""Refit a model to resamples of its own data: one object per kind of data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.batch import BatchLikelihood, BatchMoments, batch_minimise
from footbridge.latent.data import GroupData
from footbridge.latent.drawplan import plan_draws
from footbridge.latent.drawtables import draw_moments
from footbridge.latent.errors import DataError
from footbridge.latent.leastsquares import LeastSquaresFunction, SampleStatistics
from footbridge.latent.optimise import minimise
from footbridge.latent.ordinal import OrdinalMoments, _patterns, ordinal_moments
from footbridge.latent.ordinalengine import ordinal_models
from footbridge.latent.pathdraws import regress, same_estimator
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]
OK = "ok"


class Refitter(Protocol):
    """Fits the model to resamples."""

    def refit(self, draws: Sequence[list[Index]]) -> tuple[Matrix, list[str]]:
        """Return estimates (b, q) and a status per draw, given row indices by group and draw."""
        ...


class NormalRefitter:
    """Complete continuous data by maximum likelihood: all draws in one stack."""

    def __init__(self, fit: Fit) -> None:
        problem = fit.problem
        self.groups = problem.cases.groups if problem.cases else ()
        self.rams = fit.sample.rams(fit.table)
        self.theta, self.means = fit.theta, problem.options.meanstructure
        self.basis = fit.solution.covariances.basis
        fixed = problem.options.fixed_x or problem.options.conditional_x
        p, total = len(problem.roles.ov_nox), len(problem.roles.ov)
        self.x = np.arange(p, total) if fixed else np.arange(0)
        free = self.basis.shape[1] == self.theta.size
        self.regressions = free and same_estimator(self.rams, problem.moments, self.theta)

    def refit(self, draws: Sequence[list[Index]]) -> tuple[Matrix, list[str]]:
        """Fit blocks of draws that fit in the cache."""
        size = max(1, int(4e6 / (self.theta.size * self.rams[0].p ** 2 + 1)))
        parts = [self._block(draws[i : i + size]) for i in range(0, len(draws), size)]
        return np.vstack([p[0] for p in parts]), [s for p in parts for s in p[1]]

    def _block(self, draws: Sequence[list[Index]]) -> tuple[Matrix, list[str]]:
        total = sum(group.n for group in self.groups)
        moments = [
            _stack_moments(group, [draw[g] for draw in draws], total)
            for g, group in enumerate(self.groups)
        ]
        target = BatchLikelihood(
            self.rams, moments, n_free=self.theta.size, means=self.means, exogenous=self.x
        )
        found = batch_minimise(
            target, self.theta, self.basis, draws=len(draws), guess=self._guess(moments)
        )
        return found.theta, [OK if good else "not converged" for good in found.converged]

    def _guess(self, moments: Sequence[BatchMoments]) -> Matrix | None:
        """Return the solutions of all draws where regressions give them."""
        if not self.regressions:
            return None
        try:
            return regress(self.rams, moments, self.theta)
        except np.linalg.LinAlgError:  # one collinear draw is no reason to give up the others
            return None


def _stack_moments(group: GroupData, rows: Sequence[Index], total: int) -> BatchMoments:
    counts = np.stack([np.bincount(r, minlength=group.n) for r in rows]).astype(np.float64)
    if group.weights is not None:
        counts *= group.weights
    n = counts.sum(axis=1, keepdims=True)
    X = group.values
    centre = X.mean(axis=0)
    Z = X - centre
    mean = counts @ Z / n
    i, j = np.triu_indices(X.shape[1])
    products = counts @ (Z[:, i] * Z[:, j]) / n - mean[:, i] * mean[:, j]
    cov = np.zeros((len(rows), X.shape[1], X.shape[1]))
    cov[:, i, j] = cov[:, j, i] = products
    return BatchMoments(mean + centre, cov, group.n / total)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Arrays of one group that the compiled draw needs."""

    codes: Index
    pattern: Index
    X: Matrix
    counts: Index
    rows: Index
    pairs: Index
    full: OrdinalMoments


class OrdinalRefitter:
    """Ordinal data by DWLS or ULS: tables per draw, then least squares from the full sample.

    `tolerance` is the size of a Newton step that ends the search, whose square is left.
    """

    def __init__(self, fit: Fit, *, tolerance: float = 1e-7) -> None:
        self.fit = fit
        self.models = ordinal_models(fit.problem, fit.table)
        groups = fit.problem.cases.groups if fit.problem.cases else ()
        self.groups = groups
        self.tolerance = tolerance
        self.weighted = fit.options.discrepancy == "DWLS"
        pure = all(c > 0 for c in fit.sample.ordinal[0].layout.counts)
        plain = pure and len(self.models) == 1
        self.plan = (
            plan_draws(fit.table, fit.solution.constraints, self.models[0], fit.theta)
            if plain
            else None
        )
        # Tables of weights do not know the sum of their squares, which Gamma needs.
        whole = pure and all(g.weights is None for g in groups)
        self.tables = [
            _tables(g, o) for g, o in zip(groups, fit.sample.ordinal, strict=True) if whole
        ]

    def refit(self, draws: Sequence[list[Index]]) -> tuple[Matrix, list[str]]:
        """Fit draw after draw."""
        found = [self._one(draw) for draw in draws]
        return np.vstack([f[0] for f in found]), [f[1] for f in found]

    def _one(self, draw: list[Index]) -> tuple[Vector, str]:
        samples = []
        lost = np.full(self.fit.theta.size, np.nan)
        for g, rows in enumerate(draw):
            sample, status = self._sample(g, rows)
            if sample is None:
                return lost, status
            samples.append(sample)
        if self.plan is not None:
            weight = np.asarray(samples[0].weight, dtype=np.float64)
            theta, good = self.plan.run(
                samples[0].observed, weight, self.fit.theta, tolerance=self.tolerance
            )
            return (theta, OK) if good else (lost, "not converged")
        function = LeastSquaresFunction(self.models, samples, n_free=self.fit.theta.size)
        found = minimise(
            function,
            self.fit.solution.constraints,
            self.fit.theta,
            max_iterations=200,
        )
        return (found.theta, OK) if found.converged else (lost, "not converged")

    def _sample(self, g: int, rows: Index) -> tuple[SampleStatistics | None, str]:
        full = self.fit.sample.ordinal[g]
        if not self.tables:
            return self._general(g, rows)
        t = self.tables[g]
        weights = np.bincount(rows, minlength=t.codes.shape[1]).astype(np.float64)
        start = _expected(full, weights)
        observed, gamma = np.zeros(full.observed.size), np.ones(full.observed.size)
        seen = np.flatnonzero(weights)
        codes, pattern, drawn = t.codes[:, seen], t.pattern[seen], weights[seen]
        status = draw_moments(
            codes, pattern, drawn, t.X, t.counts, t.rows, t.pairs,
            start, observed, gamma, 1e3 * self.tolerance,
        )  # fmt: skip
        names = full.layout.names
        if status > 0:
            return None, f"lost a category of {names[status - 1]}"
        if status < 0 or not np.all(gamma > 0):
            return None, f"no threshold for {names[max(-status, 1) - 1]}"
        weight = 1.0 / gamma if self.weighted else np.ones_like(gamma)
        return SampleStatistics(weights.sum(), observed, weight, None), OK

    def _general(self, g: int, rows: Index) -> tuple[SampleStatistics | None, str]:
        full, group = self.fit.sample.ordinal[g], self.groups[g]
        values = group.values[rows]
        for v, count in enumerate(full.layout.counts):
            if count and np.unique(values[:, v][~np.isnan(values[:, v])]).size < count:
                return None, f"lost a category of {full.layout.names[v]}"
        weights = None if group.weights is None else group.weights[rows]
        drawn = GroupData(group.label, values, rows, weights)
        try:
            moments = ordinal_moments(drawn, full.layout, start=full.observed)
        except DataError as error:
            return None, f"no threshold: {error.what}"
        gamma = moments.gamma_diagonal()
        weight = 1.0 / gamma if self.weighted else np.ones_like(gamma)
        return SampleStatistics(moments.n, moments.observed, weight, None), OK


def _expected(full: OrdinalMoments, times: Vector) -> Vector:
    """Return moments (k,) to start from; correlations as the influences let expect them.

    `times` (n,) says how often each case was drawn. Margins start from the full sample: where
    one has no maximum its influences lead anywhere.
    """
    found, pairs = full.observed.copy(), slice(full.layout.pair, None)
    expected = found[pairs] + full.influence[pairs] @ (times - 1.0)
    found[pairs] = np.where(np.isfinite(expected), expected, found[pairs])
    return found


def _tables(group: GroupData, full: OrdinalMoments) -> _Tables:
    layout = full.layout
    p = len(layout.names)
    values = group.values[:, :p]
    codes = np.where(np.isnan(values), -1, values).astype(np.int64).T
    X, pattern = _patterns(group.values[:, p:] if layout.n_x else np.empty((group.n, 0)))
    rows = np.array([(layout.first[v], layout.slope_row(v, 0)) for v in range(p)], dtype=np.int64)
    pairs = [(i, j, layout.pair_row(i, j)) for i in range(p) for j in range(i + 1, p)]
    return _Tables(
        np.ascontiguousarray(codes),
        pattern,
        X,
        np.array(layout.counts, dtype=np.int64),
        rows,
        np.array(pairs, dtype=np.int64).reshape(-1, 3),  # none where one variable is ordinal
        full,
    )
