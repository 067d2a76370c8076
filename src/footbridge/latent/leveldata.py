"""From the cases of each group to clusters, complete or with patterns of missing values."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.clusters import ClusterData, cluster_codes, cluster_data
from footbridge.latent.data import Cases, GroupData
from footbridge.latent.errors import DataError
from footbridge.latent.levelpatterns import ClusterPatterns, cluster_patterns
from footbridge.latent.leveltable import LevelRoles
from footbridge.latent.moments import NormalMoments, moments_of
from footbridge.latent.options import Options

Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


def complete_clusters(
    group: GroupData, levels: LevelRoles, cluster: str
) -> tuple[ClusterData, ClusterPatterns | None]:
    """Return a group's clusters and, where values are missing, their patterns.

    Clusters of incomplete data have cluster means in the gaps; what is only a guide to starting
    values may be taken from them, and the moments of covariates, which have no gaps.

    Raises
    ------
    DataError
        If a case has no cluster, no cluster has two cases, or a variable is not at its level.
    """
    names, inner = levels.both.ov, levels.one.ov
    codes = cluster_codes(group, cluster)
    if not np.isnan(group.values).any():
        return cluster_data(group, names, inner, cluster), None
    filled = replace(group, values=_filled(group.values, codes))
    within = [i for i, name in enumerate(names) if name in set(inner)]
    return cluster_data(filled, names, inner, cluster), cluster_patterns(
        group.values, codes, within
    )


def _filled(X: Matrix, codes: Index) -> Matrix:
    """Return the values with cluster means in the gaps, where there are none with grand means."""
    seen = ~np.isnan(X)
    zeros = np.where(seen, X, 0.0)
    sums, counts = (
        np.stack([np.bincount(codes, column) for column in part.T], axis=1)
        for part in (zeros, seen.astype(np.float64))
    )
    grand = zeros.sum(axis=0) / seen.sum(axis=0)
    means = np.where(counts > 0, sums / np.maximum(counts, 1.0), grand)
    return np.where(seen, X, means[codes])


def level_moments(group: GroupData, data: ClusterData) -> tuple[NormalMoments, NormalMoments]:
    """Return the moments of a group's cases and of its cluster means."""
    X, n = data.means, data.n_clusters
    gap = X - X.mean(axis=0)
    cases = replace(group, values=_filled(group.values, data.codes), weights=None)
    return moments_of(cases), NormalMoments(float(n), X.mean(axis=0), gap.T @ gap / n)


def require_nested(cases: Cases, options: Options) -> None:
    """Refuse clusters with cases in two groups: what they share would be counted as two.

    Raises
    ------
    DataError
        With how many clusters lie across groups.
    """
    found = [np.unique(g.clusters) for g in cases.groups if g.clusters is not None]
    _, counts = np.unique(np.concatenate(found), return_counts=True)
    across = int((counts > 1).sum())
    if across:
        raise DataError(
            f"{across} clusters of '{options.cluster}' have cases in more than one group of "
            f"'{options.group}'.",
            "Groups are taken as independent, and the cases of one cluster are not.",
            f"Put '{options.group}' into the model as a covariate of level 1 in place of group=.",
        )
