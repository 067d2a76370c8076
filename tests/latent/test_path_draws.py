"""Draws of path models: regressions where they are the maximum, the search where they are not."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.resample import NormalRefitter
from footbridge.latent.resampling import draw_rows, refit_rows

MEDIATION = "m ~ a*x + c\nk ~ x + c\ny ~ b*m + k + x\nm ~~ k\nind := a*b"
#: The same without a path: correlated residuals of equations with other causes.
UNLIKE = MEDIATION.replace("k ~ x + c", "k ~ x")
MODELS = {
    "every path": (MEDIATION, {}),
    "misfit": ("m ~ x\nk ~ x\ny ~ m + k", {}),
    "a fixed path": ("m ~ x\ny ~ 0.5*m + x + c", {}),
    "means": (MEDIATION, {"meanstructure": True}),
    "covariates with the rest": (MEDIATION, {"fixed_x": False}),
    "groups": (MEDIATION.replace("a*", "").replace("b*", "").split("\nind")[0], {"group": "site"}),
}
SEARCHED = {
    "unlike causes": (UNLIKE, {}),
    "equal paths": ("m ~ a*x + c\ny ~ a*m + x", {}),
    "an instrument": ("m ~ x + c\ny ~ m\nm ~~ y", {}),
    "a loop": ("m ~ x + y\ny ~ c + m", {}),
    "a factor": ("f =~ m + k + y\nf ~ x", {}),
}


def simulated(seed, n=150):
    draws = np.random.default_rng(seed)
    x, c, e, u, v, w = draws.normal(size=(6, n))
    m, k = 0.5 * x + 0.3 * c + e + u, 0.2 * x - 0.4 * c + e + v
    site = np.array(["one", "two"])[(draws.random(n) > 0.4).astype(int)]
    columns = {"x": 3 * x, "c": c, "m": m, "k": 10 * k, "y": 0.4 * m - 0.2 * k + 0.1 * x + w}
    return pd.DataFrame(columns).assign(site=site)


def by_hand(model, data, rows, options):
    """Fit one resample by the plain path; its groups in the order of the whole sample's."""
    parts = [data.iloc[np.concatenate(rows)]] if "group" not in options else []
    for site, drawn in zip(data["site"].unique() if not parts else (), rows, strict=False):
        parts.append(data[data["site"] == site].iloc[drawn])
    return latent.sem(model, pd.concat(parts), **options)


@pytest.mark.parametrize("name", [*MODELS, *SEARCHED])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_draw_is_the_single_fit(name, seed):
    model, options = (MODELS | SEARCHED)[name]
    data = simulated(seed)
    fit = latent.sem(model, data, **options)
    rows = draw_rows(fit, range(4), seed=seed, strata=None, data=None)

    found = refit_rows(fit, rows)

    assert found.usable.all()
    assert NormalRefitter(fit).regressions == (name in MODELS)
    for draw, estimates in zip(rows, found.estimates, strict=True):
        single = by_hand(model, data, draw, options)
        np.testing.assert_allclose(
            estimates[: single.theta.size], single.theta, atol=1e-10, rtol=1e-10
        )


def test_regressions_and_the_search_end_at_one_place():
    fit = latent.sem(MEDIATION, simulated(3))
    rows = draw_rows(fit, range(50), seed=1, strata=None, data=None)
    searching = NormalRefitter(fit)
    searching.regressions = False

    closed, search = refit_rows(fit, rows), refit_rows(fit, rows, worker=searching)

    assert closed.status == search.status
    np.testing.assert_allclose(closed.estimates, search.estimates, atol=1e-11, rtol=1e-11)


def test_a_draw_whose_causes_are_collinear_is_lost_and_the_others_are_kept():
    data = simulated(4)
    fit = latent.sem("m ~ x\ny ~ m + x", data)
    rows = [[np.arange(150)], [np.zeros(150, dtype=np.int64)], [np.arange(150)[::-1]]]

    found = refit_rows(fit, rows)

    assert found.status == ("ok", "not converged", "ok")
    np.testing.assert_allclose(found.estimates[0], fit.theta, atol=1e-10)


def test_each_draw_has_a_stream_of_its_own():
    fit = latent.sem("y ~ x", simulated(5))

    rows = draw_rows(fit, [7, 3], seed=9, strata=None, data=None)

    for draw, found in zip([7, 3], rows, strict=True):
        stream = np.random.Generator(np.random.Philox(key=np.array([9, draw], dtype=np.uint64)))
        np.testing.assert_array_equal(found[0], stream.integers(0, 150, 150))
