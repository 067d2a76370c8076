"""Collect what the fit indices need from a solution and its baseline."""

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.auxiliary import of_model
from footbridge.latent.conditional import conditional_facts
from footbridge.latent.engine import NormalEngine, modelled_moments, stacked_delta
from footbridge.latent.engines import Sample
from footbridge.latent.fimlengine import FimlEngine, TwoStageEngine
from footbridge.latent.fimlfit import (
    available_moments,
    corrected_fit,
    implied_weights,
    residual_weights,
)
from footbridge.latent.independence import BaselineTests
from footbridge.latent.linalg import inv, times
from footbridge.latent.measures.facts import Corrected, Facts, GroupResiduals
from footbridge.latent.moments import NormalMoments, normal_weight, vech
from footbridge.latent.normalresiduals import NormalResiduals
from footbridge.latent.ordinal import OrdinalMoments
from footbridge.latent.ordinalengine import ordinal_models
from footbridge.latent.residualtest import Piece, browne_residual
from footbridge.latent.solve import Solution, count_moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def facts_of(sample: Sample, solution: Solution, baseline: Solution | BaselineTests) -> Facts:
    """Return the facts of a solution."""
    problem = sample.problem
    ordinal = problem.options.categorical
    groups, explained, residual = (_ordinal if ordinal else _continuous)(sample, solution)
    return Facts(
        model=solution.plain,
        baseline=baseline.plain,
        scaled=solution.scaled,
        baseline_scaled=baseline.scaled,
        n=problem.n,
        divisor=solution.engine.multiplier
        if problem.options.discrepancy == "ML"
        else solution.engine.divisor,
        n_groups=len(problem.moments),
        npar=solution.npar,
        moments=_count(sample),
        n_variables=len(problem.roles.ov_nox if problem.options.conditional_x else problem.roles.ov)
        - len(problem.options.auxiliary),
        explained=explained,
        residual=residual,
        groups=tuple(groups),
        ordinal=ordinal,
        older=problem.options.mimic == "lavaan-0.6",
        corrected=None if isinstance(baseline, BaselineTests) else _corrected(solution, baseline),
    )


def _corrected(solution: Solution, baseline: Solution) -> tuple[Corrected, Corrected] | None:
    """Return the statistics that allow for missing values, where full information is used."""
    robust = solution.scaled is not None
    model, base = (
        corrected_fit(
            s.engine,
            (s.theta, s.covariances.basis),
            df=s.df,
            n_covariates=len(s.problem.roles.ov_x),
            information=s.problem.options.information,
            robust=robust,
        )
        if isinstance(s.engine, FimlEngine)
        else None
        for s in (solution, baseline)
    )
    return (model, base) if model is not None and base is not None else None


def _continuous(sample: Sample, solution: Solution) -> tuple[list[GroupResiduals], float, float]:
    options, roles = sample.problem.options, sample.problem.roles
    if _given_covariates(sample):
        basis, p = solution.covariances.basis, len(roles.ov_nox)
        found = [
            conditional_facts(ram, m, solution.theta, basis=basis, p=p)
            for ram, m in zip(sample.rams(solution.table), sample.moments, strict=True)
        ]
        keep = np.arange(found[0][1].sample.size)
    elif type(solution.engine) is NormalEngine and solution.constraints.linear:
        return _normal_theory(sample, solution)
    else:
        found = _joint(sample, solution)
        n_x = len(roles.ov_x) if options.fixed_x or options.conditional_x else 0
        keep = modelled_moments(len(roles.ov), n_x, means=options.meanstructure)
    groups, pieces = [g for g, _ in found], [piece for _, piece in found]
    # With nonlinear constraints the residual statistic is not defined; the plain one stands in.
    defined = solution.constraints.linear and options.missing != "fiml"
    statistic = browne_residual(pieces) if defined else solution.plain.statistic
    return groups, _explained(pieces, keep), statistic


