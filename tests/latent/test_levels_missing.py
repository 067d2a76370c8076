"""Two-level models with missing values: the likelihood against the plain density."""

import numpy as np
import pytest

from footbridge import latent
from footbridge.latent.levelmissing import PatternLikelihood
from footbridge.latent.levelpatterns import cluster_patterns
from tests.latent.levels_twin import cluster_densities
from tests.latent.slopes import slope
from tests.latent.test_levels import MODEL, clustered

SIZES = [1, 2, 3, 5, 8, 2, 3, 5, 4, 4, 1, 6, 7, 3, 5] * 2


def gappy(data, share=0.2, seed=6, names=("a", "b", "c")):
    """Return the data with values missing at random; some cases lose all their items."""
    gone = np.random.default_rng(seed).random((len(data), len(names))) < share
    return data.assign(**{n: data[n].mask(gone[:, k]) for k, n in enumerate(names)})


@pytest.fixture(scope="module")
def gaps():
    data = gappy(clustered(SIZES))
    # A site whose own value is not known, and cases of another of which one case knows it.
    lost = data["school"] == 7
    one = (data["school"] == 4) & (data["school"].duplicated())
    return data.assign(z=data["z"].mask(lost | one))


@pytest.fixture(scope="module")
def fit(gaps):
    return latent.sem(MODEL.replace("g ~ z", "g =~ z"), gaps, cluster="school", missing="fiml")


@pytest.fixture(scope="module")
def known(gaps):
    """The same data with the value of a cluster at each of its cases."""
    inner = gaps.assign(z=gaps.groupby("school")["z"].transform("max"))
    return inner[inner[list("abcz")].notna().any(axis=1)]


def test_the_likelihood_is_the_density_of_what_was_observed(fit, known):
    theta = fit.theta + 0.03

    found = fit.sample.likelihood(fit.table, 0.0).log_likelihood(theta)

    assert found == pytest.approx(cluster_densities(fit, known, theta).sum(), rel=1e-12)
    assert isinstance(fit.sample.likelihood(fit.table, 0.0).parts[0], PatternLikelihood)


def test_scores_are_the_slopes_of_the_density_of_each_cluster(fit, known):
    theta = fit.theta + 0.03

    scores = fit.solution.engine.scores(theta)

    plain = slope(lambda t: cluster_densities(fit, known, t), theta, 1e-5)
    np.testing.assert_allclose(scores, plain, atol=1e-7)


def test_gradient_and_hessian_are_those_of_the_value(fit):
    target, theta = fit.solution.engine.target, fit.theta + 0.03

    gradient, hessian = target.derivatives(theta, exact=True)

    np.testing.assert_allclose(gradient, slope(target.value, theta, 1e-5), atol=1e-9)
    slopes = slope(lambda t: target.derivatives(t, exact=False)[0], theta, 1e-5)
    np.testing.assert_allclose(hessian, slopes, atol=1e-8)


def test_the_saturated_model_is_at_its_maximum(fit):
    h1 = fit.sample.h1

    assert h1.minimum.converged
    assert np.abs(h1.likelihood.derivatives(h1.theta, exact=True)[0]).max() < 1e-9
    assert fit.test.statistic > 0


def test_without_missing_values_it_is_the_likelihood_of_cluster_means():
    data = clustered(SIZES)
    fit = latent.sem(MODEL, data, cluster="school")
    [part] = fit.sample.likelihood(fit.table, 0.0).parts
    X = data[list(fit.problem.roles.ov)].to_numpy()
    within = [i for i, n in enumerate(fit.problem.roles.ov) if n in "abcx"]
    patterns = cluster_patterns(X, data["school"].to_numpy(), within)

    other = PatternLikelihood(part.rams, patterns, n_free=part.n_free)

    theta = fit.theta + 0.03
    assert other.log_likelihood(theta) == pytest.approx(part.log_likelihood(theta), rel=1e-12)
    for exact in (True, False):
        pairs = zip(
            other.derivatives(theta, exact=exact), part.derivatives(theta, exact=exact), strict=True
        )
        for found, plain in pairs:
            np.testing.assert_allclose(found, plain, atol=1e-11)
    np.testing.assert_allclose(other.scores(theta), part.scores(theta), atol=1e-9)
