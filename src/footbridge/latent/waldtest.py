"""Wald test of equations between labelled parameters, linear or not.

W = h'(H V H')^-1 h with the equations h(theta) = 0, their Jacobian H and the covariance V of the
estimates, robust where the fit's is (Wald 1943).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.constraints import Names, difference_of, evaluate
from footbridge.latent.errors import ModelSyntaxError, OptionError
from footbridge.latent.expressions import Expression
from footbridge.latent.result import Fit
from footbridge.latent.table import Row

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WaldTest:
    """Statistic, degrees of freedom, p-value and the kind of errors behind it."""

    statistic: float
    df: int
    pvalue: float
    se: str


def wald_test(fit: Fit, text: str) -> WaldTest:
    """Test equations such as "a == b" or "a*b == 0", separated by ; or new lines.

    Raises
    ------
    ModelSyntaxError
        If there is no equation in the text, or a label that the model does not have.
    OptionError
        If the estimates have no covariance matrix, or the equations depend on each other.
    """
    names, expressions = read_equations(fit, text)
    value, H = evaluate(names, expressions, fit.theta)
    spread = H @ fit.vcov @ H.T
    require_invertible(spread)
    scale = np.sqrt(np.maximum(np.diag(spread), 1e-300))
    z = value / scale
    statistic = float(z @ np.linalg.solve(spread / np.outer(scale, scale), z))
    df = len(expressions)
    return WaldTest(statistic, df, float(special.chdtrc(df, statistic)), fit.options.se)


def read_equations(fit: Fit, text: str) -> tuple[Names, list[Expression]]:
    """Return the names of a model, and equations as expressions that should be zero.

    Raises
    ------
    ModelSyntaxError
        If there is no equation in the text, or a label that the model does not have.
    """
    parts = [line.strip() for line in text.replace(";", "\n").splitlines() if line.strip()]
    sides = [line.split("==") for line in parts]
    if not sides or any(len(pair) != 2 for pair in sides):
        raise ModelSyntaxError(
            f"'{text}' is not a list of equations.",
            "A Wald test is about equations between labels.",
            "Write one such as 'a == b'.",
        )
    expressions = [difference_of(Row(lhs, "==", rhs)) for lhs, rhs in sides]
    names = fit.solution.constraints.names
    defined = {name for name, _ in names.definitions}
    unknown = [
        n for e in expressions for n in e.names if n not in {*names.free, *names.fixed, *defined}
    ]
    if unknown:
        raise ModelSyntaxError(
            f"The label '{unknown[0]}' is not in the model.",
            "An equation speaks of labels.",
            f"Put '{unknown[0]}*' before a term of the model.",
        )
    return names, expressions


def require_invertible(spread: Matrix) -> None:
    """Refuse equations whose values have a singular covariance matrix (k, k)."""
    scale = np.sqrt(np.maximum(np.diag(spread), 1e-300))
    scaled = spread / np.outer(scale, scale)
    if not np.all(np.isfinite(scaled)) or np.linalg.cond(scaled) > 1e12:
        raise OptionError(
            "The equations cannot be tested.",
            "Their values have no invertible covariance matrix: one follows from the others, "
            "holds exactly in the model, or the estimates have no standard errors.",
            "Leave out equations that say the same; see fit.advice.",
        )
