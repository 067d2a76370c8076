"""What is estimated from two-level data once, and the engine that fits a table to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem, with_covariates
from footbridge.latent.clusters import ClusterData
from footbridge.latent.constraints import read_constraints
from footbridge.latent.engine import Engine, LikelihoodEngine
from footbridge.latent.engines import Sample
from footbridge.latent.errors import OptionError
from footbridge.latent.leveljoint import JointLikelihood, Part
from footbridge.latent.levellikelihood import TwoLevelLikelihood
from footbridge.latent.levelmissing import PatternLikelihood
from footbridge.latent.levelpatterns import ClusterPatterns
from footbridge.latent.leveltable import LevelRoles, moments_table
from footbridge.latent.moments import NormalMoments
from footbridge.latent.optimise import Discrepancy, Minimum, minimise
from footbridge.latent.solve import Solution, solve
from footbridge.latent.table import ParameterTable, Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LevelProblem(Problem):
    """A two-level model with its data, one or more groups.

    `moments` are those of cases and of cluster means, group after group; so are the blocks of
    the table, of which each group has two. `patterns` are there for groups with missing values,
    whose `clusters` have them filled in: they serve as a guide to starting values only.
    """

    levels: LevelRoles
    clusters: tuple[ClusterData, ...]
    patterns: tuple[ClusterPatterns | None, ...]

    @property
    def n(self) -> float:
        """Number of cases used."""
        return float(sum(data.n for data in self.clusters))

    def place(self, row: Row) -> str:
        """Say at which level, and in which group, a row belongs."""
        group = f" in group {(row.group + 1) // 2}" if len(self.clusters) > 1 else ""
        return f" at level {row.level}{group}"

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return sum(data.n_clusters for data in self.clusters)


class LevelEngine(LikelihoodEngine):
    """Two-level maximum likelihood."""

    likelihood: JointLikelihood

    def __init__(self, likelihood: JointLikelihood, saturated: "LevelSaturated") -> None:
        self.likelihood, self.saturated = likelihood, saturated
        self.target: Discrepancy = likelihood
        self.shares: Sequence[float] = [1.0]
        self.divisor = self.multiplier = likelihood.n

    def deltas(self, theta: Vector) -> list[Matrix]:
        """Return the identity: the parameters stand for the moments."""
        return [np.eye(theta.size)]

    def weights(self, theta: Vector) -> list[Matrix]:
        """Return the expected information."""
        return [self.information(theta, "expected")]

    def gammas(self, theta: Vector, *, normal: bool = False) -> list[Matrix]:
        """Refuse: there is no Gamma of two-level moments here."""
        raise OptionError(
            "This statistic is not offered for two-level models.",
            "It needs the covariance matrix of the sample moments.",
            "Use estimator='MLR': its errors and test come from the scores of clusters.",
        )

    def scores(self, theta: Vector) -> Matrix:
        """Return the scores of clusters, (J, q)."""
        return self.likelihood.scores(theta)

    def scaling(self, theta: Vector) -> float:
        """Return tr(H1^-1 J1) of the saturated model."""
        h1 = self.saturated
        S = h1.likelihood.scores(h1.theta)
        H = h1.likelihood.derivatives(h1.theta, exact=True)[1]
        return float(np.trace(np.linalg.solve(H, S.T @ S / self.divisor)))


@dataclass(frozen=True)
class LevelSaturated:
    """The saturated model of both levels."""

    table: ParameterTable
    likelihood: JointLikelihood
    minimum: Minimum

    @property
    def theta(self) -> Vector:
        """Its free moments."""
        return self.minimum.theta

    def moments(self) -> list[NormalMoments]:
        """Return estimated means and covariances of every block, all variables in each."""
        found = []
        for part in self.likelihood.parts:
            sizes = (part.n, float(part.data.n_clusters))
            states = part.implied(self.theta)
            found += [
                NormalMoments(n, ram.mu(state), ram.sigma(state))
                for n, ram, state in zip(sizes, part.rams, states, strict=True)
            ]
        return found


class LevelSample(Sample):
    """The clusters and the saturated model, shared by the model and its baseline."""

    def __init__(self, problem: LevelProblem) -> None:
        super().__init__(problem)
        self.two = problem

    def likelihood(self, table: ParameterTable, saturated: float) -> JointLikelihood:
        """Return the likelihood of one table."""
        rams, parts = self.rams(table), list[Part]()
        for g, (data, gaps) in enumerate(zip(self.two.clusters, self.two.patterns, strict=True)):
            pair = rams[2 * g], rams[2 * g + 1]
            parts.append(
                TwoLevelLikelihood(pair, data, n_free=table.n_free)
                if gaps is None
                else PatternLikelihood(pair, gaps, n_free=table.n_free)
            )
        return JointLikelihood(parts, n_free=table.n_free, saturated=saturated)

    @cached_property
    def h1(self) -> LevelSaturated:
        """The saturated model of both levels, fitted when first asked for."""
        shape = len(self.two.clusters)
        free = moments_table(self.two.levels, shape, fixed_x=self.two.options.fixed_x)
        table = hold(free, self.two)
        target = self.likelihood(table, 0.0)
        covs, means = self.guides()
        place = {name: i for i, name in enumerate(self.two.roles.ov)}
        start = np.zeros(table.n_free)
        for row in table.free_rows:
            a, g = place[row.lhs], row.group - 1
            start[row.free - 1] = means[g][a] if row.op == "~1" else covs[g][a, place[row.rhs]]
        found = minimise(target, read_constraints(table), start, tolerance=1e-11)
        return LevelSaturated(table, target, found)

    def engine(self, table: ParameterTable) -> Engine:
        """Return the engine that fits one table to these data."""
        target = self.likelihood(table, self.h1.likelihood.value(self.h1.theta))
        return LevelEngine(target, self.h1)

    def guides(self) -> tuple[list[Matrix], list[Vector]]:
        """Return covariances and means by block that starting values are taken from."""
        found = [self._guide(g) for g in range(len(self.two.clusters))]
        return [S for covs, _ in found for S in covs], [m for _, means in found for m in means]

    def _guide(self, g: int) -> tuple[list[Matrix], list[Vector]]:
        """Return covariances and means of both levels of one group."""
        data, levels = self.two.clusters[g], self.two.levels
        total, between = self.two.moments[2 * g : 2 * g + 2]
        p = len(self.two.roles.ov)
        one, two = np.eye(p), np.eye(p)
        w = data.within
        one[np.ix_(w, w)] = data.pooled
        x = [i for i, name in enumerate(self.two.roles.ov) if name in levels.one.ov_x]
        one[np.ix_(x, x)] = total.cov[np.ix_(x, x)]
        b = [i for i, name in enumerate(self.two.roles.ov) if name in levels.two.ov]
        noise = np.zeros((p, p))
        noise[np.ix_(w, w)] = data.pooled * float(np.mean(1.0 / data.sizes[data.kind]))
        values, vectors = np.linalg.eigh((between.cov - noise)[np.ix_(b, b)])
        lifted = np.maximum(values, 0.02 * values[-1])
        two[np.ix_(b, b)] = (vectors * lifted) @ vectors.T
        inside = np.array([name not in levels.shared for name in self.two.roles.ov])
        return [one, two], [np.where(inside, total.mean, 0.0), between.mean]


def hold(table: ParameterTable, problem: LevelProblem) -> ParameterTable:
    """Fix the moments of covariates of one level at their sample values."""
    return with_covariates(table, problem.roles, problem.moments)


@dataclass(frozen=True)
class LevelSolution(Solution):
    """A fitted table, held against the moments of both levels."""

    n_moments: int

    @cached_property
    def df(self) -> int:
        """Degrees of freedom: moments of both levels minus parameters."""
        return self.n_moments - self.npar


def solve_levels(sample: LevelSample, table: ParameterTable) -> LevelSolution:
    """Fit one table to two-level data."""
    s = solve(sample, table)
    size = sample.h1.theta.size
    return LevelSolution(s.problem, s.table, s.engine, s.constraints, s.minimum, size)
