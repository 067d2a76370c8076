"""Coded passages: who gave which code to which range of which text, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from footbridge.grounded.text import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """One coding. Overlaps, and several codes on one passage, are normal.

    Attributes
    ----------
    id : str
    document, code, coder : str
        Identifiers; a coder is a role such as "coder A", never a person's name.
    span : Span
        Half-open range of code points in the document's present version.
    moment : datetime or None
        When it was coded; None only where an imported file does not say.
    note : str
    """

    id: str
    document: str
    span: Span
    code: str
    coder: str
    moment: datetime | None = None
    note: str = ""


def merged_spans(spans: Iterable[Span]) -> list[Span]:
    """Return overlapping ranges as one each, sorted; ranges that only touch stay apart."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def covered_length(spans: Iterable[Span]) -> int:
    """Return how many characters lie in at least one of the ranges."""
    return sum(len(span) for span in merged_spans(spans))


def segments_at(segments: Iterable[Segment], position: int) -> list[Segment]:
    """Return the segments over one character."""
    return [s for s in segments if s.span.start <= position < s.span.end]


def lay_out_bars(segments: Sequence[Segment]) -> dict[str, int]:
    """Return a lane for each segment, so that margin bars in one lane never overlap.

    Longer passages come first among those that begin together. As few lanes as possible.
    """
    free_from: list[int] = []
    lanes: dict[str, int] = {}
    for segment in sorted(segments, key=lambda s: (s.span.start, -s.span.end, s.coder, s.code)):
        lane = next((i for i, end in enumerate(free_from) if end <= segment.span.start), None)
        if lane is None:
            lane = len(free_from)
            free_from.append(0)
        free_from[lane] = segment.span.end
        lanes[segment.id] = lane
    return lanes
