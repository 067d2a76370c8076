"""What other priors would have answered: the mode without, with half and with twice the prior."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.errors import LatentError, OptionError, check_kind
from footbridge.latent.posterior import PosteriorFit, solve_posterior
from footbridge.latent.result import Fit
from footbridge.latent.solve import solve

Vector = NDArray[np.float64]


def prior_sensitivity(fit: Fit) -> pd.DataFrame:
    """Return each free and defined parameter under other weights of the prior.

    Parameters
    ----------
    fit
        A fit with `prior=`.

    Returns
    -------
    DataFrame
        lhs, op, rhs, group, label; est and se as fitted; `pull`, the derivative of the estimate in
        the log of the prior's weight in posterior standard deviations (NaN for definitions);
        `none`, `half` and `double`, the estimates with that multiple of the log prior. A column
        is NaN where the search found no answer: without a prior that is often the point.

    Raises
    ------
    OptionError
        If the fit has no prior.

    Examples
    --------
    >>> from footbridge.latent import cfa, simulate
    >>> data = simulate("f =~ 0.8*a + 0.7*b + 0.6*c", 60, seed=3)
    >>> found = prior_sensitivity(cfa("f =~ a + b + c", data, std_lv=True, prior="weak"))
    >>> first = found.iloc[0][["none", "half", "est", "double"]]
    >>> bool(first.is_monotonic_increasing or first.is_monotonic_decreasing)
    True
    """
    check_kind(fit, Fit, "prior_sensitivity")
    if not isinstance(fit, PosteriorFit):
        raise OptionError(
            "The fit has no prior.",
            "There is nothing that the answer could be sensitive to.",
            "Fit with prior='weak' first.",
        )
    frame = fit.estimates
    kept = [c for c in ("lhs", "op", "rhs", "group", "label", "est", "se", "pull") if c in frame]
    out = frame[kept].copy()
    out["none"] = _estimates(fit, 0.0)
    out["half"] = _estimates(fit, 0.5)
    out["double"] = _estimates(fit, 2.0)
    shown = out["pull"].notna() | (out["op"] == ":=")
    return out[shown].reset_index(drop=True)


def _estimates(fit: PosteriorFit, factor: float) -> Vector:
    """Return the estimates with the log prior multiplied; NaN where there are none."""
    try:
        if factor == 0:
            found = solve(fit.sample, fit.table)
            plain = replace(found.problem.options, prior=None, se="none")
            problem = replace(found.problem, options=plain)
            other = Fit(fit.sample, replace(found, problem=problem))
        else:
            prior = fit.prior.weighted(factor)
            other = Fit(fit.sample, solve_posterior(fit.sample, fit.table, prior, start=fit.theta))
        if other.converged:
            return other.estimates["est"].to_numpy()
    except LatentError:
        pass  # the column says so
    return np.full(len(fit.estimates), np.nan)
