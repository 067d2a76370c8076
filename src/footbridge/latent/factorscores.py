"""Factor scores: what the indicators say about each case's position on the latent variables.

Regression (Thurstone 1935): E(eta | y) = m + C_ey C_yy^-1 (y - mu). Bartlett (1937): the weighted
least squares estimate (L'S^-1 L)^-1 L'S^-1 (y - mu) + m, unbiased given eta. With missing values
each case uses what it has. Ordinal indicators: see `scoremodes`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.data import Cases, GroupData
from footbridge.latent.errors import DataError, OptionError
from footbridge.latent.result import Fit
from footbridge.latent.wholes import Whole

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
NORMAL = {"regression": "regression", "ebm": "regression", "bartlett": "Bartlett", "ml": "Bartlett"}
MODES = ("EBM", "ML")


@dataclass(frozen=True, slots=True)
class _Measures:
    """Everything that turns one group's observed values into scores.

    `loadings` (p, L + D): latent variables first, then observed variables of the structural
    part, each its own latent variable; `spread` is their covariance, `centre` the latent means.
    """

    sigma: Matrix
    mu: Vector
    loadings: Matrix
    spread: Matrix
    centre: Vector


def factor_scores(fit: Fit, *, method: str | None = None, se: bool = False) -> pd.DataFrame:
    """Return one row per case of the data, one column per latent variable.

    Parameters
    ----------
    fit
        A fitted model with its data.
    method
        Continuous indicators: "regression" (default) or "Bartlett". With ordinal ones: "EBM"
        (default), the mode of the posterior, or "ML", the mode of the likelihood.
    se
        Whether columns `<name>.se` with standard errors are wanted, parameters taken as known.

    Returns
    -------
    DataFrame
        The index holds positions in the data frame that was passed; cases that the fit did not
        use are absent. NaN where a case has no indicator of a latent variable (Bartlett).

    Raises
    ------
    OptionError
        If the method does not go with the kind of data, or there is no latent variable.
    DataError
        If only a covariance matrix was given.
    """
    names = fit.problem.roles.lv
    chosen = _method(fit, method)
    cases = _cases(fit)
    parts = []
    for g, group in enumerate(cases.groups):
        if chosen in MODES:
            from footbridge.latent.scoremodes import mode_scores

            values, errors = mode_scores(fit, g, group, prior=chosen == "EBM")
        else:
            values, errors = _by_pattern(_measures(fit, g), group, chosen, len(names))
        frame = pd.DataFrame(values, columns=list(names), index=group.rows)
        if se:
            frame[[f"{name}.se" for name in names]] = errors
        parts.append(frame)
    return pd.concat(parts).sort_index()


def _cases(fit: Fit) -> Cases:
    if fit.problem.cases is None:
        raise DataError(
            "There are no cases to score.",
            "Only a covariance matrix was given.",
            "Fit the model to the data.",
        )
    return fit.problem.cases


def _method(fit: Fit, asked: str | None) -> str:
    if not fit.problem.roles.lv:
        raise OptionError(
            "The model has no latent variable.",
            "Factor scores are values of latent variables.",
            "Ask for them where the model has a =~ line.",
        )
    if fit.options.categorical:
        found = {"ebm": "EBM", "ml": "ML"}.get((asked or "EBM").lower())
        offered = "EBM or ML, which know that the indicators are ordinal"
    else:
        found = NORMAL.get((asked or "regression").lower())
        offered = "regression or Bartlett"
    if found is None:
        raise OptionError(
            f"Factor scores by '{asked}' are not offered for this model.",
            "The method must suit the indicators.",
            f"Choose {offered}.",
        )
    return found


def _measures(fit: Fit, g: int) -> _Measures:
    """Return the measurement model of one group."""
    whole, roles = fit.wholes[g], fit.problem.roles
    p = len(roles.ov)
    loadings, both = _loadings(fit, whole)
    mean = whole.state.mean
    if not fit.options.meanstructure:
        # Without a mean structure the deviations from the sample's means are scored.
        observed = fit.sample.moments[g].mean
        x = [whole.place(name) for name in roles.ov_x]
        mean = whole.state.E[:, x] @ (observed[x] if x else np.zeros(0))
        mean[:p] = observed
    C = whole.state.C
    return _Measures(C[:p, :p], mean[:p], loadings, C[np.ix_(both, both)], mean[both])


def _loadings(fit: Fit, whole: Whole) -> tuple[Matrix, list[int]]:
    """Return the loadings and which variables they belong to: latent first, then observed.

    Whatever a latent variable acts upon is an indicator, outcomes included; the observed
    variables of the structural part that are none are known causes of their own.
    """
    roles, A = fit.problem.roles, paths_of(whole)
    p, latent = len(roles.ov), [whole.place(name) for name in roles.lv]
    inner = [k for k in range(p) if np.any(A[k, latent] != 0)]
    named = {n for r in fit.table.rows if r.op == "~" for n in (r.lhs, r.rhs)}
    own = [k for k in range(p) if whole.names[k] in named and k not in inner]
    both = [*latent, *own]
    loadings = np.zeros((p, len(both)))
    loadings[own, np.arange(len(latent), len(both))] = 1.0
    chain = np.linalg.inv(np.eye(len(inner)) - A[np.ix_(inner, inner)])
    loadings[inner] = chain @ A[np.ix_(inner, both)]
    return loadings, both


def paths_of(whole: Whole) -> Matrix:
    """Return the direct paths of a group, (n, n): row the effect, column the cause."""
    return np.asarray(np.eye(len(whole.names)) - np.linalg.inv(whole.state.E))


def _by_pattern(
    at: _Measures, group: GroupData, method: str, n_latent: int
) -> tuple[Matrix, Matrix]:
    """Return scores and errors (n, L); cases that miss the same values share their weights."""
    seen = ~np.isnan(group.values)
    patterns, of_case = np.unique(seen, axis=0, return_inverse=True)
    values = np.full((group.n, n_latent), np.nan)
    errors = np.full((group.n, n_latent), np.nan)
    for k, mask in enumerate(patterns):
        rows = np.flatnonzero(of_case.ravel() == k)
        o = np.flatnonzero(mask)
        weights, variance = _weights(at, o, method)
        gap = group.values[np.ix_(rows, o)] - at.mu[o]
        values[rows] = (gap @ weights.T + at.centre)[:, :n_latent]
        known = ~np.all(weights == 0, axis=1)[:n_latent]
        if method == "Bartlett":
            values[np.ix_(rows, ~known)] = np.nan
        spread = np.where(variance > 1e-10, variance, np.nan)
        errors[rows] = np.sqrt(spread)[:n_latent]
    return values, errors


def _weights(at: _Measures, o: NDArray[np.intp], method: str) -> tuple[Matrix, Vector]:
    """Return the weights (L + D, o) of the observed values and the variance of the error."""
    L = at.loadings[o]
    W = np.linalg.pinv(at.sigma[np.ix_(o, o)], hermitian=True)
    if method == "regression":
        weights = at.spread @ L.T @ W
        return weights, np.diag(at.spread - weights @ L @ at.spread)
    inner = np.linalg.pinv(L.T @ W @ L, rcond=1e-10, hermitian=True)
    weights = inner @ L.T @ W
    weights[np.abs(weights).max(axis=1, initial=0.0) < 1e-12] = 0.0
    return weights, np.diag(inner - at.spread)
