"""Moments given covariates: their Jacobian against differences, and what they leave alone."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.conditional import regress, regressed_jacobian

MODEL = "f =~ a + b + c\nf ~ x + w\na ~ x"


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(8)
    x, w = rng.normal(size=(2, 180))
    w = w + 0.4 * x
    f = 0.5 * x - 0.3 * w + rng.normal(size=180)
    y = f[:, None] * np.array([1.0, 0.8, 1.2]) + rng.normal(size=(180, 3)) + 2.0
    return pd.DataFrame(np.column_stack([y, x, w]), columns=["a", "b", "c", "x", "w"])


def test_the_jacobian_is_the_derivative_of_the_moments(data):
    fit = latent.sem(MODEL, data, conditional_x=True)
    ram, p, q = fit.sample.rams(fit.table)[0], 3, fit.theta.size

    def moments(theta):
        state = ram.state(theta)
        return regress(ram.sigma(state), ram.mu(state), p).vector

    found = regressed_jacobian(ram, ram.state(fit.theta), p, n_free=q)
    steps = 1e-6 * np.eye(q)
    numeric = [(moments(fit.theta + h) - moments(fit.theta - h)) / 2e-6 for h in steps]
    np.testing.assert_allclose(found, np.array(numeric).T, atol=1e-8)


def test_the_statistic_of_the_fit_does_not_change(data):
    given, joint = (
        latent.sem(MODEL, data, conditional_x=on, meanstructure=True) for on in (True, False)
    )

    for name in ("chisq", "df", "rmsea", "logl"):
        assert given.fit_measures[name] == pytest.approx(joint.fit_measures[name], abs=1e-8)
    assert given.fit_measures["srmr"] != pytest.approx(joint.fit_measures["srmr"], abs=1e-4)
