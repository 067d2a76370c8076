"""Multiple imputation: proper draws, Rubin's rules, and the same numbers wherever it runs."""

import signal

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from footbridge import latent
from footbridge.latent import imputed, rubin
from footbridge.latent.augmentation import draw_moments
from footbridge.latent.errors import ConvergenceError, DataError, OptionError
from footbridge.latent.responses import ordered_probit

TRUTH = "f =~ 1*a + 0.8*b + 0.9*c\ny ~ 0.4*f + 0.2*x\nz ~ 0.8*y"
MODEL = "f =~ a + b + c\ny ~ p*f + q*x"
LINE = "y ~ b*x"
GAPS = latent.Skips(["a", "b", "y"], 0.25, {"z": 0.8})


@pytest.fixture(scope="module")
def data():
    return latent.simulate(TRUTH, 300, seed=12, plans=[GAPS])


@pytest.fixture(scope="module")
def line():
    gaps = latent.Skips(["y"], 0.4, {"z": 1.0})
    return latent.simulate("y ~ 0.5*x\nz ~ 0.7*y", 120, seed=5, plans=[gaps])


@pytest.fixture(scope="module")
def pooled(line):
    return latent.fit_imputed(LINE, line, m=6, auxiliary="z")


def test_rubins_rules_by_hand():
    found = rubin.pool(np.array([[1.0], [2.0], [3.0]]), np.ones((3, 1)), df_complete=10)

    assert found.est[0] == 2
    assert found.se[0] ** 2 == pytest.approx(7 / 3)  # 1 + (4/3) 1
    assert found.riv[0] == pytest.approx(4 / 3)
    old, seen = 2 * (7 / 4) ** 2, 11 / 13 * 10 * 3 / 7
    assert found.df[0] == pytest.approx(old * seen / (old + seen))
    assert found.fmi[0] == pytest.approx((4 / 3 + 2 / (found.df[0] + 3)) / (7 / 3))
    low, high = found.limits()
    assert high[0] - low[0] == pytest.approx(2 * stats.t.ppf(0.975, found.df[0]) * found.se[0])
    assert found.pvalues()[0] == pytest.approx(2 * stats.t.sf(2 / found.se[0], found.df[0]))
    assert rubin.pool(np.array([[1.0], [3.0]]), np.ones((2, 1))).df[0] == pytest.approx(16 / 9)


def test_what_never_differs_has_no_missing_information():
    found = rubin.pool(np.full((4, 2), 3.0), np.array([[0.0, 2.0]] * 4), df_complete=50)

    assert found.se.tolist() == [0.0, np.sqrt(2.0)]
    assert found.riv[1] == 0
    assert np.isnan(found.riv[0])
    assert found.df[1] == pytest.approx(51 / 53 * 50)


def test_one_restriction_makes_d1_the_square_of_t():
    Q, U = np.array([1.0, 1.4, 2.1, 0.9]), np.array([0.5, 0.6, 0.4, 0.5])
    t = rubin.pool(Q[:, None], U[:, None])
    U, B = U.mean().reshape(1, 1), Q.var(ddof=1).reshape(1, 1)
    found = rubin.d1(Q[:, None].mean(axis=0), U, B, m=4)

    assert found.chisq == pytest.approx(float((t.est / t.se)[0]) ** 2)
    assert found.riv == pytest.approx(t.riv[0])
    assert found.df2 == pytest.approx(3 * (1 + 1 / found.riv) ** 2)  # k(m-1) = 3: the second form


def test_statistics_that_agree_pool_to_themselves():
    same = np.full(5, 12.0)

    for found in (rubin.d2(same, 4.0), rubin.d4(same, 12.0, 4.0)):
        assert found.chisq == pytest.approx(12.0)
        assert found.pvalue == pytest.approx(stats.chi2.sf(12.0, 4))


def test_moments_are_drawn_from_their_distribution():
    X = np.random.default_rng(3).normal(size=(30, 3)) @ np.array(
        [[1, 0.5, 0], [0, 1, 0.3], [0, 0, 1]]
    )
    S = (X - X.mean(axis=0)).T @ (X - X.mean(axis=0))
    stream = np.random.Generator(np.random.Philox(key=7))

    drawn = [draw_moments(X, stream) for _ in range(6000)]

    sigma, mu = np.array([d[0] for d in drawn]), np.array([d[1] for d in drawn])
    # The mean of an inverse Wishart with 29 degrees of freedom is S / (29 - 3 - 1).
    error = sigma.std(axis=0) / np.sqrt(6000)
    assert np.all(np.abs(sigma.mean(axis=0) - S / 25) < 4.5 * error)
    assert np.all(np.abs(mu.mean(axis=0) - X.mean(axis=0)) < 4.5 * mu.std(axis=0) / np.sqrt(6000))
    # Its diagonal: S_jj / chi2 with 29 - 3 + 1 degrees of freedom.
    p = stats.kstest(S[1, 1] / sigma[:, 1, 1], stats.chi2(27).cdf).pvalue
    assert p > 1e-3
    # The means: a multivariate t, (mu - mean)' S^-1 (mu - mean) n (n - p) / p is F(p, n - p).
    gap = mu - X.mean(axis=0)
    F = 30 * np.einsum("di,ij,dj->d", gap, np.linalg.inv(S), gap) * 27 / 3
    assert stats.kstest(F, stats.f(3, 27).cdf).pvalue > 1e-3


