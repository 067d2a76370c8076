"""The moments of every group: observed, implied, their labels, covariance and information."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.engine import NormalEngine, by_cluster, h1_scores
from footbridge.latent.errors import OptionError
from footbridge.latent.fiml import Point
from footbridge.latent.fimlengine import FimlEngine, TwoStageEngine
from footbridge.latent.leastsquares import LeastSquaresEngine
from footbridge.latent.linalg import inv
from footbridge.latent.moments import (
    NormalMoments,
    duplication_weights,
    normal_weight,
    vech,
)
from footbridge.latent.ordinal import Layout
from footbridge.latent.ordinalmodel import OrdinalModel
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Label = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class GroupMoments:
    """Moments (k,) of one group with their labels (lhs, op, rhs).

    `acov` (k, k) is the covariance of the observed moments, `delta` (k, q) the slopes of the
    implied ones and `weight` (k, k) or (k,) the information of one case about them.
    """

    labels: tuple[Label, ...]
    observed: Vector
    implied: Vector
    acov: Matrix
    delta: Matrix
    weight: Matrix


def group_moments(fit: Fit) -> list[GroupMoments]:
    """Return the moments that the fit's estimator compares, one entry per group."""
    engine = fit.solution.engine
    if isinstance(engine, LeastSquaresEngine):
        return _least_squares(fit, engine)
    if isinstance(engine, FimlEngine | NormalEngine):
        return _likelihood(fit, engine)
    raise OptionError(
        "Residuals of PML are not offered.",
        "It fits tables, not correlations estimated before.",
        "Fit the same model with WLSMV to look at its residuals.",
    )


def _least_squares(fit: Fit, engine: LeastSquaresEngine) -> list[GroupMoments]:
    free = fit.options.discrepancy == "WLS" or fit.options.se in {"robust.sem"}
    found = []
    deltas = engine.deltas(fit.theta)
    for model, sample, D in zip(engine.models, engine.samples, deltas, strict=True):
        sign = np.ones(sample.observed.size)
        if isinstance(model, OrdinalModel):
            labels = ordinal_labels(model.layout, fit.problem.roles.ov_x)
            # A continuous variable's mean is kept with the sign of a threshold.
            sign = np.array([-1.0 if op == "~1" else 1.0 for _, op, _ in labels])
        else:
            labels = normal_labels(fit.problem.roles.ov, means=fit.options.meanstructure)
        normal = None if free else sample.gamma_normal
        gamma = normal if normal is not None else sample.gamma
        if gamma is None:
            gamma = np.full((sign.size, sign.size), np.nan)
        acov = sign[:, None] * gamma * sign / sample.n
        weight = sample.weight
        if weight.ndim == 2:
            weight = sign[:, None] * weight * sign
        found.append(
            GroupMoments(
                labels,
                sign * sample.observed,
                sign * model.implied(fit.theta),
                acov,
                sign[:, None] * D,
                weight,
            )
        )
    return found


def _likelihood(fit: Fit, engine: FimlEngine | NormalEngine) -> list[GroupMoments]:
    means = engine.means if isinstance(engine, NormalEngine) else True
    labels = normal_labels(fit.problem.roles.ov, means=means)
    moments = engine.moments if isinstance(engine, NormalEngine) else engine.saturated.moments
    found = []
    for g, (m, D) in enumerate(zip(moments, engine.deltas(fit.theta), strict=True)):
        ram = engine.rams[g]
        state = ram.state(fit.theta)
        sigma, mu = ram.sigma(state), ram.mu(state)
        observed, implied = vech(m.cov), vech(sigma)
        if means:
            observed = np.concatenate([m.mean, observed])
            implied = np.concatenate([mu, implied])
        weight = _information(fit, engine, g)
        found.append(GroupMoments(labels, observed, implied, _acov(fit, engine, g), D, weight))
    return found


def _information(fit: Fit, engine: FimlEngine | NormalEngine, g: int) -> Matrix:
    """Return the information of one case about the moments, at the implied moments."""
    kind = fit.options.information
    if isinstance(engine, TwoStageEngine):
        return engine.weights(fit.theta)[g]
    if isinstance(engine, FimlEngine):
        at = engine.likelihood.point(g, fit.theta)
        return _of_patterns(engine, g, at, exact=kind == "observed")
    sigma, mu = engine.likelihood.implied(g, fit.theta)
    m = engine.moments[g]
    if kind == "first.order" and engine.groups is not None:
        S = h1_scores(engine.groups[g], sigma, mu if engine.means else m.mean, means=engine.means)
        return np.asarray(S.T @ S / m.n)
    if kind != "observed":
        return engine.weights(fit.theta)[g]
    d = m.mean - mu if engine.means else np.zeros(mu.size)
    return moment_information(inv(sigma), m.cov + np.outer(d, d), d, means=engine.means)


