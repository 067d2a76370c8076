"""Posterior modes: held to likelihood and prior written out by hand, and to what they promise."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, optimize, special, stats

from footbridge import latent
from footbridge.latent.assemble import pose
from footbridge.latent.engines import Sample
from footbridge.latent.penalty import Penalty
from footbridge.latent.posterior import solve_posterior

ONE = "f =~ a + b + c + d"
TRUTH = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d"
TWO = "f =~ a + b + c\ng =~ d + e + h\ng ~ p*f + x\nf ~ q*x\nboth := p*q"
POPULATION = (
    "f =~ 0.8*a + 0.7*b + 0.6*c\ng =~ 0.8*d + 0.7*e + 0.6*h\ng ~ 0.5*f + 0.2*x\nf ~ 0.4*x\n"
    "a ~~ 0.2*d"
)
FLAT = latent.Prior(None, None, None, 0, 0)


@pytest.fixture(scope="module")
def numbers():
    return latent.simulate(TRUTH, 40, seed=3)


@pytest.fixture(scope="module")
def ticks():
    cuts = {"a": [-0.3], "b": [0.2], "c": [0.0]}
    return latent.simulate("f =~ 0.8*a + 0.7*b + 0.6*c", 60, seed=5, cuts=cuts)


def _log_prior(loadings, totals, residuals, thresholds=()):
    s = loadings / np.sqrt(totals)
    t = np.asarray(thresholds) / np.sqrt(totals[: len(thresholds)])
    shares = np.log(residuals / totals).sum()
    return -0.5 * (s**2).sum() - 0.5 * (t**2).sum() / 4 + 0.5 * shares


def _by_hand(theta, data):
    """Minus the log posterior of one factor with variance 1: the textbook's, case by case."""
    loadings, residuals = theta[:4], theta[4:]
    if np.any(residuals <= 0):
        return np.inf
    sigma = np.outer(loadings, loadings) + np.diag(residuals)
    cases = stats.multivariate_normal(data.mean().to_numpy(), sigma).logpdf(data.to_numpy())
    return -cases.sum() - _log_prior(loadings, np.diag(sigma), residuals)


def _hessian(f, x, h=1e-3):
    out = np.empty((x.size, x.size))
    E = h * np.eye(x.size)
    for i in range(x.size):
        for j in range(x.size):
            corners = ((1, 1), (1, -1), (-1, 1), (-1, -1))
            out[i, j] = sum(s * t * f(x + s * E[i] + t * E[j]) for s, t in corners) / (4 * h * h)
    return out


def test_mode_and_spread_are_those_of_the_posterior_written_out(numbers):
    fit = latent.cfa(ONE, numbers, std_lv=True, prior="weak")

    def f(x):
        return _by_hand(x, numbers)

    best = optimize.minimize(f, np.r_[np.full(4, 0.7), np.ones(4)], method="BFGS", tol=1e-9)
    np.testing.assert_allclose(fit.theta, best.x, atol=2e-5)
    np.testing.assert_allclose(
        fit.vcov, np.linalg.inv(_hessian(f, fit.theta)), rtol=2e-3, atol=1e-5
    )
    logl = fit.fit_measures["logl"] + fit.fit_measures["logprior"]
    assert logl == pytest.approx(-f(fit.theta), rel=1e-10)


def _density(r, h, k):
    left = 1 - r * r
    return np.exp(-(h * h - 2 * r * h * k + k * k) / (2 * left)) / (2 * np.pi * np.sqrt(left))


def _pairs(theta, table):
    """Pairwise log-likelihood by Plackett's integral; theta holds loadings, then thresholds."""
    loadings, cuts = theta[:3], theta[3:]
    total = 0.0
    for i, j in ((0, 1), (0, 2), (1, 2)):
        r = loadings[i] * loadings[j]
        low_i, low_j = special.ndtr(cuts[i]), special.ndtr(cuts[j])
        both = low_i * low_j + integrate.quad(_density, 0, r, (cuts[i], cuts[j]))[0]
        cells = np.array([[both, low_i - both], [low_j - both, 1 - low_i - low_j + both]])
        total += (pd.crosstab(table.iloc[:, i], table.iloc[:, j]).to_numpy() * np.log(cells)).sum()
    return total


def test_a_pairwise_mode_is_that_of_tables_written_out(ticks):
    fit = latent.cfa("f =~ a + b + c", ticks, ordered=True, std_lv=True, prior="weak")
    k = fit.fit_measures["tempering"]

    def f(x):
        if np.any(np.abs(x[:3]) >= 1):
            return np.inf
        return -k * _pairs(x, ticks) - _log_prior(x[:3], np.ones(3), 1 - x[:3] ** 2, x[3:])

    assert fit.options.estimator == "PML"
    best = optimize.minimize(f, fit.theta * 0.9, method="BFGS", tol=1e-6)
    np.testing.assert_allclose(fit.theta, best.x, atol=1e-5)