def _normal_theory(sample: Sample, solution: Solution) -> tuple[list[GroupResiduals], float, float]:
    """Return the same for complete data by maximum likelihood, from thin factors."""
    options, roles = sample.problem.options, sample.problem.roles
    means, exact = options.meanstructure, options.likelihood != "wishart"
    fixed = options.fixed_x or options.conditional_x
    modelled = len(roles.ov_nox) if fixed else len(roles.ov)
    engine = solution.engine
    information = engine.divisor * engine.information(solution.theta, "expected")
    basis = solution.covariances.basis
    found = NormalResiduals(basis, information, modelled=modelled, means=means)
    groups = []
    for ram, m in zip(sample.rams(solution.table), sample.moments, strict=True):
        state = ram.state(solution.theta)
        S = m.cov * (1.0 if exact else m.n / (m.n - 1))
        sigma, mu = ram.sigma(state), ram.mu(state)
        groups.append(GroupResiduals(m.n, S, sigma, m.mean[: ram.p * means], mu[: ram.p * means]))
        found.add(ram, state, NormalMoments(m.n, m.mean, S), m.n if exact else m.n - 1)
    return groups, found.explained(), found.statistic()


def _given_covariates(sample: Sample) -> bool:
    """Whether residuals are those of regressions on the covariates."""
    options = sample.problem.options
    exact = options.discrepancy == "ML" and options.likelihood != "wishart"
    asked = options.conditional_x and bool(sample.problem.roles.ov_x)
    return asked and exact and sample.saturated is None


def _joint(sample: Sample, solution: Solution) -> list[tuple[GroupResiduals, Piece]]:
    options = sample.problem.options
    means = options.meanstructure
    exact = options.discrepancy == "ML" and options.likelihood != "wishart"
    explaining, residual = _weights(solution)
    found: list[tuple[GroupResiduals, Piece]] = []
    for g, ram in enumerate(sample.rams(solution.table)):
        m: NormalMoments = sample.moments[g]
        state = ram.state(solution.theta)
        sigma, mu = ram.sigma(state), ram.mu(state)
        S = m.cov * (1.0 if exact else m.n / (m.n - 1))
        own = of_model(sample.problem.roles, options)
        block = np.ix_(own, own)
        centre = own if means else []
        group = GroupResiduals(m.n, S[block], sigma[block], m.mean[centre], mu[centre])
        s = _sample(sample, g, S)
        implied = np.concatenate([mu, vech(sigma)]) if means else vech(sigma)
        normal = normal_weight(inv(sigma), means=means)
        weight = normal if explaining is None else explaining[g]
        normal = normal if residual is None else residual[g]
        D = stacked_delta(ram, solution.theta, n_free=solution.theta.size, means=means)
        D = D @ solution.covariances.basis
        piece = Piece(m.n if exact else m.n - 1, s, s - implied, weight, normal, D)
        found.append((group, piece))
    return found


def _sample(sample: Sample, g: int, S: Matrix) -> Vector:
    """Return the moments that the LISREL GFI compares: [mean, vech S], or vech S."""
    problem = sample.problem
    if problem.options.missing == "fiml" and problem.cases is not None:
        centre, S = available_moments(problem.cases.groups[g])
        return np.concatenate([centre, vech(S)])
    mean = sample.moments[g].mean
    return np.concatenate([mean, vech(S)]) if problem.options.meanstructure else vech(S)


def _weights(solution: Solution) -> tuple[list[Matrix] | None, list[Matrix] | None]:
    """Return the weights of the LISREL GFI and of the residual chi-square.

    None stands for normal weights at the implied moments.
    """
    engine, theta = solution.engine, solution.theta
    if isinstance(engine, FimlEngine):
        return implied_weights(engine, theta), None
    if isinstance(engine, TwoStageEngine):
        return engine.weights(theta), residual_weights(engine, theta)
    return (None if solution.problem.options.discrepancy == "ML" else engine.weights(theta)), None


def _explained(pieces: list[Piece], keep: NDArray[np.intp]) -> float:
    """Return the share of the weighted moments that the model explains, averaged over groups."""
    total = sum(piece.n for piece in pieces)
    value = 0.0
    for piece in pieces:
        V = piece.weight[keep] if piece.weight.ndim == 1 else piece.weight[np.ix_(keep, keep)]
        left = float(piece.gap[keep] @ times(V, piece.gap[keep][:, None])[:, 0])
        whole = float(piece.sample[keep] @ times(V, piece.sample[keep][:, None])[:, 0])
        value += piece.n / total * (1.0 - left / whole)
    return value


