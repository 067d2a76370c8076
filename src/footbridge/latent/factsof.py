"""Collect what the fit indices need from a solution and its baseline."""

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.engines import Sample
from footbridge.latent.linalg import inv, times
from footbridge.latent.measures.facts import Facts, GroupResiduals
from footbridge.latent.moments import NormalMoments, normal_weight, vech
from footbridge.latent.ordinal import OrdinalMoments
from footbridge.latent.ordinalengine import ordinal_models
from footbridge.latent.solve import Solution, count_moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def facts_of(sample: Sample, solution: Solution, baseline: Solution) -> Facts:
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
        moments=count_moments(problem),
        n_variables=len(
            problem.roles.ov_nox if problem.options.conditional_x else problem.roles.ov
        ),
        explained=explained,
        residual=residual,
        groups=tuple(groups),
        ordinal=ordinal,
    )


def _continuous(sample: Sample, solution: Solution) -> tuple[list[GroupResiduals], float, float]:
    problem, theta = sample.problem, solution.theta
    options = problem.options
    ml = options.discrepancy == "ML"
    unbiased = not ml or options.likelihood == "wishart"
    groups, top, bottom, rls = [], 0.0, 0.0, 0.0
    weights = None if ml else solution.engine.weights(theta)
    for g, ram in enumerate(sample.rams(solution.table)):
        m: NormalMoments = sample.moments[g]
        state = ram.state(theta)
        sigma, mu = ram.sigma(state), ram.mu(state)
        S = m.cov * (m.n / (m.n - 1) if unbiased else 1.0)
        means = options.meanstructure
        centre = mu if means else m.mean
        groups.append(
            GroupResiduals(
                m.n, S, sigma, m.mean if means else np.empty(0), centre if means else np.empty(0)
            )
        )
        W = inv(sigma)
        V = normal_weight(W, means=means) if weights is None else weights[g]
        s = np.concatenate([m.mean, vech(S)]) if means else vech(S)
        gap = s - (np.concatenate([mu, vech(sigma)]) if means else vech(sigma))
        top += m.n * float(gap @ times(V, gap[:, None])[:, 0])
        bottom += m.n * float(s @ times(V, s[:, None])[:, 0])
        R = W @ (S - sigma)
        d = m.mean - centre
        size = m.n if ml and not unbiased else m.n - 1
        rls += size * (0.5 * float(np.sum(R * R.T)) + float(d @ W @ d))
    return groups, 1.0 - top / bottom, rls


def _ordinal(sample: Sample, solution: Solution) -> tuple[list[GroupResiduals], float, float]:
    theta = solution.theta
    groups, top, bottom = [], 0.0, 0.0
    models = ordinal_models(sample.problem, solution.table)
    for moments, model, V in zip(
        sample.ordinal, models, solution.engine.weights(theta), strict=True
    ):
        implied = model.implied(theta)
        gap = moments.observed - implied
        top += moments.n * float(gap @ times(V, gap[:, None])[:, 0])
        bottom += moments.n * float(moments.observed @ times(V, moments.observed[:, None])[:, 0])
        groups.append(_ordinal_residuals(moments, implied))
    return groups, 1.0 - top / bottom, solution.plain.statistic


def _ordinal_residuals(moments: OrdinalMoments, implied: Vector) -> GroupResiduals:
    other = OrdinalMoments(moments.n, moments.layout, implied, moments.influence, (), ())
    level = slice(0, moments.layout.slope)
    return GroupResiduals(
        moments.n,
        moments.correlations(),
        other.correlations(),
        moments.observed[level],
        implied[level],
        standard_means=False,
    )


def _normal(n: float, S: Matrix, sigma: Matrix, d: Vector) -> float:
    W = inv(sigma)
    p = S.shape[0]
    logdet = float(np.linalg.slogdet(sigma)[1])
    return -0.5 * n * (p * np.log(2 * np.pi) + logdet + float(np.sum(W * S)) + float(d @ W @ d))


def log_likelihoods(sample: Sample, solution: Solution) -> tuple[float, float]:
    """Return the log-likelihoods of the model and of the saturated model.

    With fixed covariates both are conditional on them.
    """
    problem, theta = sample.problem, solution.theta
    model = saturated = 0.0
    fixed = problem.options.fixed_x or problem.options.conditional_x
    x = slice(len(problem.roles.ov_nox), None)
    for g, ram in enumerate(sample.rams(solution.table)):
        m = sample.moments[g]
        state = ram.state(theta)
        d = m.mean - ram.mu(state) if problem.options.meanstructure else np.zeros(ram.p)
        S = m.cov
        model += _normal(m.n, S, ram.sigma(state), d)
        saturated += _normal(m.n, S, S, np.zeros(ram.p))
        if fixed and problem.roles.ov_x:
            block = _normal(m.n, S[x, x], S[x, x], np.zeros(len(problem.roles.ov_x)))
            model, saturated = model - block, saturated - block
    return model, saturated
