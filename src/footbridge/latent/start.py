"""Starting values that need no iteration."""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.table import ParameterTable, Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def starting_values(
    table: ParameterTable, names: Sequence[str], covs: Sequence[Matrix], means: Sequence[Vector]
) -> Vector:
    """Return a start vector (q,).

    Parameters
    ----------
    table
        The completed parameter table.
    names
        Observed variables, in the order of the moments.
    covs, means
        Sample covariances and means, one of each per group.
    """
    theta = np.zeros(table.n_free)
    place = {name: i for i, name in enumerate(names)}
    for g, (S, m) in enumerate(zip(covs, means, strict=True), start=1):
        rows = [r for r in table.parameters if r.group == g]
        explained = {r.rhs for r in rows if r.op == "=~"} | {r.lhs for r in rows if r.op == "~"}
        loadings, scale = _loadings(rows, place, S)
        for row in rows:
            if row.free:
                alone = row.op == "~~" and row.lhs == row.rhs and row.lhs not in explained
                if alone and row.start is None and row.lhs in place:
                    theta[row.free - 1] = S[place[row.lhs], place[row.lhs]]
                    continue
                theta[row.free - 1] = _value(row, place, (S, m), loadings=loadings, scale=scale)
    return theta


def _loadings(
    rows: Sequence[Row], place: dict[str, int], S: Matrix
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Guess loadings and factor variances from the covariances with the marker."""
    loadings: dict[tuple[str, str], float] = {}
    scale: dict[str, float] = {}
    s = S.tolist()  # single numbers are looked up twenty times faster in lists
    by_factor: dict[str, list[Row]] = {}
    for row in rows:
        if row.op == "=~":
            by_factor.setdefault(row.lhs, []).append(row)
    for factor, parts in by_factor.items():
        seen = [r for r in parts if r.rhs in place]
        if len(seen) < 2:
            scale[factor] = 0.5 * (s[place[seen[0].rhs]][place[seen[0].rhs]] if seen else 1.0)
            continue
        marker = next((r for r in seen if not r.free and r.ustart), seen[0])
        k = place[marker.rhs]
        own = s[k]
        cross = {r.rhs: own[place[r.rhs]] for r in seen if r is not marker}
        pairs = [
            own[a] * own[b] / s[a][b]
            for a, b in combinations([place[name] for name in cross], 2)
            if abs(s[a][b]) > 1e-8
        ]
        common = min(max(_median(pairs) if pairs else 0.5 * own[k], 0.15 * own[k]), 0.9 * own[k])
        base = 1.0 if not marker.free else math.sqrt(common)
        scale[factor] = common / base**2
        loadings[(factor, marker.rhs)] = base
        for name, value in cross.items():
            limit = math.sqrt(s[place[name]][place[name]] / common)
            loadings[(factor, name)] = min(max(value / common, -limit), limit) * base
    return loadings, scale


def _median(values: list[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else 0.5 * (ordered[half - 1] + ordered[half])


def _value(
    row: Row,
    place: dict[str, int],
    sample: tuple[Matrix, Vector],
    *,
    loadings: dict[tuple[str, str], float],
    scale: dict[str, float],
) -> float:
    S, m = sample
    if row.start is not None:
        return row.start
    if row.op == "=~":
        return loadings.get((row.lhs, row.rhs), 0.8)
    if row.op == "~~" and row.lhs == row.rhs:
        if row.lhs in place:
            return 0.5 * float(S[place[row.lhs], place[row.lhs]])
        return scale.get(row.lhs, 0.5)
    if row.op == "~~" and row.lhs in place and row.rhs in place and row.user == 0:
        return 0.0
    if row.op == "~1" and row.lhs in place:
        return float(m[place[row.lhs]])
    return 1.0 if row.op == "~*~" else 0.0
