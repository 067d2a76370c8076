"""Ladders: what is planted is found at its step, what is released, and what is refused."""

import xml.etree.ElementTree as ET

import pytest
from over_time_data import ITEMS, MODEL, TWICE, cuts, samples, truth

from footbridge import latent
from footbridge.latent.errors import DataError, LatentError, ModelError, OptionError

FOUR = cuts(-0.9, 0.1, 1.1)
MEASURED = "f1 =~ a1 + b1 + c1 + d1\nf2 =~ a2 + b2 + c2 + d2"
PLANTED = {
    "loading": ({"loads": {"c2": 0.2}}, "c2"),
    "intercept": ({"planted": "c2 ~ 0.6*1"}, "c2 ~ 1"),
    "residual": ({"planted": "c2 ~~ 1.6*c2"}, "c2 ~~ c2"),
}
AT = {"loading": ("metric", "loadings"), "intercept": ("scalar",) * 2, "residual": ("strict",) * 2}


def over_time(data, **options):
    return latent.invariance(MODEL, data, occasions=TWICE, **options)


def rejected(steps):
    frame = steps.to_frame()
    return frame.loc[frame["Pr(>Chisq)"] < 0.001, "step"].tolist()


def released(what):
    """Return the text that frees what was planted."""
    text = PLANTED[what][1]
    return f"f_after =~ {text}" if what == "loading" else text


@pytest.mark.parametrize("ordinal", [False, True])
@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found_at_its_step_and_only_there(what, ordinal):
    options, _ = PLANTED[what]
    given = FOUR if ordinal else None
    data = latent.simulate(truth(**options), 1000, seed=31, cuts=given)
    steps = over_time(data, ordered=ordinal or None)

    assert rejected(steps) == [AT[what][ordinal]]
    assert steps.hints(AT[what][ordinal])["partial"].iloc[0] == released(what)
    assert released(what) in steps.advice()[0]


@pytest.mark.parametrize("ordinal", [False, True])
@pytest.mark.parametrize("what", PLANTED)
def test_a_ladder_with_the_planted_one_released_holds(what, ordinal):
    data = latent.simulate(truth(**PLANTED[what][0]), 1000, seed=31, cuts=FOUR if ordinal else None)
    steps = over_time(data, ordered=ordinal or None, partial=[released(what)])

    assert rejected(steps) == []
    assert steps.advice() == ()


def test_growth_of_the_factor_is_recovered_once_intercepts_are_equal():
    data = latent.simulate(truth(), 2000, seed=32, cuts=FOUR)
    for name in ("scalar", "strict"):
        rows = over_time(data, ordered=True)[name].estimates
        mean = rows.query("lhs == 'f_after' and op == '~1'").iloc[0]
        spread = rows.query("lhs == 'f_after' and op == '~~' and rhs == 'f_after'").iloc[0]

        assert abs(mean["est"] - 0.3) < 3 * mean["se"]
        assert abs(spread["est"] - 1.2) < 3 * spread["se"]


def test_a_threshold_that_moved_is_found_at_thresholds():
    moved = {**FOUR, "b2": [-0.9, 0.1, 2.0]}
    data = latent.simulate(truth(), 1500, seed=33, cuts=moved)
    steps = over_time(data, ordered=True)

    assert rejected(steps)[0] == "thresholds"
    assert steps.hints("thresholds")["partial"].iloc[0].startswith("b2 | ")
    assert rejected(over_time(data, ordered=True, partial=["b | t3"])) == []


def test_delta_and_theta_are_the_same_models():
    data = samples()["ordinal"]
    delta = over_time(data, ordered=True, parameterization="delta")
    theta = over_time(data, ordered=True)

    assert list(theta) == [*delta, "strict"]
    for step, fit in delta.items():
        assert fit.test.statistic == pytest.approx(theta[step].test.statistic, rel=1e-5)
    assert 'parameterization="theta" has it' in delta.notes[-1]


def test_both_ways_to_name_the_occasions_are_one():
    data = samples()["continuous"]
    once = over_time(data)
    written = latent.invariance(MEASURED, data, occasions={"f": ["f1", "f2"]})

    assert written.to_frame().equals(once.to_frame())


def test_a_marker_gives_the_same_fit_as_a_standardised_factor():
    data = samples()["continuous"]
    marker = over_time(data, std_lv=False)

    assert marker.to_frame()["Chisq"].tolist() == pytest.approx(
        over_time(data).to_frame()["Chisq"].tolist(), abs=1e-6
    )
    with pytest.raises(OptionError, match="std_lv=False holds one at 1"):
        over_time(data, std_lv=False, partial=["f =~ a"])


@pytest.mark.parametrize(("auto", "df"), [("all", 15), (1, 15), (0, 19), (True, 15)])
def test_residuals_of_an_item_covary_as_far_as_was_asked(auto, df):
    assert over_time(samples()["continuous"], auto=auto)["configural"].solution.df == df


def test_binary_items_join_at_scalar_and_three_categories_skip_thresholds():
    binary = over_time(samples()["binary"], ordered=True)
    three = latent.simulate(truth(), 800, seed=34, cuts=cuts(-0.5, 0.7))

    assert list(binary) == ["configural", "scalar", "strict"]
    assert binary.notes[0].startswith("a1, b1, c1, d1: one equal threshold")
    assert list(over_time(three, ordered=True)) == ["configural", "loadings", "scalar", "strict"]


