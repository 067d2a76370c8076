"""Cases in clusters: cluster means, what is left within them, and clusters of one size together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.data import GroupData
from footbridge.latent.errors import DataError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClusterData:
    """What the two-level likelihood needs of the data.

    `within` (w,) are the positions of variables that vary within clusters; `codes` (n,) says
    which cluster a case is in, `rest` (n, w) is its deviation from the cluster mean; `means`
    (J, p) are cluster means. By distinct cluster size (K of them): `sizes`, `counts`, `centre`
    (K, p) and `spread` (K, p, p) of the means (divisor: the number of clusters); `kind` (J,) says
    which size a cluster has.
    """

    within: Index
    codes: Index
    rest: Matrix
    means: Matrix
    sizes: Vector
    counts: Vector
    centre: Matrix
    spread: NDArray[np.float64]
    kind: Index

    @property
    def n(self) -> int:
        """Number of cases."""
        return int(self.codes.size)

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return int(self.means.shape[0])

    @property
    def inside(self) -> float:
        """Degrees of freedom within clusters."""
        return float(self.codes.size - self.means.shape[0])

    @property
    def pooled(self) -> Matrix:
        """Covariances within clusters (w, w), divisor n minus the number of clusters."""
        return np.asarray(self.rest.T @ self.rest / self.inside)

    @property
    def dimension(self) -> float:
        """How many numbers were observed: each value once, those of clusters once a cluster."""
        return self.inside * self.within.size + float(self.means.size)

    @property
    def stretch(self) -> float:
        """The logarithm of the Jacobian from cases to cluster means and deviations, times 2."""
        return float(self.within.size * (self.counts @ np.log(self.sizes)))


def cluster_data(
    group: GroupData, names: Sequence[str], within: Sequence[str], cluster: str
) -> ClusterData:
    """Summarise the cases of one group by cluster.

    Raises
    ------
    DataError
        If a case has no cluster, no cluster has two cases, or a variable of the second level
        differs within a cluster.
    """
    X, codes = group.values, cluster_codes(group, cluster)
    size = np.bincount(codes)
    if size.max() < 2:
        raise DataError(
            f"Every cluster of '{cluster}' has one case.",
            "What varies within clusters and what varies between them cannot be told apart.",
            "Fit a model of one level, or pass the cases in place of cluster means.",
        )
    means = np.stack([np.bincount(codes, column) for column in X.T], axis=1) / size[:, None]
    at = np.array([i for i, name in enumerate(names) if name in set(within)], dtype=np.int64)
    rest = X - means[codes]
    _require_levels(rest, names, set(within), (cluster, X))
    sizes, kind = np.unique(size, return_inverse=True)
    kind = kind.ravel().astype(np.int64)
    counts = np.bincount(kind).astype(np.float64)
    p = X.shape[1]
    centre, spread = np.zeros((sizes.size, p)), np.zeros((sizes.size, p, p))
    for k in range(sizes.size):
        part = means[kind == k]
        centre[k] = part.mean(axis=0)
        gap = part - centre[k]
        spread[k] = gap.T @ gap / part.shape[0]
    return ClusterData(
        at, codes, rest[:, at], means, sizes.astype(np.float64), counts, centre, spread, kind
    )


def cluster_codes(group: GroupData, cluster: str) -> Index:
    """Return the cluster of each case (n,), counted from 0.

    Raises
    ------
    DataError
        If a case has none.
    """
    if group.clusters is None or (group.clusters < 0).any():
        raise DataError(
            f"Some cases have no value in '{cluster}'.",
            "Each case of a two-level model lies in one cluster.",
            "Drop these cases, or give each a cluster of its own.",
        )
    _, codes = np.unique(group.clusters, return_inverse=True)
    return codes.ravel().astype(np.int64)


def _require_levels(
    rest: Matrix, names: Sequence[str], within: set[str], source: tuple[str, Matrix]
) -> None:
    cluster, X = source
    for j, name in enumerate(names):
        scale = float(np.abs(X[:, j]).max()) or 1.0
        varies = bool(np.abs(rest[:, j]).max() > 1e-10 * scale)
        if varies and name not in within:
            raise DataError(
                f"'{name}' differs within clusters of '{cluster}'.",
                "The model names it at the second level only, where a cluster has one value.",
                f"Name '{name}' at both levels, or replace it by its cluster mean.",
            )
        if not varies and name in within:
            raise DataError(
                f"'{name}' is the same for all cases of each cluster.",
                "The model names it at the first level, where it has no variance.",
                f"Name '{name}' at the second level only.",
            )
