"""Score (Lagrange multiplier) tests: what releasing constraints would gain.

T = n s'J s, s the slope of the discrepancy and J the inverse information within the constraints
that stay (Rao 1948; Aitchison and Silvey 1958, Annals of Mathematical Statistics 29, 813-828).
The generalised form, for robust fits, is n s'J R'(R J B J R')^-1 R J s with the released
constraints R and the covariance B of the slopes (Boos 1992, American Statistician 46, 327-333).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.constraints import null_space
from footbridge.latent.errors import OptionError
from footbridge.latent.extended import extend
from footbridge.latent.modification import constrained_inverse, require_minimum
from footbridge.latent.result import Fit
from footbridge.latent.syntax import parse_model
from footbridge.latent.table import Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreTest:
    """All constraints together, and each alone (`univariate`: lhs op rhs X2 df p.value epc).

    `cumulative`, where it was asked for, has the same columns without epc: the constraints from
    the largest X2 alone to the smallest, each row released together with those above it.
    """

    statistic: float
    df: int
    pvalue: float
    univariate: pd.DataFrame
    cumulative: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class _Slopes:
    """What every score test needs; `R` (k, q) are the constraints, model's own ones included."""

    n: float
    gradient: Vector
    information: Matrix
    meat: Matrix | None
    R: Matrix

    def test(self, released: Sequence[int]) -> tuple[float, Vector]:
        """Return the statistic and the expected changes (q,) when rows of R are released."""
        kept = np.delete(self.R, list(released), axis=0)
        J = constrained_inverse(self.information, null_space(kept))
        step = -J @ self.gradient
        if self.meat is None:
            return float(-self.n * self.gradient @ step), step
        gap = self.R[list(released)] @ step
        half = self.R[list(released)] @ J
        spread = np.linalg.pinv(half @ self.meat @ half.T, rcond=1e-10, hermitian=True)
        return float(self.n * gap @ spread @ gap), step


def score_test(
    fit: Fit,
    *,
    add: str | None = None,
    release: Sequence[int] | None = None,
    robust: bool = False,
    cumulative: bool = False,
) -> ScoreTest:
    """Test equality constraints of a model, or parameters that it holds at zero.

    Parameters
    ----------
    add
        Model text of parameters to free, such as "f1 =~ y5"; in every group.
    release
        Positions (from 1) of the constraints to release; by default all.
    robust
        Whether the generalised statistic is wanted, which needs no normal distribution.
    cumulative
        Whether the table is wanted that releases one constraint after another.

    Raises
    ------
    ConvergenceError
        If the model did not converge.
    OptionError
        If there is nothing to release, or both arguments are given.
    """
    require_minimum(fit)
    if add and release:
        raise OptionError(
            "add= and release= were both given.",
            "One asks about new parameters, the other about constraints of the model.",
            "Make two tests.",
        )
    own = fit.solution.constraints.equations(fit.theta)[1]
    slopes, names, at = _added(fit, add, own, robust) if add else _own(fit, own, robust)
    chosen = [at[i] for i in _chosen(release, len(at))]
    labels = [names[i] for i in _chosen(release, len(at))]
    statistic, _ = slopes.test(chosen)
    table = _univariate(slopes, labels, chosen, bool(add))
    df = int(np.linalg.matrix_rank(slopes.R[chosen]))
    growing = _cumulative(slopes, table, chosen) if cumulative else None
    return ScoreTest(statistic, df, _tail(statistic, df), table, growing)


def _tail(statistic: float, df: int) -> float:
    return float(special.chdtrc(df, max(statistic, 0.0)))


def _univariate(
    slopes: _Slopes, names: Sequence[tuple[str, str]], at: Sequence[int], added: bool
) -> pd.DataFrame:
    rows = []
    for (lhs, rhs), i in zip(names, at, strict=True):
        X2, step = slopes.test([i])
        change = float(slopes.R[i] @ step) if added else float("nan")
        rows.append((lhs, "==", rhs, X2, 1, _tail(X2, 1), change))
    frame = pd.DataFrame(rows, columns=["lhs", "op", "rhs", "X2", "df", "p.value", "epc"])
    return frame if added else frame.drop(columns="epc")


