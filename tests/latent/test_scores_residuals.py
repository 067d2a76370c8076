"""Factor scores and residuals, against lavaan and against their definitions."""

import lavaan_oracles as oracles
import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from footbridge import latent

CASES = sorted(
    {
        (case, what.split(".", 1)[1])
        for case, what in zip(oracles.table()["case"], oracles.table()["what"], strict=True)
        if what.startswith("scores.") and what != "scores.ML"
    }
)
RESIDUALS = sorted(
    {
        (case, what.split(".", 1)[1])
        for case, what in zip(oracles.table()["case"], oracles.table()["what"], strict=True)
        if what.startswith("residuals.")
    }
)


@pytest.mark.parametrize(("case", "method"), CASES)
def test_factor_scores_are_lavaans(case, method):
    wanted = oracles.wanted(case, f"scores.{method}")["score"]
    fit = oracles.fit(case)
    found = fit.factor_scores(method).loc[fit.problem.cases.groups[0].rows]

    # lavaan searches each mode with a relative tolerance of 1e-8 in the function.
    tolerance = 1e-3 if method == "EBM" else 1e-5
    for key, value in wanted.items():
        row, factor = key.split(" ")
        assert found.iloc[int(row) - 1][factor] == pytest.approx(value, abs=tolerance)


@pytest.mark.parametrize(("case", "kind"), RESIDUALS)
def test_residuals_with_errors_and_z_values_are_lavaans(case, kind):
    wanted = oracles.wanted(case, f"residuals.{kind}")
    frame = oracles.fit(case).residuals(kind)
    found = {}
    for row in frame.to_dict("records"):
        found[f"{row['lhs']} {row['op']} {row['rhs']}".strip()] = row
        found[f"{row['rhs']} {row['op']} {row['lhs']}".strip()] = row
    compared = 0

    for key, row in wanted.iterrows():
        if key not in found:  # an ordinal variable's variance is no moment
            assert abs(row["residual"]) < 1e-6
            continue
        for column in wanted.columns:
            if np.isfinite(row[column]):
                assert found[key][column] == pytest.approx(row[column], abs=1e-4)
                compared += 1

    assert compared >= 15


def test_the_scores_of_ordinal_items_are_the_mode_of_the_posterior():
    fit = oracles.fit("arm")
    scores = fit.factor_scores("EBM")
    est = {(r.lhs, r.op, r.rhs): r.est for r in fit.estimates.itertuples()}
    items, factors = fit.problem.roles.ordered, fit.problem.roles.lv
    case = 5
    answers = oracles.data().iloc[case]
    a1, a2, b = est["f1", "~", "arm"], est["f2", "~", "arm"], est["f2", "~", "f1"]
    centre = np.array([a1, a2 + b * a1]) * answers["arm"]
    p1, p2 = est["f1", "~~", "f1"], est["f2", "~~", "f2"]
    prior = np.array([[p1, b * p1], [b * p1, b * b * p1 + p2]])

    def lack(eta):
        total = -stats.multivariate_normal(centre, prior).logpdf(eta)
        for item in items:
            mu = sum(est.get((f, "=~", item), 0.0) * e for f, e in zip(factors, eta, strict=True))
            ends = [est[k] for k in est if k[:2] == (item, "|")]
            ends = np.array([-np.inf, *ends, np.inf])
            sd = np.sqrt(est[item, "~~", item])
            k = int(answers[item]) - 1
            total -= np.log(np.diff(stats.norm.cdf((ends[k : k + 2] - mu) / sd)).item())
        return total

    best = optimize.minimize(lack, np.zeros(2), tol=1e-12).x

    np.testing.assert_allclose(scores.iloc[case], best, atol=1e-5)


