"""An instrument as data: what is written is read back, and branching is judged as data too."""

import copy

import pytest

from footbridge.journey.assessments import definitions, instruments, scoring
from footbridge.journey.assessments.rules import AssessmentError
from footbridge.journey.consents.rules import Language

BASE = {
    "id": "night",
    "version": 1,
    "languages": ["en"],
    "licence": "Apache-2.0",
    "validated": False,
    "source": "Written for this test",
    "title": {"en": "Night"},
    "instruction": {"en": "Think of last night."},
    "option_sets": {
        "yes-no": [{"value": 0, "words": {"en": "no"}}, {"value": 1, "words": {"en": "yes"}}]
    },
    "items": [
        {"id": "slept", "words": {"en": "Slept?"}, "options": "yes-no"},
        {
            "id": "hours",
            "words": {"en": "How long?"},
            "numbers": {"least": 0, "most": 12},
            "show_when": [{"item": "slept", "values": [1]}],
            "unasked": 0,
        },
        {
            "id": "woke",
            "words": {"en": "Woke?"},
            "options": [{"value": 1, "points": 0}, {"value": 2, "points": 2.5}],
            "show_when": [{"item": "slept", "values": [1]}],
        },
    ],
    "scales": [
        {
            "id": "total",
            "title": {"en": "Night"},
            "method": "sum",
            "at_most_missing": 0,
            "items": ["hours", "woke"],
        }
    ],
}


@pytest.mark.parametrize("key", sorted(instruments.packaged()))
def test_what_is_written_is_read_back_as_the_same_instrument(key):
    found = instruments.packaged()[key]

    assert definitions.parse(definitions.written(found)) == found


def test_a_question_that_does_not_apply_is_not_asked_and_counts_as_its_file_says():
    night = definitions.parse(BASE)

    asked = [item.id for item in scoring.shown(night, {"slept": 0})]
    score = scoring.score(night, {"slept": 0})["total"]

    assert asked == ["slept"]
    assert (score.value, score.of) == (0, 0)  # hours count 0, woke does not count


def test_an_answer_to_a_question_that_no_longer_applies_does_not_count():
    night = definitions.parse(BASE)

    score = scoring.score(night, {"slept": 0, "hours": 9, "woke": 2})["total"]

    assert score.value == 0


def test_points_count_and_not_the_value_that_is_kept():
    night = definitions.parse(BASE)

    score = scoring.score(night, {"slept": 1, "hours": 7, "woke": 2})["total"]

    assert score.value == 9.5


def test_a_number_outside_its_range_is_refused():
    with pytest.raises(AssessmentError, match="0 … 12"):
        scoring.score(definitions.parse(BASE), {"slept": 1, "hours": 13})


def test_the_languages_of_an_instrument_are_those_in_which_everything_has_words():
    night = definitions.parse(BASE)

    assert night.worded == frozenset()  # two answers have no words
    assert instruments.withdrawal_chart().worded == frozenset(Language)


@pytest.mark.parametrize(
    ("at", "change", "problem"),
    [
        (1, {"show_when": [{"item": "woke", "values": [1]}]}, "does not come before"),
        (1, {"numbers": {"least": 3, "most": 3}}, "to a greater most"),
        (0, {"options": "no-such-set"}, "missing or wrong"),
    ],
)
def test_an_item_that_cannot_be_asked_is_refused(at, change, problem):
    found = copy.deepcopy(BASE)
    found["items"][at] |= change

    with pytest.raises(AssessmentError, match=problem):
        definitions.parse(found)


def test_the_withdrawal_chart_has_the_published_points_and_bands_of_the_cows():
    # rmi-facts section 5, COWS: 11 signs, sum; 5-12, 13-24, 25-36, more than 36.
    # Wesson & Ling 2003: the highest points of the signs add up to 48.
    chart = instruments.withdrawal_chart()
    total = chart.scale("total")

    assert len(chart.items) == 11
    assert scoring.possible(chart, total) == (0, 48)
    assert [band.at_least for band in total.bands] == [5, 13, 25, 37]
    assert chart.observed
    assert not chart.validated


def test_a_withdrawal_chart_with_a_sign_left_out_has_no_score():
    chart = instruments.withdrawal_chart()
    signs = {item.id: item.options[0].value for item in chart.items}

    whole = scoring.score(chart, signs)["total"]
    partly = scoring.score(chart, signs | {"pulse": None})["total"]

    assert whole.value == 0
    assert scoring.band_of(chart.scale("total"), whole) is None
    assert partly.value is None
