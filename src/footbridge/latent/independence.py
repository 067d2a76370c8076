"""The tests of the baseline model in closed form, where it has one; `baseline` is the twin.

Variables on their own: the estimates are the sample's moments, so that only the covariances (ML)
or the correlations (diagonal weights) are left over (Bentler and Bonett 1980).
"""

from dataclasses import dataclass

import numpy as np

from footbridge.latent.engines import Sample
from footbridge.latent.inference import SCALED, TestStatistic, scaled_test
from footbridge.latent.leastsquares import LeastSquaresEngine
from footbridge.latent.moments import NormalMoments
from footbridge.latent.solve import Solution, count_moments


@dataclass(frozen=True, slots=True)
class BaselineTests:
    """The two tests of the baseline model, without its estimates."""

    plain: TestStatistic
    scaled: TestStatistic | None


def baseline_tests(sample: Sample, solution: Solution) -> BaselineTests | None:
    """Return the baseline's tests, or None where it has to be fitted.

    Parameters
    ----------
    solution
        The fitted model, for its shares and weights.
    """
    options = sample.problem.options
    if options.categorical:
        return _ordinal(sample, solution)
    plain = options.discrepancy == "ML" and options.missing == "listwise"
    if not plain or options.test != "standard" or options.conditional_x:
        return None
    return BaselineTests(_normal(sample, solution), None)


def _normal(sample: Sample, solution: Solution) -> TestStatistic:
    roles, options = sample.problem.roles, sample.problem.options
    p, engine = len(roles.ov_nox), solution.engine
    f = 0.0
    for share, moments in zip(engine.shares, sample.moments, strict=True):
        f += 0.5 * share * _divergence(moments, p)
    x = len(roles.ov_x)
    size = p + (p if options.meanstructure else 0)
    if not options.fixed_x:
        size += x * (x + 1) // 2 + (x if options.meanstructure else 0)
    df = count_moments(sample.problem) - size * len(sample.problem.moments)
    return TestStatistic("standard", 2 * engine.multiplier * f, df)


def _divergence(moments: NormalMoments, p: int) -> float:
    """Return sum log s_ii + log |S_xx| - log |S|; the first p variables are modelled."""
    S = moments.cov
    out = float(np.log(S.diagonal()[:p]).sum()) - float(np.linalg.slogdet(S)[1])
    return out + (float(np.linalg.slogdet(S[p:, p:])[1]) if p < len(S) else 0.0)


def _ordinal(sample: Sample, solution: Solution) -> BaselineTests | None:
    """Return the tests for diagonal weights: U is V on the correlations, and zero elsewhere."""
    options, engine = sample.problem.options, solution.engine
    if not isinstance(engine, LeastSquaresEngine) or (
        sample.problem.roles.ov_x and not options.conditional_x
    ):
        return None
    if any(s.weight.ndim > 1 for s in engine.samples) or options.test == "browne.residual.nt":
        return None
    f, one, two, df = 0.0, 0.0, 0.0, 0
    for share, found, moments in zip(
        engine.function.shares, engine.samples, sample.ordinal, strict=True
    ):
        pair = moments.layout.pair
        weight, rho = found.weight[pair:], found.observed[pair:]
        f += 0.5 * share * float(weight @ rho**2)
        df += rho.size
        if found.gamma is None:
            return None
        scaled = weight[:, None] * found.gamma[pair:, pair:]
        one += float(np.trace(scaled))
        two += float(np.einsum("ij,ji->", scaled, scaled))
    plain = TestStatistic("standard", 2 * engine.multiplier * f, df)
    if options.test not in SCALED:
        return BaselineTests(plain, None)
    return BaselineTests(plain, scaled_test(options.test, plain, (one, two)))
