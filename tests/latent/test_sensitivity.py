"""Sensitivity of an indirect effect, against the closed form of Imai, Keele and Yamamoto (2010)."""

import lavaan_oracles as oracles
import numpy as np
import pandas as pd
import pytest

from footbridge import latent

MODEL = "y1 ~ a*arm\ny4 ~ b*y1 + arm\nind := a*b"


def _residuals(y, *x):
    X = np.column_stack([np.ones(len(y)), *x])
    return y - X @ np.linalg.lstsq(X, y, rcond=None)[0]


def test_the_effect_of_a_linear_model_is_that_of_the_closed_form():
    data = oracles.data()
    found = latent.sensitivity(latent.sem(MODEL, data), mediator="y1", outcome="y4", effect="ind")
    e1, e2 = (_residuals(data[name].to_numpy(), data["arm"]) for name in ("y4", "y1"))
    a = np.polyfit(data["arm"], data["y1"], 1)[0]
    tilde = np.corrcoef(e1, e2)[0, 1]

    rho = found.table["rho"].to_numpy()
    closed = a * e1.std() / e2.std() * (tilde - rho * np.sqrt((1 - tilde**2) / (1 - rho**2)))

    assert found.table["converged"].all()
    np.testing.assert_allclose(found.table["est"], closed, atol=1e-7)
    assert found.zero == pytest.approx(tilde, abs=1e-7)
    assert found.explained == pytest.approx(tilde**2, abs=1e-7)


def test_without_confounding_it_is_the_fit_itself():
    fit = latent.sem(MODEL, oracles.data())

    found = latent.sensitivity(
        fit, mediator="y1", outcome="y4", effect="ind", correlations=(0.0,)
    ).table.iloc[0]

    own = fit.estimates.query("op == ':='").iloc[0]
    assert found["est"] == pytest.approx(own["est"], abs=1e-9)
    assert found["se"] == pytest.approx(own["se"], rel=1e-6)


def test_a_latent_mediator_with_a_binary_outcome_recovers_the_effect_without_its_confounder():
    draws = np.random.default_rng(5)
    n = 20_000
    x = draws.integers(0, 2, n)
    common = draws.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n)
    m = 0.5 * x + common[:, 0]
    data = pd.DataFrame({k: m + draws.normal(size=n) for k in ("i1", "i2", "i3")})
    data["x"], data["y"] = x, (0.6 * m + common[:, 1] > 0.2).astype(int)
    model = "m =~ i1 + i2 + i3\nm ~ a*x\ny ~ b*m + x\nind := a*b"
    fit = latent.sem(model, data, ordered=["y"], parameterization="theta")

    found = latent.sensitivity(
        fit, mediator="m", outcome="y", effect="ind", correlations=(0.0, 0.4)
    ).table

    assert found["est"].iloc[0] > 0.42
    assert found["est"].iloc[1] == pytest.approx(0.5 * 0.6, abs=0.05)


def test_what_cannot_be_asked_is_said():
    data = oracles.data()
    fit = latent.sem(MODEL, data)
    binary = latent.sem("y1 ~ a*arm\no6 ~ b*y1 + arm\nind := a*b", data, ordered=["o6"])

    for ask, words in (
        (lambda: latent.sensitivity(fit, mediator="arm", outcome="y1", effect="x"), "defines no"),
        (lambda: latent.sensitivity(fit, mediator="y4", outcome="y1", effect="ind"), "no path"),
        (
            lambda: latent.sensitivity(
                fit, mediator="y1", outcome="y4", effect="ind", correlations=(1.0,)
            ),
            "between -1 and 1",
        ),
        (
            lambda: latent.sensitivity(binary, mediator="y1", outcome="o6", effect="ind"),
            "parameterization='theta'",
        ),
    ):
        with pytest.raises(latent.LatentError, match=words):
            ask()
