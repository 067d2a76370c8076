"""Assemble ordinal and mixed data into a least squares engine."""

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.assemble import Problem
from footbridge.latent.errors import DataError
from footbridge.latent.leastsquares import LeastSquaresEngine, SampleStatistics
from footbridge.latent.linalg import inv
from footbridge.latent.ordinal import Layout, OrdinalMoments, layout_of, ordinal_moments
from footbridge.latent.ordinalmodel import OrdinalModel
from footbridge.latent.table import ParameterTable

Matrix = NDArray[np.float64]


def layout_for(problem: Problem) -> Layout:
    """Return the order of the moments of a problem."""
    roles = problem.roles
    counts = dict.fromkeys(roles.ov, 0)
    if problem.cases is not None:
        counts.update({k: len(v) for k, v in problem.cases.categories.items()})
    conditional = problem.options.conditional_x
    names = roles.ov_nox if conditional else roles.ov
    return layout_of(names, [counts[n] for n in names], len(roles.ov_x) if conditional else 0)


def ordinal_samples(problem: Problem) -> list[OrdinalMoments]:
    """Estimate thresholds and correlations of every group."""
    if problem.cases is None:
        raise DataError(
            "Ordered variables need the cases.",
            "Thresholds and polychoric correlations are estimated from them.",
            "Pass the data.",
        )
    layout = layout_for(problem)
    lenient = problem.options.prior is not None
    return [ordinal_moments(group, layout, lenient=lenient) for group in problem.cases.groups]


def ordinal_models(problem: Problem, table: ParameterTable) -> list[OrdinalModel]:
    """Return the implied moments of every group."""
    layout = layout_for(problem)
    roles = problem.roles
    covariates = roles.ov_x if problem.options.conditional_x else ()
    key = ("ordinal", layout, roles.lv, covariates, problem.options.parameterization)
    if key in table.compiled:
        kept: list[OrdinalModel] = table.compiled[key]
        return kept
    found = [
        OrdinalModel(
            [r for r in table.parameters if r.group == g],
            layout,
            (roles.lv, covariates),
            n_free=table.n_free,
            theta_form=problem.options.parameterization == "theta",
        )
        for g in range(1, len(problem.moments) + 1)
    ]
    table.compiled[key] = found
    return found


def ordinal_engine(
    problem: Problem, table: ParameterTable, moments: list[OrdinalMoments]
) -> LeastSquaresEngine:
    """Return the engine of a model for ordinal or mixed data."""
    samples = [_sample(problem, m) for m in moments]
    return LeastSquaresEngine(ordinal_models(problem, table), samples, n_free=table.n_free)


def _sample(problem: Problem, moments: OrdinalMoments) -> SampleStatistics:
    gamma = moments.gamma()
    kind = problem.options.discrepancy
    if kind == "ULS":
        weight: Matrix = np.ones(moments.observed.size)
    elif kind == "DWLS":
        weight = 1.0 / np.diag(gamma)
    else:
        weight = _full_weight(gamma, moments.n)
    return SampleStatistics(moments.n, moments.observed, weight, gamma)


def _full_weight(gamma: Matrix, n: float) -> Matrix:
    values = np.linalg.eigvalsh(gamma)
    if values[0] < 1e-10 * values[-1]:
        raise DataError(
            "The weight matrix of WLS cannot be inverted.",
            f"It has {gamma.shape[0]} moments and there are {n:g} cases.",
            "Use WLSMV, which needs only its diagonal.",
        )
    return inv(gamma)