def test_a_binary_item_that_is_released_is_free_altogether():
    data = samples()["binary"]
    whole, part = over_time(data, ordered=True), over_time(data, ordered=True, partial=["b ~ 1"])

    assert [a - b for a, b in zip(
        whole.to_frame()["Df"], part.to_frame()["Df"], strict=True
    )] == [0, 1, 2]  # fmt: skip


def test_gaps_are_filled_by_full_information():
    data = samples()["continuous"].copy()
    data.loc[::5, "b2"] = float("nan")
    steps = over_time(data, missing="fiml")

    assert steps["strict"].problem.n == 300
    assert all(steps.to_frame()["converged"])


def test_groups_have_partial_ladders_too():
    data = samples()["groups"].astype(dict.fromkeys(ITEMS, float))
    ordinal = latent.invariance(MODEL, data, group="site", ordered=True)
    hint = ordinal.hints("scalar").iloc[0]
    freed = latent.invariance(MODEL, data, group="site", ordered=True, partial=[hint["partial"]])
    plain = latent.invariance(MODEL, data, group="site")
    loose = latent.invariance(MODEL, data, group="site", partial="f =~ a")

    assert (hint["what"], hint["partial"]) == ("the intercept of c in group south", "c ~ 1")
    assert rejected(freed) == []
    assert plain.hints("scalar")["partial"].iloc[0] == "c ~ 1"
    gap = plain.to_frame()["Df"] - loose.to_frame()["Df"]
    assert gap.tolist() == [0, 1, 1, 1]


def test_a_ladder_over_time_is_shown_with_its_advice_and_notes():
    steps = over_time(samples()["ordinal"], ordered=True, parameterization="delta")
    html = steps._repr_html_()

    ET.fromstring(html)
    assert "leave it free: partial=[&quot;c2 ~ 1&quot;]" in html
    assert "No strict step" in html
    with pytest.raises(OptionError, match="Choose thresholds or loadings or scalar"):
        steps.hints("strict")


SHORT = {**TWICE, "after": ["a2", "b2", "c2"]}
DOUBLE = {**TWICE, "after": ["a1", "b2", "c2", "d2"]}
REFUSED = {
    "nothing": ({}, "needs group= or occasions="),
    "both": ({"group": "g", "occasions": TWICE}, "and one of them"),
    "missing item": ({"occasions": SHORT}, r"Occasion 'after' has 3 items \(a2, b2, c2\)"),
    "one occasion": ({"occasions": {"t": TWICE["before"]}}, "There is one occasion"),
    "same column": ({"occasions": DOUBLE}, "'a1' stands for two occasions"),
    "one text": ({"occasions": {"f": "f1, f2"}}, "is one text"),
    "no column": ({"occasions": {**TWICE, "after": ["a2", "b2", "c2", "z"]}, "ordered": True},
                  "no column 'z'"),
    "unknown release": ({"occasions": TWICE, "partial": ["zz ~ 1"]}, "partial= names 'zz ~ 1'"),
    "no threshold": ({"occasions": TWICE, "partial": ["a | t1"]}, "No step of the ladder holds"),
    "half ordered": ({"occasions": TWICE, "ordered": ["a1"]}, "names 'a1' and not 'a2'"),
    "lag": ({"occasions": TWICE, "auto": "some"}, "auto='some' is not known"),
}  # fmt: skip
MODELS = {
    "f1 =~ a1 + b1 + c1\nf2 =~ a2 + b2": "'f2' .occasion 2. has 2 items, 'f1' 3",
    "f1 =~ a1 + b1 + c1\nf2 =~ a2 + b2 + c1": "'c1' is matched with c1",
    MEASURED + "\nf2 ~ f1": "is a regression",
    MEASURED.replace("b2", "x*b2"): "has a value or a label",
    MEASURED + "\ng =~ f1 + f2": "is a factor measured by items",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_climbed_is_said(case):
    options, words = REFUSED[case]
    with pytest.raises(LatentError, match=words):
        latent.invariance(MODEL, samples()["continuous"], **options)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_that_does_not_repeat_itself_is_refused(model):
    with pytest.raises(ModelError, match=MODELS[model]):
        latent.invariance(model, samples()["continuous"], occasions={"f": ["f1", "f2"]})


def test_a_model_for_one_occasion_has_no_labels():
    with pytest.raises(ModelError, match="has a value or a label"):
        latent.invariance("f =~ a + x*b + c + d", samples()["continuous"], occasions=TWICE)


def test_different_categories_are_named():
    data = samples()["ordinal"].copy()
    data["b2"] = data["b2"].clip(upper=2)
    words = r"'b1' has categories 0, 1, 2, 3 \(before\) and 'b2' 0, 1, 2 \(after\)"

    with pytest.raises(DataError, match=words):
        over_time(data, ordered=True)


def test_a_number_that_is_called_ordered_is_refused_without_its_values():
    with pytest.raises(DataError, match="'a1' has 300 different values"):
        over_time(samples()["continuous"], ordered=True)


def test_factors_of_unequal_length_are_refused():
    with pytest.raises(OptionError, match="Every factor needs one name for every occasion"):
        latent.invariance(MEASURED, samples()["continuous"], occasions={"f": ["f1"]})


def test_a_prior_is_refused_before_anything_is_fitted():
    data = latent.simulate("f =~ 0.8*a + 0.7*b + 0.6*c", 60, seed=1).assign(site=[1, 2] * 30)
    with pytest.raises(latent.LatentError, match=r"prior=.*difference tests"):
        latent.invariance("f =~ a + b + c", data, group="site", prior="weak")
