"""The bootstrap of two-level models: whole clusters are drawn, with all their cases.

Cases of one cluster are not independent, clusters are; a draw takes as many clusters as there are,
with replacement, and one that is drawn twice counts as two (Davison and Hinkley 1997, Bootstrap
Methods and their Application, section 3.8).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.errors import DataError
from footbridge.latent.leveldata import complete_clusters, level_moments
from footbridge.latent.levelfit import TwoLevelFit
from footbridge.latent.levelsample import LevelProblem, LevelSample, hold
from footbridge.latent.optimise import minimise

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


class LevelRefitter:
    """Fits a two-level model to resamples of clusters, from the estimates of the whole sample."""

    def __init__(self, fit: TwoLevelFit) -> None:
        self.problem, self.theta, self.table = fit.posed, fit.theta, fit.table
        self.constraints = fit.solution.constraints
        self.members = [members_of(g) for g in (fit.posed.cases.groups if fit.posed.cases else ())]

    def refit(self, draws: Sequence[list[Index]]) -> tuple[Matrix, list[str]]:
        """Return estimates (b, q) and a status per draw, given clusters by group and draw."""
        found = [self._one(draw) for draw in draws]
        return np.vstack([f[0] for f in found]), [f[1] for f in found]

    def _one(self, draw: list[Index]) -> tuple[Vector, str]:
        lost = np.full(self.theta.size, np.nan)
        try:
            problem = self.drawn(draw)
        except DataError as error:
            return lost, error.what.removesuffix(".").lower()
        target = LevelSample(problem).likelihood(problem.table, 0.0)
        found = minimise(target, self.constraints, self.theta, max_iterations=200, tolerance=1e-9)
        return (found.theta, "ok") if found.converged else (lost, "not converged")

    def drawn(self, draw: list[Index]) -> LevelProblem:
        """Return the problem with the drawn clusters; covariates keep the moments of the draw.

        Raises
        ------
        DataError
            If a variable no longer varies at its level.
        """
        problem, groups = self.problem, list[GroupData]()
        cases = problem.cases.groups if problem.cases else ()
        for group, members, chosen in zip(cases, self.members, draw, strict=True):
            at = np.concatenate([members[k] for k in chosen])
            fresh = np.repeat(np.arange(chosen.size), [members[k].size for k in chosen])
            groups.append(
                replace(group, values=group.values[at], rows=group.rows[at], clusters=fresh)
            )
        name = problem.options.cluster or ""
        pairs = [complete_clusters(group, problem.levels, name) for group in groups]
        moments = [
            m
            for group, (filled, _) in zip(groups, pairs, strict=True)
            for m in level_moments(group, filled)
        ]
        problem = replace(
            problem,
            clusters=tuple(filled for filled, _ in pairs),
            patterns=tuple(gaps for _, gaps in pairs),
            moments=tuple(moments),
        )
        return replace(problem, table=hold(self.table, problem))


def members_of(group: GroupData) -> list[Index]:
    """Return the positions of each cluster's cases within a group, cluster by cluster."""
    _, codes = np.unique(np.asarray(group.clusters), return_inverse=True)
    order = np.argsort(codes.ravel(), kind="stable").astype(np.int64)
    return list(np.split(order, np.cumsum(np.bincount(codes.ravel()))[:-1]))
