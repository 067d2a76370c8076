"""Continuous variables in a pairwise likelihood: held to integrals and to likelihoods by hand."""

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from footbridge import latent
from footbridge.latent.mixedpairwise import normal, second, serial

MODEL = "f =~ a + b + c + d\nf ~ x\ny ~ f + x"
TRUTH = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d\nf ~ 0.4*x\ny ~ 0.5*f + 0.2*x"
CUTS = {"a": [-0.4, 0.6], "b": [0.1]}


@pytest.fixture(scope="module")
def data():
    return latent.simulate(TRUTH, 400, seed=4, cuts=CUTS)


@pytest.fixture(scope="module")
def fit(data):
    return latent.sem(MODEL, data, ordered=["a", "b"], estimator="PML")


@pytest.mark.parametrize("ends", [(-np.inf, -0.3), (-0.3, 0.8), (0.8, np.inf)])
def test_a_polyserial_density_is_the_integral_of_the_normal_one(ends):
    e, v, c = 0.7, 1.9, -0.8
    both = stats.multivariate_normal([0, 0], [[v, c], [c, 1]])
    low, high = np.clip(ends, -12, 12)

    value, _ = serial(np.array([[e], [v], [ends[0]], [ends[1]], [c]]))

    area = integrate.quad(lambda t: both.pdf([e, t]), low, high, epsabs=1e-13)[0]
    assert value[0] == pytest.approx(np.log(area), abs=1e-9)


def test_a_normal_pair_has_the_normal_density():
    e1, v1, e2, v2, c = 0.7, 1.9, -0.4, 0.6, -0.5
    value, _ = normal(np.array([[e1], [v1], [e2], [v2], [c]]))
    both = stats.multivariate_normal([0, 0], [[v1, c], [c, v2]])
    assert value[0] == pytest.approx(both.logpdf([e1, e2]), abs=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e3])
@pytest.mark.parametrize("function", [serial, normal])
def test_derivatives_of_a_pair_are_those_of_its_value(function, scale):
    rng = np.random.default_rng(1)
    sd = scale if function is serial else np.array([scale, 2 * scale])
    local = np.zeros((5, 6))
    local[0], local[1] = rng.normal(size=6) * scale, 1.7 * scale**2
    if function is serial:
        local[2], local[3], local[4] = [-np.inf, -1, -1, 0.2, 0.2, 0.9], 1.1, 0.5 * sd
        units = np.array([scale, scale**2, 1, 1, scale])
    else:
        local[2], local[3] = rng.normal(size=6) * scale, 0.8 * scale**2
        local[4] = 0.5 * scale**2
        units = np.array([scale, scale**2, scale, scale**2, scale**2])
    _, slope = function(local)
    bend = second(function, local)
    for j in range(5):
        h = np.zeros((5, 1))
        h[j] = 1e-5 * units[j]
        value = (function(local + h)[0] - function(local - h)[0]) / (2e-5 * units[j])
        np.testing.assert_allclose(slope[j] * units[j], value * units[j], atol=1e-7)
        slopes = (function(local + h)[1] - function(local - h)[1]) / (2e-5 * units[j])
        both = units[:, None] * units[j]
        np.testing.assert_allclose(bend[j] * both, slopes * both, atol=1e-6)


def test_two_variables_get_the_maximum_of_their_full_likelihood(data):
    # One pair is the whole likelihood: probit of b given c, times the normal density of c.
    fit = latent.sem("b ~~ c\nc ~ 1", data, ordered=["b"], estimator="PML")

    def minus(x):
        mean, log_sd, tau, z = x
        rho, e = np.tanh(z), (data["c"] - mean) / np.exp(log_sd)
        low = special.ndtr((tau - rho * e) / np.sqrt(1 - rho**2))
        share = np.where(data["b"] == data["b"].max(), 1 - low, low)
        return -np.sum(stats.norm.logpdf(e) - log_sd + np.log(share))

    best = optimize.minimize(minus, [0, 0, 0, 0.1], method="BFGS", tol=1e-7).x
    found = fit.estimates.set_index(["lhs", "op", "rhs"])["est"]
    assert found["c", "~1", ""] == pytest.approx(best[0], abs=1e-5)
    assert found["c", "~~", "c"] == pytest.approx(np.exp(2 * best[1]), abs=1e-5)
    assert found["b", "|", "t1"] == pytest.approx(best[2], abs=1e-5)
    assert found["b", "~~", "c"] == pytest.approx(np.tanh(best[3]) * np.exp(best[1]), abs=1e-5)


