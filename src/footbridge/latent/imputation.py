"""Complete data sets drawn for data with gaps: `impute`.

Number l has the random stream Philox (seed, l), so that any of them can be drawn anywhere and
again, by itself. Methods: `augmentation` for continuous variables, `responses` where some are
ordered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.augmentation import normal_sampler
from footbridge.latent.data import read_categories, read_column
from footbridge.latent.errors import DataError, OptionError
from footbridge.latent.responses import SWEEPS, ResponseSampler

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]


class Sampler(Protocol):
    """Completes one block of cases."""

    @property
    def iterations(self) -> int:
        """Steps of a chain before its data set is taken."""
        ...

    def draw(self, stream: np.random.Generator) -> Matrix:
        """Return completed values (n, p)."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """Cases that are imputed together; values are value = centre + scale * standardised."""

    rows: Index
    missing: NDArray[np.bool_]
    centre: Vector
    scale: Vector
    sampler: Sampler


@dataclass(frozen=True)
class Imputations:
    """Completed data sets number 1 to m, each drawn when it is asked for.

    Examples
    --------
    >>> from footbridge.latent import impute, simulate, Skips
    >>> data = simulate("y ~ 0.5*x", 100, seed=3, plans=[Skips(["y"], 0.3)])
    >>> completed = impute(data, 5)
    >>> len(completed), int(completed.dataset(2).isna().sum().sum())
    (5, 0)
    """

    data: pd.DataFrame
    blocks: tuple[Block, ...]
    levels: dict[str, tuple[object, ...]]
    m: int
    seed: int
    by: str | None
    n_original: int

    def __len__(self) -> int:
        """Return how many data sets there are."""
        return self.m

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Yield the completed data sets."""
        return (self.dataset(number) for number in range(1, self.m + 1))

    def dataset(self, number: int) -> pd.DataFrame:
        """Return completed data set `number`, from 1; the same every time."""
        key = np.array([self.seed, number], dtype=np.uint64)
        stream = np.random.Generator(np.random.Philox(key=key))
        names = [name for name in self.data.columns if name != self.by]
        out = self.data.copy()
        drawn = [block.sampler.draw(stream) for block in self.blocks]
        for j, name in enumerate(names):
            rows = [b.rows[b.missing[:, j]] for b in self.blocks]
            found = [
                (b.centre[j] + b.scale[j] * X[:, j])[b.missing[:, j]]
                for b, X in zip(self.blocks, drawn, strict=True)
            ]
            where, values = np.concatenate(rows), np.concatenate(found)
            if not where.size:
                continue
            if name in self.levels:
                levels = self.levels[name]
                column: Any = self.data[name].copy()
                column.iloc[where] = [levels[int(code)] for code in values]
            else:
                column = pd.Series(read_column(self.data, name), self.data.index, name=name)
                column.iloc[where] = values
            out[name] = column
        return out

    def to_frame(self) -> pd.DataFrame:
        """Return all data sets below each other; `.imp` is the number, `.id` the row."""
        frames = list(self)
        found = pd.concat(frames, ignore_index=True)
        found.insert(0, ".id", np.tile(self.data.index.to_numpy(), self.m))
        found.insert(0, ".imp", np.repeat(np.arange(1, self.m + 1), len(self.data)))
        return found

    @property
    def method(self) -> str:
        """Which of the two methods is used."""
        return "latent responses" if self.levels else "data augmentation"

    def summary(self) -> str:
        """Say what is missing and how it is drawn."""
        gone = self.data.isna().sum()
        gaps = ", ".join(f"{name} {n}" for name, n in gone.items() if n) or "nothing"
        steps = max(block.sampler.iterations for block in self.blocks)
        left = self.n_original - len(self.data)
        return (
            f"{self.m} imputations of {len(self.data)} cases by {self.method}, {steps} iterations "
            f"each, seed {self.seed}. Missing: {gaps}."
            + (f" {left} cases with no value at all are left out." if left else "")
        )


