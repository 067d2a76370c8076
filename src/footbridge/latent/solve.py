"""Fit one table: start, minimise, covariance matrix and tests."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem
from footbridge.latent.constraints import Constraints, null_space, read_constraints
from footbridge.latent.drawplan import plan_draws
from footbridge.latent.engine import Engine
from footbridge.latent.engines import Sample
from footbridge.latent.errors import OptionError
from footbridge.latent.inference import (
    SCALED,
    Covariances,
    TestStatistic,
    covariances,
    scaled_test,
    ugamma_traces,
)
from footbridge.latent.leastsquares import LeastSquaresEngine
from footbridge.latent.moments import embedded_inverse
from footbridge.latent.optimise import Discrepancy, Minimum, minimise
from footbridge.latent.ordinalmodel import OrdinalModel
from footbridge.latent.residualtest import Piece, browne_residual
from footbridge.latent.start import starting_values
from footbridge.latent.structured import Structured
from footbridge.latent.table import ParameterTable, Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SHRINK = (1.0, 0.8, 0.6, 0.4, 0.2, 0.1)


@dataclass(frozen=True)
class Solution:
    """A fitted table; covariance matrix and tests are computed when asked for."""

    problem: Problem
    table: ParameterTable
    engine: Engine
    constraints: Constraints
    minimum: Minimum

    @property
    def theta(self) -> Vector:
        """The estimates (q,)."""
        return self.minimum.theta

    @cached_property
    def jacobian(self) -> Matrix:
        """Jacobian (k, q) of the active constraints, as errors take them.

        A bound that binds holds its parameter like a fixed value; lavaan 0.6 gives the errors
        that there would be without it.
        """
        active = self.minimum.active
        if self.problem.options.mimic == "lavaan-0.6":
            active = tuple(i for i in active if i < self.constraints.n_written)
        return self.constraints.equations(self.theta, active)[1]

    @property
    def held(self) -> list[tuple[Row, float]]:
        """Rows that a bound holds, with the bound."""
        first = self.constraints.n_written
        return [self.constraints.bounds[i - first] for i in self.minimum.active if i >= first]

    @cached_property
    def covariances(self) -> Covariances:
        """Covariance matrix of the estimates; NaN where the search found no minimum."""
        options = self.problem.options
        if not self.minimum.converged:
            empty = np.full((self.theta.size,) * 2, np.nan)
            return Covariances(empty, null_space(self.jacobian), "no minimum was found")
        return covariances(
            self.engine, self.theta, self.jacobian, se=options.se, information=options.information
        )

    @cached_property
    def npar(self) -> int:
        """Free parameters after equality constraints; bounds that bind do not count."""
        return int(null_space(self.constraints.equations(self.theta)[1]).shape[1])

    @cached_property
    def plain(self) -> TestStatistic:
        """The test statistic without correction."""
        if self.problem.options.test == "browne.residual.nt":
            return TestStatistic("browne.residual.nt", self._residual(), self.df)
        name = "pairwise" if self.problem.options.discrepancy == "PML" else "standard"
        return TestStatistic(name, 2 * self.engine.multiplier * self.minimum.value, self.df)

    def _residual(self) -> float:
        """Return Browne's statistic with normal weights at the sample covariances."""
        engine = self.engine
        if not isinstance(engine, LeastSquaresEngine):
            raise OptionError(
                "test='browne.residual.nt' is offered for least squares.",
                "Maximum likelihood has its own statistic.",
                "Use test='standard'.",
            )
        pieces = []
        for model, sample, D in zip(
            engine.models, engine.samples, engine.deltas(self.theta), strict=True
        ):
            gamma = np.asarray(sample.gamma_normal, dtype=np.float64)
            normal = embedded_inverse(gamma, np.flatnonzero(gamma.diagonal()))
            gap = sample.observed - model.implied(self.theta)
            D = D @ self.covariances.basis
            pieces.append(Piece(sample.n - 1, sample.observed, gap, normal, normal, D))
        return browne_residual(pieces)

    @cached_property
    def df(self) -> int:
        """Degrees of freedom: moments minus parameters."""
        return count_moments(self.problem) - self.npar

    @cached_property
    def scaled(self) -> TestStatistic | None:
        """The corrected test statistic, where one was asked for."""
        name = self.problem.options.test
        if name not in SCALED:
            return None
        if name == "yuan.bentler.mplus":
            return scaled_test(name, self.plain, (self._yuan_bentler(), float("nan")))
        second = name in {"scaled.shifted", "mean.var.adjusted"}
        traces = ugamma_traces(self.engine, self.theta, self.covariances.basis, second=second)
        return scaled_test(name, self.plain, traces)

    def scaling_h0(self) -> float:
        """Return tr(H0^-1 J0), the model's part of the Yuan-Bentler correction."""
        basis = self.covariances.basis
        S = self.engine.scores(self.theta) @ basis
        H = basis.T @ self.engine.information(self.theta, self.problem.options.information) @ basis
        return float(np.trace(np.linalg.solve(H, S.T @ S / self.problem.n)))

    def _yuan_bentler(self) -> float:
        return self.engine.scaling(self.theta) - self.scaling_h0()


