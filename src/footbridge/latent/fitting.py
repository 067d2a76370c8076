"""The front door: fit a model, in lavaan's words."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from footbridge.latent.asked import check_call, checked
from footbridge.latent.assemble import pose
from footbridge.latent.engines import Sample
from footbridge.latent.result import Fit
from footbridge.latent.solve import solve
from footbridge.latent.syntax import parse_model


def fit(
    model: str,
    data: pd.DataFrame | None = None,
    *,
    ordered: Sequence[str] | str | bool | None = None,
    sample_cov: pd.DataFrame | None = None,
    sample_nobs: float | None = None,
    **options: Any,
) -> Fit:
    """Fit a latent variable model.

    Parameters
    ----------
    model
        lavaan syntax.
    data
        One row per case.
    ordered
        Names of ordinal variables, or True for all indicators and outcomes.
    sample_cov, sample_nobs
        A covariance matrix (divisor n - 1) and the number of cases, in place of data.
    **options
        estimator, missing, group, group_equal, group_partial, std_lv, fixed_x, conditional_x,
        meanstructure, parameterization, se, test, information, likelihood, mimic, preset,
        effect_coding, orthogonal, auto_fix_first, cluster, sampling_weights, auxiliary (names of
        variables that say why values are missing), prior ("weak" or a `Prior`: a posterior mode
        for small samples), ...

    Returns
    -------
    Fit
        With `estimates`, `fit_measures`, `standardized()`, `advice` and more.

    Raises
    ------
    LatentError
        Where the model, the data or the options cannot be used; it says what to do.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> f = np.random.default_rng(1).normal(size=(200, 1))
    >>> X = pd.DataFrame(f + np.random.default_rng(2).normal(size=(200, 4)), columns=list("abcd"))
    >>> fit("f =~ a + b + c + d", X).converged
    True
    """
    check_call(model, data)
    options, ordered = checked(options, ordered, data)
    parsed = parse_model(model)
    if parsed.levels > 1:
        from footbridge.latent.levelfit import fit_two_level  # start-up: seven modules, used rarely

        return fit_two_level(parsed, data, {**options, "ordered": ordered})
    problem = pose(
        model, data, ordered=ordered, asked=options, sample_cov=sample_cov, sample_nobs=sample_nobs
    )
    sample = Sample(problem)
    if problem.options.prior is not None:
        from footbridge.latent.posterior import PosteriorFit, solve_posterior  # start-up, as above

        solution = solve_posterior(sample, problem.table, problem.options.prior)
        return PosteriorFit(sample, solution)
    return Fit(sample, solve(sample, problem.table))


def cfa(model: str, data: pd.DataFrame | None = None, **options: Any) -> Fit:
    """Fit a confirmatory factor analysis; the same as `fit`.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> data = simulate("f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d", 300, seed=3)
    >>> found = cfa("f =~ a + b + c + d", data, std_lv=True)
    >>> found.fit_measures["df"], bool(found.fit_measures["cfi"] > 0.95)
    (2, True)
    """
    return fit(model, data, **{"preset": "cfa", **options})


def sem(model: str, data: pd.DataFrame | None = None, **options: Any) -> Fit:
    r"""Fit a structural equation model; the same as `fit`.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> data = simulate("m ~ 0.5*x\ny ~ 0.4*m + 0.1*x", 300, seed=3)
    >>> found = sem("m ~ a*x\ny ~ b*m + x\nindirect := a*b", data)
    >>> found.estimates.query("op == ':='")["lhs"].tolist()
    ['indirect']
    """
    return fit(model, data, **{"preset": "sem", **options})


def growth(model: str, data: pd.DataFrame | None = None, **options: Any) -> Fit:
    r"""Fit a growth curve model: latent means free, intercepts of indicators zero.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> line = "i =~ 1*t1 + 1*t2 + 1*t3\ns =~ 0*t1 + 1*t2 + 2*t3"
    >>> data = simulate(line + "\ni ~ 2*1\ns ~ 0.5*1", 300, seed=3)
    >>> means = growth(line, data).estimates.query("op == '~1' and lhs in ['i', 's']")
    >>> [round(x) for x in 10 * means["est"]]
    [20, 6]
    """
    return fit(model, data, **{"preset": "growth", **options})


def lavaan(model: str, data: pd.DataFrame | None = None, **options: Any) -> Fit:
    r"""Fit a model that is written out in full: nothing is added.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> data = simulate("y ~ 0.5*x", 300, seed=3)
    >>> lavaan("y ~ x\ny ~~ y", data).fit_measures["npar"]
    2
    """
    return fit(model, data, **{"preset": "lavaan", **options})
