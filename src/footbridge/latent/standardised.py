"""Standardised solutions (std.lv, std.all, std.nox) and their delta-method errors.

Paths are multiplied by sd(cause) / sd(effect), covariances divided by residual standard
deviations, variances by total variances (Bollen 1989, p. 349; lavaan's conventions).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem
from footbridge.latent.constraints import Names
from footbridge.latent.expressions import Dual
from footbridge.latent.table import ParameterTable, Row
from footbridge.latent.wholes import Whole

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Valued:
    """A value with its gradient (q,)."""

    value: float
    gradient: Vector


def row_value(row: Row, theta: Vector, whole: Whole, ordinal: set[str]) -> Valued:
    """Return the estimate of one row; residual variances of ordinal variables are derived."""
    gradient = np.zeros(theta.size)
    if row.free:
        gradient[row.free - 1] = 1.0
        return Valued(float(theta[row.free - 1]), gradient)
    if row.op == "~~" and row.lhs == row.rhs and row.lhs in ordinal:
        k = whole.place(row.lhs)
        return Valued(float(whole.residual[k]), whole.d_residual[:, k])
    if row.op == "~*~":
        return Valued(whole.scales.get(row.lhs, 1.0), gradient)
    return Valued(row.ustart or 0.0, gradient)


def scaled_names(problem: Problem, kind: str) -> set[str]:
    """Return the variables that a standardised solution gives variance 1."""
    roles = problem.roles
    scaled = set(roles.lv) if kind == "lv" else set(roles.lv) | set(roles.ov)
    return scaled - set(roles.ov_x) if kind == "nox" else scaled


def standardise(
    problem: Problem, table: ParameterTable, theta: Vector, groups: Sequence[Whole], *, kind: str
) -> dict[int, Valued]:
    """Return standardised values by position in the table.

    Parameters
    ----------
    kind
        "lv" (latent variables only), "all", or "nox" (all but exogenous covariates).
    """
    roles = problem.roles
    scaled = scaled_names(problem, kind)
    ordinal = set(roles.ordered)
    found: dict[int, Valued] = {}
    for i, row in enumerate(table.rows):
        if row.op in {":=", "==", "<", ">"}:
            continue
        whole = groups[row.group - 1]
        value = row_value(row, theta, whole, ordinal)
        found[i] = scale_row(row, value, whole, scaled, kind=kind)
    return found | _defined(table, found, theta.size)


def _log_sd(whole: Whole, name: str, scaled: set[str], *, residual: bool) -> Valued:
    """Return log sd and its gradient; zero for a variable that keeps its metric."""
    q = whole.d_total.shape[0]
    if name not in scaled:
        return Valued(0.0, np.zeros(q))
    k = whole.place(name)
    variance = whole.residual[k] if residual else whole.total[k]
    slope = (whole.d_residual if residual else whole.d_total)[:, k]
    if variance <= 0:
        return Valued(float("nan"), np.full(q, np.nan))
    return Valued(0.5 * float(np.log(variance)), 0.5 * slope / variance)


def scale_row(row: Row, value: Valued, whole: Whole, scaled: set[str], *, kind: str) -> Valued:
    """Return the value of one row in the metric where the variables `scaled` have variance 1."""
    if row.op == "~*~":
        return Valued(value.value if kind == "lv" else 1.0, np.zeros_like(value.gradient))
    if row.op == "=~":
        up, down = row.lhs, [row.rhs]
    elif row.op == "~":
        up, down = row.rhs, [row.lhs]
    elif row.op == "~~":
        up, down = "", [row.lhs, row.rhs]
    else:
        up, down = "", [row.lhs]
    residual = row.op == "~~" and row.lhs != row.rhs
    logs = [_log_sd(whole, name, scaled, residual=residual) for name in down]
    total = -sum(part.value for part in logs)
    slope = -sum((part.gradient for part in logs), np.zeros_like(value.gradient))
    if up:
        part = _log_sd(whole, up, scaled, residual=False)
        total, slope = total + part.value, slope + part.gradient
    factor = float(np.exp(total))
    return Valued(value.value * factor, factor * (value.gradient + value.value * slope))


def _defined(table: ParameterTable, found: dict[int, Valued], q: int) -> dict[int, Valued]:
    """Evaluate := with standardised values in place of the labels."""
    names = Names(table)
    if not names.definitions:
        return {}
    duals: dict[str, Dual] = {}
    for i, row in enumerate(table.rows):
        if i in found:
            for name in (row.label, row.plabel):
                if name:
                    duals.setdefault(name, Dual(found[i].value, found[i].gradient))
    out: dict[int, Valued] = {}
    at = [i for i, row in enumerate(table.rows) if row.op == ":="]
    for i, (name, expression) in zip(at, names.definitions, strict=True):
        dual = expression.dual(duals)
        value = Valued(
            float(np.real(dual.value)), np.broadcast_to(dual.gradient, (q,)).astype(float)
        )
        duals[name] = Dual(value.value, value.gradient)
        out[i] = value
    return out
