"""Resampling: given rows, given draws, seeds, strata, lost draws."""

import numpy as np
import pandas as pd
import pytest
import reference_results as references

from footbridge import latent
from footbridge.latent.intervals import interval
from footbridge.latent.resampling import bootstrap, refit_rows

needs_references = pytest.mark.skipif(
    not references.REFERENCES.exists(), reason="the shared reference results are not here"
)


@needs_references
@pytest.mark.parametrize("name", ["boot_index_med", "boot_index_rmi100"])
def test_given_rows_give_the_reference_estimates(name):
    reference = references.load(name)
    fit = latent.fit(**references.call(reference))
    rows = np.array(reference["index"]["x"]) - reference["index_base"]

    found = refit_rows(fit, [[row] for row in rows])

    wanted = np.array(reference["t"]["x"], dtype=float)
    places = {p.split(":=")[0]: i for i, p in enumerate(reference["par"])}
    assert found.usable.all()
    for k, parameter in enumerate(found.names):
        np.testing.assert_allclose(
            found.estimates[:, k], wanted[:, places[parameter]], rtol=1e-6, atol=1e-6
        )


@needs_references
@pytest.mark.parametrize(
    ("kind", "key"),
    [("normal", "norm"), ("basic", "basic"), ("percentile", "perc"), ("bc", "bca.simple")],
)
def test_given_draws_give_the_reference_limits(kind, key):
    reference = references.load("boot_ci_types")
    draws = np.array(reference["boot"]["x"])
    ours = {c: draws[:, j] for j, c in enumerate(reference["boot"]["cols"])}
    ours["ind"] = ours["a"] * ours["b"]
    block = reference["ci"][key]
    for i, label in enumerate(block["label"]):
        # lavaan's normal limits of a defined parameter use another bias than the draws have.
        if label in ours and (label, kind) != ("ind", "normal"):
            low, high = interval(ours[label], block["est"][i], kind=kind)

            assert low == pytest.approx(block["ci.lower"][i], abs=1e-8)
            assert high == pytest.approx(block["ci.upper"][i], abs=1e-8)


@pytest.fixture(scope="module")
def trial():
    draws = np.random.default_rng(11)
    n = 160
    arm = np.repeat([0, 1], n // 2)
    factor = 0.6 * arm + draws.normal(size=n)
    items = factor[:, None] + draws.normal(size=(n, 4))
    frame = pd.DataFrame((items > [0.2, 0.4, 0.1, 2.6]).astype(int), columns=list("abcd"))
    frame["out"] = (0.5 * factor + draws.normal(size=n) > 0.3).astype(int)
    frame["arm"] = arm
    return frame


MODEL = "f =~ a + b + c + d\nf ~ p*arm\nout ~ q*f + r*arm\nind := p*q"


def test_an_ordinal_model_with_a_covariate_is_resampled_and_every_draw_counted(trial):
    fit = latent.sem(MODEL, trial, ordered=[*list("abcd"), "out"])

    found = bootstrap(fit, 60, seed=3, strata="arm", data=trial)

    assert sum(found.counts.values()) == 60
    assert found.usable.sum() > 40
    limits = found.intervals("bca").set_index("name").loc["ind"]
    assert limits["ci.lower"] < limits["est"] < limits["ci.upper"]


def test_processes_do_not_change_a_draw(trial):
    fit = latent.sem(MODEL, trial, ordered=[*list("abcd"), "out"])

    one = bootstrap(fit, 12, seed=5)
    two = bootstrap(fit, 12, seed=5, workers=2)

    np.testing.assert_array_equal(one.estimates, two.estimates)
    assert one.status == two.status


def test_a_draw_that_loses_a_category_says_which(trial):
    fit = latent.sem(MODEL, trial, ordered=[*list("abcd"), "out"])
    rows = np.flatnonzero(trial["a"] == 0)

    found = refit_rows(fit, [[np.resize(rows, len(trial))]])

    assert found.counts == {"lost a category of a": 1}
    assert "lost a category of a" in found.summary()


def test_continuous_draws_agree_with_single_fits(trial):
    draws = np.random.default_rng(2)
    data = pd.DataFrame(
        draws.normal(size=(120, 1)) + draws.normal(size=(120, 4)), columns=list("abcd")
    )
    fit = latent.cfa("f =~ a + b + c + d", data)
    rows = [[draws.integers(0, 120, 120)] for _ in range(5)]

    found = refit_rows(fit, rows)

    for row, theta in zip(rows, found.estimates, strict=True):
        single = latent.cfa("f =~ a + b + c + d", data.iloc[row[0]])
        np.testing.assert_allclose(theta, single.theta, atol=1e-7)
