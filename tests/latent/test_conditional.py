"""Moments given covariates: their Jacobian against differences, and what they leave alone."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.conditional import regress, regressed_jacobian
from footbridge.latent.releases import choices

MODEL = "f =~ a + b + c\nf ~ x + w\na ~ x"
#: lavaan 0.6-14: sem(REGRESSED, data, conditional.x = TRUE, meanstructure = TRUE)
SQUARES = {
    "rmr": 0.2942773243, "rmr_nomean": 0.3522357833, "srmr": 0.0696246292,
    "srmr_bentler_nomean": 0.0769992698, "crmr": 0.0572371968, "crmr_nomean": 0.0710592089,
    "srmr_mplus": 0.0563024739,
}  # fmt: skip
CURVE = "i =~ 1*y1 + 1*y2 + 1*y3 + 1*y4\ns =~ 0*y1 + 1*y2 + 2*y3 + 3*y4\n"
VALUES = "i ~ 1*1 + 0.3*x\ns ~ 0.5*1 + 0.2*x\ni ~~ 1*i + 0.1*s\ns ~~ 0.4*s\n"
REGRESSED = "y2 ~ y1 + x\ny3 ~ y2 + x\ny4 ~ y3"


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


def test_older_residual_measures_leave_the_slopes_out():
    rows = latent.simulate(CURVE + VALUES, 300, seed=27)
    old, new = (
        latent.sem(REGRESSED, rows, conditional_x=True, meanstructure=True, mimic=f"lavaan-{v}")
        for v in ("0.6", "0.7")
    )

    for name, value in SQUARES.items():  # lavaan stops its search near 1e-6
        assert old.fit_measures[name] == pytest.approx(value, rel=6e-6)
    assert abs(new.fit_measures["srmr"] - old.fit_measures["srmr"]) > 1e-3
    assert "leave the slopes out" in {c.here for c in choices(old)}
