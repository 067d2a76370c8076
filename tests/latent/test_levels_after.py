"""What is asked of a fitted two-level model: scores, residuals, indices, resamples, pictures."""

import re

import numpy as np
import pandas as pd
import pytest

from footbridge import latent
from footbridge.latent.errors import LatentError
from footbridge.latent.levelresiduals import moments_at
from footbridge.latent.resampling import draw_rows
from tests.latent.levels_twin import long_clusters
from tests.latent.slopes import slope
from tests.latent.test_levels import MODEL, clustered
from tests.latent.test_levels_lavaan import HERE
from tests.latent.test_levels_lavaan import MODEL as FOUR
from tests.latent.test_levels_missing import SIZES, gappy


@pytest.fixture(scope="module")
def gaps():
    data = gappy(clustered(SIZES * 2))
    return data.assign(arm=np.where(data["school"] % 2, "a", "b"))


@pytest.fixture(scope="module")
def fit(gaps):
    return latent.sem(MODEL, gaps, cluster="school", missing="fiml")


@pytest.fixture(scope="module")
def used(gaps):
    return gaps[gaps[list("abc")].notna().any(axis=1)]


def _posterior(fit, used, level):
    """Return means and variances of the factor given each cluster's values in one vector."""
    one, two = (ram.state(fit.theta) for ram in fit.sample.rams(fit.table))
    names = fit.sample.rams(fit.table)[0].names
    state, k = (one, names.index("f")) if level == 1 else (two, names.index("g"))
    means, variances = [], []
    for cluster in long_clusters(fit, used, fit.theta):
        P = np.linalg.inv(cluster.cov)
        cases = range(len(cluster.rows)) if level == 1 else [None]
        for case in cases:
            own = cluster.case == case if level == 1 else np.ones(cluster.case.size)
            C = state.C[k, cluster.place] * own
            means.append(state.mean[k] + C @ P @ (cluster.values - cluster.mean))
            variances.append(state.C[k, k] - C @ P @ C)
    return np.array(means), np.array(variances)


@pytest.mark.parametrize("level", [1, 2])
def test_factor_scores_are_means_of_the_posterior_of_the_whole_cluster(fit, used, level):
    scores = fit.factor_scores(se=True, level=level)

    means, variances = _posterior(fit, used, level)
    name = "f" if level == 1 else "g"
    np.testing.assert_allclose(scores[name], means, atol=1e-10)
    np.testing.assert_allclose(scores[f"{name}.se"] ** 2, variances, atol=1e-10)
    index = used.index if level == 1 else used["school"].unique()
    assert list(scores.index) == list(index)


def test_scores_of_a_group_are_those_of_a_model_of_its_own():
    data = pd.read_csv(HERE / "complete.csv")
    fit = latent.sem(FOUR, data, cluster="school", group="site")
    alone = latent.sem(FOUR, data[data["site"] == "n"], cluster="school")

    scores, other = (f.factor_scores(level=2)["u"] for f in (fit, alone))

    np.testing.assert_allclose(scores[other.index], other, atol=1e-6)


def test_the_jacobian_of_the_residuals_is_that_of_the_implied_moments(fit):
    theta = fit.theta + 0.02

    _, _, D = moments_at(fit, theta)

    np.testing.assert_allclose(D, slope(lambda t: moments_at(fit, t)[1], theta), atol=1e-8)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_the_residual_of_one_restriction_is_its_wald_test(estimator):
    data = clustered([5] * 200, seed=21)
    text = "level: 1\na ~~ b + c\nb ~~ c\nlevel: 2\na ~~ b + c\nb ~~ 0.5*c"
    asked = {"cluster": "school", "estimator": estimator}

    frame = latent.fit(text, data, **asked).residuals()

    free = latent.fit(text.replace("0.5*", ""), data, **asked).estimates
    row, own = (f.query("lhs == 'b' and rhs == 'c' and level == 2").iloc[0] for f in (frame, free))
    assert row["residual"] == pytest.approx(own["est"] - 0.5, abs=1e-7)
    assert row["se"] == pytest.approx(own["se"], rel=1e-6)


@pytest.fixture(scope="module")
def grouped():
    data = pd.read_csv(HERE / "gaps.csv")
    data["site"] = np.where(data["school"] % 2, "n", "s")
    options = {"missing": "fiml", "group": "site", "estimator": "MLR"}
    return latent.sem(FOUR, data, cluster="school", **options)


def test_residuals_tell_levels_and_groups_apart(grouped):
    frame = grouped.residuals("cor")

    assert frame.groupby(["group", "level"]).ngroups == 4
    assert frame.columns[:5].tolist() == ["lhs", "op", "rhs", "level", "group"]
    assert (frame.query("lhs == 'x' and rhs == 'x'")["residual"] == 0).all()
    assert np.isfinite(frame["se"]).all()