def test_independent_pairs_are_counted_once_each():
    # Three independent binary items: each threshold stands in two pairs, each correlation in one.
    cuts = {"a": [0.0], "b": [0.0], "c": [0.0]}
    data = latent.simulate("a ~~ 1*a\nb ~~ 1*b\nc ~~ 1*c", 20000, seed=1, cuts=cuts)
    model = "a ~~ b\na ~~ c\nb ~~ c"

    found = latent.sem(model, data, ordered=["a", "b", "c"], prior="weak").fit_measures["tempering"]

    # tr(H^-1 J) = 3 * 2 (thresholds) + 3 * 1 (correlations) of six parameters.
    assert found == pytest.approx(6 / 9, rel=0.02)


@pytest.mark.parametrize("ordered", [False, True])
def test_the_answer_does_not_depend_on_how_factors_are_scaled(ordered):
    cuts = {name: [-0.4, 0.6] for name in "abcdeh"} if ordered else None
    data = latent.simulate(POPULATION, 80, seed=4, cuts=cuts)

    one, other = (
        latent.sem(TWO, data, ordered=ordered, prior="weak", std_lv=std) for std in (False, True)
    )

    a, b = (f.standardized().query("op != '~1'")[["est.std", "se"]] for f in (one, other))
    np.testing.assert_allclose(a["est.std"], b["est.std"], atol=1e-5)
    np.testing.assert_allclose(a["se"], b["se"], rtol=1e-3, atol=1e-5)


def test_a_flat_prior_changes_nothing(numbers):
    plain = latent.cfa(ONE, numbers, information="observed")
    flat = latent.cfa(ONE, numbers, prior=FLAT)

    np.testing.assert_allclose(flat.theta, plain.theta, atol=1e-7)
    np.testing.assert_allclose(flat.vcov, plain.vcov, rtol=1e-5, atol=1e-9)
    assert flat.fit_measures["logprior"] == 0
    assert np.abs(flat.estimates["pull"].dropna()).max() == 0


def test_incomplete_data_have_a_mode_too(numbers):
    holes = numbers.copy()
    complete = latent.cfa(ONE, numbers, prior="weak", meanstructure=True)
    whole = latent.cfa(ONE, holes, prior="weak", missing="fiml")
    np.testing.assert_allclose(whole.theta, complete.theta, atol=1e-6)
    holes.loc[:9, "a"] = np.nan
    less = latent.cfa(ONE, holes, prior="weak", missing="fiml")

    loading = "op == '=~' and rhs != 'a'"
    assert less.converged
    assert (
        less.estimates.query(loading)["se"] > 0.9 * complete.estimates.query(loading)["se"]
    ).all()


def test_a_heywood_case_gets_an_answer_inside_the_space():
    data = latent.simulate("f =~ 0.8*a + 0.5*b + 0.3*c", 40, seed=2)
    plain = latent.cfa("f =~ a + b + c", data, std_lv=True)
    found = latent.cfa("f =~ a + b + c", data, std_lv=True, prior="weak")

    assert any(a.code == "negative-variance" for a in plain.advice)
    assert found.converged
    assert not any(a.code == "negative-variance" for a in found.advice)
    assert np.isfinite(found.estimates["se"]).all()
    assert found.estimates.query("op == '~~'")["est"].min() > 0.05


def test_a_separated_outcome_gets_a_finite_slope():
    data = latent.simulate("y ~ 0.5*arm\nz ~ 0.3*arm", 60, seed=3, cuts={"y": [0.3], "z": [0.0]})
    data["arm"] = (np.arange(60) % 2).astype(float)
    data.loc[data["arm"] == 1, "y"] = 1  # nobody of this arm is without the outcome
    found = latent.sem("y ~ arm\nz ~ arm\ny ~~ z", data, ordered=["y", "z"], prior="weak")

    slope = found.estimates.query("lhs == 'y' and op == '~'").iloc[0]
    assert found.converged
    assert 0.5 < slope["est"] < 5
    assert slope["ci.lower"] < slope["est"] < slope["ci.upper"] < 10
    assert any(a.code == "separated" for a in found.advice)


