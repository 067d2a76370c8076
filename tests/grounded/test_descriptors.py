"""Descriptor lines come from one table and single nobody out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.grounded.descriptors import (
    age_field,
    describe_all,
    plain_field,
    propose,
    sex_field,
)
from footbridge.grounded.errors import DescriptorError

NINE = {
    f"P{n}": {"sex": sex, "age": age, "marital status": married, "registered": known}
    for n, (sex, age, married, known) in enumerate([
        ("male", 44, "divorced", True), ("male", 47, "divorced", True),
        ("male", 41, "widowed", True),
        ("female", 40, "married", False), ("female", 45, "divorced", False),
        ("female", 46, "married", True), ("male", 38, "married", False),
        ("male", 36, "single", False), ("male", 33, "married", False),
    ], 1)
}  # fmt: skip
COARSER = {"divorced": "not married", "widowed": "not married", "single": "not married"}
FIELDS = (
    sex_field(),
    age_field(),
    plain_field("marital status", COARSER),
    plain_field("registered"),
)


def test_an_exact_line_reads_as_a_person_would_write_it():
    lines = describe_all(NINE, FIELDS, levels={"age": 1}).lines

    assert lines["P1"] == "a man in his forties, divorced, registered"
    assert lines["P4"] == "a woman in her forties, married, not registered"
    assert describe_all(NINE, FIELDS).lines["P7"] == "a man aged 38, married, not registered"


def test_exact_lines_single_nearly_everybody_out():
    found = describe_all(NINE, FIELDS)

    assert len(found.unique) == 9


@pytest.mark.parametrize("at_least", [2, 3, 4])
def test_a_proposal_singles_nobody_out(at_least):
    found = propose(NINE, FIELDS, at_least=at_least)

    assert found.unique == []
    assert min(found.shared_by.values()) >= at_least
    assert Counter(found.lines.values())[found.lines["P1"]] == found.shared_by["P1"]


def test_a_proposal_loses_as_little_as_possible():
    table = {n: {"sex": "male", "age": 41 + n} for n in range(4)}

    found = propose(table, (sex_field(), age_field()), at_least=2)

    assert found.lines[0] == "a man in his forties"
    assert found.levels == {"sex": 0, "age": 1}


@st.composite
def tables(draw):
    n = draw(st.integers(2, 9))
    return {
        p: {
            "sex": draw(st.sampled_from(["male", "female"])),
            "age": draw(st.integers(18, 75)),
            "registered": draw(st.one_of(st.none(), st.booleans())),
        }
        for p in range(n)
    }


@given(tables(), st.integers(2, 4))
def test_any_table_gives_lines_that_fit_enough_people(table, at_least):
    fields = (sex_field(), age_field(), plain_field("registered"))
    if at_least > len(table):
        with pytest.raises(DescriptorError, match="cannot be described"):
            propose(table, fields, at_least=at_least)
        return

    found = propose(table, fields, at_least=at_least)

    count = Counter(found.lines.values())
    assert all(count[line] >= at_least for line in found.lines.values())


def test_what_is_no_age_and_what_is_no_wording_are_refused():
    with pytest.raises(DescriptorError, match="no age"):
        describe_all({"P": {"age": "44"}}, (age_field(),))
    with pytest.raises(DescriptorError, match="has 4 wordings"):
        describe_all(NINE, (age_field(),), levels={"age": 9})


def test_too_many_attributes_are_refused():
    with pytest.raises(DescriptorError, match="fewer attributes"):
        propose(NINE, tuple(plain_field(f"x{n}") for n in range(30)))
