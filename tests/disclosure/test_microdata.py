"""Rows leave only in crowds, and no crowd is of one mind."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.disclosure.errors import MicrodataError, RecipientError
from footbridge.disclosure.microdata import (
    ANY,
    UNKNOWN,
    Asked,
    Ladder,
    age_band,
    anonymise,
    classes,
    diversity,
    smallest_class,
    uniqueness,
)
from footbridge.disclosure.recipients import read_public, write_public

WORK = Ladder(({"regular": "paid", "occasional": "paid"},))
HOME = Ladder(({"settled": "housed", "temporary": "housed"},))


def row(work, home, urine):
    return {"work": work, "home": home, "urine": urine}


def people(number, chance):
    return [
        row(
            chance.choice(["regular", "occasional", "none"]),
            chance.choice(["settled", "temporary", "none"]),
            chance.choice(["positive", "negative", UNKNOWN]),
        )
        for _ in range(number)
    ]


rows = st.builds(
    lambda number, seed: people(number, Random(seed)), st.integers(10, 80), st.integers()
)


@settings(max_examples=60)
@given(rows, st.integers(2, 10), st.integers(1, 2))
def test_whatever_leaves_is_in_crowds_by_a_count_of_its_own(given_rows, k, least):
    asked = Asked({"work": WORK, "home": HOME}, ("urine",), k=k, l=least)

    try:
        safe = anonymise(given_rows, asked)
    except MicrodataError:
        return
    crowds = Counter((one["work"], one["home"]) for one in safe.rows)
    minds = {
        crowd: {one["urine"] for one in safe.rows if (one["work"], one["home"]) == crowd}
        - {UNKNOWN}
        for crowd in crowds
    }
    assert min(crowds.values()) == safe.k >= k
    assert all(len(found) >= least or not found for found in minds.values())
    assert len(safe.rows) + safe.dropped == len(given_rows)
    assert safe.dropped <= 0.1 * len(given_rows)


def test_rows_that_are_safe_as_they_are_stay_as_fine_as_they_are():
    given_rows = [row("regular", "settled", one) for one in ["positive", "negative"] * 6]

    safe = anonymise(given_rows, Asked({"work": WORK, "home": HOME}, ("urine",)))

    assert (safe.levels, safe.k, safe.l, safe.dropped) == ({"work": 0, "home": 0}, 12, 2, 0)


def test_the_least_coarsening_that_is_enough_is_chosen():
    given_rows = [
        row(work, "settled", one)
        for work in ("regular", "occasional")
        for one in ["positive", "negative"] * 3
    ]

    safe = anonymise(given_rows, Asked({"work": WORK, "home": HOME}, ("urine",), drop=0))

    assert safe.levels == {"work": 1, "home": 0}
    assert {one["work"] for one in safe.rows} == {"paid"}


def test_a_crowd_of_one_mind_is_coarsened_or_refused():
    given_rows = [row("none", "settled", "positive") for _ in range(30)]

    with pytest.raises(MicrodataError, match="different values of each sensitive variable"):
        anonymise(given_rows, Asked({"work": WORK, "home": HOME}, ("urine",)))


def test_the_order_of_the_rows_does_not_tell_the_order_they_came_in():
    chance = Random(5)
    given_rows = people(60, chance)
    asked = Asked({"work": WORK, "home": HOME}, ("urine",), k=5)

    assert anonymise(given_rows, asked).rows == anonymise(given_rows[::-1], asked).rows


def test_a_class_of_which_nothing_is_known_tells_nothing():
    assert diversity([row("none", "none", UNKNOWN)] * 3, ["urine"]) is None
    assert (
        diversity([row("none", "none", UNKNOWN), row("none", "none", "positive")], ["urine"]) == 1
    )


def test_classes_uniqueness_and_k_agree_with_counting_by_hand():
    given_rows = [row("none", "none", "positive")] * 3 + [row("regular", "none", "positive")]

    assert smallest_class(given_rows, ["work"]) == 1
    assert uniqueness(given_rows, ["work", "home"]) == 0.25
    assert {key: len(found) for key, found in classes(given_rows, ["work"]).items()} == {
        ("none",): 3,
        ("regular",): 1,
    }
    assert (smallest_class([], ["work"]), uniqueness([], ["work"])) == (0, 0.0)


@pytest.mark.parametrize(
    ("given_rows", "options", "words"),
    [
        ([], {}, "fewer than 10 rows"),
        ([{"work": "none"}] * 12, {}, "lacks a variable"),
        ([row("none", "none", "positive")] * 12, {"k": 1}, "protect nobody"),
    ],
)
def test_what_cannot_be_made_safe_is_refused_with_a_reason(given_rows, options, words):
    with pytest.raises(MicrodataError, match=words):
        anonymise(given_rows, Asked({"work": WORK, "home": HOME}, ("urine",), **options))


def test_a_variable_is_not_knowable_and_sensitive_at_once():
    with pytest.raises(MicrodataError, match="both knowable and sensitive"):
        anonymise([row("none", "none", "positive")] * 12, Asked({"work": WORK}, ("work",)))


def test_the_last_step_of_a_ladder_says_nothing():
    assert [WORK.at("regular", level) for level in (0, 1, 2)] == ["regular", "paid", ANY]


@given(st.integers(0, 120))
def test_an_age_band_is_ten_years_wide(age):
    band = age_band(age)

    assert band in {"under 20", "70 and over"} or int(band[:2]) <= age <= int(band[3:])


def test_a_negative_age_is_refused():
    with pytest.raises(MicrodataError):
        age_band(-1)


@given(st.binary(min_size=32, max_size=32))
def test_a_recipients_key_survives_being_written_and_read(key):
    text = write_public(key)

    assert read_public(f" {text.upper()} ") == key
    assert text.startswith("fbx1-")


@given(st.binary(min_size=32, max_size=32), st.integers(5, 60), st.sampled_from("abcxyz234567"))
def test_one_mistyped_letter_of_a_key_is_noticed(key, at, letter):
    text = write_public(key)
    wrong = text[:at] + letter + text[at + 1 :]

    if wrong.replace("-", "") != text.replace("-", "") and text[at] != "-":
        with pytest.raises(RecipientError, match="checksum"):
            read_public(wrong)


@pytest.mark.parametrize("text", ["", "age1xyz", "fbx1-", "fbx1-0189!"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(RecipientError, match="Copy the whole line"):
        read_public(text)
