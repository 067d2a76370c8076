"""Summary, command line, effects, reliability, simulation, warnings."""

import numpy as np
import pandas as pd
import pytest

from footbridge import latent

POPULATION = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d\nf ~~ 1*f\n" + "\n".join(
    f"{x} ~~ {1 - w * w}*{x}" for x, w in zip("abcd", (0.8, 0.7, 0.6, 0.7), strict=True)
)


@pytest.fixture(scope="module")
def data():
    return latent.simulate(POPULATION, 2000, seed=4)


def test_simulated_data_give_back_their_parameters(data):
    fit = latent.cfa("f =~ a + b + c + d", data, std_lv=True)

    np.testing.assert_allclose(fit.theta[:4], [0.8, 0.7, 0.6, 0.7], atol=0.07)
    assert fit.fit_measures["cfi"] > 0.99


def test_reliability_is_that_of_the_population(data):
    found = latent.reliability(latent.cfa("f =~ a + b + c + d", data)).iloc[0]

    loadings = np.array([0.8, 0.7, 0.6, 0.7])
    omega = loadings.sum() ** 2 / (loadings.sum() ** 2 + (1 - loadings**2).sum())
    assert found["omega"] == pytest.approx(omega, abs=0.02)
    assert found["alpha"] < found["omega"]


def test_the_variance_extracted_is_the_mean_square_of_standardised_loadings(data):
    # With items of variance one, sum(l^2) / (sum(l^2) + sum(1 - l^2)) is the mean of l^2.
    fit = latent.cfa("f =~ a + b + c + d", (data - data.mean()) / data.std(ddof=0))

    loadings = fit.standardized().query("op == '=~'")["est.std"]
    assert latent.reliability(fit)["ave"].item() == pytest.approx((loadings**2).mean(), abs=1e-9)


def test_ordinal_alpha_is_alpha_of_the_polychoric_correlations(data):
    cut = (data > [-0.5, 0.0, 0.3, 0.8]).astype(int) + (data > 1.0).astype(int)
    cut = cut.assign(arm=np.arange(len(cut)) % 2)
    names = list("abcd")
    found = latent.reliability(latent.cfa("f =~ a + b + c + d", cut, ordered=names)).iloc[0]
    pairs = [
        latent.sem(f"{x} ~~ {y}", cut, ordered=[x, y]).estimates.query("lhs != rhs and op == '~~'")
        for i, x in enumerate(names)
        for y in names[i + 1 :]
    ]
    total = 4 + 2 * sum(frame["est"].item() for frame in pairs)

    assert found["alpha"] == pytest.approx(4 / 3 * (1 - 4 / total), abs=1e-7)
    raw = cut[names].cov().to_numpy()
    assert found["alpha"] > 4 / 3 * (1 - np.trace(raw) / raw.sum())


def test_every_group_has_its_own_reliability(data):
    halves = data.assign(half=np.where(np.arange(len(data)) < 900, "one", "two"))
    found = latent.reliability(latent.cfa("f =~ a + b + c + d", halves, group="half"))

    for label, part in halves.groupby("half"):
        alone = latent.reliability(latent.cfa("f =~ a + b + c + d", part)).iloc[0]
        mine = found[found["group"] == label].iloc[0]
        assert mine["omega"] == pytest.approx(alone["omega"], abs=1e-7)
        assert mine["alpha"] == pytest.approx(alone["alpha"], abs=1e-12)


def test_power_counts_the_draws_it_used():
    found = latent.power("f =~ a + b + c + d", POPULATION, 100, draws=10, preset="cfa")

    assert found["used"].iloc[0] == 10
    assert found.query("op == '=~' and rhs == 'b'")["power"].item() == 1.0


def test_a_negative_variance_is_said_with_its_name():
    S = np.array([[1.0, 0.85, 0.85], [0.85, 1.0, 0.6], [0.85, 0.6, 1.0]])
    cov = pd.DataFrame(S, index=list("abc"), columns=list("abc"))

    fit = latent.cfa("f =~ a + b + c", sample_cov=cov, sample_nobs=200)

    assert [a.code for a in fit.advice] == ["negative-variance"]
    assert "'a'" in fit.advice[0].what


def test_an_unidentified_model_names_its_parameters(data):
    fit = latent.cfa("f =~ a + b", data)

    (advice,) = fit.advice
    assert advice.code == "not-identified"
    assert "f =~ b" in advice.what


def test_natural_effects_add_up_and_agree_with_simulation():
    draws = np.random.default_rng(8)
    n = 40_000
    x = draws.integers(0, 2, n)
    m = 0.7 * x + draws.normal(size=n)
    y = (0.5 * m + 0.4 * x + draws.normal(size=n) > 0.3).astype(int)
    frame = pd.DataFrame({"x": x, "m": m, "y": y})
    fit = latent.sem("m ~ a*x\ny ~ b*m + c*x\nind := a*b", frame, ordered=["y"])

    found = latent.natural_effects(fit, x="x", m="m", y="y")

    assert found.total == pytest.approx(found.direct + found.indirect)
    assert found.total == pytest.approx(y[x == 1].mean() - y[x == 0].mean(), abs=0.02)
    limits = latent.monte_carlo(fit).iloc[0]
    assert limits["ci.lower"] < limits["est"] < limits["ci.upper"]


def test_the_summary_reads_its_numbers_from_the_fit(data):
    fit = latent.cfa("f =~ a + b + c + d", data)

    text = fit.summary()

    assert f"{fit.test.statistic:.3f}" in text
    assert "Latent Variables:" in text


def test_power_leaves_out_samples_that_lack_a_category():
    rare = {"a": [2.2], "b": [0.0], "c": [0.0], "d": [0.0]}

    found = latent.power("f =~ a + b + c + d", POPULATION, 60, draws=12, cuts=rare)

    assert 0 < found["used"].iloc[0] < 12
    assert found.query("op == '=~' and rhs == 'a'")["power"].isna().all()


def test_power_says_why_nothing_could_be_fitted():
    with pytest.raises(latent.LatentError, match="category"):
        latent.power("f =~ a + b + c", POPULATION, 50, draws=3, cuts={"a": [9.0]})


def test_importing_the_package_loads_no_compiler():
    import subprocess
    import sys

    code = "import sys, footbridge.latent; print('numba' in sys.modules or 'scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_an_outcome_that_one_arm_never_has_is_warned_of():
    stream = np.random.default_rng(3)
    arm = np.repeat([0, 1], 60)
    y = ((stream.random(120) < 0.3) & (arm == 0)).astype(int)
    frame = pd.DataFrame({"arm": arm, "y": y, "z": stream.normal(size=120)})

    fit = latent.sem("y ~ arm + z", frame, ordered=["y"])

    assert "separated" in [a.code for a in fit.advice]
    with pytest.raises(latent.LatentError, match="0 of 5 draws are usable"):
        latent.bootstrap(fit, 5).intervals()
    assert "0 of 5 draws usable" in latent.bootstrap(fit, 5)._repr_html_()


def test_strata_that_cannot_be_read_are_refused(data):
    fit = latent.cfa("f =~ a + b + c + d", data.head(60))
    holed = data.head(60).assign(arm=[1.0, np.nan] * 30)

    with pytest.raises(latent.LatentError, match="Strata are read from data="):
        latent.bootstrap(fit, 5, strata="arm")
    with pytest.raises(latent.LatentError, match="30 cases have no value"):
        latent.bootstrap(fit, 5, strata="arm", data=holed)
