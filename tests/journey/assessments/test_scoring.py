"""Scores, judged by hand-made cases and by a plain twin written from the manual page."""

import copy
import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.assessments import change, definitions, instruments
from footbridge.journey.assessments import scoring as rules
from footbridge.journey.assessments.rules import AssessmentError
from footbridge.journey.assessments.scoring import Score
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import Decision

CHECK = instruments.instrument("recovery-capital-check", 1)
ALL_TWO = {
    f"{group}{n}": 2 for group, last in (("p", 4), ("s", 3), ("c", 3)) for n in range(1, last + 1)
}
sittings = st.fixed_dictionaries({id_: st.sampled_from([None, 0, 1, 2, 3, 4]) for id_ in ALL_TWO})


def on_file():
    folder = resources.files("footbridge.journey.assessments") / "data" / "instruments"
    return json.loads((folder / "recovery-capital-check-1.json").read_text(encoding="utf-8"))


def by_hand(answers, ids, most):
    """The manual page in five lines: turn p4 and s3 round, fill gaps with the mean, add up."""
    turned = [
        4 - answers[i] if i in ("p4", "s3") else answers[i] for i in ids if answers[i] is not None
    ]
    if len(turned) < max(1, len(ids) - most):
        return None
    return sum(turned) + (len(ids) - len(turned)) * sum(turned) / len(turned)


@given(answers=sittings)
def test_scores_equal_those_of_the_plain_twin(answers):
    scores = rules.score(CHECK, answers)

    expected = {
        "total": by_hand(answers, list(answers), 2),
        "personal": by_hand(answers, ["p1", "p2", "p3", "p4"], 1),
        "social": by_hand(answers, ["s1", "s2", "s3"], 1),
        "community": by_hand(answers, ["c1", "c2", "c3"], 1),
    }
    assert {k: s.value for k, s in scores.items()} == pytest.approx(expected)


@given(answers=sittings)
def test_an_item_left_out_scores_as_one_asked_and_not_answered(answers):
    without = {id_: value for id_, value in answers.items() if value is not None}

    assert rules.score(CHECK, without) == rules.score(CHECK, answers)


@given(answers=sittings)
def test_no_score_leaves_the_range_of_its_scale(answers):
    for scale in CHECK.scales:
        low, high = rules.possible(CHECK, scale)
        value = rules.score(CHECK, answers)[scale.id].value
        assert value is None or low - 1e-9 <= value <= high + 1e-9


def test_agreeing_with_every_sentence_is_not_the_best_score():
    scores = rules.score(CHECK, dict.fromkeys(ALL_TWO, 4))

    assert scores["total"].value == 32  # eight items at 4, two reversed at 0


def test_two_gaps_are_filled_with_the_mean_and_say_so():
    scores = rules.score(CHECK, {**ALL_TWO, "p1": None, "c1": None})

    assert scores["total"].value == pytest.approx(20)
    assert scores["total"].prorated
    assert "2 of 10 items" in scores["total"].verdict.reason


def test_three_gaps_make_the_total_void_and_say_why():
    scores = rules.score(CHECK, {**ALL_TWO, "p1": None, "s1": None, "c1": None})

    assert scores["total"].value is None
    assert not scores["total"].verdict
    assert "at most 2 may be missing" in scores["total"].verdict.reason
    assert scores["social"].value == pytest.approx(6)


def test_a_mean_scale_with_a_multiplier_scores_as_its_authors_print_it():
    # WHOQOL-BREF, social relationships: domain = 4 x mean, then (domain - 4) x 6.25.
    found = {**on_file(), "scales": [a_scale(method="mean", multiply=25, add=-25)]}
    whoqol_like = definitions.parse(with_options(found, range(1, 6)))

    score = rules.score(whoqol_like, {"s1": 3, "s2": 4, "s3": 5})["social"]

    assert score.value == pytest.approx((4 * 4 - 4) * 6.25)


def a_scale(**changes):
    titles = {"en": "x", "zh": "x"}
    return {
        "id": "social",
        "title": titles,
        "method": "sum",
        "at_most_missing": 0,
        "items": ["s1", "s2", "s3"],
        **changes,
    }