def test_many_imputations_say_what_full_information_says(data):
    m = 80
    full = latent.sem(MODEL, data, missing="fiml", auxiliary=["z"]).estimates
    found = latent.fit_imputed(MODEL, data, m=m, auxiliary=["z"], meanstructure=True)
    both = found.estimates.merge(full, on=["lhs", "op", "rhs"], suffixes=("", ".full"))
    both = both[both["se"] > 0]

    between = both["se"] * np.sqrt(both["riv"] / (1 + both["riv"]))
    noise = 4 * between / np.sqrt(m)  # Monte Carlo error of a mean of m
    # The prior weighs like a few of 300 cases.
    assert len(both) == 13
    assert np.all(np.abs(both["est"] - both["est.full"]) < noise + 0.12 * both["se"])
    assert np.all(np.abs(both["se"] / both["se.full"] - 1) < 0.2)
    assert abs(float(np.median(both["se"] / both["se.full"])) - 1) < 0.06


def test_intervals_cover_where_complete_cases_do_not():
    gaps = latent.Skips(["y"], 0.45, {"z": 2.0})
    covered = []
    for draw in range(60):
        frame = latent.simulate("y ~ 0.5*x\nz ~ 1*y", 80, seed=4, draw=draw, plans=[gaps])
        found = latent.fit_imputed(LINE + "\ny ~ 1", frame, m=5, auxiliary="z").estimates
        plain = latent.sem(LINE + "\ny ~ 1", frame).estimates
        covered.append(
            [*_holds(found, "~", 0.5), *_holds(found, "~1", 0.0), *_holds(plain, "~1", 0.0)]
        )
    slope, mean, listwise = np.mean(covered, axis=0)

    assert slope > 0.86  # 95 % less three standard errors of 60 samples
    assert mean > 0.86
    assert listwise < 0.5


def _holds(frame, op, truth):
    row = frame[(frame["op"] == op) & (frame["lhs"] == "y")].iloc[0]
    return [row["ci.lower"] <= truth <= row["ci.upper"]]


def test_the_ordered_probit_ends_where_an_independent_search_ends():
    stream = np.random.default_rng(5)
    X = stream.normal(size=(250, 2))
    y = np.digitize(X @ [0.8, -0.5] + stream.normal(size=250), [-1.0, 0.3, 1.1])

    def cost(theta):
        ends = np.array([-np.inf, theta[0], *theta[0] + np.cumsum(np.exp(theta[1:3])), np.inf])
        eta = X @ theta[3:]
        P = stats.norm.cdf(ends[y + 1] - eta) - stats.norm.cdf(ends[y] - eta)
        return -np.log(np.maximum(P, 1e-300)).sum() + 0.5 / 9 * theta[3:] @ theta[3:]

    theta, information = ordered_probit(y, X)
    judge = optimize.minimize(cost, np.array([-1.0, 0, 0, 0, 0]), method="BFGS", tol=1e-9).x

    np.testing.assert_allclose(theta[0], judge[0], atol=1e-4)
    np.testing.assert_allclose(np.log(np.diff(theta[:3])), judge[1:3], atol=1e-4)
    np.testing.assert_allclose(theta[3:], judge[3:], atol=1e-4)
    assert np.all(np.linalg.eigvalsh(information) > 0)


def test_separated_categories_have_finite_slopes():
    x = np.linspace(-2, 2, 60)[:, None]

    theta, _ = ordered_probit((x[:, 0] > 0).astype(np.int64), x)

    assert 1 < theta[1] < 20