def test_a_modification_index_is_near_the_gain_of_the_freed_model():
    data = pd.read_csv(HERE / "complete.csv")
    fit = latent.sem(FOUR, data, cluster="school")

    found = fit.modification_indices(sort=True).query("level == 2").iloc[0]

    pair = f"{found['lhs']} {found['op']} {found['rhs']}"
    freed = latent.sem(f"{FOUR}\n{pair}", data, cluster="school")
    gain = fit.test.statistic - freed.test.statistic
    assert found["mi"] == pytest.approx(gain, rel=0.2)
    asked = fit.score_test(f"level: 2\n{pair}")
    assert asked.statistic == pytest.approx(found["mi"], rel=1e-8)
    assert len(asked.univariate) == 1


def test_a_score_test_asks_for_variables_of_its_level(fit):
    with pytest.raises(LatentError, match="no 'z' at level 1"):
        fit.score_test("f ~ z")


def test_reliability_is_that_of_each_level():
    data = pd.read_csv(HERE / "complete.csv")
    fit = latent.sem(FOUR, data, cluster="school")

    found = latent.reliability(fit).set_index("level")

    # Alpha of the second level by its definition, from the saturated covariances.
    S = fit.sample.h1.moments()[1].cov[:4, :4]
    assert found.loc[2, "alpha"] == pytest.approx(4 / 3 * (1 - np.trace(S) / S.sum()))
    assert found["factor"].tolist() == ["f", "u"]
    assert (found["omega"] > found["ave"]).all()


def test_a_draw_is_the_fit_of_a_frame_of_the_drawn_clusters(fit, used):
    draws = latent.bootstrap(fit, 2, seed=5)

    [[chosen]] = draw_rows(fit, [1], seed=5, strata=None, data=None)
    parts = [
        used[used["school"] == used["school"].unique()[k]].assign(school=at)
        for at, k in enumerate(chosen)
    ]
    other = latent.sem(MODEL, pd.concat(parts), cluster="school", missing="fiml")
    np.testing.assert_allclose(draws.estimates[1], other.theta, atol=1e-5)


def test_draws_by_clusters_are_as_wide_as_their_errors():
    data = clustered([4] * 150, seed=8)
    text = "level: 1\na ~ p*x\nlevel: 2\na ~ q*z\npq := p*q"
    fit = latent.sem(text, data, cluster="school")

    draws = latent.bootstrap(fit, 200, seed=3)

    assert draws.usable.all()
    found = draws.intervals("bca").set_index("name")
    se = fit.estimates.set_index("label")["se"]
    assert found.loc["pq", "se"] == pytest.approx(se["pq"], rel=0.25)
    assert "a~z.l2" in found.index


def test_processes_change_no_draw(fit):
    alone, shared = (latent.bootstrap(fit, 4, seed=2, workers=n) for n in (1, 2))

    np.testing.assert_array_equal(alone.estimates, shared.estimates)


def test_strata_are_made_of_clusters(fit, gaps):
    drawn = draw_rows(fit, [0], seed=1, strata="arm", data=gaps)[0][0]

    assert (drawn % 2 == 1).sum() == 30
    with pytest.raises(LatentError, match="more than one stratum"):
        latent.bootstrap(fit, 2, strata="half", data=gaps.assign(half=np.arange(len(gaps)) % 2))


def test_a_panel_is_drawn_for_each_level(fit, grouped):
    svg = fit.diagram().svg

    titles = re.findall(r'font-weight="600">(Level[^<]*)<', svg)
    assert titles == ["Level 1: cases", "Level 2: clusters (school)"]
    assert "f measured by b" in svg
    assert "z to g" in svg
    alone = grouped.diagram(group=2).svg
    assert "Group n, level 2: clusters (school)" in alone
    assert "Group s" not in alone


def test_the_exported_model_is_the_same_model(fit, gaps):
    text = fit.to_lavaan()

    again = latent.lavaan(text.model, gaps, cluster="school", missing="fiml", meanstructure=True)
    assert again.test.statistic == pytest.approx(fit.test.statistic, abs=1e-6)
    assert again.solution.npar == fit.solution.npar
    assert 'cluster = "school"' in text.call
    assert 'missing = "fiml"' in text.call


def test_bartlett_scores_and_empty_levels_are_refused(fit, gaps):
    with pytest.raises(LatentError, match="Bartlett"):
        fit.factor_scores("Bartlett")
    with pytest.raises(LatentError, match="Level 3"):
        fit.factor_scores(level=3)
    with pytest.raises(LatentError, match="type"):
        fit.residuals("odd")


def test_groups_and_levels_are_exported_as_blocks_and_read_back(grouped):
    data = pd.read_csv(HERE / "gaps.csv")
    data["site"] = np.where(data["school"] % 2, "n", "s")

    text = grouped.to_lavaan().model

    assert [line for line in text.splitlines() if ":" in line] == [
        "group: s", "level: 1", "level: 2", "group: n", "level: 1", "level: 2",
    ]  # fmt: skip
    again = latent.lavaan(
        text, data, cluster="school", group="site", missing="fiml", estimator="MLR"
    )
    assert again.test.statistic == pytest.approx(grouped.test.statistic, abs=1e-6)
    assert again.solution.npar == grouped.solution.npar