def count_moments(problem: Problem) -> int:
    """Return how many sample moments the model is held against."""
    roles, options = problem.roles, problem.options
    p, x, groups = len(roles.ov_nox), len(roles.ov_x), len(problem.moments)
    if options.categorical:
        thresholds = sum(r.op == "|" for r in problem.table.rows) // groups
        continuous = p - len(roles.ordered)
        slopes = p * x if options.conditional_x else 0
        if not options.conditional_x:
            p, continuous = p + x, continuous + x
        return groups * (thresholds + 2 * continuous + slopes + p * (p - 1) // 2)
    total = p + x
    pairs = total * (total + 1) // 2 + (total if options.meanstructure else 0)
    fixed = options.fixed_x or options.conditional_x
    known = x * (x + 1) // 2 + (x if options.meanstructure else 0) if fixed else 0
    return groups * (pairs - known)


def first_values(sample: Sample, table: ParameterTable) -> Vector:
    """Return where a search starts, (q,)."""
    covs, means = sample.guides()
    start = starting_values(table, sample.problem.roles.ov, covs, means)
    for row in table.free_rows:
        if row.op == "|":
            start[row.free - 1] = sample.threshold(row)
    return start


def inside(target: Discrepancy, table: ParameterTable, start: Vector) -> Vector:
    """Return starting values at which `target` is finite: smaller paths where need be."""
    paths = np.array([r.op in {"=~", "~"} for r in table.free_rows], dtype=bool)
    for factor in _SHRINK:
        theta = np.where(paths, factor * start, start)
        if np.isfinite(target.value(theta)):
            return theta
    return start


def solve(sample: Sample, table: ParameterTable, *, start: Vector | None = None) -> Solution:
    """Fit one table to the data of a problem."""
    problem = sample.problem
    engine = sample.engine(table)
    constraints = read_constraints(table)
    guessed = start is None
    if start is None:
        start = first_values(sample, table)
    limit = problem.options.max_iterations
    start, steps = _compiled(engine, table, constraints, start) if limit > 200 else (start, 0)
    target, tolerance = engine.target, 1e-11
    if problem.options.discrepancy == "PML":
        # Sums over many tables of cells leave rounding of about 1e-9 in a pairwise gradient.
        target, tolerance = Structured(engine.target), 1e-8
        start = inside(target, table, start)
    found = minimise(target, constraints, start, max_iterations=limit, tolerance=tolerance)
    if guessed and not found.converged and limit > 1:
        alike = _alike(sample, table, start)
        again = minimise(target, constraints, alike, max_iterations=limit, tolerance=tolerance)
        found = again if again.converged else found
    if steps:
        found = replace(found, iterations=found.iterations + steps)
    return Solution(problem, table, engine, constraints, found)


def _alike(sample: Sample, table: ParameterTable, start: Vector) -> Vector:
    """Return a second start, lavaan's simple one: few cases can make guessed loadings wild."""
    seen, theta = set(sample.problem.roles.ov), start.copy()
    for row in table.free_rows:
        if row.start is not None or row.op not in {"=~", "~", "~~"}:
            continue
        if row.op != "~~":
            theta[row.free - 1] = float(row.op == "=~")
        elif row.lhs not in seen or row.lhs != row.rhs:
            theta[row.free - 1] = 0.05 * (row.lhs == row.rhs)
    return theta


def _compiled(
    engine: Engine, table: ParameterTable, constraints: Constraints, start: Vector
) -> tuple[Vector, int]:
    """Search without the thresholds, compiled; return where it ended after how many iterations.

    The general search goes on from there and judges the result: usually it finds nothing to do.
    """
    if not isinstance(engine, LeastSquaresEngine) or len(engine.models) > 1:
        return start, 0
    model, sample = engine.models[0], engine.samples[0]
    if not isinstance(model, OrdinalModel) or sample.weight.ndim > 1:
        return start, 0
    plan = plan_draws(table, constraints, model, start)
    if plan is None or not plan.sub.size:
        return start, 0
    found, steps = plan.run(sample.observed, sample.weight, start, tolerance=1e-10)
    return (found, steps) if steps else (start, 0)
