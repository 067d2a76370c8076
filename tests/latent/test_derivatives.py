"""Analytic derivatives against central differences, on models that use every matrix."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.batch import BatchLikelihood, BatchMoments
from tests.latent.slopes import slope

MODEL = """
f =~ a + b + c
g =~ d + e + h
g ~ q*f + x
h ~ x
a ~~ e
"""


@pytest.fixture(scope="module")
def data():
    draws = np.random.default_rng(5)
    f = draws.normal(size=(300, 1))
    x = draws.normal(size=(300, 1))
    g = 0.5 * f + 0.3 * x + draws.normal(size=(300, 1))
    columns = [f + draws.normal(size=(300, 3)), g + draws.normal(size=(300, 3)), x]
    return pd.DataFrame(np.hstack(columns), columns=list("abcdehx"))


@pytest.mark.parametrize("kind", ["complete", "incomplete"])
def test_gradient_and_exact_hessian_of_the_likelihood(data, kind):
    options = {"meanstructure": True}
    if kind == "incomplete":
        data = data.copy()
        data.iloc[::3, 1] = np.nan
        data.iloc[1::5, 4] = np.nan
        options = {"missing": "fiml"}
    fit = latent.sem(MODEL, data, **options)
    target, theta = fit.solution.engine.target, fit.theta + 0.02

    gradient, hessian = target.derivatives(theta, exact=True)

    np.testing.assert_allclose(gradient, slope(target.value, theta), atol=1e-8)
    numerical = slope(lambda t: target.derivatives(t, exact=False)[0], theta)
    np.testing.assert_allclose(hessian, numerical, atol=1e-7)


@pytest.mark.parametrize("form", ["delta", "theta"])
@pytest.mark.parametrize("conditional", [True, False])
def test_jacobian_of_ordinal_moments(data, form, conditional):
    codes = data.copy()
    for name in "abcdeh":
        codes[name] = np.digitize(data[name], [-0.7, 0.6])
    fit = latent.sem(
        MODEL,
        codes,
        ordered=list("abcde"),
        parameterization=form,
        conditional_x=conditional,
        fixed_x=conditional,
    )
    model = fit.solution.engine.models[0]
    theta = fit.theta + 0.01

    np.testing.assert_allclose(model.jacobian(theta), slope(model.implied, theta), atol=1e-8)


def test_the_stacked_likelihood_agrees_with_the_plain_one(data):
    fit = latent.sem(MODEL, data, meanstructure=True)
    m = fit.problem.moments[0]
    stack = BatchMoments(np.stack([m.mean] * 3), np.stack([m.cov] * 3), 1.0)
    batch = BatchLikelihood(
        fit.sample.rams(fit.table),
        [stack],
        n_free=fit.theta.size,
        means=True,
        exogenous=np.array([6]),
    )
    theta = fit.theta + 0.02

    gradient, hessian = batch.derivatives(np.stack([theta] * 3), np.arange(3), exact=True)

    plain = fit.solution.engine.target.derivatives(theta, exact=True)
    np.testing.assert_allclose(gradient[1], plain[0], atol=1e-10)
    np.testing.assert_allclose(hessian[2], plain[1], atol=1e-10)


def test_incomplete_likelihood_without_missing_values_is_the_complete_one(data):
    complete = latent.sem(MODEL, data, meanstructure=True, information="observed")
    full = latent.sem(MODEL, data, missing="fiml")

    np.testing.assert_allclose(full.theta, complete.theta, atol=1e-9)
    np.testing.assert_allclose(full.vcov, complete.vcov, atol=1e-9)
    assert full.test.statistic == pytest.approx(complete.test.statistic, abs=1e-7)


def test_order_of_columns_and_scale_of_a_variable_do_not_matter(data):
    plain = latent.sem(MODEL, data)
    turned = latent.sem(MODEL, data[list("xhedcba")].assign(b=data["b"] * 10))

    assert turned.test.statistic == pytest.approx(plain.test.statistic, abs=1e-8)
    loading = plain.estimates["est"][1], turned.estimates["est"][1]
    assert loading[1] == pytest.approx(10 * loading[0], rel=1e-8)