def _cumulative(slopes: _Slopes, table: pd.DataFrame, at: Sequence[int]) -> pd.DataFrame:
    """Release the worst constraint, then the worst two, and so on to all."""
    order = np.argsort(-table["X2"].to_numpy(), kind="stable")
    found = table.iloc[order].drop(columns="epc", errors="ignore").reset_index(drop=True)
    growing = [[at[i] for i in order[: k + 1]] for k in range(order.size)]
    found["X2"] = [slopes.test(released)[0] for released in growing]
    found["df"] = [int(np.linalg.matrix_rank(slopes.R[released])) for released in growing]
    found["p.value"] = [_tail(x, d) for x, d in zip(found["X2"], found["df"], strict=True)]
    return found


def _chosen(release: Sequence[int] | None, count: int) -> list[int]:
    if release is None:
        return list(range(count))
    wrong = [i for i in release if not 1 <= i <= count]
    if wrong or not release:
        raise OptionError(
            f"There is no constraint {', '.join(map(str, wrong)) or 'in release='}.",
            f"The model has {count} equality constraints, counted from 1.",
            "Look at them in fit.table.relations.",
        )
    return [i - 1 for i in release]


def _own(fit: Fit, R: Matrix, robust: bool) -> tuple[_Slopes, list[tuple[str, str]], Sequence[int]]:
    """Return the slopes of the model itself."""
    if not R.shape[0]:
        raise OptionError(
            "The model has no equality constraints.",
            "A score test asks what releasing them would gain.",
            "Pass add= with parameters to free, or use modification_indices().",
        )
    more = extend(fit, [], fixed=False)
    names = [(r.lhs, r.rhs) for r in fit.table.relations if r.op == "=="]
    meat = more.meat if robust else None
    slopes = _Slopes(more.engine.multiplier, more.gradient, more.information, meat, R)
    return slopes, names, range(R.shape[0])


def _require_known(fit: Fit, rows: Sequence[Row]) -> None:
    """Refuse variables that the model does not have where they are asked for."""
    for row in rows:
        roles = fit.roles_of(row.group)
        absent = {row.lhs, row.rhs} - {*roles.ov, *roles.lv, ""}
        if absent:
            raise OptionError(
                f"The model has no '{min(absent)}'{fit.problem.place(row)}.",
                "A score test is about the data that the model was fitted to.",
                "Name its own variables; those of the second level after 'level: 2'.",
            )


def _added(
    fit: Fit, text: str, own: Matrix, robust: bool
) -> tuple[_Slopes, list[tuple[str, str]], Sequence[int]]:
    """Return the slopes of the model with more parameters, each held by a constraint at zero."""
    known = {r.key for r in fit.table.rows}
    known |= {(r.rhs, r.op, r.lhs, r.group) for r in fit.table.rows if r.op == "~~"}
    levels = {r.group: r.level for r in fit.table.parameters}
    rows = [
        Row(s.lhs, s.op, s.term.name, group=g, level=s.level)
        for s in parse_model(text).statements
        for g, level in sorted(levels.items())
        if s.level == level
    ]
    present = [r for r in rows if r.key in known]
    if present:
        r = present[0]
        raise OptionError(
            f"'{r.lhs} {r.op} {r.rhs}' is in the model.",
            "Only what the model does not have can be added.",
            "See modification_indices() for parameters that the model fixes.",
        )
    _require_known(fit, rows)
    more = extend(fit, rows, fixed=False)
    R = np.zeros((own.shape[0] + len(rows), more.theta.size))
    R[: own.shape[0], more.own] = own
    R[own.shape[0] + np.arange(len(rows)), more.extra] = 1.0
    many = len(fit.problem.labels) > 1
    names = [(f"{r.lhs}{r.op}{r.rhs}{fit.suffix(r) or '.g1' * many}", "0") for r in rows]
    meat = more.meat if robust else None
    slopes = _Slopes(more.engine.multiplier, more.gradient, more.information, meat, R)
    return slopes, names, range(own.shape[0], R.shape[0])
