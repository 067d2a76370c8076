"""Incomplete two-level data: cases by pattern of missing values within their clusters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClusterPatterns:
    """Cases in the order of their clusters, zeros where a value is missing.

    `within` (w,) and `outside` (z,) are the positions of the variables that vary within clusters
    and of those that do not. By case: `order` (n,) its place in the data, `codes` its cluster,
    `of_case` its pattern, `values` (n, w). By pattern: `mask` (K, w). By cluster: `first` (J,)
    its first case, `counts` (J, K) how many cases have which pattern, `outer` (J, z) the values
    of the second level, `of_cluster` (J,) their pattern; `outer_mask` (M, z). `cells` (3, L) are
    cluster, pattern and number of cases wherever that is not zero, by cluster.
    """

    within: Index
    outside: Index
    order: Index
    codes: Index
    of_case: Index
    values: Matrix
    mask: Matrix
    first: Index
    counts: Matrix
    outer: Matrix
    of_cluster: Index
    outer_mask: Matrix
    cells: Index

    @property
    def n(self) -> int:
        """Number of cases."""
        return int(self.codes.size)

    @property
    def n_clusters(self) -> int:
        """Number of clusters."""
        return int(self.first.size)

    @property
    def dimension(self) -> float:
        """How many numbers were observed: each value once, those of clusters once a cluster."""
        inner = self.counts.sum(axis=0) @ self.mask.sum(axis=1)
        return float(inner + self.outer_mask[self.of_cluster].sum())

    def by_cluster(self, parts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums of what cases (n, ...) have, by cluster (J, ...)."""
        return np.add.reduceat(parts, self.first, axis=0)

    def by_cell(self, parts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums of what cells (L, ...) have, by cluster (J, ...)."""
        starts = np.searchsorted(self.cells[0], np.arange(self.n_clusters))
        return np.add.reduceat(parts, starts, axis=0)


def cluster_patterns(values: Matrix, codes: Index, within: Sequence[int]) -> ClusterPatterns:
    """Sort cases by cluster and find their patterns.

    Parameters
    ----------
    values
        (n, p), NaN where missing. A value of the second level that some cases of a cluster have
        holds for all of them.
    codes
        (n,) the cluster of each case, 0 to J - 1.
    within
        Positions of the variables that vary within clusters.
    """
    order = np.argsort(codes, kind="stable")
    X, codes = values[order], codes[order]
    inside = np.asarray(within, dtype=np.int64)
    outside = np.setdiff1d(np.arange(X.shape[1]), inside)
    first = np.flatnonzero(np.diff(codes, prepend=-1))
    seen = ~np.isnan(X)
    mask, of_case = np.unique(seen[:, inside], axis=0, return_inverse=True)
    of_case = of_case.ravel().astype(np.int64)
    counts = np.zeros((first.size, mask.shape[0]))
    np.add.at(counts, (codes, of_case), 1.0)
    known = np.maximum(np.add.reduceat(seen[:, outside].astype(float), first, axis=0), 0.0)
    sums = np.add.reduceat(np.where(seen, X, 0.0)[:, outside], first, axis=0)
    outer = sums / np.maximum(known, 1.0)
    outer_mask, of_cluster = np.unique(known > 0, axis=0, return_inverse=True)
    cluster, pattern = np.nonzero(counts)
    cells = np.stack([cluster, pattern, counts[cluster, pattern].astype(np.int64)])
    return ClusterPatterns(
        inside,
        outside,
        order,
        codes,
        of_case,
        np.where(seen, X, 0.0)[:, inside],
        mask.astype(np.float64),
        first,
        counts,
        outer,
        of_cluster.ravel().astype(np.int64),
        outer_mask.astype(np.float64),
        cells,
    )