def test_slopes_scores_and_curvature_agree_with_the_value(fit):
    engine, theta = fit.solution.engine, fit.theta + 0.03
    table, moments = engine.tables[0], engine.models[0].implied(fit.theta + 0.03)
    at = table.slopes_at(moments, curved=True)
    units = 1e-5 * np.eye(moments.size)
    value = [
        table.slopes_at(moments + u, depth=0).value - table.slopes_at(moments - u, depth=0).value
        for u in units
    ]
    bend = [
        table.slopes_at(moments + u, depth=1).gradient
        - table.slopes_at(moments - u, depth=1).gradient
        for u in units
    ]

    np.testing.assert_allclose(at.gradient, np.array(value) / 2e-5, rtol=1e-6, atol=1e-4)
    np.testing.assert_allclose(table.scores(moments).sum(axis=0), at.gradient, atol=1e-8)
    np.testing.assert_allclose(at.observed, -np.array(bend) / 2e-5, rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(
        engine.scores(theta).mean(axis=0), -engine.function.gradient(theta), atol=1e-10
    )


def test_the_scoring_matrix_is_near_the_curvature_at_the_estimates(fit):
    scoring, curved = (
        fit.solution.engine.information(fit.theta, k) for k in ("expected", "observed")
    )
    gap = np.linalg.eigvals(np.linalg.solve(curved, scoring)).real
    assert 0.5 < gap.min() < gap.max() < 2


def test_it_recovers_what_made_the_data():
    big = latent.simulate(TRUTH, 2500, seed=6, cuts=CUTS)
    found = latent.sem(MODEL, big, ordered=["a", "b"], estimator="PML")

    assert found.converged
    true = {("f", "~", "x"): 0.4 * 0.8, ("y", "~", "f"): 0.5 / 0.8, ("y", "~", "x"): 0.2}
    rows = found.estimates.set_index(["lhs", "op", "rhs"])
    # Responses have variance 1 given x, and not residual variance 1 as in the population.
    sd = np.sqrt(1 + 0.8**2)
    for name, value in true.items():
        scaled = value / sd if name == ("f", "~", "x") else value
        scaled = value * sd if name == ("y", "~", "f") else scaled
        assert abs(rows.loc[name, "est"] - scaled) < 4 * rows.loc[name, "se"], name


def test_units_do_not_matter(data, fit):
    small = latent.sem(MODEL, data.assign(y=data["y"] / 1000), ordered=["a", "b"], estimator="PML")
    one, other = (f.estimates.query("lhs == 'y' and op == '~'") for f in (fit, small))
    np.testing.assert_allclose(other["est"] * 1000, one["est"], rtol=1e-5)
    np.testing.assert_allclose(other["se"] * 1000, one["se"], rtol=1e-4)


def test_holes_leave_the_pairs_that_are_there(data):
    holes = data.copy()
    holes.loc[:59, "c"] = np.nan
    holes.loc[40:99, "a"] = np.nan
    found = latent.sem(MODEL, holes, ordered=["a", "b"], estimator="PML", missing="pairwise")
    whole = latent.sem(MODEL, data, ordered=["a", "b"], estimator="PML")

    assert found.converged
    np.testing.assert_allclose(found.theta, whole.theta, atol=0.3)
    assert not np.allclose(found.theta, whole.theta, atol=1e-6)


def test_a_prior_goes_with_mixed_variables(data):
    plain = latent.sem(MODEL, data, ordered=["a", "b"], estimator="PML")
    weak = latent.sem(MODEL, data, ordered=["a", "b"], prior="weak")

    assert weak.converged
    assert 0.1 < weak.fit_measures["tempering"] < 1
    gap = (weak.theta - plain.theta) / np.sqrt(np.diag(plain.vcov))
    assert 0 < np.abs(gap).max() < 1.5


def test_the_likelihood_ratio_has_the_mean_that_its_traces_give():
    found = [
        latent.sem(MODEL, latent.simulate(TRUTH, 300, seed=8, draw=k, cuts=CUTS),
                   ordered=["a", "b"], estimator="PML").solution for k in range(12)
    ]  # fmt: skip
    ratio = [s.plain.statistic / s.scaled.traces[0] for s in found]
    assert 0.55 < np.mean(ratio) < 1.6