def _count(sample: Sample) -> int:
    """Return the number of moments, those of fixed covariates included."""
    problem = sample.problem
    if problem.options.categorical:
        return count_moments(problem)
    if _given_covariates(sample):
        p, x = len(problem.roles.ov_nox), len(problem.roles.ov_x)
        return len(problem.moments) * (p * (p + 1) // 2 + p * (1 + x))
    p = len(problem.roles.ov)
    return len(problem.moments) * (p * (p + 1) // 2 + (p if problem.options.meanstructure else 0))


def _ordinal(sample: Sample, solution: Solution) -> tuple[list[GroupResiduals], float, float]:
    theta = solution.theta
    groups: list[GroupResiduals] = []
    explained = 0.0
    models = ordinal_models(sample.problem, solution.table)
    for moments, model, V in zip(
        sample.ordinal, models, solution.engine.weights(theta), strict=True
    ):
        implied = model.implied(theta)
        gap = moments.observed - implied
        left = float(gap @ times(V, gap[:, None])[:, 0])
        whole = float(moments.observed @ times(V, moments.observed[:, None])[:, 0])
        explained += moments.n / sample.problem.n * (1.0 - left / whole)
        groups.append(_ordinal_residuals(moments, implied, sample.moments[len(groups)].cov))
    return groups, explained, solution.plain.statistic


def _ordinal_residuals(moments: OrdinalMoments, implied: Vector, cov: Matrix) -> GroupResiduals:
    """Return residuals of one group; `cov` is that of all variables, covariates last."""
    layout = moments.layout
    other = OrdinalMoments(moments.n, layout, implied, moments.influence, (), ())
    starts = [
        (first, first + count - 1)
        for first, count in zip(layout.first, layout.counts, strict=True)
        if count
    ]
    level = np.concatenate([np.arange(a, b) for a, b in starts]) if starts else np.arange(0)
    p, n_x = len(layout.names), layout.n_x
    slopes = slice(layout.slope, layout.slope + n_x * p)
    return GroupResiduals(
        moments.n,
        moments.correlations(),
        other.correlations(),
        moments.observed[level],
        implied[level],
        standard_means=False,
        slopes=moments.observed[slopes].reshape(n_x, p).T,
        implied_slopes=implied[slopes].reshape(n_x, p).T,
        spread=np.sqrt(np.diag(cov)[p:] * moments.n / (moments.n - 1)),
    )


def _normal(n: float, S: Matrix, sigma: Matrix, d: Vector) -> float:
    W = inv(sigma)
    p = S.shape[0]
    logdet = float(np.linalg.slogdet(sigma)[1])
    fit = p * np.log(2 * np.pi) + logdet + float(np.sum(W * S)) + float(d @ W @ d)
    return float(-0.5 * n * fit)


def _saturated(n: float, S: Matrix) -> float:
    """Return the log-likelihood at the sample's own moments."""
    p = S.shape[0]
    return float(-0.5 * n * (p * np.log(2 * np.pi) + np.linalg.slogdet(S)[1] + p))


def log_likelihoods(sample: Sample, solution: Solution) -> tuple[float, float]:
    """Return the log-likelihoods of the model and of the saturated model.

    With fixed covariates both are conditional on them.
    """
    problem, theta = sample.problem, solution.theta
    model = saturated = 0.0
    if isinstance(solution.engine, FimlEngine):
        return _incomplete(sample, solution.engine, theta)
    fixed = problem.options.fixed_x or problem.options.conditional_x
    x = slice(len(problem.roles.ov_nox), None)
    for g, ram in enumerate(sample.rams(solution.table)):
        m = sample.moments[g]
        state = ram.state(theta)
        d = m.mean - ram.mu(state) if problem.options.meanstructure else np.zeros(ram.p)
        S = m.cov * (m.n / (m.n - 1) if problem.options.likelihood == "wishart" else 1.0)
        model += _normal(m.n, S, ram.sigma(state), d)
        saturated += _saturated(m.n, S)
        if fixed and problem.roles.ov_x:
            block = _saturated(m.n, S[x, x])
            model, saturated = model - block, saturated - block
    return model, saturated


def _incomplete(sample: Sample, engine: FimlEngine, theta: Vector) -> tuple[float, float]:
    """Return the log-likelihoods of incomplete data, given fixed covariates."""
    model, saturated = engine.log_likelihoods(theta)
    roles, options = sample.problem.roles, sample.problem.options
    if roles.ov_x and (options.fixed_x or options.conditional_x):
        x = slice(len(roles.ov_nox), None)
        for m in sample.moments:
            part = _saturated(m.n, m.cov[x, x])
            model, saturated = model - part, saturated - part
    return model, saturated
