"""Draws of ordinal models agree with single fits as they come, without a tighter search."""

import numpy as np
import pytest

from footbridge import latent
from footbridge.latent.data import GroupData
from footbridge.latent.errors import LatentError
from footbridge.latent.margins import Design
from footbridge.latent.ordinal import _margin_of, _patterns, layout_of, ordinal_moments
from footbridge.latent.pairs import solve_rho
from footbridge.latent.resampling import bootstrap, draw_rows, refit_rows
from tests.latent.test_properties import simulated

FACTORS = "f =~ a + b + c\ng =~ d + e\ng ~ f + x"
#: model, options, which variables have how many categories
CASES = {
    "delta": (FACTORS, {}, 2),
    "three categories": (FACTORS, {}, 3),
    "theta": (FACTORS, {"parameterization": "theta"}, 2),
    "equal loadings": (FACTORS.replace("b + c", "k*b + k*c"), {}, 3),
    "one response causes another": ("f =~ a + b + c\nd ~ f + x\ne ~ d + x", {}, 2),
    "no weights": (FACTORS, {"estimator": "ULSMV"}, 3),
    "a continuous response": (FACTORS, {"ordered": list("abcd")}, 3),
    "groups": (FACTORS, {"group": "half"}, 2),
}


def cut(seed, categories, n=500):
    data = simulated(seed, n)
    ends = [0.1] if categories == 2 else [-0.6, 0.7]
    codes = data[list("abcde")].apply(lambda c: np.digitize(c, ends))
    half = np.array(["one", "two"])[np.arange(n) % 2]
    return codes.assign(x=1.0 * (data["x"] > 0), half=half)


@pytest.mark.parametrize("name", CASES)
def test_a_draw_is_the_single_fit_by_default(name):
    model, options, categories = CASES[name]
    data = cut(1, categories)
    if "ordered" in options:
        data["e"] = simulated(1, 500)["e"]
    options = {"ordered": list("abcde")} | options
    fit = latent.sem(model, data, **options)
    rows = draw_rows(fit, range(3), seed=2, strata=None, data=None)

    found = refit_rows(fit, rows)

    assert found.usable.all()
    for draw, estimates in zip(rows, found.estimates, strict=True):
        where = [g.rows[r] for g, r in zip(fit.problem.cases.groups, draw, strict=True)]
        single = latent.sem(model, data.iloc[np.concatenate(where)], **options)
        np.testing.assert_allclose(
            estimates[: single.theta.size], single.theta, atol=1e-10, rtol=1e-10
        )


@pytest.mark.parametrize("covariates", [0, 1])
def test_compiled_margins_are_the_plain_ones(covariates):
    draws = np.random.default_rng(8)
    codes = np.digitize(draws.normal(size=(200, 3)), [-0.8, 0.1, 1.2]).astype(float)
    codes[draws.random(codes.shape) < 0.1] = np.nan
    arm = 5.0 + draws.integers(0, 3, size=(200, covariates))
    weights = draws.integers(1, 4, 200).astype(float)
    group = GroupData("", np.hstack([codes, arm]), np.arange(200), weights=weights)
    layout = layout_of(tuple("abc"), (4, 4, 4), covariates)

    found = ordinal_moments(group, layout)

    design = Design(arm, *_patterns(arm))
    for v in range(3):
        y = np.where(np.isnan(codes[:, v]), -1, codes[:, v]).astype(np.int64)
        plain = _margin_of(y, (design, weights), "abc"[v], full=True, lenient=False)
        rows = list(range(layout.first[v], layout.first[v] + 3))
        slopes = [layout.slope_row(v, x) for x in range(covariates)]
        np.testing.assert_allclose(found.observed[rows], plain.thresholds, atol=1e-12)
        np.testing.assert_allclose(found.observed[slopes], plain.slopes, atol=1e-12)
        np.testing.assert_allclose(found.influence[rows + slopes], plain.influence, atol=1e-12)


@pytest.mark.parametrize("table", [[[30, 4], [5, 9]], [[12, 30], [33, 2]], [[40, 1], [1, 40]]])
def test_a_long_last_step_costs_no_digits(table):
    counts = np.array([table], dtype=float)
    t = np.array([0.1])
    none, found = np.zeros(1), []
    for tolerance in (1e-4, 1e-9):
        cells = np.zeros((4, 1, 2, 2))
        rho = solve_rho(counts, t, t, none, none, 0.0, cells, tolerance)
        found.append((rho, cells[:2].copy()))

    assert found[0][0] == pytest.approx(found[1][0], abs=1e-11)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-9)


@pytest.mark.parametrize("ordered", [False, True])
def test_a_draw_keeps_the_weights_of_its_cases(ordered):
    data = cut(4, 3) if ordered else simulated(4, 500)
    data["w"] = np.random.default_rng(4).integers(1, 5, 500).astype(float)
    options = {"sampling_weights": "w", "ordered": list("abcde") if ordered else None}
    fit = latent.sem(FACTORS, data, **options)
    rows = [[np.arange(500)], *draw_rows(fit, range(2), seed=2, strata=None, data=None)]

    found = refit_rows(fit, rows)

    for draw, estimates in zip(rows, found.estimates, strict=True):
        single = latent.sem(FACTORS, data.iloc[draw[0]], **options)
        np.testing.assert_allclose(estimates, single.theta, atol=1e-10, rtol=1e-10)


@pytest.mark.parametrize(
    ("options", "why"),
    [({"cluster": "x"}, "Whole clusters"), ({"sampling_weights": "w", "group": "half"}, "share")],
)
def test_cases_that_cannot_be_drawn_one_by_one_are_refused(options, why):
    data = cut(4, 3).assign(half=np.repeat(["one", "two"], 250), w=1.0)
    data[list("abcde")] = simulated(4, 500)[list("abcde")]
    fit = latent.sem("f =~ a + b + c + d", data, estimator="MLR", **options)

    with pytest.raises(LatentError, match=why):
        bootstrap(fit, 10)
