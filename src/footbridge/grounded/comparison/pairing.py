"""Level 3: passage beside passage, by the best overlap; one card for each to talk about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from footbridge.grounded.comparison.lists import plain_name
from footbridge.grounded.project import Project
from footbridge.grounded.segments import Segment

Kind: TypeAlias = Literal["same", "other code", "shifted boundary", "only A", "only B"]
KINDS: tuple[Kind, ...] = ("same", "other code", "shifted boundary", "only A", "only B")
_FOR_THE_SAME_CODE = 10.0  # a pair with one code is always better than any pair with two


@dataclass(frozen=True, slots=True)
class Card:
    """One passage as each coder saw it.

    Attributes
    ----------
    kind : {'same', 'other code', 'shifted boundary', 'only A', 'only B'}
        "Other code" includes passages that overlap by half or more with other boundaries.
    a, b : Segment or None
    overlap : float
        Intersection over union; 0 where only one coder coded.
    """

    kind: Kind
    a: Segment | None
    b: Segment | None
    overlap: float

    @property
    def key(self) -> str:
        """Return what names this card in a decision."""
        return f"{self.a.id if self.a else '-'}|{self.b.id if self.b else '-'}"

    @property
    def start(self) -> int:
        """Return where the card begins in its text."""
        return min(s.span.start for s in (self.a, self.b) if s is not None)

    @property
    def document(self) -> str:
        """Return the text that the card is about."""
        return next(s.document for s in (self.a, self.b) if s is not None)


def pair_spans(
    project: Project,
    a: str,
    b: str,
    *,
    documents: Iterable[str] | None = None,
    least: float = 0.5,
) -> list[Card]:
    """Pair the segments of two coders so that the summed overlap is as large as possible.

    Parameters
    ----------
    project : Project
    a, b : str
        Identifiers of the coders.
    documents : iterable of str, optional
    least : float
        Passages with different codes are paired only from this intersection over union on;
        with the same code any overlap is enough.

    Returns
    -------
    list of Card
        In the order of the texts; every segment of either coder is on exactly one card.
    """
    names = {code.id: plain_name(code.name) for code in project.codebook}
    places: dict[str, tuple[list[Segment], list[Segment]]] = {}
    wanted = set(documents) if documents is not None else None
    for s in project.segments:
        if s.coder in (a, b) and (wanted is None or s.document in wanted):
            places.setdefault(s.document, ([], []))[s.coder == b].append(s)
    order = {d.id: at for at, d in enumerate(project.documents)}
    cards: list[Card] = []
    for document in sorted(places, key=order.__getitem__):
        first, second = (sorted(side, key=_place) for side in places[document])
        cards += sorted(_pair(first, second, names, least), key=lambda c: (c.start, c.key))
    return cards


def _place(s: Segment) -> tuple[int, int, str]:
    return s.span.start, s.span.end, s.id


def _pair(
    first: Sequence[Segment], second: Sequence[Segment], names: dict[str, str], least: float
) -> list[Card]:
    edges = _edges(first, second, names, least)
    chosen: dict[int, int] = {}
    for rows, columns in _groups(edges):
        gain = np.zeros((len(rows), len(columns)))
        place = {j: at for at, j in enumerate(columns)}
        for at, i in enumerate(rows):
            for j, value in edges[i].items():
                gain[at, place[j]] = value
        for row, column in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
            if gain[row, column] > 0:
                chosen[rows[row]] = columns[column]
    taken = set(chosen.values())
    cards = [_card(s, second[chosen[i]] if i in chosen else None, names)
             for i, s in enumerate(first)]  # fmt: skip
    return cards + [Card("only B", None, s, 0.0) for j, s in enumerate(second) if j not in taken]


def _edges(
    first: Sequence[Segment], second: Sequence[Segment], names: dict[str, str], least: float
) -> dict[int, dict[int, float]]:
    edges: dict[int, dict[int, float]] = {}
    waiting: list[int] = []
    upcoming = 0
    for i, s in enumerate(first):
        while upcoming < len(second) and second[upcoming].span.start < s.span.end:
            waiting.append(upcoming)
            upcoming += 1
        waiting = [j for j in waiting if second[j].span.end > s.span.start]
        for j in waiting:
            overlap = _overlap(s, second[j])
            same = names[s.code] == names[second[j].code]
            if overlap > 0 and (same or overlap >= least):
                edges.setdefault(i, {})[j] = overlap + (_FOR_THE_SAME_CODE if same else 0.0)
    return edges


def _overlap(s: Segment, t: Segment) -> float:
    shared = s.span.shared_with(t.span)
    return shared / (len(s.span) + len(t.span) - shared)


def _groups(edges: dict[int, dict[int, float]]) -> list[tuple[list[int], list[int]]]:
    """Return sets of rows and columns that are tied by edges, each a small assignment."""
    of_column: dict[int, list[int]] = {}
    for i, row in edges.items():
        for j in row:
            of_column.setdefault(j, []).append(i)
    seen: set[int] = set()
    groups = []
    for begin in edges:
        if begin in seen:
            continue
        seen.add(begin)
        rows, columns, waiting = [], set(), [begin]
        while waiting:
            i = waiting.pop()
            rows.append(i)
            for j in edges[i]:
                if j not in columns:
                    columns.add(j)
                    more = [k for k in of_column[j] if k not in seen]
                    seen.update(more)
                    waiting += more
        groups.append((sorted(rows), sorted(columns)))
    return groups


def _card(s: Segment, t: Segment | None, names: dict[str, str]) -> Card:
    if t is None:
        return Card("only A", s, None, 0.0)
    if names[s.code] != names[t.code]:
        return Card("other code", s, t, _overlap(s, t))
    return Card("same" if s.span == t.span else "shifted boundary", s, t, _overlap(s, t))