def impute(
    data: pd.DataFrame,
    m: int = 20,
    *,
    ordered: Sequence[str] = (),
    by: str | None = None,
    seed: int = 1,
    iterations: int | None = None,
) -> Imputations:
    """Draw completed data sets for data with gaps, supposing that these are at random.

    Parameters
    ----------
    data
        The variables of the analysis, and others that tell why values are missing or what they
        would have been; no names or texts.
    m
        How many.
    ordered
        Variables with ordered categories.
    by
        A column of groups that are imputed apart, so that anything may differ between them.
    seed
        Together with its number this fixes a data set.
    iterations
        Steps of a chain before its data set is taken; by default what `augmentation` and
        `responses` say.

    Returns
    -------
    Imputations
        With `dataset(number)` and `to_frame()`. Cases without any value are left out.

    Raises
    ------
    LatentError
        If a column is text or constant, or there are too few cases for so many variables.

    Examples
    --------
    >>> from footbridge.latent import simulate, Skips
    >>> data = simulate("y ~ 0.5*x", 100, seed=3, plans=[Skips(["y"], 0.3)])
    >>> print(impute(data, 5).summary())  # doctest: +ELLIPSIS
    5 imputations of 100 cases by data augmentation, 20 iterations each, seed 1. Missing: y ...
    """
    _check(data, m, ordered=ordered, by=by)
    names = [name for name in data.columns if name != by]
    kept = data.loc[data[names].notna().any(axis=1)]
    columns, levels = [], {}
    for name in names:
        if name in ordered:
            values, levels[name] = read_categories(kept, name)
        else:
            values = read_column(kept, name)
        columns.append(values)
    X = np.column_stack(columns)
    counts = [len(levels.get(name, ())) for name in names]
    blocks = [
        _block(X, np.flatnonzero(mine), (names, counts), iterations=iterations, where=where)
        for where, mine in _parts(kept, by)
    ]
    return Imputations(kept, tuple(blocks), levels, m, seed, by, len(data))


def _check(data: pd.DataFrame, m: int, *, ordered: Sequence[str], by: str | None) -> None:
    if m < 2:
        raise OptionError(
            f"{m} imputations were asked for.",
            "What is not known shows in how they differ, so there must be two at least.",
            "Ask for 20, or for as many as the percentage of incomplete cases.",
        )
    strange = [name for name in (*ordered, *((by,) if by else ())) if name not in data.columns]
    if strange:
        raise OptionError(
            f"The data have no column '{strange[0]}'.",
            "It is named as ordered, or as the column of the groups.",
            "Correct the name.",
        )
    if by is not None and data[by].isna().any():
        raise DataError(
            f"{int(data[by].isna().sum())} cases have no value of '{by}'.",
            "A case without a group cannot be imputed with its group.",
            "Drop these cases.",
        )


def _parts(data: pd.DataFrame, by: str | None) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield how to speak of a group, and who is in it."""
    if by is None:
        yield "", np.ones(len(data), dtype=bool)
        return
    codes, labels = pd.factorize(data[by])
    for g, label in enumerate(labels):
        yield f" in group '{label}'", codes == g


def _block(
    X: Matrix,
    rows: Index,
    variables: tuple[list[str], list[int]],
    *,
    iterations: int | None,
    where: str,
) -> Block:
    """Standardise the continuous variables of some cases, and make their sampler."""
    names, counts = variables
    values = X[rows].copy()
    centre, scale = np.zeros(len(names)), np.ones(len(names))
    for j, name in enumerate(names):
        known = values[~np.isnan(values[:, j]), j]
        found = np.unique(known).size
        if found < max(counts[j], 2):
            raise DataError(
                f"The variable '{name}' has {found} of {max(counts[j], 2)} values{where}.",
                "What does not vary, and a category that nobody has, cannot be imputed.",
                f"Leave '{name}' out, merge its categories, or impute the groups together.",
            )
        if not counts[j]:
            centre[j], scale[j] = known.mean(), known.std()
    values = (values - centre) / scale
    missing = np.isnan(values)
    sampler: Sampler = (
        ResponseSampler(values, tuple(counts), iterations or SWEEPS)
        if any(counts)
        else normal_sampler(values, tuple(names), iterations=iterations, where=where)
    )
    return Block(rows, missing, centre, scale, sampler)