def test_a_direct_effect_of_a_covariate_counts_in_the_score():
    model = "f =~ o1 + o2 + o3 + o4\nf ~ arm\no2 ~ arm"
    fit = latent.sem(model, oracles.data(), ordered=["o1", "o2", "o3", "o4"])
    scores = fit.factor_scores()["f"]
    errors = fit.factor_scores(se=True)["f.se"]
    est = {(r.lhs, r.op, r.rhs): r.est for r in fit.estimates.itertuples()}
    row = oracles.data().iloc[0]
    grid = np.linspace(-4, 4, 80_001)
    log = stats.norm.logpdf(grid, est["f", "~", "arm"] * row["arm"], np.sqrt(est["f", "~~", "f"]))
    for item in ("o1", "o2", "o3", "o4"):
        mu = est["f", "=~", item] * grid + est.get((item, "~", "arm"), 0.0) * row["arm"]
        ends = np.array([-np.inf, *[est[k] for k in est if k[:2] == (item, "|")], np.inf])
        k, sd = int(row[item]) - 1, np.sqrt(est[item, "~~", item])
        log += np.log(stats.norm.cdf((ends[k + 1] - mu) / sd) - stats.norm.cdf((ends[k] - mu) / sd))

    assert scores.iloc[0] == pytest.approx(grid[np.argmax(log)], abs=2e-4)
    top = np.argmax(log)
    bend = (log[top + 500] - 2 * log[top] + log[top - 500]) / (500 * (grid[1] - grid[0])) ** 2
    assert errors.iloc[0] == pytest.approx(1 / np.sqrt(-bend), rel=1e-3)


def test_maximum_likelihood_scores_without_prior_agree_where_answers_are_not_extreme():
    fit = oracles.fit("ordinal")
    wanted = oracles.wanted("ordinal", "scores.ML")["score"].dropna()
    answers = oracles.data()[oracles.ITEMS]
    middle = ~((answers == answers.min()).all(axis=1) | (answers == answers.max()).all(axis=1))
    found = fit.factor_scores("ML")
    compared = 0

    for key, value in wanted.items():
        row, factor = key.split(" ")
        if middle.iloc[int(row) - 1] and abs(value) < 3:
            assert found.iloc[int(row) - 1][factor] == pytest.approx(value, abs=1e-3)
            compared += 1

    assert compared >= 10


def test_bartlett_scores_are_unbiased_and_regression_scores_shrink():
    population = "f =~ 0.8*a + 0.7*b + 0.6*c\nf ~~ 1*f\na ~~ .36*a\nb ~~ .51*b\nc ~~ .64*c"
    fit = latent.cfa("f =~ a + b + c", latent.simulate(population, 4000, seed=3), std_lv=True)

    shrunk, unbiased = (fit.factor_scores(m, se=True) for m in ("regression", "Bartlett"))

    reliability = 1 - shrunk["f.se"].iloc[0] ** 2
    assert shrunk["f"].var() == pytest.approx(reliability, abs=0.01)
    np.testing.assert_allclose(shrunk["f"], reliability * unbiased["f"], atol=0.02)


def test_a_case_that_misses_everything_about_a_factor_is_not_given_a_bartlett_score():
    data = oracles.data().copy()
    data.loc[3, ["m4", "m5", "m6"]] = np.nan
    data.loc[3, "m1"] = 0.5
    fit = latent.cfa(oracles.INCOMPLETE, data, missing="fiml")

    bartlett, regression = fit.factor_scores("Bartlett"), fit.factor_scores()

    assert np.isnan(bartlett.loc[3, "f2"])
    assert np.isfinite(bartlett.loc[3, "f1"])
    assert np.isfinite(regression.loc[3, "f2"])


def test_standardised_residuals_are_standard_normal_under_the_model():
    population = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d + 0.6*e\nf ~~ 1*f\n" + "\n".join(
        f"{x} ~~ {1 - w * w}*{x}" for x, w in zip("abcde", (0.8, 0.7, 0.6, 0.7, 0.6), strict=True)
    )
    model = "f =~ a + b + c + d + e"
    found = [
        latent.cfa(model, latent.simulate(population, 300, seed=s)).residuals() for s in range(60)
    ]
    z = pd.concat(found).query("lhs != rhs")["z"]

    assert z.std() == pytest.approx(1.0, abs=0.1)


def test_what_is_not_offered_is_said():
    fit = oracles.fit("cfa")

    for ask, words in (
        (lambda: fit.factor_scores("EAP"), "Choose regression or Bartlett"),
        (lambda: oracles.fit("ordinal").factor_scores("regression"), "Choose EBM or ML"),
        (lambda: fit.residuals("studentized"), "Choose one of raw"),
        (lambda: latent.sem("y1 ~ arm", oracles.data()).factor_scores(), "no latent variable"),
    ):
        with pytest.raises(latent.LatentError, match=words):
            ask()
