"""Starting values that need no iteration."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

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
        guess = _guess(rows, place, S)
        for row in rows:
            if row.free:
                theta[row.free - 1] = _value(row, place, m, guess)
    return theta


@dataclass(frozen=True, slots=True)
class _Guess:
    """What the covariances of one group suggest.

    `variances` are residual where something explains the variable; `slopes` are by (effect,
    cause), `covariances` those of factors that nothing explains.
    """

    loadings: dict[tuple[str, str], float]
    variances: dict[str, float]
    slopes: dict[tuple[str, str], float]
    covariances: dict[tuple[str, str], float]


def _guess(rows: Sequence[Row], place: dict[str, int], S: Matrix) -> _Guess:
    loadings, variances = _loadings(rows, place, S)
    for name, i in place.items():
        variances[name] = float(S[i, i])
    explained = {r.rhs if r.op == "=~" else r.lhs for r in rows if r.op in {"=~", "~"}}
    for name in explained.intersection(place):
        variances[name] *= 0.5
    if any(row.op == "|" for row in rows):  # what paths leave of a variance of 1 must be positive
        return _Guess(loadings, variances, {}, {})
    spots, between = _between(place, S, loadings, variances)
    slopes: dict[tuple[str, str], float] = {}
    effects = _effects(rows)
    for effect, causes in effects.items():
        if effect in spots and all(cause in spots for cause in causes):
            y, x = spots[effect], [spots[cause] for cause in causes]
            found = _slopes(between[x][:, x], between[x, y])
            slopes |= {(effect, cause): b for cause, b in zip(causes, found.tolist(), strict=True)}
            whole = float(between[y, y])
            variances[effect] = min(max(whole - float(found @ between[x, y]), 0.1 * whole), whole)
    free = [factor for factor in spots if factor not in place and factor not in effects]
    covariances = {(a, b): float(between[spots[a], spots[b]]) for a, b in permutations(free, 2)}
    return _Guess(loadings, variances, slopes, covariances)


def _slopes(causes: Matrix, effect: Vector) -> Vector:
    """Return the regression of one variable on others; zero where they cannot be told apart."""
    try:
        np.linalg.cholesky(causes - 1e-6 * np.diag(causes.diagonal()))
    except np.linalg.LinAlgError:
        return np.zeros(effect.size)
    return np.asarray(np.linalg.solve(causes, effect))


def _effects(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return the causes of every effect; none where paths run in a loop: regressions mislead."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if row.op == "~":
            found.setdefault(row.lhs, []).append(row.rhs)
    left = set(found)
    while left:
        first = {effect for effect in left if left.isdisjoint(found[effect])}
        if not first:
            return {}
        left -= first
    return found


def _between(
    place: dict[str, int],
    S: Matrix,
    loadings: dict[tuple[str, str], float],
    variances: dict[str, float],
) -> tuple[dict[str, int], Matrix]:
    """Return covariances among observed variables and factors, and where each stands.

    w = lambda / lambda'lambda gives a factor w'y with errors of its own indicators only, so
    that w'S v is the covariance of two factors that share none.
    """
    p = len(place)
    spots = {**place}
    for factor, _ in loadings:
        spots.setdefault(factor, len(spots))
    weights = np.zeros((len(spots), p))
    weights[:p] = np.eye(p)
    for (factor, name), value in loadings.items():
        weights[spots[factor], place[name]] = value
    weights /= (weights**2).sum(axis=1)[:, None]
    out = weights @ S @ weights.T
    total = np.concatenate([S.diagonal(), [variances[f] for f in list(spots)[p:]]])
    limit = 0.9 * np.sqrt(total[:, None] * total)
    limit[:p, :p] = np.inf
    marks = (weights[p:] != 0).astype(float)
    limit[p:, p:][marks @ marks.T > 0] = 0.0  # what they share would be taken for covariance
    out = np.maximum(np.minimum(out, limit), -limit)
    np.fill_diagonal(out, total)
    return spots, out


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


def _value(row: Row, place: dict[str, int], means: Vector, guess: _Guess) -> float:
    if row.start is not None:
        return row.start
    if row.op == "=~":
        return guess.loadings.get((row.lhs, row.rhs), 0.8)
    if row.op == "~":
        return guess.slopes.get((row.lhs, row.rhs), 0.0)
    if row.op == "~~" and row.lhs == row.rhs:
        return guess.variances.get(row.lhs, 0.5)
    if row.op == "~~":
        return guess.covariances.get((row.lhs, row.rhs), 0.0)
    if row.op == "~1" and row.lhs in place:
        return float(means[place[row.lhs]])
    return 1.0 if row.op == "~*~" else 0.0
