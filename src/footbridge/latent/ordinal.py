"""Sample moments of ordinal and mixed data with their asymptotic covariance.

Three stages (Muthen 1984, Psychometrika 49, 115-132; Muthen 1997): margins, pairs, and the
covariance from each case's influence. Order of the moments: thresholds (or minus the mean of a
continuous variable), slopes (covariate by covariate), variances, correlations column by column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from footbridge.latent import special
from footbridge.latent.data import GroupData
from footbridge.latent.errors import DataError
from footbridge.latent.margins import Design, Margin, continuous_margin, ordinal_margin
from footbridge.latent.mixedpairs import PairScores, pearson_pair, polyserial_pair

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each moment sits in the moment vector.

    `first` (p,) first row of a variable's thresholds or mean, `slope` first row of the slopes,
    `variance` (p,) row of the variance or -1, `pair` first row of the correlations.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    n_x: int
    first: tuple[int, ...]
    slope: int
    variance: tuple[int, ...]
    pair: int
    size: int

    def slope_row(self, variable: int, covariate: int) -> int:
        """Return the row of one slope."""
        return self.slope + covariate * len(self.names) + variable

    def pair_row(self, i: int, j: int) -> int:
        """Return the row of the correlation of variables i < j."""
        p = len(self.names)
        return self.pair + i * p - i * (i + 1) // 2 + (j - i - 1)


def layout_of(names: Sequence[str], counts: Sequence[int], n_x: int) -> Layout:
    """Arrange the moments; `counts` are numbers of categories, 0 for continuous variables."""
    sizes = [max(c - 1, 1) for c in counts]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    slope = int(first[-1])
    at = slope + n_x * len(names)
    variance = []
    for c in counts:
        variance.append(-1 if c else at)
        at += 0 if c else 1
    p = len(names)
    ends = tuple(int(f) for f in first[:-1])
    return Layout(
        tuple(names), tuple(counts), n_x, ends, slope, tuple(variance), at, at + p * (p - 1) // 2
    )


@dataclass(frozen=True)
class OrdinalMoments:
    """Moments (k,), each case's influence on them (k, n), and what was odd about the tables.

    `empty_pairs` are 2 x 2 tables with an empty cell; `perfect` pairs with correlation +-1.
    """

    n: float
    layout: Layout
    observed: Vector
    influence: Matrix
    empty_pairs: tuple[tuple[str, str], ...]
    perfect: tuple[tuple[str, str], ...]

    @cached_property
    def covariance(self) -> Matrix:
        """The sum of crossproducts of the influences, (k, k)."""
        return np.asarray(self.n * (self.influence @ self.influence.T))

    def gamma(self) -> Matrix:
        """Return n times the covariance of the moments, (k, k)."""
        return self.covariance

    def gamma_diagonal(self) -> Vector:
        """Return the diagonal of gamma without forming it."""
        return np.asarray(self.n * np.einsum("ij,ij->i", self.influence, self.influence))

    def correlations(self) -> Matrix:
        """Return the matrix of (residual) covariances, variances on the diagonal."""
        p = len(self.layout.names)
        out = np.eye(p)
        rows, cols = np.triu_indices(p, 1)
        out[rows, cols] = out[cols, rows] = self.observed[self.layout.pair :]
        for i, row in enumerate(self.layout.variance):
            if row >= 0:
                out[i, i] = self.observed[row]
        return out


def ordinal_moments(
    group: GroupData,
    layout: Layout,
    *,
    full: bool = True,
    start: Vector | None = None,
    lenient: bool = False,
) -> OrdinalMoments:
    """Estimate all moments of one group.

    Parameters
    ----------
    group
        Values in the order of the layout, covariates in the last `n_x` columns.
    full
        Whether the influence of each case is wanted.
    start
        Moments to start the correlations from.
    lenient
        Whether infinite slopes are left at 0, for a fit that needs starting values only.
    """
    p = len(layout.names)
    X = np.ascontiguousarray(group.values[:, p:] if layout.n_x else np.empty((group.n, 0)))
    w = np.ones(group.n) if group.weights is None else group.weights
    observed = np.zeros(layout.size)
    influence = np.zeros((layout.size, group.n)) if full else np.zeros((layout.size, 1))
    codes = np.where(np.isnan(group.values[:, :p]), -1, group.values[:, :p]).astype(np.int64).T
    margins = []
    design = Design(X, *_patterns(X))
    plain = not all(layout.counts) or not _tabled(
        codes, (design, w), layout, observed=observed, influence=influence
    )
    for v in range(p) if plain else ():
        if layout.counts[v]:
            given = (design, w)
            margin = _margin_of(codes[v], given, layout.names[v], full=full, lenient=lenient)
        else:
            margin = continuous_margin(group.values[:, v], X, w)
        margins.append(margin)
        _place(margin, layout, v, observed=observed, influence=influence if full else None)
    empty = _ordinal_pairs((codes, design, w), layout, observed, influence, full=full, start=start)
    perfect = _mixed_pairs(group.values, (X, w), layout, margins=margins, out=(observed, influence))
    return OrdinalMoments(float(w.sum()), layout, observed, influence, empty, perfect)


def _tabled(
    codes: Codes,
    given: tuple[Design, Vector],
    layout: Layout,
    *,
    observed: Vector,
    influence: Matrix,
) -> bool:
    """Fit all margins from their tables, compiled; False leaves them to the plain twin."""
    from footbridge.latent.drawtables import fit_margins  # compiled: loaded by those who need it

    design, w = given
    p, width, u = len(layout.names), max(layout.counts), design.unique.shape[0]
    tables = np.zeros((p, u, width))
    for v in range(p):
        seen = codes[v] >= 0
        at, found = design.pattern[seen] * width + codes[v, seen], w[seen]
        tables[v] = np.bincount(at, weights=found, minlength=u * width).reshape(u, width)
    totals, counts = tables.sum(axis=1), np.array(layout.counts, dtype=np.int64)
    if np.any((totals == 0.0) & (np.arange(width) < counts[:, None])):
        return False  # a category of which this group has nobody
    limits = special.ndtri(np.cumsum(totals, axis=1) / totals.sum(axis=1, keepdims=True))
    rows = np.array([(layout.first[v], layout.slope_row(v, 0)) for v in range(p)], dtype=np.int64)
    for v, count in enumerate(layout.counts):
        observed[rows[v, 0] : rows[v, 0] + count - 1] = limits[v, : count - 1]
    scale = np.maximum(design.unique.std(axis=0), 1e-12)
    return bool(
        fit_margins(
            np.ascontiguousarray(codes), design.pattern, w, design.unique, scale, rows, counts,
            tables, observed, influence,
        )
    )  # fmt: skip


def _margin_of(
    y: NDArray[np.int64], given: tuple[Design, Vector], name: str, *, full: bool, lenient: bool
) -> Margin:
    """Fit one ordered probit; refuse categories that the covariates tell apart without error."""
    try:
        return ordinal_margin(y, *given, full=full)
    except np.linalg.LinAlgError as error:
        if lenient:
            return _without_slopes(y, given, full=full)
        raise DataError(
            f"The thresholds of '{name}' cannot be estimated.",
            "The covariates tell its categories apart without error: its slopes are infinite.",
            f"Merge categories of '{name}', or leave the covariate that separates them out.",
        ) from error


def _without_slopes(y: NDArray[np.int64], given: tuple[Design, Vector], *, full: bool) -> Margin:
    """Return the thresholds that ignore the covariates, with slopes of zero."""
    design, w = given
    none = design.X[:, :0]
    bare = ordinal_margin(y, Design(none, *_patterns(none)), w, full=full)
    slopes = np.zeros(design.X.shape[1])
    blank = np.zeros((slopes.size, bare.influence.shape[1]))
    return Margin(bare.thresholds, slopes, bare.variance, np.vstack([bare.influence, blank]))


def _place(
    margin: Margin, layout: Layout, v: int, *, observed: Vector, influence: Matrix | None
) -> None:
    rows = list(range(layout.first[v], layout.first[v] + margin.thresholds.size))
    slopes = [layout.slope_row(v, x) for x in range(layout.n_x)]
    sign = 1.0 if layout.counts[v] else -1.0
    observed[rows] = sign * margin.thresholds
    observed[slopes] = margin.slopes
    if layout.variance[v] >= 0:
        observed[layout.variance[v]] = margin.variance
    if influence is not None:
        where = rows + slopes + ([layout.variance[v]] if layout.variance[v] >= 0 else [])
        influence[where] = margin.influence
        influence[rows] *= sign


def _ordinal_pairs(
    data: tuple[Codes, Design, Vector],
    layout: Layout,
    observed: Vector,
    influence: Matrix,
    *,
    full: bool,
    start: Vector | None,
) -> tuple[tuple[str, str], ...]:
    from footbridge.latent.pairs import all_pairs  # compiled: loaded by those who need it

    (codes, design, w), p = data, len(layout.names)
    pairs = [
        (i, j, layout.pair_row(i, j))
        for i in range(p)
        for j in range(i + 1, p)
        if layout.counts[i] and layout.counts[j]
    ]
    if not pairs:
        return ()
    unique, table = design.unique, np.array(pairs, dtype=np.int64)
    width = max(layout.counts)
    thresholds, eta = np.zeros((p, max(width - 1, 1))), np.zeros((p, unique.shape[0]))
    index = np.zeros((p, 2), dtype=np.int64)
    for v in range(p):
        size = layout.counts[v] - 1
        index[v] = layout.first[v], layout.slope_row(v, 0)
        if size > 0:
            thresholds[v, :size] = observed[layout.first[v] : layout.first[v] + size]
            eta[v] = unique @ observed[[layout.slope_row(v, x) for x in range(layout.n_x)]]
    rho = start[table[:, 2]].copy() if start is not None else np.zeros(len(pairs))
    empty = np.zeros(len(pairs), dtype=np.int64)
    all_pairs(
        np.ascontiguousarray(codes), design.pattern, w, unique, thresholds, eta,
        np.array(layout.counts, dtype=np.int64), index, table, rho, influence, full, empty,
    )  # fmt: skip
    observed[table[:, 2]] = rho
    return tuple(
        (layout.names[i], layout.names[j]) for (i, j, _), e in zip(pairs, empty, strict=True) if e
    )


def _patterns(X: Matrix) -> tuple[Matrix, Codes]:
    if X.shape[1] == 0:
        return np.zeros((1, 0)), np.zeros(X.shape[0], dtype=np.int64)
    unique, back = np.unique(X, axis=0, return_inverse=True)
    return np.ascontiguousarray(unique), np.ascontiguousarray(back.ravel().astype(np.int64))


def _mixed_pairs(
    values: Matrix,
    design: tuple[Matrix, Vector],
    layout: Layout,
    *,
    margins: Sequence[Margin],
    out: tuple[Vector, Matrix],
) -> tuple[tuple[str, str], ...]:
    p = len(layout.names)
    counts = np.array(layout.counts)
    rows, cols = np.triu_indices(p, 1)
    mixed = (counts[rows] == 0) | (counts[cols] == 0)
    for i, j in zip(rows[mixed].tolist(), cols[mixed].tolist(), strict=True):
        _mixed_pair(values, design, layout, margins=margins, pair=(i, j), out=out)
    perfect = ~mixed & (np.abs(out[0][layout.pair :]) >= 0.999)
    return tuple(
        (layout.names[i], layout.names[j])
        for i, j in zip(rows[perfect].tolist(), cols[perfect].tolist(), strict=True)
    )


def _mixed_pair(
    values: Matrix,
    design: tuple[Matrix, Vector],
    layout: Layout,
    *,
    margins: Sequence[Margin],
    pair: tuple[int, int],
    out: tuple[Vector, Matrix],
) -> None:
    """Estimate one pair with a continuous variable and write moment and influence."""
    X, w = design
    i, j = pair
    a, b = (j, i) if layout.counts[i] else (i, j)  # a is continuous
    seen = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
    Z, v = X[seen], w[seen]
    z = _standardised(values[seen, a], Z, margins[a])
    both = (margins[a], margins[b])
    if layout.counts[b]:
        found = polyserial_pair(z, values[seen, b].astype(np.int64), Z, margins=both, w=v)
    else:
        other = _standardised(values[seen, b], Z, margins[b])
        found = pearson_pair(z, other, Z, margins=both, w=v)
    observed, influence = out
    row = layout.pair_row(i, j)
    scale = np.sqrt(margins[a].variance) * (
        1.0 if layout.counts[b] else np.sqrt(margins[b].variance)
    )
    observed[row] = found.rho * scale
    if influence.shape[1] == values.shape[0]:
        own = (_own_influence(layout, a, influence), _own_influence(layout, b, influence))
        line = _pair_influence(found, v, own, seen) * scale
        for k in (a, b):
            if layout.variance[k] >= 0:
                line += observed[row] / (2 * margins[k].variance) * influence[layout.variance[k]]
        influence[row] = line


def _standardised(y: Vector, X: Matrix, margin: Margin) -> Vector:
    return np.asarray((y - margin.thresholds[0] - X @ margin.slopes) / np.sqrt(margin.variance))


def _own_influence(layout: Layout, v: int, influence: Matrix) -> Matrix:
    """Return the influence on a variable's own parameters, the mean with its own sign."""
    size = max(layout.counts[v] - 1, 1)
    rows = list(range(layout.first[v], layout.first[v] + size))
    rows += [layout.slope_row(v, x) for x in range(layout.n_x)]
    rows += [layout.variance[v]] if layout.variance[v] >= 0 else []
    out = influence[rows].copy()
    if not layout.counts[v]:
        out[0] *= -1.0
    return out


def _pair_influence(
    found: PairScores, w: Vector, own: tuple[Matrix, Matrix], seen: NDArray[np.bool_]
) -> Vector:
    weighted = w * found.score
    square = float(weighted @ found.score)
    line = np.zeros(seen.size)
    line[seen] = weighted
    for scores, influence in ((found.first, own[0]), (found.second, own[1])):
        line -= (weighted @ scores) @ influence
    return np.asarray(line / square)
