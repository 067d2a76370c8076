"""Difference tests of nested models, plain and corrected.

Satorra and Bentler (2001), Psychometrika 66, 507-514; (2010), 75, 243-248; Satorra (2000), in
Heijmans et al., Innovations in multivariate statistical analysis, with the scaled and shifted form.
"""

import itertools

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.constraints import null_space
from footbridge.latent.errors import OptionError, check_kind
from footbridge.latent.linalg import inv, times
from footbridge.latent.result import Fit
from footbridge.latent.solve import Solution

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
METHODS = ("standard", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000")


def compare(*fits: Fit, method: str | None = None) -> pd.DataFrame:
    """Test each model against the next less restricted one.

    Parameters
    ----------
    *fits
        Nested models on the same data; they are ordered by degrees of freedom.
    method
        standard, satorra.bentler.2001, satorra.bentler.2010 or satorra.2000; by default the
        first without a corrected test, the last for scaled and shifted tests, else the second.

    Raises
    ------
    OptionError
        If there are fewer than two models or the method is not known.

    Examples
    --------
    >>> from footbridge.latent import cfa, simulate
    >>> data = simulate("f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d", 300, seed=3)
    >>> free = cfa("f =~ a + b + c + d", data)
    >>> equal = cfa("f =~ a + 1*b + 1*c + 1*d", data)
    >>> compare(free, equal)["Df"].tolist()
    [2, 5]
    """
    for fit in fits:
        check_kind(fit, Fit, "compare")
    ordered = sorted(fits, key=lambda f: f.solution.df)
    if len(ordered) < 2:
        raise OptionError(
            "There is one model only.",
            "A difference needs two.",
            "Pass at least two fits.",
        )
    sizes = sorted({f.problem.n for f in ordered})
    if len(sizes) > 1:
        raise OptionError(
            f"The models were fitted to {' and '.join(f'{n:g}' for n in sizes)} cases.",
            "A difference between statistics of different data is no test.",
            "Fit them to the same cases: drop those that miss a value of either model.",
        )
    chosen = method or _default(ordered[0])
    if chosen not in METHODS:
        raise OptionError(
            f"The difference test '{chosen}' is not known.",
            "It is not one that is offered here.",
            f"Choose one of {', '.join(METHODS)}.",
        )
    rows = [_row(ordered[0], (float("nan"),) * 2)]
    for free, held in itertools.pairwise(ordered):
        rows.append(_row(held, _difference(free.solution, held.solution, chosen)))
    columns = ["Df", "AIC", "BIC", "Chisq", "Chisq diff", "Df diff", "Pr(>Chisq)"]
    return pd.DataFrame(rows, columns=columns)


def _default(fit: Fit) -> str:
    scaled = fit.solution.scaled
    if scaled is None:
        return "standard"
    return "satorra.2000" if scaled.name == "scaled.shifted" else "satorra.bentler.2001"


def _row(fit: Fit, difference: tuple[float, float]) -> list[float]:
    plain, (statistic, df) = fit.solution.plain, difference
    aic = bic = float("nan")
    if fit.options.discrepancy == "ML":
        aic, bic = fit.fit_measures["aic"], fit.fit_measures["bic"]
    p = float(special.chdtrc(df, max(statistic, 0.0))) if df > 0 else float("nan")
    return [plain.df, aic, bic, plain.statistic, statistic, df, p]


def _difference(free: Solution, held: Solution, method: str) -> tuple[float, float]:
    T, df = held.plain.statistic - free.plain.statistic, held.df - free.df
    if method == "standard" or df == 0:
        return T, df
    if method == "satorra.2000":
        one, two = _traces(free, held)
        a = float(np.sqrt(df / two))
        return a * T + df - a * one, df
    c0 = _scaling(held, held.theta) * held.df
    at = _theta_of(free, held) if method.endswith("2010") else free.theta
    c1 = _scaling(free, at) * free.df if free.df else 0.0
    return T * df / (c0 - c1), df


def _scaling(solution: Solution, theta: Vector) -> float:
    """Return tr(U Gamma) / df of a model at given parameters."""
    if theta is solution.theta:
        return solution.scaled.traces[0] / solution.df if solution.scaled else 1.0
    engine, basis = solution.engine, solution.covariances.basis
    S = engine.scores(theta) @ basis
    H = basis.T @ engine.information(theta, solution.problem.options.information) @ basis
    part = float(np.trace(np.linalg.solve(H, S.T @ S / solution.problem.n)))
    return (engine.scaling(theta) - part) / solution.df


def _theta_of(free: Solution, held: Solution) -> Vector:
    """Return the restricted estimates in the order of the free model."""
    values = {r.key: held.theta[r.free - 1] for r in held.table.free_rows}
    fixed = {r.key: r.ustart or 0.0 for r in held.table.parameters if not r.free}
    return np.array([values.get(r.key, fixed.get(r.key, 0.0)) for r in free.table.free_rows])


def _traces(free: Solution, held: Solution) -> tuple[float, float]:
    """Return the traces of U_d Gamma and its square, U_d the difference of the projections."""
    engine, theta = free.engine, free.theta
    basis = free.covariances.basis
    D1 = [D @ basis for D in engine.deltas(theta)]
    D0 = [D @ held.covariances.basis for D in held.engine.deltas(held.theta)]
    weights, gammas = engine.weights(theta), engine.gammas(theta)
    P = sum(s * (D.T @ times(V, D)) for s, V, D in zip(engine.shares, weights, D1, strict=True))
    inverse = inv(np.asarray(P, dtype=np.float64))
    # The restrictions: what is orthogonal to the restricted tangent space, by least squares.
    inside = np.linalg.lstsq(np.vstack(D1), np.vstack(D0), rcond=None)[0]
    A = null_space(np.asarray(inside, dtype=np.float64).T).T
    middle = inverse @ A.T @ inv(A @ inverse @ A.T) @ A @ inverse
    meat = np.zeros_like(inverse)
    for s, V, G, D in zip(engine.shares, weights, gammas, D1, strict=True):
        half = times(V, D)
        meat += s * (half.T @ G @ half)
    core = middle @ meat
    return float(np.trace(core)), float(np.sum(core * core.T))
