"""Texts keep every character, and ranges keep their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.grounded.errors import CodingError
from footbridge.grounded.segments import (
    Segment,
    covered_length,
    lay_out_bars,
    merged_spans,
    segments_at,
)
from footbridge.grounded.text import Edit, Span, correct, normalise

TRICKY = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from("\r\n\t \u0301\u200f\u05d0\U0001f642明办企业"),
    ),
    max_size=60,
)
spans = st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda p: Span(p[0], p[0] + p[1]))


@given(TRICKY)
def test_normalising_leaves_only_lf_and_is_done_once(raw):
    text = normalise(raw)

    assert "\r" not in text
    assert normalise(text).removeprefix("\ufeff") == text.removeprefix("\ufeff")
    assert text.replace("\n", "") == raw.removeprefix("\ufeff").replace("\n", "").replace("\r", "")


def test_half_a_character_is_refused_with_its_place():
    with pytest.raises(CodingError, match="position 1"):
        normalise("a\ud83d")


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2), (-1, 2)])
def test_an_empty_or_reversed_range_is_refused(start, end):
    with pytest.raises(CodingError, match="at least one character"):
        Span(start, end)


def test_a_range_that_leaves_the_text_is_refused():
    with pytest.raises(CodingError, match="leaves the text of 3"):
        Span(1, 4).of("abc")


def test_positions_count_code_points():
    assert Span(1, 2).of("a\U0001f642b") == "\U0001f642"
    assert Span(1, 3).of("ae\u0301") == "e\u0301"


@st.composite
def corrections(draw):
    text = draw(TRICKY.filter(bool))
    edits, at = [], 0
    while at < len(text) and draw(st.booleans()):
        start = draw(st.integers(at, len(text)))
        end = draw(st.integers(start, len(text)))
        edits.append(Edit(start, end, draw(st.text("xy\n", max_size=4))))
        at = end + 1
    start = draw(st.integers(0, len(text) - 1))
    return text, edits, Span(start, draw(st.integers(start + 1, len(text))))


@given(corrections())
def test_a_range_that_no_correction_touches_keeps_its_words(given_):
    text, edits, span = given_

    new, moves = correct(text, edits)
    moved = moves.move(span)

    if not moves.touches(span):
        assert moved is not None
        assert moved.of(new) == span.of(text)
    elif moved is not None:
        assert moved.end <= len(new)


def test_a_correction_inside_a_range_stays_inside_it():
    new, moves = correct("He said Datong, twice.", [Edit(8, 14, "[CITY-1]")])

    assert moves.move(Span(3, 15)).of(new) == "said [CITY-1],"
    assert moves.move(Span(8, 14)).of(new) == "[CITY-1]"


def test_corrections_that_overlap_are_refused():
    with pytest.raises(CodingError, match="overlaps"):
        correct("abcdef", [Edit(0, 3, "x"), Edit(2, 4, "y")])


@given(st.lists(spans, max_size=12))
def test_covered_characters_are_counted_once(ranges):
    painted = set().union(*(range(s.start, s.end) for s in ranges)) if ranges else set()

    assert covered_length(ranges) == len(painted)
    assert all(a.end <= b.start for a, b in zip(merged_spans(ranges), merged_spans(ranges)[1:]))


@given(st.lists(spans, max_size=15))
def test_bars_in_one_lane_never_overlap_and_lanes_are_as_few_as_possible(ranges):
    segments = [Segment(str(at), "d", span, "c", "A") for at, span in enumerate(ranges)]

    lanes = lay_out_bars(segments)

    for a in segments:
        for b in segments:
            if a.id < b.id and lanes[a.id] == lanes[b.id]:
                assert not a.span.shared_with(b.span)
    deepest = max((len(segments_at(segments, at)) for at in range(71)), default=0)
    assert len(set(lanes.values())) == deepest
