"""Estimates, errors and standardised values of all rows at once; `standardised` is the twin.

A standardised value is the estimate times sd(cause) / sd(effect), so one vector of standard
deviations over all groups and one indexed product gives a whole solution.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from footbridge.latent.constraints import Names
from footbridge.latent.expressions import Dual
from footbridge.latent.table import ParameterTable, Row
from footbridge.latent.wholes import Whole

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]
_TEXT = pd.StringDtype(na_value=np.nan)


@dataclass(frozen=True, slots=True)
class RowMap:
    """Where the rows of a table find their numbers, k parameters first and then definitions.

    `free` (k,) is the position in theta or -1, `fixed` (k,) the value of a row that is not free;
    `multiply` and `divide` (k, 2) are positions among the standard deviations of all groups,
    total ones first, then residual ones, or -1; `scale` (k,) marks the rows `~*~`.
    """

    rows: tuple[Row, ...]
    definitions: tuple[Row, ...]
    free: Index
    fixed: Vector
    multiply: Index
    divide: Index
    scale: NDArray[np.bool_]


def map_rows(table: ParameterTable, groups: Sequence[Whole], ordinal: set[str]) -> RowMap:
    """Look up every row once."""
    rows = table.parameters
    width = len(groups[0].names)
    places = {name: i for i, name in enumerate(groups[0].names)}
    size = width * len(groups)
    fixed, cause, first, second = [], [], [], []
    for row in rows:
        base = (row.group - 1) * width
        op, lhs, rhs = row.op, row.lhs, row.rhs
        fixed.append(row.ustart or 0.0)
        up, down, other = -1, base + places[lhs], -1
        if op == "=~":
            up, down = down, base + places[rhs]
        elif op == "~":
            up = base + places[rhs]
        elif op == "~~":
            if lhs == rhs:
                other = down
                if lhs in ordinal and not row.free:
                    fixed[-1] = float(groups[row.group - 1].residual[places[lhs]])
            else:
                down, other = size + down, size + base + places[rhs]
        elif op == "~*~" and not row.free:
            fixed[-1] = groups[row.group - 1].scales.get(lhs, 1.0)
        cause.append(up)
        first.append(down)
        second.append(other)
    return RowMap(
        rows,
        table.definitions,
        np.array([row.free - 1 for row in rows], dtype=np.int64),
        np.array(fixed, dtype=np.float64),
        np.array(cause, dtype=np.int64),
        np.array([first, second], dtype=np.int64),
        np.array([row.op == "~*~" for row in rows]),
    )


def row_estimates(found: RowMap, theta: Vector) -> Vector:
    """Return the estimates of the parameter rows, (k,)."""
    if not theta.size:
        return found.fixed.copy()
    return np.where(found.free >= 0, theta[found.free], found.fixed)


def row_errors(found: RowMap, vcov: Matrix) -> Vector:
    """Return the standard errors of the parameter rows; zero where a row is fixed, (k,)."""
    if not vcov.size:
        return np.zeros(found.free.size)
    variance = vcov.diagonal()
    errors = np.where(np.isfinite(variance), np.sqrt(np.maximum(variance, 0.0)), np.nan)
    return np.where(found.free >= 0, errors[found.free], 0.0)


def deviations(groups: Sequence[Whole], scaled: set[str]) -> Vector:
    """Return total and then residual standard deviations, 1 for what keeps its metric.

    A variance that is not positive gives NaN; the last entry stands for "no variable".
    """
    keep = np.array([name not in scaled for name in groups[0].names] * (2 * len(groups)))
    squares = np.concatenate([w.total for w in groups] + [w.residual for w in groups])
    squares[keep] = 1.0
    out = np.ones(squares.size + 1)
    out[:-1] = np.sqrt(np.where(squares > 0, squares, np.nan))
    return out


def row_standard(
    found: RowMap, estimates: Vector, groups: Sequence[Whole], scaled: set[str], *, kind: str
) -> Vector:
    """Return one standardised solution of the parameter rows, (k,)."""
    sd = deviations(groups, scaled)
    value = estimates * sd[found.multiply] / sd[found.divide[0]] / sd[found.divide[1]]
    return np.where(found.scale, estimates if kind == "lv" else 1.0, value)


def defined_values(found: RowMap, names: Names, values: Vector) -> list[float]:
    """Evaluate := with the values of the rows in place of the labels."""
    if not found.definitions:
        return []
    zero = np.zeros(1)
    duals: dict[str, Dual] = {}
    for row, value in zip(found.rows, values.tolist(), strict=True):
        for name in (row.label, row.plabel):
            if name:
                duals.setdefault(name, Dual(value, zero))
    out = []
    for name, expression in names.definitions:
        value = float(np.real(expression.dual(duals).value))
        duals[name] = Dual(value, zero)
        out.append(value)
    return out


def text_columns(*columns: Sequence[str]) -> list[ExtensionArray]:
    """Return columns of text, all of one length.

    They are made at once, and pandas need not look at every value to find out what it is.
    """
    k = len(columns[0])
    whole = pd.array([value for column in columns for value in column], dtype=_TEXT)
    return [whole[start : start + k] for start in range(0, k * len(columns), k)]
