"""Fit with a prior: the posterior mode, its curvature, and what the prior did to it.

theta maximises k l(theta) + log pi(theta). With a full likelihood k = 1; a pairwise likelihood uses
every answer many times, and k = q / tr(H^-1 J) gives it the weight of independent cases (Ribatet,
Cooley and Davison 2012, Statistica Sinica 22, 813-845). The errors are the posterior's spread: the
inverse of minus the second derivatives, and for PML (G + P)^-1 with G^-1 = H^-1 J H^-1 the
sandwich and P the prior's curvature. The pull of the prior on an estimate is d theta / d log w, w
the power of the prior, in posterior standard deviations (Kallioinen, Paananen, Burkner and Vehtari
2024, Statistics and Computing 34, 57, power-scale priors in the same way).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem
from footbridge.latent.constraints import null_space, read_constraints
from footbridge.latent.engine import Engine
from footbridge.latent.engines import Sample
from footbridge.latent.errors import Advice, OptionError
from footbridge.latent.factsof import log_likelihoods
from footbridge.latent.inference import Covariances, TestStatistic, inverse_within
from footbridge.latent.optimise import Discrepancy, Minimum, minimise
from footbridge.latent.penalty import PenalisedFunction, Penalty
from footbridge.latent.prior import Prior
from footbridge.latent.result import Fit
from footbridge.latent.solve import Solution, first_values, inside
from footbridge.latent.structured import Structured
from footbridge.latent.table import ParameterTable

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_TELLING = 0.5


def _refuse(what: str) -> NoReturn:
    raise OptionError(
        f"{what} is not offered for a fit with a prior.",
        "Its estimates are a posterior mode and no maximum of the likelihood, so that the "
        "distribution of tests and indices is not known.",
        "Fit the model without prior= for it.",
    )


class _Measures(dict[str, float]):
    """What can be said of a mode; an index that has lost its meaning says so when asked for."""

    def __missing__(self, name: str) -> float:
        _refuse(f"The fit measure '{name}'")


@dataclass(frozen=True)
class PosteriorSolution(Solution):
    """A fitted table with a prior; `tempering` is k, the weight of the likelihood."""

    penalty: Penalty
    tempering: float

    @property
    def plain(self) -> TestStatistic:
        """Refuse: there is no test."""
        _refuse("The chi-square test")

    @cached_property
    def covariances(self) -> Covariances:
        """Covariance matrix of the posterior; NaN where the search found no mode."""
        basis = null_space(self.jacobian)
        empty = np.full((self.theta.size,) * 2, np.nan)
        if not self.minimum.converged or self.problem.options.se == "none":
            why = "not asked for" if self.minimum.converged else "no minimum was found"
            return Covariances(empty, basis, why)
        pairwise = self.problem.options.discrepancy == "PML"
        found = self._sandwiched(basis) if pairwise else self._curved(basis)
        if found is None:
            return Covariances(empty, basis, "the posterior has no finite spread")
        return Covariances(found, basis)

    def _curved(self, basis: Matrix) -> Matrix | None:
        n = self.engine.divisor * self.tempering
        information = self.engine.information(self.theta, "observed") * n
        return inverse_within(information + self.penalty.hessian(self.theta), basis)

    def _sandwiched(self, basis: Matrix) -> Matrix | None:
        """Return B (I + P B)^-1 with B the sandwich, all within the constraints.

        Expected second derivatives and the penalty's semidefinite ones: neither depends on how
        the factors are scaled, though the pairwise score is not zero here.
        """
        H = inverse_within(self.engine.information(self.theta, "expected"), basis)
        if H is None:
            return None
        half = basis.T @ H @ self.engine.scores(self.theta).T / self.engine.divisor
        B, P = half @ half.T, basis.T @ self.penalty.slopes(self.theta)[1] @ basis
        spread = np.linalg.solve((np.eye(len(B)) + P @ B).T, B.T).T
        return np.asarray(basis @ (0.5 * (spread + spread.T)) @ basis.T)

    @cached_property
    def pull(self) -> Vector:
        """How far doubling the log prior would move each parameter, times 1 / log 2, (q,).

        In posterior standard deviations; the derivative of the mode in the log of the weight.
        """
        slope = self.penalty.slopes(self.theta)[0]
        moved = -self.covariances.vcov @ slope
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(moved / np.sqrt(np.diag(self.covariances.vcov)))


def solve_posterior(
    sample: Sample, table: ParameterTable, prior: Prior, *, start: Vector | None = None
) -> PosteriorSolution:
    """Return the posterior mode of one table."""
    problem = sample.problem
    engine, penalty = sample.engine(table), Penalty(problem, table, prior)
    if start is None:
        start = first_values(sample, table)
    theta = inside(PenalisedFunction(engine.target, penalty, engine.divisor), table, start)
    pairwise = problem.options.discrepancy == "PML"
    k = 1.0 / max(1, len(problem.roles.ov_nox) - 1) if pairwise else 1.0
    found = _search(engine, penalty, problem, table, theta=theta, k=k)
    for _ in range(20 if pairwise else 0):
        if not found.converged:
            break
        fresh = _tempering(engine, table, found.theta)
        settled = abs(np.log(fresh / k)) < 1e-6
        k = fresh
        if settled:
            break
        steps = found.iterations
        found = _search(engine, penalty, problem, table, theta=found.theta, k=k)
        found = replace(found, iterations=found.iterations + steps)
    return PosteriorSolution(
        problem, table, engine, read_constraints(table), found, penalty, float(k)
    )


def _search(
    engine: Engine, penalty: Penalty, problem: Problem, table: ParameterTable,
    *, theta: Vector, k: float,
) -> Minimum:  # fmt: skip
    pairwise = problem.options.discrepancy == "PML"
    target: Discrepancy = PenalisedFunction(engine.target, penalty, engine.divisor * k)
    return minimise(
        Structured(target) if pairwise else target,
        read_constraints(table),
        theta,
        max_iterations=problem.options.max_iterations,
        tolerance=1e-8 if pairwise else 1e-10,
    )


def _tempering(engine: Engine, table: ParameterTable, theta: Vector) -> float:
    """Return q / tr(H^-1 J): the weight that a pairwise likelihood deserves on average."""
    basis = null_space(read_constraints(table).equations(theta)[1])
    S = engine.scores(theta) @ basis
    H = basis.T @ engine.information(theta, "expected") @ basis
    J = S.T @ S / engine.divisor
    return float(len(H) / np.trace(np.linalg.lstsq(H, J, rcond=1e-12)[0]))


class PosteriorFit(Fit):
    """The posterior mode of a model; tests and indices are refused, with the reason."""

    def __init__(self, sample: Sample, solution: PosteriorSolution) -> None:
        super().__init__(sample, solution)
        self.posterior = solution

    @property
    def prior(self) -> Prior:
        """The prior that was used."""
        return self.posterior.penalty.prior

    @cached_property
    def baseline(self) -> Solution:
        """Refuse: nothing is compared with independence."""
        _refuse("A baseline model")

    @cached_property
    def fit_measures(self) -> Mapping[str, float]:
        """Parameters, cases, log-likelihood and log prior; asking for an index is refused."""
        found = _Measures(npar=float(self.posterior.npar), ntotal=float(self.problem.n))
        if self.options.discrepancy == "ML":
            found["logl"] = log_likelihoods(self.sample, self.posterior)[0]
        else:
            found["tempering"] = self.posterior.tempering
        found["logprior"] = -self.posterior.penalty.value(self.theta)
        return found

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Modes with posterior standard deviations and intervals; no z and no p-values.

        `pull` says how far the prior moves a free parameter, in posterior standard deviations.
        """
        frame = super().estimates.assign(z=np.nan, pvalue=np.nan)
        rows = [*self._map.rows, *self._map.definitions]
        return frame.assign(
            pull=[self.posterior.pull[r.free - 1] if r.free else np.nan for r in rows]
        )

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Warnings: those of the model, and where the prior decides."""
        return (*super().advice, *_pulled(self))

    def residuals(self, type: str = "raw") -> pd.DataFrame:  # noqa: A002
        """Return observed less implied moments, without errors and z values."""
        if type in {"normalized", "standardized"}:
            _refuse(f"A residual of type '{type}'")
        return super().residuals(type).assign(se=np.nan, z=np.nan, pvalue=np.nan)

    def modification_indices(self, *, sort: bool = False, robust: bool = False) -> pd.DataFrame:
        """Refuse: a modification index is a test."""
        _refuse("A modification index")

    def score_test(
        self,
        add: str | None = None,
        *,
        release: Sequence[int] | None = None,
        robust: bool = False,
        cumulative: bool = False,
    ) -> NoReturn:
        """Refuse: the score is not zero at a mode."""
        _refuse("A score test")

    def wald_test(self, equations: str) -> NoReturn:
        """Refuse: shrunken estimates have no chi-square distance."""
        _refuse("A Wald test")

    def to_lavaan(self) -> NoReturn:
        """Refuse: lavaan would fit without the prior."""
        _refuse("Export to lavaan")

    def to_mplus(self, data_file: str = "data.dat") -> NoReturn:
        """Refuse: Mplus would fit without this prior."""
        _refuse("Export to Mplus")


def _pulled(fit: PosteriorFit) -> Iterator[Advice]:
    """Yield the parameters that the prior decides more than the data do."""
    pull = fit.posterior.pull
    worst = [int(i) for i in np.argsort(-np.abs(np.nan_to_num(pull)))[:3]]
    rows = fit.table.free_rows
    named = [
        f"{rows[i].lhs} {rows[i].op} {rows[i].rhs} ({pull[i]:+.1f})"
        for i in worst
        if abs(pull[i]) > _TELLING
    ]
    if named:
        yield Advice(
            "prior-pulls",
            f"The prior moves {', '.join(named)}: in brackets, in posterior standard deviations.",
            "The data say little about them.",
            "See prior_sensitivity(fit), and report the answers under other priors too.",
        )
