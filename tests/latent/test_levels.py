"""Two-level models: the likelihood against the plain density, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from footbridge import latent
from footbridge.latent.errors import LatentError
from tests.latent.slopes import slope

MODEL = """
level: 1
f =~ a + b + c
f ~ x
level: 2
g =~ a + b + c
g ~ z
"""


def clustered(sizes, seed=4):
    """Return cases of clusters of given sizes, with a part of the clusters in every item."""
    school = np.repeat(np.arange(len(sizes)), sizes)
    inner = latent.simulate("f =~ 1*a + 0.8*b + 0.9*c\nf ~ 0.5*x", school.size, seed=seed)
    outer = latent.simulate("g =~ 0.8*a + 0.6*b + 0.7*c\ng ~ 0.5*z", len(sizes), seed=seed + 1)
    items = inner[list("abc")] + outer[list("abc")].to_numpy()[school]
    return items.assign(x=inner["x"], z=outer["z"].to_numpy()[school], school=school)


@pytest.fixture(scope="module")
def uneven():
    return clustered([1, 2, 3, 5, 8, 2, 3, 5, 4, 4, 1, 6, 7, 3, 5] * 2)


@pytest.fixture(scope="module")
def fit(uneven):
    return latent.sem(MODEL, uneven, cluster="school")


def _density(fit, data, theta):
    """Return the log density of each cluster, its cases written out in one long vector."""
    one, two = (ram.state(theta) for ram in fit.sample.rams(fit.table))
    names = list(fit.problem.roles.ov)
    inner = [names.index(n) for n in ("a", "b", "c", "x")]
    z = [names.index("z")]
    found = []
    for _, cases in data.groupby("school"):
        n = len(cases)
        W, B = one.C[: len(names), : len(names)], two.C[: len(names), : len(names)]
        mean = (one.mean + two.mean)[: len(names)]
        block = np.ix_(inner, inner)
        S = np.kron(np.ones((n, n)), B[block]) + np.kron(np.eye(n), W[block])
        side = np.tile(B[np.ix_(inner, z)], (n, 1))
        whole = np.block([[S, side], [side.T, B[np.ix_(z, z)]]])
        values = [*cases[["a", "b", "c", "x"]].to_numpy().ravel(), cases["z"].iloc[0]]
        centre = [*np.tile(mean[inner], n), *mean[z]]
        found.append(stats.multivariate_normal(centre, whole).logpdf(values))
    return np.array(found)


def test_the_likelihood_is_the_density_of_all_cases(fit, uneven):
    target = fit.solution.engine.target
    theta = fit.theta + 0.03

    plain = _density(fit, uneven, theta)

    assert target.log_likelihood(theta) == pytest.approx(plain.sum(), rel=1e-12)


def test_scores_are_the_slopes_of_the_density_of_each_cluster(fit, uneven):
    theta = fit.theta + 0.03

    scores = fit.solution.engine.scores(theta)

    np.testing.assert_allclose(
        scores, slope(lambda t: _density(fit, uneven, t), theta, 1e-5), atol=1e-7
    )


def test_gradient_and_hessian_are_those_of_the_value(fit):
    target, theta = fit.solution.engine.target, fit.theta + 0.03

    gradient, hessian = target.derivatives(theta, exact=True)

    np.testing.assert_allclose(gradient, slope(target.value, theta, 1e-5), atol=1e-9)
    slopes = slope(lambda t: target.derivatives(t, exact=False)[0], theta, 1e-5)
    np.testing.assert_allclose(hessian, slopes, atol=1e-8)


def test_expected_information_is_the_mean_of_the_observed_one_over_samples():
    sizes = [2, 3, 4, 5] * 40
    fit = latent.sem(MODEL, clustered(sizes), cluster="school")
    target = fit.solution.engine.target
    expected = target.derivatives(fit.theta, exact=False)[1]

    observed = target.derivatives(fit.theta, exact=True)[1]

    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert np.abs((observed - expected) / scale).max() < 0.2


def test_the_order_of_cases_and_the_scale_of_an_item_do_not_matter(fit, uneven):
    mixed = uneven.sample(frac=1, random_state=1).assign(b=lambda d: d["b"] * 100)

    other = latent.sem(MODEL, mixed, cluster="school")

    assert other.test.statistic == pytest.approx(fit.test.statistic, abs=1e-7)
    pick = "lhs == 'f' and rhs == 'b'"
    loadings = [f.estimates.query(pick)["est"].item() for f in (other, fit)]
    assert loadings[0] == pytest.approx(100 * loadings[1], rel=1e-7)


def test_intraclass_correlations_of_equal_clusters_are_those_of_analysis_of_variance():
    data = clustered([6] * 30, seed=9)
    model = "level: 1\na ~~ a\nb ~~ b\na ~~ b\nlevel: 2\na ~~ a\nb ~~ b\na ~~ b"

    icc = latent.fit(model, data, cluster="school").icc()

    # With equal clusters maximum likelihood has a closed form: n = 6 cases, 30 clusters.
    for name, found in icc.items():
        means = data.groupby("school")[name].transform("mean")
        within = ((data[name] - means) ** 2).sum() / (180 - 30)
        between = ((means - data[name].mean()) ** 2).sum() / 180 - within / 6
        assert found == pytest.approx(between / (between + within), rel=1e-8)


def test_labels_hold_across_levels_and_effects_are_defined(uneven):
    model = MODEL.replace("b + c", "p*b + c").replace("f ~ x", "f ~ q*x") + "pq := p*q\n"

    fit = latent.sem(model, uneven, cluster="school")

    rows = fit.estimates.set_index(["lhs", "rhs", "level"])["est"]
    assert rows["f", "b", 1] == pytest.approx(rows["g", "b", 2], abs=1e-9)
    assert rows["pq", "p*q", 0] == pytest.approx(rows["f", "b", 1] * rows["f", "x", 1])
    assert fit.test.df == 4 + 1


def test_a_covariate_of_both_levels_is_split_into_its_parts():
    data = clustered([4] * 300, seed=12)
    shift = np.random.default_rng(3).normal(size=300)[data["school"]]
    data["x"] = data["x"] + shift
    data["a"] = data["a"] + 0.9 * shift
    model = "level: 1\na ~ inside*x\nlevel: 2\na ~ outside*x"

    fit = latent.sem(model, data, cluster="school")

    slopes = fit.estimates.set_index("label")["est"]
    assert fit.test.df == 0
    assert slopes["inside"] == pytest.approx(0.5, abs=0.12)
    assert slopes["outside"] == pytest.approx(0.9, abs=0.2)


def test_covariates_that_are_estimated_change_neither_test_nor_slopes(uneven, fit):
    free = latent.sem(MODEL, uneven, cluster="school", fixed_x=False)

    assert free.test.df == fit.test.df
    assert free.test.statistic == pytest.approx(fit.test.statistic, abs=1e-6)
    assert free.solution.npar == fit.solution.npar + 4
    slopes = [f.estimates.query("op == '~'")["est"].to_numpy() for f in (free, fit)]
    np.testing.assert_allclose(*slopes, atol=1e-6)


def test_robust_errors_come_from_the_scores_of_clusters(uneven, fit):
    robust = latent.sem(MODEL, uneven, cluster="school", estimator="MLR")

    S = fit.solution.engine.scores(fit.theta)
    by_hand = fit.vcov @ (S.T @ S) @ fit.vcov
    np.testing.assert_allclose(robust.vcov, by_hand, rtol=1e-6, atol=1e-12)
    assert robust.test.name == "yuan.bentler.mplus"
    assert robust.fit_measures["chisq.scaled"] == robust.test.statistic


def half(n):
    """Return two groups that lie across clusters."""
    return np.arange(n) % 2


@pytest.mark.parametrize(
    ("change", "options", "told"),
    [
        ({}, {}, "cluster="),
        ({"z": np.arange}, {"cluster": "school"}, "'z' differs within"),
        ({"x": np.zeros}, {"cluster": "school"}, "does not vary"),
        ({"school": np.arange}, {"cluster": "school"}, "one case"),
        ({}, {"cluster": "school", "missing": "two.stage"}, "missing="),
        ({}, {"cluster": "school", "estimator": "WLS"}, "WLS"),
        ({}, {"cluster": "school", "sampling_weights": "x"}, "sampling_weights="),
        ({"half": half}, {"cluster": "school", "group": "half"}, "more than one group"),
    ],
)
def test_what_two_levels_cannot_do_is_refused(uneven, change, options, told):
    data = uneven.assign(**{k: make(len(uneven)) for k, make in change.items()})

    with pytest.raises(LatentError, match=told):
        latent.sem(MODEL, data, **options)


def test_a_case_without_a_cluster_is_refused(uneven):
    data = uneven.assign(school=uneven["school"].astype(float).mask(uneven.index == 3))

    with pytest.raises(LatentError, match="no value in 'school'"):
        latent.sem(MODEL, data, cluster="school")


def test_a_level_without_variables_is_refused(uneven):
    with pytest.raises(LatentError, match="levels"):
        latent.sem("level: 2\na ~ z", uneven, cluster="school")


def test_the_summary_tells_the_levels_apart(fit):
    text = fit.summary()

    assert "Number of clusters [school]" in text
    assert "Level 1" in text
    assert "Level 2" in text
    assert isinstance(fit.estimates, pd.DataFrame)