def test_categories_that_are_missing_at_random_come_back():
    cuts = {"y": [-0.5, 0.6], "w": [0.0]}
    truth = "y ~ 0.8*x\nw ~ 0.5*y"
    gaps = [latent.Skips(["y"], 0.4, {"x": 1.5}), latent.Skips(["w"], 0.2)]
    whole = latent.simulate(truth, 900, seed=6, cuts=cuts)
    frame = latent.simulate(truth, 900, seed=6, cuts=cuts, plans=gaps)

    completed = latent.impute(frame, 8, ordered=["y", "w"], iterations=10)

    shares = np.mean([[(d["y"] == k).mean() for k in range(3)] for d in completed], axis=0)
    wanted = np.array([(whole["y"] == k).mean() for k in range(3)])
    seen = np.array([(frame["y"] == k).mean() for k in range(3)]) / frame["y"].notna().mean()
    error = np.sqrt(wanted * (1 - wanted) / 900)
    assert np.all(np.abs(shares - wanted) < 3 * error)
    assert np.abs((seen - wanted) / error).max() > 5
    first = completed.dataset(1)
    assert set(first["y"]) == {0, 1, 2}
    kept = frame["y"].notna()
    pd.testing.assert_series_equal(first.loc[kept, "y"], frame.loc[kept, "y"])
    slopes = [latent.sem("y ~ x", d, ordered=["y"]).estimates["est"].iloc[0] for d in completed]
    fit = latent.sem("y ~ x", whole, ordered=["y"]).estimates.iloc[0]
    assert abs(np.mean(slopes) - fit["est"]) < 3 * fit["se"]


def test_a_data_set_depends_on_its_number_alone(line):
    few, many = latent.impute(line, 3, seed=4), latent.impute(line, 30, seed=4)

    pd.testing.assert_frame_equal(few.dataset(3), many.dataset(3))
    assert not many.dataset(4).equals(many.dataset(3))
    assert not latent.impute(line, 3, seed=5).dataset(3).equals(few.dataset(3))
    kept = line["y"].notna()
    pd.testing.assert_series_equal(few.dataset(1).loc[kept, "y"], line.loc[kept, "y"])


def test_processes_and_a_cluster_change_no_bit(line, pooled):
    forked = latent.fit_imputed(LINE, line, m=6, auxiliary="z", workers=2)
    pd.testing.assert_frame_equal(forked.estimates, pooled.estimates, check_exact=True)
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    machines = latent.fit_imputed(LINE, line, m=6, auxiliary="z", workers="local")

    pd.testing.assert_frame_equal(machines.estimates, pooled.estimates, check_exact=True)
    assert machines.status == pooled.status


def test_data_sets_made_elsewhere_are_pooled_alike(line, pooled):
    completed = latent.impute(line[["y", "x", "z"]], 6)
    long = pd.concat([line.assign(**{".imp": 0}), completed.to_frame()])

    for given in (completed, list(completed)):
        found = latent.fit_imputed(LINE, given)
        pd.testing.assert_frame_equal(found.estimates, pooled.estimates)
    found = latent.fit_imputed(LINE, long, imputation=".imp")
    pd.testing.assert_frame_equal(found.estimates, pooled.estimates)
    with pytest.raises(DataError, match="still has"):
        latent.fit_imputed(LINE, [line, line])
    with pytest.raises(DataError, match="1 completed data sets"):
        latent.fit_imputed(LINE, [line])
    with pytest.raises(OptionError, match=r"no column '\.set'"):
        latent.fit_imputed(LINE, long, imputation=".set")


def test_every_fit_keeps_its_status_and_the_others_are_pooled(line):
    frames = list(latent.impute(line, 5))
    frames[2] = frames[2].assign(x=1.0)

    found = latent.fit_imputed(LINE, frames)

    assert found.status[2].startswith("refused: ")
    assert (found.m, len(found.fits)) == (4, 5)
    others = latent.fit_imputed(LINE, frames[:2] + frames[3:])
    pd.testing.assert_frame_equal(found.estimates, others.estimates)
    assert "imputations-lost" in [a.code for a in found.advice]
    assert "1 of 5 imputations are not pooled" in found.summary()
    assert "not pooled" in found._repr_html_()
    with pytest.raises(ConvergenceError, match="1 of 2"):
        latent.fit_imputed(LINE, frames[1:3])


def test_a_lost_category_is_not_pooled_with_others():
    frame = latent.simulate("y ~ 0.5*x", 200, seed=3, cuts={"y": [-0.5, 0.5]})
    frames = [frame, frame, frame.assign(y=frame["y"].clip(upper=1)), frame]

    found = latent.fit_imputed("y ~ x", frames, ordered=["y"])

    assert found.counts["ok"] == 3
    assert found.status[2].startswith("other parameters")
    assert found.test.method == "D2"
    assert np.all(found.estimates["riv"].dropna() < 1e-20)


