"""Properties that hold for any data: derivatives, invariances, one path against another."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge import latent
from footbridge.latent.resampling import refit_rows
from footbridge.latent.standardised import standardise
from footbridge.latent.wholes import wholes
from tests.latent.slopes import slope

MODEL = """
f =~ a + b + c
g =~ d + e + h
g ~ q*f + x
h ~ x
a ~~ e
twice := 2*q^2
"""
GROUPED = MODEL.replace("q*f", "f").replace("twice := 2*q^2", "")
NAMES = list("abcdehx")
seeds = st.integers(min_value=0, max_value=10_000)
few = settings(max_examples=8)


def simulated(seed, n=240):
    draws = np.random.default_rng(seed)
    f, x = draws.normal(size=(2, n, 1))
    g = 0.5 * f + 0.3 * x + draws.normal(size=(n, 1))
    columns = [f + draws.normal(size=(n, 3)), g + draws.normal(size=(n, 3)), x]
    return pd.DataFrame(np.hstack(columns), columns=NAMES)


def holed(data, seed):
    gone = np.random.default_rng(seed).random(data.shape) < 0.15
    gone[:, -1] = False  # the covariate is known
    return data.mask(gone)


CONTINUOUS = ("ML", "GLS", "ULS", "WLS", "DWLS")


@pytest.mark.parametrize("estimator", CONTINUOUS)
@pytest.mark.parametrize("means", [False, True])
def test_gradient_of_every_discrepancy(estimator, means):
    fit = latent.sem(MODEL, simulated(3, 600), estimator=estimator, meanstructure=means)
    target, theta = fit.solution.engine.target, fit.theta + 0.02

    gradient = target.derivatives(theta, exact=False)[0]

    np.testing.assert_allclose(gradient, slope(target.value, theta), atol=2e-8)


@pytest.mark.parametrize("estimator", ["WLSMV", "ULSMV", "WLS"])
def test_gradient_of_ordinal_discrepancies(estimator):
    data = simulated(3, 600)
    codes = data.assign(**{n: np.digitize(data[n], [-0.8, 0.7]) for n in "abcdeh"})
    fit = latent.sem(MODEL, codes, ordered=list("abcdeh"), estimator=estimator)
    target, theta = fit.solution.engine.target, fit.theta + 0.01

    gradient = target.derivatives(theta, exact=False)[0]

    np.testing.assert_allclose(gradient, slope(target.value, theta), atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("estimator", CONTINUOUS)
def test_jacobian_of_the_moments(estimator):
    fit = latent.sem(MODEL, simulated(4, 600), estimator=estimator, meanstructure=True)
    engine, theta = fit.solution.engine, fit.theta + 0.02
    (ram,) = fit.sample.rams(fit.table)
    rows, cols = np.triu_indices(ram.p)

    def moments(at):
        state = ram.state(at)
        return np.concatenate([ram.mu(state), ram.sigma(state)[rows, cols]])

    np.testing.assert_allclose(engine.deltas(theta)[0], slope(moments, theta), atol=1e-8)


def test_expected_information_is_the_weighted_crossproduct_of_the_jacobian():
    data = simulated(4, 600).assign(site=np.arange(600) % 2)
    fit = latent.sem(GROUPED, data, group="site")
    engine, theta = fit.solution.engine, fit.theta
    parts = zip(engine.shares, engine.deltas(theta), engine.weights(theta), strict=True)

    by_hand = sum(share * D.T @ V @ D for share, D, V in parts)

    np.testing.assert_allclose(engine.information(theta, "expected"), by_hand, atol=1e-10)


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
def test_scores_of_cases_sum_to_the_gradient_and_observed_information_is_its_slope(missing):
    data = simulated(5) if missing == "listwise" else holed(simulated(5), 1)
    fit = latent.sem(MODEL, data, missing=missing, meanstructure=True, estimator="MLR")
    engine, theta = fit.solution.engine, fit.theta + 0.02

    total = engine.scores(theta).sum(axis=0) / engine.divisor
    observed = engine.information(theta, "observed")

    np.testing.assert_allclose(total, -slope(engine.target.value, theta), atol=1e-8)
    numerical = slope(lambda at: engine.target.derivatives(at, exact=False)[0], theta)
    np.testing.assert_allclose(observed, numerical, atol=1e-7)


@pytest.mark.parametrize("kind", ["lv", "all", "nox"])
def test_errors_of_standardised_and_defined_values_follow_their_slopes(kind):
    fit = latent.sem(MODEL, simulated(6), meanstructure=True)

    def values(at):
        groups = wholes(fit.problem, fit.table, at)
        found = standardise(fit.problem, fit.table, at, groups, kind=kind)
        return np.array([found[i].value for i in sorted(found)])

    gradients = slope(values, fit.theta)
    by_hand = np.sqrt(np.einsum("ij,jk,ik->i", gradients, fit.vcov, gradients))

    np.testing.assert_allclose(fit.standardized(kind)["se"], by_hand, atol=1e-7)


@few
@given(seed=seeds, factor=st.floats(0.01, 100.0), shift=st.floats(-50.0, 50.0))
def test_units_of_an_item_change_its_own_numbers_only(seed, factor, shift):
    data = simulated(seed)
    plain = latent.sem(MODEL, data, meanstructure=True)

    other = latent.sem(MODEL, data.assign(e=factor * data["e"] + shift), meanstructure=True)

    assert other.test.statistic == pytest.approx(plain.test.statistic, abs=1e-6)
    np.testing.assert_allclose(
        other.standardized()["est.std"].drop(_intercept(other, "e")),
        plain.standardized()["est.std"].drop(_intercept(plain, "e")),
        atol=1e-6,
    )


def _intercept(fit, name):
    frame = fit.estimates
    return frame.index[(frame["op"] == "~1") & (frame["lhs"] == name)]


@few
@given(seed=seeds, order=st.permutations(NAMES), turn=st.randoms(use_true_random=False))
def test_order_of_cases_columns_and_lines_changes_nothing(seed, order, turn):
    data = holed(simulated(seed), seed)
    lines = MODEL.strip().split("\n")
    turn.shuffle(lines)
    plain = latent.sem(MODEL, data, missing="fiml")

    mixed = data[list(order)].sample(frac=1, random_state=seed)
    other = latent.sem("\n".join(lines), mixed, missing="fiml")

    assert other.test.statistic == pytest.approx(plain.test.statistic, abs=1e-6)
    ours, theirs = (f.estimates.set_index(["lhs", "op", "rhs"])["est"] for f in (plain, other))
    np.testing.assert_allclose(ours, theirs.reindex(ours.index), atol=1e-6)


@few
@given(seed=seeds)
def test_order_and_names_of_groups_change_nothing(seed):
    data = simulated(seed).assign(site=np.where(np.arange(240) < 100, "north", "south"))
    options = {"group": "site", "group_equal": ("loadings", "regressions")}
    plain = latent.sem(GROUPED, data, **options)

    turned = data.iloc[::-1].replace({"site": {"north": "B", "south": "A"}})
    other = latent.sem(GROUPED, turned, **options)

    assert other.test.statistic == pytest.approx(plain.test.statistic, abs=1e-6)
    swapped = other.estimates.assign(group=3 - other.estimates["group"])
    keys = ["lhs", "op", "rhs", "group"]
    ours, theirs = (f.set_index(keys)["est"] for f in (plain.estimates, swapped))
    np.testing.assert_allclose(ours, theirs.reindex(ours.index), atol=1e-6)


@pytest.mark.parametrize("seed", [1, 2])
def test_names_of_categories_change_nothing(seed):
    data = simulated(seed)
    codes = data.assign(**{n: np.digitize(data[n], [-0.8, 0.7]) for n in "abcdeh"})
    plain = latent.sem(MODEL, codes, ordered=list("abcdeh"))

    spread = codes.assign(b=codes["b"].map({0: -7, 1: 2.5, 2: 1000}))
    other = latent.sem(MODEL, spread, ordered=list("abcdeh"))

    np.testing.assert_array_equal(other.theta, plain.theta)
    assert other.test.statistic == plain.test.statistic


@few
@given(seed=seeds)
def test_full_information_without_missing_values_is_maximum_likelihood(seed):
    data = simulated(seed).assign(site=np.arange(240) % 2)
    options = {"group": "site", "estimator": "MLR", "group_equal": ("loadings",)}

    complete = latent.sem(GROUPED, data, **options)
    full = latent.sem(GROUPED, data, missing="fiml", **options)

    np.testing.assert_allclose(full.theta, complete.theta, atol=1e-8)
    np.testing.assert_allclose(full.vcov, complete.vcov, atol=1e-8)
    assert full.test.statistic == pytest.approx(complete.test.statistic, rel=1e-7)


@few
@given(seed=seeds)
def test_a_batch_of_draws_is_as_good_as_single_fits(seed):
    data = simulated(seed)
    fit = latent.sem(MODEL, data, meanstructure=True)
    rows = [[np.random.default_rng(seed + k).integers(0, 240, 240)] for k in range(4)]

    found = refit_rows(fit, rows)

    for row, draw in zip(rows, found.estimates, strict=True):
        single = latent.sem(MODEL, data.iloc[row[0]], meanstructure=True)
        np.testing.assert_allclose(draw[: single.theta.size], single.theta, atol=1e-10, rtol=1e-10)


@pytest.mark.parametrize("seed", [0, 1])
def test_an_ordinal_draw_is_as_good_as_a_single_fit(seed):
    data = simulated(seed, 400)
    names = list("abcde")
    codes = data[names].assign(**{n: np.digitize(data[n], [0.1]) for n in names}, x=data["x"] > 0)
    model, codes = "f =~ a + b + c\ng =~ d + e\ng ~ f + x", codes.assign(x=1.0 * codes["x"])
    fit = latent.sem(model, codes, ordered=names)
    rows = [[np.random.default_rng(seed + k).integers(0, 400, 400)] for k in range(3)]

    found = refit_rows(fit, rows)

    assert found.usable.all()
    for row, draw in zip(rows, found.estimates, strict=True):
        single = latent.sem(model, codes.iloc[row[0]], ordered=names)
        np.testing.assert_allclose(draw, single.theta, atol=1e-10, rtol=1e-10)
