"""Fit a two-level model: `level: 1` and `level: 2` blocks and `cluster=`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.complete import with_groups
from footbridge.latent.data import read_cases
from footbridge.latent.errors import Advice, OptionError
from footbridge.latent.leveladvice import level_advice
from footbridge.latent.leveldata import complete_clusters, level_moments, require_nested
from footbridge.latent.levelmeasures import level_criteria, level_measures, level_srmr
from footbridge.latent.levelsample import (
    LevelProblem,
    LevelSample,
    LevelSolution,
    hold,
    solve_levels,
)
from footbridge.latent.leveltable import LevelRoles, level_roles, level_table, moments_table
from footbridge.latent.moments import NormalMoments
from footbridge.latent.names import Roles
from footbridge.latent.options import Options, resolve
from footbridge.latent.result import Fit
from footbridge.latent.solve import Solution
from footbridge.latent.syntax import ParsedModel
from footbridge.latent.table import Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
ESTIMATORS = ("ML", "MLR", "MLF")


def fit_two_level(
    model: ParsedModel, data: pd.DataFrame | None, asked: Mapping[str, Any]
) -> "TwoLevelFit":
    """Fit a model of cases in clusters by maximum likelihood.

    Parameters
    ----------
    model
        A parsed model with two levels.
    asked
        The options of `fit`; `cluster` must be among them.

    Raises
    ------
    LatentError
        If an option does not go with two levels, or the data do not have them.
    """
    problem = _pose(model, data, dict(asked))
    sample = LevelSample(problem)
    return TwoLevelFit(sample, solve_levels(sample, problem.table))


class TwoLevelFit(Fit):
    """A fitted two-level model; its tables have a column `level`."""

    def __init__(self, sample: LevelSample, solution: LevelSolution) -> None:
        super().__init__(sample, solution)
        self.sample: LevelSample = sample

    @property
    def posed(self) -> LevelProblem:
        """The model with its clusters."""
        return self.sample.two

    @cached_property
    def baseline(self) -> Solution:
        """The fitted independence model of both levels."""
        shape, fixed = len(self.posed.clusters), self.options.fixed_x
        table = moments_table(self.posed.levels, shape, fixed_x=fixed, independent=True)
        return solve_levels(self.sample, hold(table, self.posed))

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Warnings: what happened, why, and what to do."""
        return (*super().advice, *level_advice(self.sample))

    @cached_property
    def fit_measures(self) -> Mapping[str, float]:
        """Fit indices under lavaan's names; SRMR by level."""
        solution, base, n = self.solution, self.baseline, self.posed.n
        found = level_measures(
            (solution.plain, base.plain),
            (solution.scaled, base.scaled),
            n=n,
            npar=solution.npar,
            n_variables=self.posed.clusters[0].within.size,
            n_groups=len(self.posed.clusters),
        )
        names, levels = self.posed.roles.ov, self.posed.levels.levels
        own = [[i for i, v in enumerate(names) if v in r.ov] for r in levels]
        implied = [
            (ram.sigma(ram.state(self.theta)), own[k % 2])
            for k, ram in enumerate(self.sample.rams(self.table))
        ]
        found |= level_srmr(self.sample.h1.moments(), implied)
        target, free = self.sample.likelihood(self.table, 0.0), self.sample.h1
        given = self._given()
        model = target.log_likelihood(self.theta) - given
        saturated = free.likelihood.log_likelihood(free.theta) - given
        constant = 0.5 * target.dimension * float(np.log(2 * np.pi))
        found["fmin"] = -(model + given + constant) / n
        if any(gaps is not None for gaps in self.posed.patterns):
            # Made from the likelihood ratio alone these would not allow for what is missing.
            found = {k: v for k, v in found.items() if ".robust" not in k}
        return found | level_criteria(model, saturated, npar=solution.npar, n=n)

    def _given(self) -> float:
        """Return the log-likelihood of the covariates, where the model takes them as given."""
        total = 0.0
        if not self.options.fixed_x:
            return total
        for k, moments in enumerate(self.posed.moments):
            roles = self.posed.levels.levels[k % 2]
            x = [i for i, name in enumerate(self.posed.roles.ov) if name in roles.ov_x]
            if x:
                logdet = float(np.linalg.slogdet(moments.cov[np.ix_(x, x)])[1])
                total -= 0.5 * moments.n * (len(x) * (np.log(2 * np.pi) + 1.0) + logdet)
        return total

    def icc(self, group: int = 1) -> dict[str, float]:
        """Return the share of each variable's variance that lies between clusters.

        From the saturated model, Sigma_B / (Sigma_B + Sigma_W), for variables of both levels
        (Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428).
        """
        pair = self.sample.h1.moments()[2 * group - 2 : 2 * group]
        one, two = (np.diag(m.cov) for m in pair)
        return {
            name: float(two[i] / (one[i] + two[i]))
            for i, name in enumerate(self.posed.roles.ov)
            if name in self.posed.levels.shared
        }

    def r2(self) -> dict[str, float]:
        """Return explained variances (first group); `.l2` follows names of the second level."""
        found = {}
        for level, whole in enumerate(self.wholes[:2], start=1):
            rows = [r for r in self.table.parameters if r.group == level]
            names = {r.rhs for r in rows if r.op == "=~"} | {r.lhs for r in rows if r.op == "~"}
            for k, name in enumerate(whole.names):
                if name in names:
                    share = 1.0 - float(whole.residual[k] / whole.total[k])
                    good = whole.residual[k] >= 0
                    found[name + (".l2" if level == 2 else "")] = share if good else float("nan")
        return found

    def residuals(self, type: str = "raw") -> pd.DataFrame:  # noqa: A002
        """Return observed less implied moments of each level; see `levelresiduals`."""
        from footbridge.latent.levelresiduals import level_residuals

        return level_residuals(self, type=type)

    def factor_scores(
        self, method: str | None = None, *, se: bool = False, level: int = 1
    ) -> pd.DataFrame:
        """Return scores of cases (level 1) or of clusters (level 2); see `levelscores`."""
        from footbridge.latent.levelscores import level_scores

        return level_scores(self, method=method, se=se, level=level)

    @staticmethod
    def level_of(block: int) -> int:
        """Return the level of a block of the table."""
        return 2 - block % 2

    def roles_of(self, block: int) -> Roles:
        """Return the roles of the variables at the level of a block."""
        return self.posed.levels.levels[self.level_of(block) - 1]

    def places(self, rows: Sequence[Row]) -> dict[str, NDArray[np.int64]]:
        """Return the columns `level` and `group`, 0 for definitions and constraints."""
        block = np.array([r.group for r in rows], dtype=np.int64)
        return {"level": np.where(block > 0, 2 - block % 2, 0), "group": (block + 1) // 2}

    def suffix(self, row: Row) -> str:
        """Return what follows a parameter's name at the second level or in another group."""
        group = (row.group + 1) // 2
        return (".l2" if row.group % 2 == 0 else "") + (f".g{group}" if group > 1 else "")


def _pose(model: ParsedModel, data: pd.DataFrame | None, asked: dict[str, Any]) -> LevelProblem:
    levels = level_roles(model)
    options = _options(asked, levels)
    if data is None or options.cluster is None:
        raise OptionError(
            "A two-level model needs the cases and their clusters.",
            "Only a covariance matrix was given."
            if data is None
            else "The model has 'level:' blocks, and no cluster= was given.",
            "Pass the data and cluster='column'.",
        )
    cases = read_cases(data, levels.both, options)
    clusters, patterns, moments = [], [], list[NormalMoments]()
    for group in cases.groups:
        filled, gaps = complete_clusters(group, levels, options.cluster)
        clusters.append(filled)
        patterns.append(gaps)
        moments += level_moments(group, filled)
    require_nested(cases, options)
    labels = tuple(group.label for group in cases.groups)
    model = with_groups(model, labels)
    table = level_table(model, levels, options, n_groups=len(clusters))
    problem = LevelProblem(
        *(model, levels.both, options, table, cases, tuple(moments), labels, levels),
        *(tuple(clusters), tuple(patterns)),
    )
    return replace(problem, table=hold(table, problem))


def _options(asked: dict[str, Any], levels: LevelRoles) -> Options:
    """Return the options after defaults; refuse what does not go with two levels."""
    cluster = asked.pop("cluster", None)
    estimator = str(asked.get("estimator") or "ML").upper()
    never = ("sampling_weights", "auxiliary", "conditional_x", "prior")
    unfit = [k for k in never if asked.get(k)]
    if (asked.get("missing") or "listwise").lower() not in {"listwise", "ml", "fiml", "direct"}:
        unfit.append("missing")
    if asked.get("ordered"):
        unfit.append("ordered")
    if unfit or estimator not in ESTIMATORS:
        what = f"{unfit[0]}=" if unfit else f"The estimator {estimator}"
        raise OptionError(
            f"{what} does not go with a two-level model.",
            "Offered are continuous variables by maximum likelihood, missing values by 'fiml'.",
            f"Leave it out; choose one of {', '.join(ESTIMATORS)}. For cluster-robust errors only, "
            "write a model of one level with cluster=.",
        )
    asked.pop("ordered", None)
    options = resolve(
        {**asked, "meanstructure": True, "information": asked.get("information") or "observed"},
        categorical=False,
        has_x=bool(levels.both.ov_x),
    )
    return replace(options, cluster=cluster)
