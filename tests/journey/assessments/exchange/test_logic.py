"""Branching of other tools: kept where it can be, refused with a reason where it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.assessments.exchange import logic
from footbridge.journey.assessments.rules import Condition

ANSWERS = {"a": range(5), "b": range(3), "c.d": range(2)}


def kept(text):
    """Return the conditions of an expression as a mapping."""
    return {one.item: sorted(one.values) for one in logic.conditions(logic.parse(text), ANSWERS)}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[a] = '1'", {"a": [1]}),
        ('[a]="1" or [a]="2"', {"a": [1, 2]}),
        ("[a] <> '0'", {"a": [1, 2, 3, 4]}),
        ("[a] <> ''", {"a": [0, 1, 2, 3, 4]}),
        ("3 <= [a]", {"a": [3, 4]}),
        ("[a] > 1 AND [b] = 0", {"a": [2, 3, 4], "b": [0]}),
        ("([a] = 1 or [a] = 3) and [a] > 1", {"a": [3]}),
        ("not([a] = 1 or [b] = 2)", {"a": [0, 2, 3, 4], "b": [0, 1]}),
        ("not(not([a] = 1))", {"a": [1]}),
        ("${a} = '1' and selected(${b}, '2')", {"a": [1], "b": [2]}),
        ("${c.d} != 0", {"c.d": [1]}),
        ("not(selected(${a}, '0'))", {"a": [1, 2, 3, 4]}),
    ],
)
def test_an_expression_becomes_a_set_of_answers_for_each_question(text, values):
    assert kept(text) == values


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[a] = 1 or [b] = 1", "“or”"),
        ("[z] = 1", "no earlier question"),
        ("[a] = 9", "No answer to a"),
        ("[a] = 1 and [a] = 2", "No answer to a"),
        ("[a] = [b]", "cannot be read"),
        ("[a](1) = 1", "cannot be read"),
        ("datediff([a], 'today') > 3", "cannot be read"),
        ("[a] = 'yes'", "cannot be read"),
        ("__import__('os')", "cannot be read"),
        ("", "cannot be read"),
        ("[a] =", "cannot be read"),
        ("(" * 500 + "[a] = 1" + ")" * 500, "cannot be read"),
        ("not " * 900 + "[a] = 1", "cannot be read"),
        ("[a] = 1 or " * 900 + "[a] = 1", "cannot be read"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_reason(text, why):
    with pytest.raises(logic.LogicError, match=why):
        kept(text)


def test_an_expression_that_holds_before_any_answer_is_noticed():
    assert logic.holds_unanswered(logic.parse("[a] <> '1'"))
    assert not logic.holds_unanswered(logic.parse("[a] = '1'"))


CONDITIONS = st.lists(st.sampled_from(sorted(ANSWERS)), unique=True, min_size=1).flatmap(
    lambda items: st.tuples(
        *(
            st.builds(
                Condition,
                st.just(item),
                st.frozensets(st.sampled_from(list(ANSWERS[item])), min_size=1),
            )
            for item in items
        )
    )
)


@settings(max_examples=40)
@given(CONDITIONS, st.sampled_from(["[{}]", "${{{}}}"]))
def test_written_conditions_are_read_back(conditions, quotes):
    renamed = [Condition(one.item.replace("c.d", "c"), one.values) for one in conditions]
    answers = {"a": range(5), "b": range(3), "c": range(2)}

    text = logic.written(renamed, name=quotes.format)

    assert sorted(logic.conditions(logic.parse(text), answers), key=repr) == sorted(
        renamed, key=repr
    )


@given(st.text(st.sampled_from("[]ab$ {}()'\"<>=!andornt019,."), max_size=60))
def test_no_text_does_anything_but_parse_or_be_refused(text):
    try:
        tree = logic.parse(text)
    except logic.LogicError:
        return
    assert isinstance(tree, logic.Compare | logic.Joined)
