"""Choose the engine that a problem asks for; the sample's moments are estimated once."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem, compile_rams, continuous_engine
from footbridge.latent.engine import Engine
from footbridge.latent.fimlengine import FimlEngine, Saturated, TwoStageEngine, saturate
from footbridge.latent.moments import NormalMoments
from footbridge.latent.ordinal import OrdinalMoments
from footbridge.latent.ordinalengine import ordinal_engine, ordinal_models, ordinal_samples
from footbridge.latent.ram import Ram
from footbridge.latent.table import ParameterTable, Row

if TYPE_CHECKING:
    from footbridge.latent.pairwise import PairwiseSample

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


class Sample:
    """What is estimated from the data once and shared by the model and its baseline."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ordinal: list[OrdinalMoments] = (
            ordinal_samples(problem) if problem.options.categorical else []
        )

        incomplete = problem.options.missing in {"fiml", "two.stage", "robust.two.stage"}
        self.saturated: Saturated | None = saturate(problem) if incomplete else None

    @cached_property
    def pairwise(self) -> "PairwiseSample":
        """Tables of all pairs of ordinal variables with the likelihood they allow at most."""
        from footbridge.latent.pairwise import pairwise_sample

        cases = self.problem.cases
        return pairwise_sample(cases.groups if cases else (), self.ordinal)

    def engine(self, table: ParameterTable) -> Engine:
        """Return the engine that fits one table to these data."""
        if self.problem.options.discrepancy == "PML":
            from footbridge.latent.pairwise import PairwiseEngine

            models = ordinal_models(self.problem, table)
            return PairwiseEngine(models, self.pairwise, n_free=table.n_free)
        if self.problem.options.categorical:
            return ordinal_engine(self.problem, table, self.ordinal)
        if self.saturated is not None and self.problem.options.missing == "fiml":
            return FimlEngine(self.problem, table, self.saturated)
        if self.saturated is not None:
            return TwoStageEngine(self.problem, table, self.saturated)
        return continuous_engine(self.problem, table)

    @property
    def moments(self) -> tuple[NormalMoments, ...]:
        """Means and covariances of the observed variables by group."""
        return self.saturated.moments if self.saturated is not None else self.problem.moments

    def rams(self, table: ParameterTable) -> list[Ram]:
        """Return the compiled model of every group."""
        return compile_rams(self.problem, table)

    def guides(self) -> tuple[list[Matrix], list[Vector]]:
        """Return covariance matrices and means that starting values are taken from."""
        moments = self.moments
        covs, means = [m.cov.copy() for m in moments], [m.mean.copy() for m in moments]
        for g, ordinal in enumerate(self.ordinal):
            p = len(ordinal.layout.names)
            covs[g][:p, :p] = ordinal.correlations()
            means[g][:p] = [
                0.0 if c else m for c, m in zip(ordinal.layout.counts, means[g], strict=False)
            ]
        return covs, means

    def threshold(self, row: Row) -> float:
        """Return the sample threshold that a row of the table stands for."""
        ordinal = self.ordinal[row.group - 1]
        first = ordinal.layout.first[ordinal.layout.names.index(row.lhs)]
        return float(ordinal.observed[first + int(row.rhs[1:]) - 1])
