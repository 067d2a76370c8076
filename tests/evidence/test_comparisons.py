"""Outcomes compared from rows, with missing answers stated both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.evidence.comparisons import (
    ExtractRow,
    OutcomeQuestion,
    compare_counts,
    compare_outcomes,
)
from footbridge.evidence.proportions import ArmCount, ComparisonError

WORK = OutcomeQuestion("employed", favourable=True)
RETURN = OutcomeQuestion("sent_back", favourable=False)
ARMS = ("rmi", "usual")


def people(arm: str, yes: int, no: int, unknown: int, question: str = "employed"):
    answers = [True] * yes + [False] * no + [None] * unknown
    return [ExtractRow(arm, {question: answer}) for answer in answers]


def pilot() -> list[ExtractRow]:
    return people("rmi", 16, 32, 2) + people("usual", 1, 45, 4)


def test_the_pilot_is_compared_from_its_rows():
    (found,) = compare_outcomes(pilot(), [WORK], arms=ARMS)

    known, everybody = found.complete_case, found.missing_unfavourable
    assert (known.first.events, known.first.total, known.second.total) == (16, 48, 46)
    assert (everybody.first.events, everybody.first.total, everybody.second.total) == (16, 50, 50)
    assert round(known.d, 3) == 0.876
    assert found.missing == (2, 4)
    assert found.agree


def test_a_missing_answer_counts_as_the_bad_one_of_that_outcome():
    rows = people("rmi", 0, 40, 10, "sent_back") + people("usual", 3, 47, 0, "sent_back")

    (found,) = compare_outcomes(rows, [RETURN], arms=ARMS)

    assert found.complete_case.first.events == 0
    assert (found.missing_unfavourable.first.events, found.missing_unfavourable.first.total) == (
        10,
        50,
    )
    assert found.complete_case.difference < 0 < found.missing_unfavourable.difference


def test_two_ways_that_come_apart_are_said_to_disagree():
    rows = people("rmi", 30, 10, 40) + people("usual", 10, 30, 0)

    (found,) = compare_outcomes(rows, [WORK], arms=ARMS)

    assert not found.agree


def test_an_answer_that_a_row_leaves_out_is_missing():
    rows = [*pilot(), ExtractRow("rmi", {})]

    (found,) = compare_outcomes(rows, [WORK], arms=ARMS)

    assert found.missing == (3, 4)


def test_outcomes_come_back_in_the_order_asked():
    both = [
        ExtractRow(arm, {"employed": at % 2 == 0, "sent_back": at == 0})
        for arm in ARMS
        for at in range(6)
    ]

    found = compare_outcomes(both, [RETURN, WORK], arms=ARMS)

    assert [each.question for each in found] == [RETURN, WORK]


def test_nobody_known_in_an_arm_is_refused_by_name_of_the_arm():
    rows = people("rmi", 5, 5, 0) + people("usual", 0, 0, 7)

    with pytest.raises(ComparisonError, match="Arm usual is empty"):
        compare_outcomes(rows, [WORK], arms=ARMS)


def test_a_row_of_a_third_arm_is_refused_rather_than_dropped():
    rows = [*pilot(), ExtractRow("waiting", {"employed": True})]

    with pytest.raises(ComparisonError, match="arm waiting"):
        compare_outcomes(rows, [WORK], arms=ARMS)


def test_a_negative_number_of_missing_answers_is_refused():
    with pytest.raises(ComparisonError, match="negative"):
        compare_counts(
            ArmCount("rmi", 1, 2), ArmCount("usual", 1, 2), question=WORK, missing=(0, -1)
        )


sizes = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(0, 12))


@given(sizes, sizes, st.booleans())
def test_missing_answers_never_make_an_arm_look_better(first, second, favourable):
    question = OutcomeQuestion("employed", favourable=favourable)
    rows = people("rmi", *first) + people("usual", *second)

    (found,) = compare_outcomes(rows, [question], arms=ARMS)

    for known, everybody in (
        (found.complete_case.first, found.missing_unfavourable.first),
        (found.complete_case.second, found.missing_unfavourable.second),
    ):
        worse = (known.proportion - everybody.proportion) * (1 if favourable else -1)
        assert worse >= -1e-12
        assert everybody.total >= known.total