def with_options(found, values):
    found = copy.deepcopy(found)
    found["options"] = [{"value": v, "words": {"en": str(v), "zh": str(v)}} for v in values]
    for item in found["items"]:
        item["reverse"] = False
    return found


def test_reversing_works_for_options_that_do_not_start_at_zero():
    found = with_options(on_file(), range(1, 8))
    found["items"][0]["reverse"] = True
    item = definitions.parse(found).item("p1")

    assert [item.keyed(v) for v in (1, 4, 7)] == [7, 4, 1]


def test_an_item_may_have_options_of_its_own():
    found = on_file()
    found["items"][0]["options"] = [{"value": v, "words": {}} for v in (0, 6)]

    assert [option.value for option in definitions.parse(found).item("p1").options] == [0, 6]


def test_bands_are_shown_only_where_authors_gave_them():
    band = {"at_least": 3, "words": {"en": "high", "zh": "高"}, "source": "invented for this test"}
    banded = definitions.parse({**on_file(), "scales": [a_scale(bands=[band])]})
    scale = banded.scales[0]

    high = rules.score(banded, {"s1": 3, "s2": 0, "s3": 4})["social"]
    low = rules.score(banded, {"s1": 0, "s2": 0, "s3": 4})["social"]

    assert rules.band_of(scale, high).words[Language.EN] == "high"
    assert rules.band_of(scale, low) is None
    assert rules.band_of(CHECK.scale("total"), rules.score(CHECK, ALL_TWO)["total"]) is None


@pytest.mark.parametrize(("value", "item"), [(5, "p1"), (-1, "p1"), (2, "p9")])
def test_an_answer_that_cannot_be_is_refused(value, item):
    with pytest.raises(AssessmentError, match=item):
        rules.score(CHECK, {**ALL_TWO, item: value})


def a_score(value):
    return Score("total", value, 10, 10, Decision(True, "x"))


def test_a_change_of_an_instrument_without_known_error_is_not_called_real():
    found = change.change(CHECK.scale("total"), now=a_score(30.0), before=a_score(10.0))

    assert found.points == 20
    assert found.beyond_error is None
    assert "may be chance" in found.verdict.reason


@pytest.mark.parametrize(("now", "beyond"), [(15.5, False), (15.6, True), (4.4, True)])
def test_a_change_is_judged_against_196_root_two_standard_errors(now, beyond):
    # SEM 2: the margin is 1.96 x 1.41421 x 2 = 5.54 (Jacobson & Truax 1991).
    scale = definitions.parse({**on_file(), "scales": [a_scale(error=2.0)]}).scales[0]

    found = change.change(scale, now=a_score(now), before=a_score(10.0))

    assert found.beyond_error is beyond


def test_no_change_is_told_from_a_void_score():
    found = change.change(CHECK.scale("total"), now=a_score(None), before=a_score(10.0))

    assert found.points is None
    assert not found.verdict


def test_the_check_says_of_itself_that_it_is_not_validated():
    assert not CHECK.validated
    assert all(not scale.bands and scale.error is None for scale in CHECK.scales)


def test_every_item_and_option_exists_in_both_languages():
    for item in CHECK.items:
        assert set(item.words) == set(Language)
        assert all(set(option.words) == set(Language) for option in item.options)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"scales": []}, "no scale"),
        ({"options": [{"value": 1, "words": {}}]}, "two or more options"),
        ({"options": [{"value": 1, "words": {}}] * 2}, "different values"),
        ({"languages": ["xx"]}, "missing or wrong"),
        ({"version": None}, "missing or wrong"),
        ({"scales": [a_scale(items=["q1"])]}, "not there"),
        ({"scales": [a_scale(at_most_missing=3)]}, "more missing items"),
        ({"items": [{"id": "a"}, {"id": "a"}], "scales": [a_scale(items=["a"])]}, "same id"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change, problem):
    with pytest.raises(AssessmentError, match=problem):
        definitions.parse({**on_file(), **change})


@pytest.mark.django_db
def test_an_unknown_instrument_is_refused_with_those_that_exist():
    with pytest.raises(AssessmentError, match="recovery-capital-check/1"):
        instruments.instrument("phrenology", 1)


def test_an_unknown_scale_is_refused_with_those_that_exist():
    with pytest.raises(AssessmentError, match="total, personal, social, community"):
        CHECK.scale("spiritual")
