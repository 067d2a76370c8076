"""Every scoring key against a second scorer, printed examples, and the traps of the facts."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.assessments import instruments, scoring
from footbridge.journey.assessments.rules import Method
from tests.journey.assessments import blind_scorer

KEYS = sorted(blind_scorer.LIKERT)
FACTS = Path(__file__).parents[4] / "shared" / "reference" / "rmi-published-numbers.json"


def key(name):
    return instruments.packaged()[name, 1]


def sheet(name, value):
    return {item.id: value for item in key(name).items}


def total(name, answers, scale="total"):
    return scoring.score(key(name), answers)[scale].value


@pytest.mark.parametrize("name", KEYS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_key_and_the_blind_scorer_agree_on_random_answers(name, data):
    count, low, high, *_ = blind_scorer.LIKERT[name]
    often = data.draw(st.sampled_from([0, 1, 4]), label="gaps")
    one = st.sampled_from([*range(low, high + 1)] * 2 + [None] * often)
    row = data.draw(st.lists(one, min_size=count, max_size=count))

    found = scoring.score(key(name), {str(n): value for n, value in enumerate(row, 1)})

    expected = blind_scorer.likert(name, dict(enumerate(row, 1)))
    assert {scale: score.value for scale, score in found.items()} == {
        scale: None if value is None else pytest.approx(float(value))
        for scale, value in expected.items()
    }


@settings(max_examples=20)
@given(data=st.data())
def test_the_assist_and_the_blind_scorer_agree_on_random_answers(data):
    answers = {f"q1-{name}": data.draw(st.sampled_from([0, 3])) for name in blind_scorer.SUBSTANCES}
    chosen = data.draw(st.lists(st.sampled_from(blind_scorer.SUBSTANCES), max_size=2))
    for name in blind_scorer.SUBSTANCES:
        gaps = [None] if name in chosen else []
        for question, weights in blind_scorer.WEIGHTS.items():
            if (question, name) != (5, "tobacco"):
                answers[f"q{question}-{name}"] = data.draw(st.sampled_from([*weights, *gaps]))

    found = scoring.score(key("assist"), answers)

    assert {k: s.value for k, s in found.items()} == blind_scorer.assist(answers)


@pytest.mark.parametrize("name", [*KEYS, "assist"])
def test_a_published_scale_ships_without_a_word_of_its_questions(name):
    found = key(name)

    assert found.worded == frozenset()
    assert not any(item.words or item.hint for item in found.items)
    assert not any(option.words for item in found.items for option in item.options)
    assert not found.instruction


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("gse", (10, 40)),
        ("rses", (10, 40)),
        ("barc-10", (10, 60)),
        ("phq-9", (0, 27)),
        ("gad-7", (0, 21)),
        ("sds", (0, 15)),
        ("dast-10", (0, 10)),
        ("mspss", (1, 7)),
        ("tcu-social-support", (10, 50)),
    ],
)
def test_a_total_has_the_printed_range(name, ends):
    assert scoring.possible(key(name), key(name).scale("total")) == ends


def test_the_tables_equal_the_published_numbers_where_the_facts_are_at_hand():
    if not FACTS.exists():
        pytest.skip("the facts are kept beside the repository, not in it")
    facts = json.loads(FACTS.read_text(encoding="utf-8"))["instruments"]

    ours = {name: key(name) for name in ("gse", "rses", "mspss", "whoqol-bref", "dast-10")}
    theirs = ("GSE", "RSES", "MSPSS", "WHOQOL_BREF", "DAST10")

    for found, fact in zip(ours.values(), theirs, strict=True):
        turned = [int(item.id) for item in found.items if item.reverse]
        assert (len(found.items), turned) == (facts[fact]["items"], facts[fact]["reverse"])
    domains = facts["WHOQOL_BREF"]["domains"]
    assert {s.id: [int(i) for i in s.items] for s in ours["whoqol-bref"].scales} == domains
    for question in ("Q2", "Q3", "Q4", "Q5"):
        item = key("assist").item(f"{question.lower()}-opioids")
        assert [o.worth for o in item.options] == facts["ASSIST31"]["weights"][question]


def test_an_average_tcu_answer_of_two_point_six_is_printed_as_twenty_six():
    # The example of the scoring sheet (rmi-facts section 5, TCU CEST, S118).
    answers = dict(zip("12345", (2, 2, 3, 3, 3), strict=True))

    assert total("tcu-treatment-needs", answers) == pytest.approx(26)


def test_yes_to_everything_is_nine_on_the_dast_because_item_three_is_turned():
    assert total("dast-10", sheet("dast-10", 1)) == 9
    assert total("dast-10", sheet("dast-10", 0)) == 1


def test_the_whoqol_is_turned_here_and_nowhere_else():
    # rmi-facts section 5: some libraries expect items 3, 4 and 26 already turned.
    best = sheet("whoqol-bref", 5) | {"3": 1, "4": 1, "26": 1}

    scores = scoring.score(key("whoqol-bref"), best)

    assert {one.value for one in scores.values()} == {100}


def test_the_whole_whoqol_is_void_with_more_than_a_fifth_missing():
    answers = sheet("whoqol-bref", 3) | dict.fromkeys(["1", "2", "3", "5", "8"])
    enough = scoring.score(key("whoqol-bref"), answers)
    void = scoring.score(key("whoqol-bref"), answers | {"20": None})

    assert enough["social"].value == 50
    assert void["social"].value is None
    assert "allow 20 in 100" in void["social"].verdict.reason


@pytest.mark.parametrize(
    ("name", "scale", "value", "band"),
    [
        ("phq-9", "total", 9, "Mild"),
        ("phq-9", "total", 10, "Moderate"),
        ("gad-7", "total", 15, "Severe"),
        ("dast-10", "total", 0, "None reported"),
        ("dast-10", "total", 2, "Low"),
        ("dast-10", "total", 8, "Substantial"),
        ("assist", "opioids", 3, "Lower risk"),
        ("assist", "opioids", 4, "Moderate risk"),
        ("assist", "alcohol", 10, "Lower risk"),
        ("assist", "alcohol", 27, "High risk"),
        ("barc-10", "total", 46, None),
    ],
)
def test_a_band_begins_where_its_authors_say(name, scale, value, band):
    score = scoring.Score(scale, value, 1, 1, None)

    found = scoring.band_of(key(name).scale(scale), score)

    assert (found.words["en"] if found else None) == band


@pytest.mark.parametrize("name", ["gse", "rses", "mspss", "sds", "whoqol-bref"])
def test_a_scale_whose_authors_give_no_bands_shows_none(name):
    assert not any(scale.bands for scale in key(name).scales)


@pytest.mark.parametrize(
    ("choice", "value"), [("reversed", 22), ("straight", 25), ("left-out", 21)]
)
def test_item_eight_of_the_rses_counts_as_the_site_decides(choice, value):
    # Straight items 3, 4, 7 and 10 at 4 and item 1 at 1: 17. Turned items 2, 5, 6 and 9: 4.
    decided = key("rses").with_choices({"item-8": choice})
    answers = sheet("rses", 4) | {"1": 1}

    assert scoring.score(decided, answers)["total"].value == value


def test_any_answer_to_item_nine_of_the_phq_asks_for_a_safety_plan():
    low = sheet("phq-9", 0) | {"9": 1}
    high = sheet("phq-9", 3) | {"9": 0}
    only = {"9": 1}

    assert scoring.asks_for_safety(key("phq-9"), low)
    assert scoring.asks_for_safety(key("phq-9"), only)
    assert not scoring.asks_for_safety(key("phq-9"), high)


@settings(max_examples=20)
@given(data=st.data())
def test_answers_to_questions_that_were_not_asked_change_no_score(data):
    form = key("assist")
    answers = {
        item.id: data.draw(st.sampled_from([None, *(o.value for o in item.options)]))
        for item in form.items[:10]
    }
    later = st.sampled_from([None, 0, "most"])
    for item in form.items[10:]:
        drawn = data.draw(later)
        answers[item.id] = item.options[-1].value if drawn == "most" else drawn

    asked = scoring.asked_answers(form, answers)

    assert scoring.score(form, asked) == scoring.score(form, answers)
    assert scoring.asked_answers(form, asked) == asked


def test_a_question_that_was_refused_does_not_pass_for_never_used():
    answers = {f"q1-{name}": 0 for name in blind_scorer.SUBSTANCES} | {"q1-opioids": None}

    scores = scoring.score(key("assist"), answers)

    assert scores["opioids"].value is None
    assert scores["cocaine"].value == 0


def test_the_service_log_counts_kinds_and_days():
    log = key("service-log")
    days = {item.id: 0 for item in log.items} | {"housing": 3, "legal": 1}

    scores = scoring.score(log, days)

    assert (scores["kinds"].value, scores["days"].value) == (2, 4)
    assert log.scale("kinds").method is Method.COUNT
    assert scoring.possible(log, log.scale("kinds")) == (0, 12)


@pytest.mark.parametrize(
    "name",
    ["self-efficacy-check", "self-esteem-check", "social-support-check", "barriers-check"],
)
def test_an_own_short_form_is_marked_not_validated_and_speaks_both_languages(name):
    found = key(name)

    assert not found.validated
    assert len(found.worded) == 2
    assert not any(scale.bands or scale.reliability for scale in found.scales)
