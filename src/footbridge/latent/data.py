"""From a data frame to arrays: groups, listwise deletion, categories, weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.errors import DataError
from footbridge.latent.names import Roles
from footbridge.latent.options import Options

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupData:
    """The cases of one group.

    `values` is (n, p) in the order of `Roles.ov`; ordered variables hold 0, 1, 2, ... ;
    missing values are NaN. `rows` are the positions in the frame that was passed.
    """

    label: str
    values: Matrix
    rows: NDArray[np.int64]
    weights: NDArray[np.float64] | None = None
    clusters: NDArray[np.int64] | None = None

    @property
    def n(self) -> int:
        """Number of cases."""
        return int(self.values.shape[0])


@dataclass(frozen=True, slots=True)
class Cases:
    """All groups, the category labels of the ordered variables and the size of the frame."""

    groups: tuple[GroupData, ...]
    categories: dict[str, tuple[object, ...]]
    n_original: int
    #: Names of the clusters, which `GroupData.clusters` counts.
    clusters: tuple[object, ...] = ()

    @property
    def n(self) -> int:
        """Number of cases used."""
        return sum(group.n for group in self.groups)


def read_column(frame: pd.DataFrame, name: str) -> Matrix:
    """Return a column as numbers, (n,).

    Raises
    ------
    DataError
        If it holds text.
    """
    column = frame[name]
    values = column.values
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        return values.astype(np.float64, copy=False)
    if column.dtype == object or isinstance(column.dtype, (pd.CategoricalDtype, pd.StringDtype)):
        try:
            return np.asarray(pd.to_numeric(column), dtype=np.float64)
        except (ValueError, TypeError) as error:
            raise DataError(
                f"The column '{name}' holds text.",
                "The model needs numbers.",
                f"Recode '{name}' as numbers, or name it in ordered= if it has ordered categories.",
            ) from error
    return np.asarray(column, dtype=np.float64)


def _require_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    known = set(frame.columns)
    absent = [name for name in names if name not in known]
    if absent:
        present = ", ".join(map(str, frame.columns[:12]))
        raise DataError(
            f"The data have no column {', '.join(repr(n) for n in absent)}.",
            "The model names it, so it must be observed.",
            f"Correct the model, or pass data with it; there are: {present}.",
        )


def read_categories(frame: pd.DataFrame, name: str) -> tuple[Matrix, tuple[object, ...]]:
    """Return codes from 0, NaN where missing, and the categories in their order.

    Raises
    ------
    DataError
        If there are fewer than two.
    """
    column = frame[name]
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiu":
        out, levels = _numeric_categories(column.to_numpy())
    else:
        codes, found = pd.factorize(column, sort=True)
        out, levels = np.where(codes < 0, np.nan, codes).astype(np.float64), list(found)
    _require_finite(np.array([[x] for x in levels if isinstance(x, float)]), [name])
    if len(levels) < 2:
        raise DataError(
            f"The ordered variable '{name}' has {len(levels)} category.",
            "A threshold needs at least two.",
            f"Leave '{name}' out of the model.",
        )
    return out, tuple(levels)


def _numeric_categories(values: NDArray[Any]) -> tuple[Matrix, list[object]]:
    """Return codes from 0 and the levels of a column of numbers."""
    levels = np.unique(values)
    if levels.dtype.kind != "f":
        return np.searchsorted(levels, values).astype(np.float64), levels.tolist()
    levels = levels[~np.isnan(levels)]
    out = np.searchsorted(levels, values).astype(np.float64)
    out[np.isnan(values)] = np.nan
    return out, levels.tolist()


def read_cases(frame: pd.DataFrame, roles: Roles, options: Options) -> Cases:
    """Read the variables of a model.

    Raises
    ------
    DataError
        If a column is absent, holds text, has one value only, or no case is left.
    """
    extra = [n for n in (options.group, options.sampling_weights, options.cluster) if n]
    _require_columns(frame, [*roles.ov, *extra])
    categories: dict[str, tuple[object, ...]] = {}
    columns = []
    for name in roles.ov:
        if name in roles.ordered:
            values, categories[name] = read_categories(frame, name)
        else:
            values = read_column(frame, name)
        columns.append(values)
    X = np.empty((len(frame), len(columns)))
    for j, values in enumerate(columns):
        X[:, j] = values
    _require_finite(X, roles.ov)
    keep = _usable(X, roles, options)
    if options.group:
        keep &= frame[options.group].notna().to_numpy()
    _require_cases(X, keep, roles)
    groups = tuple(_groups(frame, X, keep, options))
    clusters = tuple(pd.unique(frame[options.cluster].dropna())) if options.cluster else ()
    cases = Cases(groups, categories, len(frame), clusters)
    _check_values(cases, roles)
    return cases


def _require_finite(X: Matrix, names: Sequence[str]) -> None:
    """Refuse infinite numbers."""
    wild = np.isinf(X)
    if wild.any():
        worst = int(np.argmax(wild.any(axis=0)))
        raise DataError(
            f"The column '{names[worst]}' holds {int(wild[:, worst].sum())} infinite numbers.",
            "Nothing can be computed from them.",
            "Correct them, or make them missing values.",
        )


def _usable(X: Matrix, roles: Roles, options: Options) -> NDArray[np.bool_]:
    missing = np.isnan(X)
    if options.missing in {"listwise"}:
        return np.asarray(~missing.any(axis=1))
    p = len(roles.ov_nox)
    keep = ~missing.all(axis=1)
    if roles.ov_x and (options.fixed_x or options.conditional_x):
        keep &= ~missing[:, p:].any(axis=1)
        keep &= ~missing[:, :p].all(axis=1)
    return np.asarray(keep)


def _require_cases(X: Matrix, keep: NDArray[np.bool_], roles: Roles) -> None:
    if keep.sum() < 2:
        gone = np.atleast_1d(np.isnan(X).all(axis=0))
        empty = [name for j, name in enumerate(roles.ov) if gone[j]]
        raise DataError(
            f"{int(keep.sum())} cases are left.",
            f"Every other case misses a value{' of ' + ', '.join(empty) if empty else ''}.",
            "Leave out the variable, or use missing='fiml' (continuous) or 'pairwise' (ordered).",
        )


def _groups(
    frame: pd.DataFrame, X: Matrix, keep: NDArray[np.bool_], options: Options
) -> list[GroupData]:
    rows = np.flatnonzero(keep)
    plain = not (options.group or options.sampling_weights or options.cluster)
    if plain:
        return [GroupData("", X if rows.size == len(X) else X[rows], rows)]
    weights = _weights(frame, options, rows)
    clusters = pd.factorize(frame[options.cluster])[0][rows] if options.cluster else None
    if options.group:
        codes, labels = pd.factorize(frame[options.group].iloc[rows])
    else:
        codes, labels = np.zeros(rows.size, dtype=np.int64), pd.Index([""])
    found = []
    for g, label in enumerate(labels):
        mine = codes == g
        found.append(
            GroupData(
                str(label),
                X[rows[mine]],
                rows[mine],
                None if weights is None else weights[mine],
                None if clusters is None else clusters[mine].astype(np.int64),
            )
        )
    return found


def _weights(
    frame: pd.DataFrame, options: Options, rows: NDArray[np.int64]
) -> NDArray[np.float64] | None:
    if options.sampling_weights is None:
        return None
    raw = read_column(frame, options.sampling_weights)[rows]
    if np.any(~(raw > 0)):
        raise DataError(
            f"Some weights in '{options.sampling_weights}' are missing or not positive.",
            "A case counts at least a little, or not at all.",
            "Drop these cases before the fit.",
        )
    return np.asarray(raw * rows.size / raw.sum(), dtype=np.float64)


def _check_values(cases: Cases, roles: Roles) -> None:
    for group in cases.groups:
        place = f" in group '{group.label}'" if len(cases.groups) > 1 else ""
        seen = ~np.isnan(group.values)
        low, high = np.fmin.reduce(group.values), np.fmax.reduce(group.values)
        still = (low == high) | (seen.sum(axis=0) < 2)
        for j, name in enumerate(roles.ov):
            if name in cases.categories:
                _check_categories(group.values[seen[:, j], j], name, cases.categories[name], place)
            elif still[j]:
                raise DataError(
                    f"'{name}' does not vary{place}.",
                    "A variable without variance has no covariance with anything.",
                    f"Leave '{name}' out of the model.",
                )


def _check_categories(seen: Matrix, name: str, levels: tuple[object, ...], place: str) -> None:
    counts = np.bincount(seen.astype(np.int64), minlength=len(levels))
    absent = np.flatnonzero(counts == 0)
    if absent.size:
        raise DataError(
            f"'{name}' has no case in category {levels[int(absent[0])]!r}{place}.",
            "Its threshold cannot be estimated there.",
            f"Merge the categories of '{name}', or leave the variable out.",
        )