def _of_patterns(engine: FimlEngine, g: int, at: Point | None, *, exact: bool) -> Matrix:
    """Return the information of incomplete data, summed over patterns of missing values."""
    if at is None:
        raise np.linalg.LinAlgError("Sigma is not positive definite")
    n = engine.saturated.patterns[g].n
    parts = [
        moment_information(W, T, d, means=True) if exact else normal_weight(W, means=True)
        for W, T, d in zip(at.W, at.T, at.d, strict=True)
    ]
    return np.asarray(np.tensordot(n / n.sum(), np.array(parts), axes=1))


def moment_information(W: Matrix, T: Matrix, d: Vector, *, means: bool) -> Matrix:
    """Return the observed information of one case in [mu, vech Sigma].

    Second derivatives of 1/2 (log|Sigma| + tr(T Sigma^-1)), T = S + dd', d = m - mu: in Sigma
    1/2 D'(W x M)D made symmetric with M = 2 WTW - W, across W x Wd (Magnus and Neudecker 1999).
    """
    M = 2 * W @ T @ W - W
    rows, cols, twice = duplication_weights(W.shape[0])
    straight = W[np.ix_(rows, rows)] * M[np.ix_(cols, cols)]
    straight = straight + M[np.ix_(rows, rows)] * W[np.ix_(cols, cols)]
    swapped = W[np.ix_(rows, cols)] * M[np.ix_(cols, rows)]
    swapped = swapped + M[np.ix_(rows, cols)] * W[np.ix_(cols, rows)]
    block = 0.125 * np.outer(twice, twice) * (straight + swapped)
    if not means:
        return np.asarray(block)
    Wd = W @ d
    across = 0.5 * twice * (W[:, rows] * Wd[cols] + W[:, cols] * Wd[rows])
    return np.block([[W, across], [across.T, block]])


def _acov(fit: Fit, engine: FimlEngine | NormalEngine, g: int) -> Matrix:
    """Return the covariance of the observed moments; fixed covariates have none."""
    robust, kind = fit.options.se.startswith("robust"), fit.options.information
    if isinstance(engine, FimlEngine | TwoStageEngine):
        sat = engine.saturated
        if isinstance(engine, TwoStageEngine) or robust or kind != "expected":
            return sat.gamma(g) / sat.moments[g].n
        info = _of_patterns(engine, g, sat.likelihood.point(g, sat.theta), exact=False)
        return np.asarray(np.linalg.pinv(info, hermitian=True)) / sat.moments[g].n
    m: NormalMoments = engine.moments[g]
    keep = np.ix_(engine.modelled, engine.modelled)
    bread = normal_weight(inv(m.cov), means=engine.means)[keep]
    cases = engine.groups[g] if engine.groups is not None else None
    if cases is not None and (robust or kind == "first.order"):
        S = by_cluster(h1_scores(cases, m.cov, m.mean, means=engine.means), cases)
        meat = (S.T @ S / m.n)[keep]
        cov = inv(bread) @ meat @ inv(bread) if robust else inv(meat)
    else:
        cov = inv(bread)
    size = engine.weights(fit.theta)[g].shape[0]
    out = np.zeros((size, size))
    out[keep] = cov / m.n
    return out


def normal_labels(names: Sequence[str], *, means: bool) -> tuple[Label, ...]:
    """Label [mu, vech Sigma]."""
    first = [(name, "~1", "") for name in names] if means else []
    pairs = [(a, "~~", b) for a, b in combinations_with_replacement(names, 2)]
    return (*first, *pairs)


def ordinal_labels(layout: Layout, covariates: Sequence[str]) -> tuple[Label, ...]:
    """Label thresholds or means, slopes, variances and correlations in the layout's order."""
    out: list[Label] = []
    for name, count in zip(layout.names, layout.counts, strict=True):
        if count:
            out += [(name, "|", f"t{k}") for k in range(1, count)]
        else:
            out.append((name, "~1", ""))
    for x in covariates[: layout.n_x]:
        out += [(name, "~", x) for name in layout.names]
    out += [(n, "~~", n) for n, v in zip(layout.names, layout.variance, strict=True) if v >= 0]
    out += [(a, "~~", b) for a, b in combinations(layout.names, 2)]
    return tuple(out)
