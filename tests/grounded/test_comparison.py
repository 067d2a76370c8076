"""Two blind codings laid side by side, and what is decided about them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.grounded import comparison as cp
from footbridge.grounded.codebook import Code
from footbridge.grounded.comparison.lists import edit_distance, similarity
from footbridge.grounded.errors import CodingError
from footbridge.grounded.text import Span
from tests.grounded.coded_texts import CODES, coded, study

NOW = datetime(2014, 7, 1, 17, tzinfo=UTC)


def test_lists_show_what_only_one_coder_has_and_near_matches():
    project = study(
        ("A", "d1", 0, 10, "c0"), ("A", "d2", 0, 10, "c0"), ("A", "d1", 20, 30, "n1"),
        ("B", "d1", 0, 10, "c0"), ("B", "d1", 20, 30, "n2"), ("B", "d1", 50, 60, "c3"),
        codes=(*CODES, Code("n1", "Fear of  Police"), Code("n2", "fear of the police")),
    )  # fmt: skip

    found = cp.compare_lists(project, "A", "B")

    assert [u.name for u in found.only_a] == ["Fear of  Police"]
    assert {u.name for u in found.only_b} == {"fear of the police", "family"}
    assert (found.both[0][0].segments, found.both[0][0].documents) == (2, 2)
    assert [(m.a, m.b) for m in found.near] == [("Fear of  Police", "fear of the police")]


@given(st.text("abc ", max_size=6), st.text("abc ", max_size=6))
def test_edit_distance_is_a_distance(a, b):
    assert edit_distance(a, b) == edit_distance(b, a)
    assert (edit_distance(a, b) == 0) == (a == b)
    assert abs(len(a) - len(b)) <= edit_distance(a, b) <= max(len(a), len(b))
    assert 0 <= similarity(a, b) <= 1


@given(coded())
def test_the_overlap_matrix_equals_one_painted_by_character(rows):
    project = study(*rows)
    painted = {}
    for coder, document, start, end, code in rows:
        painted.setdefault((coder, code), set()).update((document, at) for at in range(start, end))

    matrix = cp.overlap_matrix(project, "A", "B")

    for i, a in enumerate(matrix.codes_a):
        assert matrix.total_a[i] == len(painted["A", a])
        for j, b in enumerate(matrix.codes_b):
            assert matrix.characters[i, j] == len(painted["A", a] & painted["B", b])


def test_one_idea_under_two_names_is_a_merge_candidate():
    project = study(
        ("A", "d1", 0, 50, "c1"), ("B", "d1", 5, 50, "c3"), ("A", "d1", 90, 99, "c0"),
        ("B", "d1", 90, 99, "c0"),
    )  # fmt: skip

    merge = cp.overlap_matrix(project, "A", "B").merge

    assert [(m.a, m.b) for m in merge] == [("fear", "family")]
    assert merge[0].overlap == pytest.approx(45 / 50)


def test_one_code_over_two_of_the_other_coder_is_a_split_candidate():
    project = study(
        ("A", "d1", 0, 100, "c0"), ("B", "d1", 0, 50, "c1"), ("B", "d1", 50, 90, "c2")
    )  # fmt: skip

    split = cp.overlap_matrix(project, "A", "B").split

    assert [(s.coder, s.code, [name for name, _ in s.over]) for s in split] == [
        ("A", "the register", ["fear", "no work"])
    ]


def test_each_kind_of_card_is_recognised():
    project = study(
        ("A", "d1", 0, 10, "c0"), ("B", "d1", 0, 10, "c0"),
        ("A", "d1", 20, 30, "c1"), ("B", "d1", 20, 30, "c2"),
        ("A", "d1", 40, 50, "c1"), ("B", "d1", 44, 58, "c1"),
        ("A", "d1", 70, 80, "c1"), ("B", "d2", 70, 80, "c1"),
    )  # fmt: skip

    cards = cp.pair_spans(project, "A", "B")

    assert [c.kind for c in cards] == ["same", "other code", "shifted boundary", "only A", "only B"]
    assert cards[2].overlap == pytest.approx(6 / 18)


def best_by_trying(project, document):
    sides = [[s for s in project.segments if s.coder == c and s.document == document] for c in "AB"]
    short, long = sorted(sides, key=len)
    best = 0.0
    for order in permutations(long, len(short)):
        gain = 0.0
        for s, t in zip(short, order):
            shared = s.span.shared_with(t.span)
            overlap = shared / (len(s.span) + len(t.span) - shared)
            same = s.code == t.code
            if overlap > 0 and (same or overlap >= 0.5):
                gain += overlap + (10 if same else 0)
        best = max(best, gain)
    return best


@given(coded(most=9))
def test_pairing_is_the_best_of_all_pairings(rows):
    project = study(*rows)

    cards = cp.pair_spans(project, "A", "B")

    for document in ("d1", "d2"):
        paired = [c for c in cards if c.document == document and c.a and c.b]
        gain = sum(c.overlap + (10 if c.a.code == c.b.code else 0) for c in paired)
        assert gain == pytest.approx(best_by_trying(project, document))


@given(coded())
def test_every_segment_is_on_exactly_one_card(rows):
    project = study(*rows)

    cards = cp.pair_spans(project, "A", "B")

    on_cards = sorted(s.id for c in cards for s in (c.a, c.b) if s)
    assert on_cards == sorted(s.id for s in project.segments)


def test_neither_coder_is_seen_before_both_say_done():
    assert cp.may_compare({"A", "B"}, "AB")[0]
    allowed, why = cp.may_compare({"A"}, "AB")
    assert not allowed
    assert "Still coding: B" in why


def four_cards():
    project = study(
        ("A", "d1", 0, 10, "c0"), ("B", "d1", 0, 10, "c0"),
        ("A", "d1", 20, 30, "c1"), ("B", "d1", 20, 30, "c2"),
        ("A", "d1", 40, 50, "c1"), ("B", "d1", 44, 58, "c1"),
        ("A", "d1", 70, 80, "c1"),
    )  # fmt: skip
    return project, cp.Adjudication(tuple(cp.pair_spans(project, "A", "B")))


def decision(n, card, choice, reason="It is what she said.", **more):
    return cp.Decision(
        id=f"x{n}", card=card, by=("A", "B"), at=NOW, choice=choice, reason=reason, **more
    )


def test_decisions_make_a_consensus_and_leave_the_originals():
    project, table = four_cards()
    _, other, shifted, alone = table.cards
    blind = project.segments

    table = cp.decide(table, decision(1, other.key, "keep B"))
    table = cp.decide(table, decision(2, shifted.key, "merge", code="c1"))
    table = cp.decide(table, decision(3, alone.key, "drop"))
    settled = cp.settle(table)

    assert [(s.span.start, s.span.end, s.code) for s in settled.segments] == [
        (0, 10, "c0"), (20, 30, "c2"), (40, 58, "c1"),
    ]  # fmt: skip
    assert settled.open == ()
    assert settled.changes[0].codes == {"c1": -1}
    assert project.segments == blind


def test_what_is_not_decided_stays_open_and_a_later_decision_replaces_an_earlier_one():
    _, table = four_cards()
    table = cp.decide(table, decision(1, table.cards[1].key, "drop"))
    table = cp.decide(table, decision(2, table.cards[1].key, "both"))

    settled = cp.settle(table)

    assert len(settled.open) == 2
    assert len(settled.segments) == 3
    assert len(table.decisions) == 2


def test_a_split_names_its_parts():
    _, table = four_cards()
    parts = ((Span(40, 45), "c1"), (Span(46, 58), "c3"))

    settled = cp.settle(cp.decide(table, decision(1, table.cards[2].key, "split", parts=parts)))

    assert [(s.span, s.code) for s in settled.segments[1:]] == list(parts)


@pytest.mark.parametrize(
    ("card", "choice", "more", "why"),
    [
        (1, "keep A", {"reason": "  "}, "needs its reason"),
        (3, "keep B", {}, "only one coder"),
        (1, "merge", {}, "needs the code"),
        (1, "split", {}, "needs the passages"),
        (1, "toss a coin", {}, "is not one of"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(card, choice, more, why):
    _, table = four_cards()

    with pytest.raises(CodingError, match=why):
        cp.decide(table, decision(1, table.cards[card].key, choice, **more))


def test_a_decision_about_no_card_is_refused():
    _, table = four_cards()

    with pytest.raises(CodingError, match="no card"):
        cp.decide(table, decision(1, "?|?", "drop"))


def test_swapping_the_coders_transposes_the_matrix():
    project, _ = four_cards()

    ab, ba = cp.overlap_matrix(project, "A", "B"), cp.overlap_matrix(project, "B", "A")

    np.testing.assert_array_equal(ab.characters, ba.characters.T)
