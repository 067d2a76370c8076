"""Bias reduction: exact in regression, and on average in small samples."""

import lavaan_oracles as oracles
import numpy as np
import pytest
from scipy import special

from footbridge import latent


def test_the_variance_of_one_variable_gets_its_lost_degree_of_freedom_back():
    data = oracles.data()
    fit = latent.sem("y1 ~~ v*y1\ny1 ~ 1", data)

    found = latent.reduce_bias(fit)

    n = len(data)
    assert found.theta[0] == pytest.approx(fit.theta[0] * (1 + 1 / n), rel=1e-8)


def test_a_residual_variance_grows_by_the_leverage_of_its_residuals():
    # j is block diagonal at the estimates, so the step of the variance is sum(h d^2) / n.
    data = oracles.data()
    fit = latent.sem("y4 ~ y1 + arm\ny4 ~ 1", data)
    X = np.column_stack([np.ones(len(data)), data[["y1", "arm"]]])
    H = X @ np.linalg.solve(X.T @ X, X.T)
    d = data["y4"].to_numpy() - H @ data["y4"].to_numpy()

    found = latent.reduce_bias(fit).estimates.query("lhs == 'y4' and op == '~~'")["est"].item()

    assert found == pytest.approx(np.mean(d**2) + np.diag(H) @ d**2 / len(d), rel=1e-7)


def test_a_threshold_moves_by_the_known_bias_of_a_probit_of_a_proportion():
    # Saturated: tau = probit(1 - p) of an unbiased p, so its bias is half of tau'' var(p).
    data = oracles.data().head(60).assign(a=lambda d: d["o6"] > 1, b=lambda d: d["o1"] > 2)
    data = data[["a", "b"]].astype(int)
    fit = latent.sem("a ~~ b", data, ordered=["a", "b"], estimator="PML")

    found = latent.reduce_bias(fit).estimates.query("op == '|'").set_index("lhs")["est"]

    for name in ("a", "b"):
        p = float(data[name].mean())
        tau = special.ndtri(1 - p)
        density = np.exp(-0.5 * tau**2) / np.sqrt(2 * np.pi)
        bias = tau * p * (1 - p) / (2 * len(data) * density**2)
        assert found[name] == pytest.approx(tau - bias, abs=1e-4 * abs(bias) + 1e-7)


def test_equality_constraints_stay():
    data = oracles.data()
    fit = latent.cfa("f1 =~ y1 + a*y2 + a*y3\nf2 =~ y4 + a*y5 + y6", data, meanstructure=True)

    found = latent.reduce_bias(fit)

    assert np.ptp(found.estimates.query("label == 'a'")["est"]) < 1e-12
    variances = "op == '~~' and lhs == rhs"
    growth = found.estimates.query(variances)["est"] - fit.estimates.query(variances)["est"]
    assert (growth > 0).mean() > 0.5


def test_what_it_cannot_correct_is_said():
    for fit, words in (
        (oracles.fit("cfa"), "means are not part"),
        (oracles.fit("ordinal"), "not offered for WLSMV"),
    ):
        with pytest.raises(latent.LatentError, match=words):
            latent.reduce_bias(fit)
