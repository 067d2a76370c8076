"""A comparison is put into words that say what it shows, and no more."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.translation import override

from footbridge.evidence import pilot, reading
from footbridge.evidence.comparisons import OutcomeQuestion, compare_counts
from footbridge.evidence.proportions import ArmCount
from footbridge.evidence.rules import QUESTIONS

ARMS = (pilot.RMI, pilot.STANDARD)


def compared(question, first, second, missing=(0, 0)):
    return compare_counts(
        ArmCount("rmi", *first), ArmCount("standard", *second), question=question, missing=missing
    )


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def printed():
    """The pilot's outcomes from its published counts."""
    known = {question.id: question for question in QUESTIONS}
    return [
        compared(known[one["id"]], one["rmi"], one["standard"])
        for one in pilot.published()["outcomes"]
    ]


@pytest.mark.parametrize(
    ("at", "size"), [(0, "0.354"), (1, "0.417"), (2, "0.876")], ids=["returned", "mmt", "work"]
)
def test_sizes_are_those_published_without_a_sign_and_say_whom_they_favour(printed, at, size):
    row = reading.outcome_table(printed, ARMS).rows[at]

    assert row[4] == f"{size}, in favour of Recovery management"


def test_fewer_bad_outcomes_favour_the_arm_that_has_fewer():
    bad = OutcomeQuestion("returned", favourable=False)
    more = compared(bad, (9, 10), (1, 10))

    assert reading.favour(more, more.complete_case, ARMS) == "in favour of Standard care"


def test_no_difference_favours_neither():
    same = compared(QUESTIONS[0], (1, 10), (1, 10))

    assert reading.favour(same, same.complete_case, ARMS) == "in favour of neither"


def test_the_sentence_gives_counts_difference_and_interval_and_stops_there(printed):
    said = reading.sentence(printed[2], ARMS).replace("\N{NO-BREAK SPACE}", " ")

    assert "In paid work: 16 of 48 (33.3 %) with Recovery management" in said
    assert "+31.2 percentage points" in said
    assert "leaves out zero" in said


def test_the_sentence_says_where_missing_answers_change_the_reading():
    shaky = compared(QUESTIONS[1], (9, 10), (2, 10), missing=(9, 0))

    assert "says something else" in reading.sentence(shaky, ARMS)


def test_an_interval_that_holds_zero_tells_nothing(printed):
    assert "does not tell whether the arms differ" in reading.sentence(printed[3], ARMS)


def test_the_published_table_names_the_test_of_each_p(printed):
    rows = reading.published_table(printed, pilot.published(), ARMS).rows

    assert [row[1] for row in rows] == ["0.354", "0.417", "0.876", "0.013"]
    assert [row[2] for row in rows[:3]] == ["0.354", "0.417", "0.876"]
    assert rows[3][2] != rows[3][1]
    assert rows[0][4] == "chi-square without continuity correction"
    assert "two-sided" in rows[0][5]


def test_the_file_holds_both_ways_of_counting_and_numbers_that_can_be_read_back(printed):
    rows = list(csv.DictReader(io.StringIO(reading.as_csv(printed))))

    assert len(rows) == 2 * len(printed)
    assert float(rows[0]["d"]) == pytest.approx(-0.354, abs=0.0005)
    assert rows[0]["sides"] == "2"


def test_every_outcome_and_every_published_test_has_words():
    tests = {one["p_is"] for one in pilot.published()["outcomes"]} - {None}

    assert {question.id for question in QUESTIONS} == set(reading.OUTCOMES)
    assert tests == set(reading.PUBLISHED_TESTS)
