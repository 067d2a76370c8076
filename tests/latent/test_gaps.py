"""Auxiliary variables, and plans for what will be missing."""

import numpy as np
import pytest

from footbridge import latent
from footbridge.latent.errors import LatentError

POPULATION = """
f =~ 1*a + 0.8*b + 1.1*c + 0.9*e
f ~ 0.5*x
z ~ 0.6*f + 0.5*x
a ~~ 0.3*z
w ~ 0.5*z
"""
MODEL = "f =~ a + b + c + e\nf ~ x"


def _measures(fit):
    names = ("chisq", "df", "cfi", "rmsea", "srmr", "gfi", "baseline.chisq", "baseline.df")
    return {name: fit.fit_measures[name] for name in names}


@pytest.mark.parametrize("missing", ["fiml", "two.stage"])
def test_without_missing_values_auxiliary_variables_change_nothing(missing):
    data = latent.simulate(POPULATION, 300, seed=3)
    plain = latent.sem(MODEL, data, missing=missing)
    helped = latent.sem(MODEL, data, missing=missing, auxiliary=["z", "w"])

    theirs = helped.estimates.set_index(["lhs", "op", "rhs"])
    for row in plain.estimates.to_dict("records"):
        other = theirs.loc[(row["lhs"], row["op"], row["rhs"])]
        assert other["est"] == pytest.approx(row["est"], abs=1e-8)
        assert other["se"] == pytest.approx(row["se"], abs=1e-8)
    assert _measures(helped) == pytest.approx(_measures(plain), abs=1e-6)


def test_equal_groups_leave_auxiliary_variables_alone():
    data = latent.simulate(POPULATION, 300, seed=3)
    data["site"] = np.where(np.arange(300) < 140, "north", "south")
    options = {
        "group": "site",
        "group_equal": ("loadings", "intercepts", "residuals", "residual.covariances"),
        "missing": "fiml",
    }

    plain = latent.sem(MODEL, data, **options)
    helped = latent.sem(MODEL, data, **options, auxiliary=["z"])

    assert helped.test.df == plain.test.df
    assert helped.test.statistic == pytest.approx(plain.test.statistic, abs=1e-6)


def test_an_auxiliary_variable_takes_away_the_bias_of_drop_out_that_depends_on_it():
    leaving = latent.Attrition([["y"]], [0.5], on={"z": 2.0})
    data = latent.simulate("z ~ 0.9*y\nz ~~ 0.3*z", 4000, seed=5, plans=[leaving])

    alone = latent.sem("y ~ 1\ny ~~ y", data, missing="fiml")
    helped = latent.sem("y ~ 1\ny ~~ y", data, missing="fiml", auxiliary=["z"])

    means = [f.estimates.query("op == '~1' and lhs == 'y'")["est"].item() for f in (alone, helped)]
    assert means[0] < -0.3
    assert means[1] == pytest.approx(0.0, abs=0.06)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"auxiliary": ["z"]}, "missing='fiml'"),
        ({"auxiliary": ["a"], "missing": "fiml"}, "out of auxiliary"),
        ({"auxiliary": ["nobody"], "missing": "fiml"}, "nobody"),
    ],
)
def test_an_auxiliary_variable_that_cannot_be_meant_is_refused(options, told):
    data = latent.simulate(POPULATION, 100, seed=3)

    with pytest.raises(LatentError, match=told):
        latent.sem(MODEL, data, **options)


def test_people_who_left_do_not_come_back_and_the_rates_are_met():
    plan = latent.Attrition([["b", "w"], ["c"], ["e"]], [0.2, 0.1, 0.3], on={"x": 1.0})

    data = latent.simulate(POPULATION, 20_000, seed=2, plans=[plan])

    gone = data[["b", "c", "e"]].isna().to_numpy()
    assert (data["w"].isna() == data["b"].isna()).all()
    assert np.all(gone[:, 0] <= gone[:, 1])
    assert np.all(gone[:, 1] <= gone[:, 2])
    stayed = 1 - gone.mean(axis=0)
    np.testing.assert_allclose(stayed, [0.8, 0.8 * 0.9, 0.8 * 0.9 * 0.7], atol=0.012)
    assert data["x"][gone[:, 2]].mean() > data["x"][~gone[:, 2]].mean() + 0.3


def test_what_is_not_missing_is_what_was_drawn_without_a_plan():
    whole = latent.simulate(POPULATION, 200, seed=9)

    holed = latent.simulate(
        POPULATION, 200, seed=9, plans=[latent.Skips(["a", "b"], 0.25, on={"a": 1.5})]
    )

    seen = holed.notna()
    assert 0.1 < 1 - seen["a"].mean() < 0.4
    assert (holed[seen] == whole[seen]).to_numpy()[seen.to_numpy()].all()
    assert seen[["c", "e", "x"]].all().all()


@pytest.mark.parametrize(
    "plan",
    [
        latent.Skips(["a"], 1.5),
        latent.Skips(["nobody"], 0.5),
        latent.Attrition([["a"], ["b"]], [0.1]),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused(plan):
    with pytest.raises(LatentError):
        latent.simulate(POPULATION, 20, plans=[plan])


def test_power_under_drop_out_tells_bias_and_coverage():
    population = "m ~ a*x + 0.5*x\ny ~ b*m + 0.4*m\nind := a*b"
    leaving = latent.Attrition([["m"], ["y"]], [0.1, 0.2], on={"x": 0.5})

    found = latent.power(
        "m ~ a*x\ny ~ b*m\nind := a*b",
        population,
        150,
        draws=40,
        plans=[leaving],
        missing="fiml",
    ).set_index("lhs")

    assert found.loc["ind", "true"] == pytest.approx(0.2)
    assert abs(found.loc["ind", "bias"]) < 0.04
    assert found.loc["ind", "coverage"] > 0.8
