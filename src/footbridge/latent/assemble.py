"""Join a parameter table with data into an engine that can be fitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.auxiliary import with_auxiliary
from footbridge.latent.complete import Shape, build_table, exogenous_roles, with_groups
from footbridge.latent.data import Cases, GroupData, read_cases
from footbridge.latent.engine import Engine, NormalEngine, modelled_moments
from footbridge.latent.errors import DataError, OptionError
from footbridge.latent.leastsquares import ContinuousMoments, LeastSquaresEngine, SampleStatistics
from footbridge.latent.linalg import inv
from footbridge.latent.moments import (
    NormalMoments,
    adf_gamma,
    embedded_inverse,
    moments_of,
    normal_weight,
    require_positive,
    vech,
)
from footbridge.latent.names import Roles
from footbridge.latent.options import Options, resolve
from footbridge.latent.ram import Ram
from footbridge.latent.syntax import ParsedModel, parse_model
from footbridge.latent.table import ParameterTable, Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Problem:
    """A model with its data, before any fitting.

    `moments` are those of all observed variables (modelled first, covariates last); with missing
    values they are the ones that starting values and standardisation use.
    """

    model: ParsedModel
    roles: Roles
    options: Options
    table: ParameterTable
    cases: Cases | None
    moments: tuple[NormalMoments, ...]
    labels: tuple[str, ...]

    @property
    def n(self) -> float:
        """Number of cases used."""
        return sum(m.n for m in self.moments)

    def place(self, row: Row) -> str:
        """Say where a row belongs, in words to put after its name."""
        return f" in group {row.group}" if len(self.moments) > 1 else ""

    @property
    def n_fixed(self) -> int:
        """Number of covariates whose moments are taken as given; the last variables."""
        given = self.options.fixed_x or self.options.conditional_x
        return len(self.roles.ov_x) if given else 0


def pose(
    text: str,
    data: pd.DataFrame | None,
    *,
    ordered: Sequence[str] | bool | None = None,
    asked: Mapping[str, Any] | None = None,
    sample_cov: pd.DataFrame | None = None,
    sample_nobs: float | None = None,
) -> Problem:
    """Read the model and the data, resolve the options and complete the table.

    Raises
    ------
    LatentError
        In one of its forms, if model, data and options do not go together.
    """
    model = _one_level(parse_model(text))
    roles = exogenous_roles(model, tuple(ordered) if isinstance(ordered, Sequence) else ())
    if ordered is True:
        roles = exogenous_roles(model, roles.ov_nox)
    said = dict(asked or {})
    if any(s.op == "~1" for s in model.statements):
        said["meanstructure"] = True
    options = resolve(said, categorical=bool(roles.ordered), has_x=bool(roles.ov_x))
    if options.auxiliary:
        model, options = with_auxiliary(model, roles, options)
        roles = exogenous_roles(model, ())
    moments: tuple[NormalMoments, ...]
    cases: Cases | None
    if data is None:
        cases, moments = None, (_given_moments(roles, sample_cov, sample_nobs),)
    else:
        cases = read_cases(data, roles, options)
        moments = tuple(_moments(group) for group in cases.groups)
    labels = tuple(g.label for g in cases.groups) if cases else ("",)
    model = with_groups(model, labels)
    shape = Shape(len(moments), _threshold_counts(cases))
    table = with_covariates(
        build_table(model, roles, options, shape), roles, reported_moments(moments, options)
    )
    if not roles.ordered and options.missing == "listwise":
        for m, label in zip(moments, labels, strict=True):
            place = f" in group '{label}'" if label else ""
            require_positive(m.cov, roles.ov, m.n, place)
    return Problem(model, roles, options, table, cases, moments, labels)


def _one_level(model: ParsedModel) -> ParsedModel:
    """Return the model, or refuse a second level."""
    if model.levels > 1:
        raise OptionError(
            "The model has more than one level.",
            "Two-level models are not offered yet.",
            "Use cluster= with a single-level model for cluster-robust errors.",
        )
    return model


def _moments(group: GroupData) -> NormalMoments:
    if not np.isnan(group.values).any():
        return moments_of(group)
    X = group.values
    seen = ~np.isnan(X)
    mean = np.nanmean(X, axis=0)
    Z = np.where(seen, X - mean, 0.0)
    return NormalMoments(X.shape[0], mean, Z.T @ Z / np.maximum(seen.T.astype(float) @ seen, 1.0))


def reported_moments(
    moments: Sequence[NormalMoments], options: Options
) -> tuple[NormalMoments, ...]:
    """Return moments with the divisor that the estimator uses (n for ML, else n - 1)."""
    if options.discrepancy == "ML" and options.likelihood != "wishart":
        return tuple(moments)
    return tuple(NormalMoments(m.n, m.mean, m.cov * m.n / (m.n - 1)) for m in moments)


def _given_moments(roles: Roles, cov: pd.DataFrame | None, n: float | None) -> NormalMoments:
    if cov is None or n is None:
        raise DataError(
            "There are no data.",
            "Neither data nor sample_cov with sample_nobs was given.",
            "Pass a data frame, or a covariance matrix and the number of cases.",
        )
    absent = [name for name in roles.ov if name not in cov.index]
    if absent:
        raise DataError(
            f"The covariance matrix has no variable {', '.join(absent)}.",
            "The model names it.",
            "Pass a matrix with all variables of the model.",
        )
    S = cov.loc[list(roles.ov), list(roles.ov)].to_numpy(dtype=np.float64)
    return NormalMoments(n, np.zeros(len(roles.ov)), S * (n - 1) / n)


def _threshold_counts(cases: Cases | None) -> tuple[tuple[str, int], ...]:
    return tuple((k, len(v) - 1) for k, v in cases.categories.items()) if cases else ()


def with_covariates(
    table: ParameterTable, roles: Roles, moments: Sequence[NormalMoments]
) -> ParameterTable:
    """Return a table whose exogenous covariates have their sample moments; itself without any."""
    if not roles.ov_x:
        return table
    place = {name: i for i, name in enumerate(roles.ov)}
    rows = []
    for row in table.rows:
        if row.exo and row.op in {"~~", "~1"}:
            m = moments[row.group - 1]
            i = place[row.lhs]
            value = m.cov[i, place[row.rhs]] if row.op == "~~" else m.mean[i]
            rows.append(row._replace(ustart=float(value)))
        else:
            rows.append(row)
    return ParameterTable(tuple(rows))


def compile_rams(problem: Problem, table: ParameterTable) -> list[Ram]:
    """Return one compiled model per group, over all observed variables."""
    key = ("rams", problem.roles.ov, problem.roles.lv, len(problem.moments))
    if key not in table.compiled:
        table.compiled[key] = [
            Ram(
                [r for r in table.parameters if r.group == g],
                problem.roles.ov,
                problem.roles.lv,
            )
            for g in range(1, len(problem.moments) + 1)
        ]
    found: list[Ram] = table.compiled[key]
    return found


def continuous_engine(problem: Problem, table: ParameterTable) -> Engine:
    """Return the engine of a model for complete continuous data."""
    options = problem.options
    rams = compile_rams(problem, table)
    groups = problem.cases.groups if problem.cases else None
    if options.discrepancy == "ML":
        return NormalEngine(
            rams,
            (problem.moments, groups),
            n_free=table.n_free,
            means=options.meanstructure,
            wishart=options.likelihood == "wishart",
            n_covariates=problem.n_fixed,
        )
    models = [ContinuousMoments(r, n_free=table.n_free, means=options.meanstructure) for r in rams]
    samples = [_continuous_sample(problem, g) for g in range(len(problem.moments))]
    return LeastSquaresEngine(models, samples, n_free=table.n_free)


def _continuous_sample(problem: Problem, g: int) -> SampleStatistics:
    options, m = problem.options, problem.moments[g]
    means = options.meanstructure
    keep = modelled_moments(m.mean.size, problem.n_fixed, means=means)
    unbiased = m.cov * m.n / (m.n - 1)
    observed = np.concatenate([m.mean, vech(unbiased)]) if means else vech(unbiased)
    normal = normal_weight(inv(unbiased), means=means)
    gamma = None
    if problem.cases:
        gamma = adf_gamma(problem.cases.groups[g], means=means, n_covariates=problem.n_fixed)
    if options.discrepancy == "ULS":
        weight = np.ones(observed.size)
    elif options.discrepancy == "GLS":
        weight = normal
    elif gamma is None:
        raise OptionError(
            f"{options.estimator} needs the cases.",
            "Its weights are fourth moments, and only a covariance matrix was given.",
            "Pass the data, or use ML, GLS or ULS.",
        )
    elif options.discrepancy == "DWLS":
        weight = np.zeros(observed.size)
        weight[keep] = 1.0 / np.diag(gamma)[keep]
    else:
        weight = _invert_gamma(gamma, keep, m.n)
    return SampleStatistics(m.n, observed, weight, gamma, embedded_inverse(normal, keep))


def _invert_gamma(gamma: Matrix, keep: NDArray[np.intp], n: float) -> Matrix:
    if n <= keep.size or np.linalg.cond(gamma[np.ix_(keep, keep)]) > 1e14:
        raise DataError(
            "The weight matrix of WLS cannot be inverted.",
            f"It has {keep.size} rows and there are {n:g} cases.",
            "Use WLSMV (diagonal weights), or more cases.",
        )
    return embedded_inverse(gamma, keep)