def test_the_pull_is_the_derivative_of_the_mode_in_the_log_of_the_weight(numbers):
    fit = latent.cfa(ONE, numbers, std_lv=True, prior="weak")
    h = 0.01
    up, down = (
        solve_posterior(fit.sample, fit.table, latent.Prior(weight=float(np.exp(s * h)))).theta
        for s in (1, -1)
    )

    moved = (up - down) / (2 * h) / np.sqrt(np.diag(fit.vcov))

    np.testing.assert_allclose(fit.posterior.pull, moved, atol=1e-4)
    table = latent.prior_sensitivity(fit)
    assert list(table.columns[-3:]) == ["none", "half", "double"]
    plain = latent.cfa(ONE, numbers, std_lv=True)
    np.testing.assert_allclose(table["none"], plain.theta, atol=1e-7)


@pytest.mark.parametrize(
    "options",
    [{}, {"std_lv": True}, {"ordered": True}, {"ordered": True, "parameterization": "theta"}],
)
def test_the_penalty_has_the_slopes_of_its_value(options):
    cuts = {name: [-0.4, 0.6] for name in "abcdeh"} if "ordered" in options else None
    data = latent.simulate(POPULATION, 100, seed=4, cuts=cuts).assign(place=np.arange(100) % 2)
    asked = {"prior": latent.Prior(), "group": "place"} | options
    problem = pose(TWO + "\na ~~ d", data, ordered=asked.pop("ordered", None), asked=asked)
    penalty = Penalty(problem, problem.table, latent.Prior(weight=1.3))
    theta = solve_posterior(Sample(problem), problem.table, latent.Prior()).theta
    theta = theta + 0.02 * np.random.default_rng(1).normal(size=theta.size)

    units = 1e-5 * np.eye(theta.size)
    slope = [(penalty.value(theta + u) - penalty.value(theta - u)) / 2e-5 for u in units]

    np.testing.assert_allclose(penalty.slopes(theta)[0], slope, atol=1e-7)
    assert np.linalg.eigvalsh(penalty.slopes(theta)[1]).min() > -1e-10


def test_what_has_lost_its_meaning_is_refused(numbers):
    fit = latent.cfa(ONE, numbers, prior="weak")

    for ask in (
        lambda: fit.fit_measures["cfi"],
        lambda: fit.test,
        lambda: fit.baseline,
        lambda: fit.modification_indices(),
        lambda: fit.score_test(release=[1]),
        lambda: fit.wald_test("a == b"),
        lambda: fit.residuals("standardized"),
        lambda: fit.to_lavaan(),
        lambda: fit.to_mplus(),
        lambda: latent.compare(fit, fit),
        lambda: latent.bootstrap(fit, 10),
        lambda: latent.reduce_bias(fit),
    ):
        with pytest.raises(latent.LatentError, match="prior"):
            ask()
    assert fit.estimates["pvalue"].isna().all()
    assert np.isfinite(fit.residuals()["residual"]).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"prior": "strong"}, "neither 'weak' nor a Prior"),
        ({"prior": "weak", "estimator": "GLS"}, "does not go with GLS"),
        ({"prior": "weak", "estimator": "MLR"}, "does not go with MLR"),
        ({"prior": "weak", "missing": "two.stage"}, "two.stage"),
        ({"prior": "weak", "se": "standard"}, "posterior's spread"),
        ({"prior": "weak", "test": "standard"}, "no chi-square test"),
        ({"se": "posterior"}, "needs a prior"),
        ({"prior": "weak", "sampling_weights": "d"}, "not offered with"),
    ],
)
def test_options_that_do_not_go_together_are_refused(numbers, options, words):
    with pytest.raises(latent.LatentError, match=words):
        latent.cfa("f =~ a + b + c", numbers.abs(), **options)


@pytest.mark.parametrize(
    "wrong", [{"path": 0}, {"loading": -1}, {"residual": -0.1}, {"weight": "x"}]
)
def test_numbers_that_make_no_prior_are_refused(wrong):
    with pytest.raises(latent.LatentError, match="Prior"):
        latent.Prior(**wrong)


def test_nobody_takes_it_for_the_plain_estimator(numbers):
    fit = latent.cfa(ONE, numbers, std_lv=True, prior=latent.Prior(weight=6))

    text = fit.summary()
    assert "ML + prior" in text
    assert "Posterior mode, not the plain estimator" in text
    assert "Post.SD" in text
    assert "weight 6" in text
    assert "CFI" not in text
    assert "The prior moves" in text
    assert "ML + prior" in fit._repr_html_()
    assert "Posterior mode" in fit.diagram().svg


def test_without_a_prior_there_is_no_sensitivity(numbers):
    with pytest.raises(latent.LatentError, match="no prior"):
        latent.prior_sensitivity(latent.cfa(ONE, numbers))
