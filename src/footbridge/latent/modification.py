"""Modification indices: what freeing one fixed parameter would gain, and what it would become.

With s the slope of the discrepancy in the fixed parameter and V = I_11 - I_12 I_22^-1 I_21 its
expected information given the free ones, mi = n s^2 / V and epc = -s / V (Sorbom 1989,
Psychometrika 54, 371-384; Saris, Satorra and Sorbom 1987, Sociological Methodology 17, 105-129).
Where errors are robust, mi.robust = n s^2 / (w'Bw), w = (1, -I_12 I_22^-1), B the covariance of
the slopes (Satorra 1989, Psychometrika 54, 131-151): the same as mi where the model's
distribution is right.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.errors import ConvergenceError
from footbridge.latent.extended import Extended, candidates, extend
from footbridge.latent.result import Fit
from footbridge.latent.standardised import Valued, scale_row
from footbridge.latent.table import Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
#: Less information than this: the parameter is not identified once free (as lavaan decides).
_LEAST = float(np.finfo(np.float64).eps) ** (1 / 3)
_SMALL = float(np.finfo(np.float64).eps) ** 0.5


def modification_indices(fit: Fit, *, sort: bool = False, robust: bool = False) -> pd.DataFrame:
    """Return one row per parameter that could be freed, in lavaan's columns.

    Parameters
    ----------
    fit
        A fitted model that converged.
    sort
        Whether the largest index comes first.
    robust
        Whether the column `mi.robust` is wanted.

    Returns
    -------
    DataFrame
        lhs, op, rhs, (level,) group, mi, epc and the expected change in the standardised solutions
        sepc.lv, sepc.all, sepc.nox. Parameters that would not be identified are left out.

    Raises
    ------
    ConvergenceError
        If the model did not converge, or its information cannot be inverted.
    """
    require_minimum(fit)
    more = extend(fit, candidates(fit), fixed=True)
    info, own, extra = more.information, more.own, more.extra
    across = info[np.ix_(extra, own)]
    H = across @ constrained_inverse(info[np.ix_(own, own)], fit.solution.covariances.basis)
    V = np.diag(info)[extra] - np.sum(H * across, axis=1)
    with np.errstate(invalid="ignore"):
        V = np.where(V < _LEAST, np.nan, V)
    s, n = more.gradient[extra], more.engine.multiplier
    frame: pd.DataFrame = _frame(more, n * s**2 / V, -s / V)
    if robust:
        frame["mi.robust"] = n * s**2 / np.where(np.isnan(V), np.nan, _spread(more, H))
    frame = frame.dropna(subset=["mi"])
    if sort:
        frame = frame.sort_values("mi", ascending=False, kind="stable")
    return frame.reset_index(drop=True)


def require_minimum(fit: Fit) -> None:
    """Raise a ConvergenceError unless the fit is a minimum."""
    if not fit.converged:
        raise ConvergenceError(
            "The model did not converge.",
            "Slopes say something about a restriction only at the minimum.",
            "See fit.advice, and mend the model first.",
        )


def constrained_inverse(information: Matrix, basis: Matrix) -> Matrix:
    """Return K (K'IK)^-1 K', the inverse within the directions that constraints leave."""
    inner = basis.T @ information @ basis
    scale = np.sqrt(np.maximum(np.abs(np.diag(inner)), 1e-300))
    inverse = np.linalg.pinv(inner / np.outer(scale, scale), rcond=1e-10, hermitian=True)
    return np.asarray(basis @ (inverse / np.outer(scale, scale)) @ basis.T)


def _spread(more: Extended, H: Matrix) -> Vector:
    """Return w'Bw for every added parameter."""
    B, own, extra = more.meat, more.own, more.extra
    mixed = np.sum(H * B[np.ix_(extra, own)], axis=1)
    inner = np.sum((H @ B[np.ix_(own, own)]) * H, axis=1)
    return np.asarray(np.diag(B)[extra] - 2 * mixed + inner)


def _frame(more: Extended, mi: Vector, epc: Vector) -> pd.DataFrame:
    rows = more.rows
    frame = pd.DataFrame(
        {
            "lhs": [r.lhs for r in rows],
            "op": [r.op for r in rows],
            "rhs": [r.rhs for r in rows],
            **more.fit.places(rows),
            "mi": mi,
            "epc": epc,
        }
    )
    for kind in ("lv", "all", "nox"):
        frame[f"sepc.{kind}"] = [
            _standard(more, row, change, value, kind=kind)
            for row, change, value in zip(rows, epc, more.theta[more.extra], strict=True)
        ]
    return frame


def _standard(more: Extended, row: Row, change: float, value: float, *, kind: str) -> float:
    """Return the expected change in one standardised solution.

    A variance's change is shown as its present size with the sign of the change, because a
    change can be negative and a standardised variance cannot (lavaan's convention).
    """
    size = abs(change)
    if row.op == "~~" and row.lhs == row.rhs and not row.exo:
        size = abs(value)
        if size < _SMALL:
            return 0.0
    roles = more.fit.problem.roles
    scaled = set(roles.lv) if kind == "lv" else set(roles.lv) | set(roles.ov)
    if kind == "nox":
        scaled -= set(roles.ov_x)
    whole = more.fit.wholes[row.group - 1]
    found = scale_row(row, Valued(size, np.zeros(more.fit.theta.size)), whole, scaled, kind=kind)
    return float(np.sign(change)) * found.value
