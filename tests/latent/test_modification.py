"""Modification indices, score tests and Wald tests, against lavaan and against refits."""

import lavaan_oracles as oracles
import numpy as np
import pytest

from footbridge import latent

# lavaan stops where its gradient is about 1e-6, which moves a slope's square by as much.
TOLERANCE = 1e-4
WITH_INDICES = [
    "cfa", "mlr", "path", "groups", "released", "fiml", "gls",
    "ordinal", "theta", "arm", "ordinal_groups", "mixed",
]  # fmt: skip


def _keyed(frame):
    keys = [
        f"{a} {b} {c} {g}"
        for a, b, c, g in zip(frame["lhs"], frame["op"], frame["rhs"], frame["group"], strict=True)
    ]
    return frame.set_index(np.array(keys))


@pytest.mark.parametrize("case", WITH_INDICES)
def test_modification_indices_and_changes_are_lavaans(case):
    wanted = oracles.wanted(case, "mi")

    found = _keyed(oracles.fit(case).modification_indices())

    assert set(found.index) == set(wanted.index)
    for column in wanted.columns:
        np.testing.assert_allclose(
            found.loc[wanted.index, column], wanted[column], rtol=TOLERANCE, atol=TOLERANCE
        )


@pytest.mark.parametrize("case", ["cfa", "mlr", "fiml", "ordinal"])
def test_wald_tests_are_lavaans(case):
    for text, row in oracles.wanted(case, "wald").iterrows():
        found = oracles.fit(case).wald_test(text)

        assert found.statistic == pytest.approx(row["stat"], rel=TOLERANCE)
        assert found.df == row["df"]
        assert found.pvalue == pytest.approx(row["p.value"], rel=TOLERANCE)


@pytest.mark.parametrize(
    ("case", "asked"),
    [
        ("cfa", {"add": "f1 =~ y5\ny2 ~~ y5"}),
        ("groups", {}),
        ("released", {"release": [1]}),
        ("ordinal_groups", {}),
    ],
)
def test_score_tests_are_lavaans(case, asked):
    total = oracles.wanted(case, "score.total").loc["all"]
    each = oracles.wanted(case, "score.uni")["X2"]

    found = oracles.fit(case).score_test(**asked)

    assert (found.statistic, found.df) == (pytest.approx(total["X2"], rel=TOLERANCE), total["df"])
    assert found.pvalue == pytest.approx(total["p.value"], rel=TOLERANCE)
    for i, value in enumerate(found.univariate["X2"], start=1):
        assert value == pytest.approx(each[str(i)], rel=TOLERANCE)


@pytest.mark.parametrize(
    ("case", "asked"),
    [("cfa", {"add": "f1 =~ y5\ny2 ~~ y5"}), ("groups", {}), ("ordinal_groups", {})],
)
def test_constraints_freed_one_after_another_are_lavaans(case, asked):
    wanted = oracles.wanted(case, "score.cumulative")
    wanted = wanted.loc[[str(k) for k in range(1, len(wanted) + 1)]]

    found = oracles.fit(case).score_test(**asked, cumulative=True)
    table = found.cumulative

    assert table["df"].tolist() == wanted["df"].tolist()
    for column in ("X2", "p.value"):
        np.testing.assert_allclose(table[column], wanted[column], rtol=TOLERANCE)
    assert table["X2"].iloc[0] == found.univariate["X2"].max()
    assert table["X2"].iloc[-1] == pytest.approx(found.statistic)
    # The last constraints freed may add nothing, which rounding gives either sign.
    assert table["X2"].diff().iloc[1:].min() > -1e-9


def test_an_index_foretells_what_a_refit_gains():
    # In large samples near the null the score and the likelihood ratio test are the same.
    population = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d + 0.6*e\nf ~~ 1*f\n" + "\n".join(
        f"{x} ~~ {1 - w * w}*{x}" for x, w in zip("abcde", (0.8, 0.7, 0.6, 0.7, 0.6), strict=True)
    )
    data = latent.simulate(population + "\nd ~~ 0.05*e", 5000, seed=2)
    model = "f =~ a + b + c + d + e"
    held, free = latent.cfa(model, data), latent.cfa(model + "\nd ~~ e", data)

    best = held.modification_indices(sort=True).iloc[0]

    assert (best["lhs"], best["op"], best["rhs"]) == ("d", "~~", "e")
    assert best["mi"] == pytest.approx(held.test.statistic - free.test.statistic, rel=0.05)
    change = free.estimates.query("lhs == 'd' and rhs == 'e'")["est"].item()
    assert best["epc"] == pytest.approx(change, rel=0.05)


def test_the_robust_index_is_the_plain_one_where_the_weights_are_right():
    # WLS weighs by the inverse of Gamma itself: the generalised statistic must reduce.
    fit = latent.cfa(oracles.TWO, oracles.data(), estimator="WLS")

    found = fit.modification_indices(robust=True)

    np.testing.assert_allclose(found["mi.robust"], found["mi"], rtol=1e-8)


def test_the_robust_score_test_of_one_parameter_is_its_robust_index():
    fit = oracles.fit("ordinal")
    found = fit.modification_indices(robust=True).query("lhs == 'o2' and rhs == 'o5'")

    test = fit.score_test("o2 ~~ o5", robust=True)

    assert test.statistic == pytest.approx(found["mi.robust"].item(), rel=1e-9)
    assert test.univariate["epc"].item() == pytest.approx(found["epc"].item(), rel=1e-9)


def test_questions_that_make_no_sense_are_refused_in_three_parts():
    fit = oracles.fit("cfa")

    for ask, words in (
        (lambda: fit.score_test(), "no equality constraints"),
        (lambda: fit.score_test("f1 =~ y2"), "is in the model"),
        (lambda: oracles.fit("groups").score_test(release=[99]), "There is no constraint 99"),
        (lambda: fit.wald_test("a = b"), "not a list of equations"),
        (lambda: fit.wald_test("a == q"), "The label 'q'"),
        (lambda: fit.wald_test("a == b; b == a"), "cannot be tested"),
    ):
        with pytest.raises(latent.LatentError, match=words):
            ask()


def test_a_model_that_did_not_converge_has_no_indices():
    fit = latent.cfa(oracles.TWO, oracles.data(), max_iterations=1)

    with pytest.raises(latent.LatentError, match="did not converge"):
        fit.modification_indices()
