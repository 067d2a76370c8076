"""Second-order delta errors: a product's closed form, and differences of plain functions."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.secondorder import curvature_variances


def test_a_product_of_independent_estimates_has_goodmans_variance():
    variances = np.array([0.04, 0.09])

    found = curvature_variances(
        lambda t: np.array([[t[1], t[0]]]), np.array([0.7, -0.4]), np.diag(variances)
    )

    assert found[0] == pytest.approx(variances.prod(), rel=1e-9)


@pytest.fixture(scope="module")
def mediation():
    rng = np.random.default_rng(3)
    x = rng.normal(size=120)
    m = 0.6 * x + rng.normal(size=120)
    y = 0.5 * m + 0.2 * x + rng.normal(size=120)
    return pd.DataFrame({"x": x, "m": m, "y": y})


def test_standardised_errors_gain_the_curvature_of_the_standardised_value(mediation):
    model = "m ~ a*x\ny ~ b*m + x\nindirect := a*b"
    first, second = (latent.fit(model, mediation, second_order_delta=on) for on in (False, True))
    spread = float(mediation["x"].var(ddof=0))

    def path(t):  # standardised a, of a, b, c and two variances
        return t[0] * np.sqrt(spread / (t[0] ** 2 * spread + t[3]))

    h, units = 1e-3, np.eye(5) * 1e-3
    t, V = first.theta, first.vcov
    H = [
        [
            (path(t + u + v) - path(t + u - v) - path(t - u + v) + path(t - u - v)) / (4 * h * h)
            for u in units
        ]
        for v in units
    ]

    gained = second.standardized()["se"][0] ** 2 - first.standardized()["se"][0] ** 2
    assert gained == pytest.approx(0.5 * np.trace(H @ V @ H @ V), rel=1e-4)
    assert second.estimates["se"].iloc[-1] > first.estimates["se"].iloc[-1]
