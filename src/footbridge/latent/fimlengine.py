"""Engines for incomplete continuous data: full information, and the two-stage method.

Two-stage: the saturated moments are estimated first and then fitted as if complete, with errors
and tests corrected by their covariance (Savalei and Bentler 2009; Yuan and Bentler 2000).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem, compile_rams
from footbridge.latent.constraints import read_constraints
from footbridge.latent.engine import LikelihoodEngine, NormalEngine, stacked_delta
from footbridge.latent.errors import DataError
from footbridge.latent.fiml import FimlLikelihood, Patterns, em_start, patterns_of, saturated_value
from footbridge.latent.linalg import inv
from footbridge.latent.moments import NormalMoments, normal_weight
from footbridge.latent.optimise import Discrepancy, minimise
from footbridge.latent.ram import Ram
from footbridge.latent.table import ParameterTable, Row, number

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Saturated:
    """The saturated model of incomplete data: moments, likelihood, information."""

    patterns: tuple[Patterns, ...]
    likelihood: FimlLikelihood
    theta: Vector
    moments: tuple[NormalMoments, ...]
    robust: bool

    @property
    def value(self) -> float:
        """The value of f (per case, without constant)."""
        return self.likelihood.value(self.theta)

    @cached_property
    def information(self) -> Matrix:
        """Observed information of one case in the saturated parameters."""
        return self.likelihood.derivatives(self.theta, exact=True)[1]

    @cached_property
    def scores(self) -> Matrix:
        """Casewise scores in the saturated parameters."""
        return self.likelihood.scores(self.theta)

    @cached_property
    def maps(self) -> tuple[Matrix, ...]:
        """Which saturated parameter is which of [mean, vech S]: (k, m) of 0 and 1, by group."""
        m = self.theta.size
        rams = self.likelihood.rams
        return tuple(stacked_delta(ram, self.theta, n_free=m, means=True) for ram in rams)

    def gamma(self, g: int) -> Matrix:
        """Return n_g times the covariance of [mean, vech S] of one group, in that order."""
        D = self.maps[g]
        bread = inv(self.information)
        if self.robust:
            S = self.scores
            cov = bread @ (S.T @ S / self.likelihood.total) @ bread
        else:
            cov = bread
        share = self.moments[g].n / self.likelihood.total
        return np.asarray(D @ cov @ D.T * share)


def saturate(problem: Problem) -> Saturated:
    """Fit the saturated model by EM and then by Newton's method."""
    if problem.cases is None:
        raise DataError(
            "Missing values need the cases.",
            "Only a covariance matrix was given.",
            "Pass the data.",
        )
    pats = tuple(patterns_of(group) for group in problem.cases.groups)
    starts = [em_start(p) for p in pats]
    table = _saturated_table(problem, starts)
    rams = [
        Ram([r for r in table.parameters if r.group == g], problem.roles.ov, ())
        for g in range(1, len(pats) + 1)
    ]
    likelihood = FimlLikelihood(rams, pats, n_free=table.n_free)
    start = np.array([r.start or 0.0 for r in table.free_rows])
    found = minimise(likelihood, read_constraints(table), start, tolerance=1e-11)
    moments = []
    for ram, pat in zip(rams, pats, strict=True):
        state = ram.state(found.theta)
        moments.append(NormalMoments(float(pat.n.sum()), ram.mu(state), ram.sigma(state)))
    robust = problem.options.se == "robust.huber.white" or problem.options.missing.startswith(
        "robust"
    )
    return Saturated(pats, likelihood, found.theta, tuple(moments), robust)


def _saturated_table(problem: Problem, starts: Sequence[tuple[Matrix, Vector]]) -> ParameterTable:
    """Return all means and covariances, those among fixed covariates held at their values."""
    names, fixed = problem.roles.ov, problem.options.fixed_x or problem.options.conditional_x
    held = set(problem.roles.ov_x) if fixed else set()
    rows = []
    for g, (S, m) in enumerate(starts, start=1):
        for i, a in enumerate(names):
            for j, b in enumerate(names[i:], start=i):
                free = int(not (a in held and b in held))
                rows.append(Row(a, "~~", b, group=g, free=free, ustart=S[i, j], start=S[i, j]))
            rows.append(Row(a, "~1", "", group=g, free=int(a not in held), ustart=m[i], start=m[i]))
    return number(rows)


class FimlEngine(LikelihoodEngine):
    """Full information maximum likelihood."""

    likelihood: FimlLikelihood

    def __init__(self, problem: Problem, table: ParameterTable, saturated: Saturated) -> None:
        self.saturated = saturated
        self.rams = compile_rams(problem, table)
        self.likelihood = FimlLikelihood(
            self.rams, saturated.patterns, n_free=table.n_free, saturated=saturated.value
        )
        self.target: Discrepancy = self.likelihood
        total = self.likelihood.total
        self.shares: Sequence[float] = [m.n / total for m in saturated.moments]
        self.divisor = self.multiplier = total
        self.n_free = table.n_free

    def deltas(self, theta: Vector) -> list[Matrix]:
        """Return the Jacobian of [mu, vech Sigma] per group."""
        return [stacked_delta(r, theta, n_free=self.n_free, means=True) for r in self.rams]

    def weights(self, theta: Vector) -> list[Matrix]:
        """Return complete-data normal weights at the saturated moments."""
        return [normal_weight(inv(m.cov), means=True) for m in self.saturated.moments]

    def gammas(self, theta: Vector, *, normal: bool = False) -> list[Matrix]:
        """Return the covariances of the saturated moments, missing values allowed for."""
        return [self.saturated.gamma(g) for g in range(len(self.rams))]

    def scores(self, theta: Vector) -> Matrix:
        """Return the casewise scores (n, q)."""
        return self.likelihood.scores(theta)

    def scaling(self, theta: Vector) -> float:
        """Return tr(H1^-1 J1) of the saturated model."""
        S = self.saturated.scores
        return float(np.trace(np.linalg.solve(self.saturated.information, S.T @ S / self.divisor)))

    def log_likelihoods(self, theta: Vector) -> tuple[float, float]:
        """Return the log-likelihoods of the model and of the saturated model."""
        implied = [(r.sigma(r.state(theta)), r.mu(r.state(theta))) for r in self.rams]
        free = [(m.cov, m.mean) for m in self.saturated.moments]
        pats = self.saturated.patterns
        return saturated_value(pats, implied), saturated_value(pats, free)


class TwoStageEngine(NormalEngine):
    """Maximum likelihood on saturated moments, with their own covariance."""

    def __init__(self, problem: Problem, table: ParameterTable, saturated: Saturated) -> None:
        super().__init__(
            compile_rams(problem, table),
            (saturated.moments, None),
            n_free=table.n_free,
            means=True,
        )
        self.saturated = saturated

    def weights(self, theta: Vector) -> list[Matrix]:
        """Return normal weights at the saturated moments."""
        return [normal_weight(inv(m.cov), means=True) for m in self.saturated.moments]

    def information(self, theta: Vector, kind: str) -> Matrix:
        """Return D'VD with weights at the saturated moments."""
        parts = zip(self.shares, self.weights(theta), self.deltas(theta), strict=True)
        return np.asarray(sum(s * (D.T @ V @ D) for s, V, D in parts))

    def gammas(self, theta: Vector, *, normal: bool = False) -> list[Matrix]:
        """Return the covariances of the saturated moments."""
        return [self.saturated.gamma(g) for g in range(len(self.rams))]