def test_ctrl_c_pools_what_is_done(line, monkeypatch):
    original = imputed.fit_model
    calls = []

    def interrupted(*words, **more):
        calls.append(1)
        if len(calls) == 4:
            signal.raise_signal(signal.SIGINT)
        return original(*words, **more)

    monkeypatch.setattr(imputed, "fit_model", interrupted)
    with pytest.raises(latent.Interrupted, match="stopped after 3 of 9 imputations") as caught:
        latent.fit_imputed(LINE, line, m=9, auxiliary="z")
    monkeypatch.undo()

    found = latent.fit_imputed(LINE, line, m=9, auxiliary="z", tick=lambda done: done < 3)
    pd.testing.assert_frame_equal(caught.value.kept.estimates, found.estimates)
    assert found.m == 3


def test_groups_are_imputed_apart():
    frame = pd.concat(
        [
            latent.simulate("y ~ 2*x", 150, seed=3).assign(site="n"),
            latent.simulate("y ~ -2*x", 150, seed=4).assign(site="s"),
        ],
        ignore_index=True,
    )
    frame.loc[::3, "y"] = np.nan

    found = latent.fit_imputed("y ~ x", frame, m=4, group="site").estimates
    slopes = found[found["op"] == "~"].sort_values("group")["est"].tolist()

    assert slopes[0] > 1.7
    assert slopes[1] < -1.7


def test_hypotheses_indices_and_the_text_come_from_the_pooled_fit(data):
    found = latent.fit_imputed(MODEL, data, m=5, auxiliary="z")

    both, one = found.wald_test("p == 0; q == 0"), found.wald_test("p == 0")
    assert (both.method, both.df1) == ("D1", 2)
    row = found.estimates.set_index(["lhs", "rhs"]).loc[("y", "f")]
    assert one.chisq == pytest.approx((row["est"] / row["se"]) ** 2)
    m = found.fit_measures
    assert m["rmsea"] == pytest.approx(np.sqrt(max(m["chisq"] / m["df"] - 1, 0) / 300))
    assert found.pooled_test("D2").df1 == found.test.df1 == 5
    assert "few-imputations" in [a.code for a in found.advice]
    text = found.summary()
    assert "D4" in text
    assert "data augmentation" in text
    assert f"{row['est']:.3f}" in text
    assert found.vcov.shape == (found.theta.size,) * 2
    robust = latent.fit_imputed(MODEL, data, m=5, auxiliary="z", estimator="MLR")
    assert robust.test.method == "D2"
    with pytest.raises(OptionError, match="D4"):
        robust.pooled_test("D4")
    with pytest.raises(OptionError, match="cannot be tested"):
        found.wald_test("p == 0; 2*p == 0")


def test_texts_categories_and_empty_cases_are_handled():
    frame = latent.simulate("y ~ 0.8*x", 120, seed=3, cuts={"y": [-0.5, 0.5]})
    words = pd.Categorical.from_codes(frame["y"], ["never", "some", "often"], ordered=True)
    frame = pd.DataFrame({"y": words, "x": frame["x"]})
    frame.loc[::4, "y"] = None
    frame.loc[3, ["y", "x"]] = None

    completed = latent.impute(frame, 2, ordered=["y"])

    assert len(completed.dataset(1)) == 119
    assert completed.dataset(2)["y"].cat.categories.tolist() == ["never", "some", "often"]
    assert completed.dataset(2).notna().all().all()
    assert "1 cases with no value at all" in completed.summary()


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({}, {"m": 1}, "1 imputations"),
        ({"t": "x"}, {}, "holds text"),
        ({"t": 1.0}, {}, "'t' has 1 of 2 values"),
        ({}, {"ordered": ["q"]}, "no column 'q'"),
        ({"t": [None] * 60 + [1.0] * 60}, {"by": "t"}, "no value of 't'"),
    ],
)
def test_what_cannot_be_imputed_is_refused(line, change, options, words):
    with pytest.raises(latent.LatentError, match=words):
        latent.impute(line.assign(**change), **options)


def test_sums_and_too_few_cases_are_refused(line):
    with pytest.raises(DataError, match="cannot be imputed together"):
        latent.impute(line.assign(s=line["x"] + line["z"]))
    with pytest.raises(DataError, match="too few"):
        latent.impute(line.iloc[:4])
    for option in (
        {"cluster": "z"},
        {"missing": "fiml"},
        {"sampling_weights": "z"},
        {"prior": "weak"},
    ):
        with pytest.raises(OptionError, match="does not go with imputation"):
            latent.fit_imputed(LINE, line, **option)
    with pytest.raises(DataError, match="no column 'q'"):
        latent.fit_imputed(LINE, line, auxiliary="q")
    with pytest.raises(DataError, match="The data are a int"):
        latent.fit_imputed(LINE, 3)


def test_a_model_without_degrees_of_freedom_says_so(pooled):
    assert np.isnan(pooled.test.pvalue)
    assert "no degrees of freedom" in pooled.summary()
    assert pooled.fit_measures["rmsea"] == 0
