"""Level 2: which of A's codes lie over which of B's, and what that suggests.

A strong cell off the names in common is one idea under two names: merge? One of A's codes
spread over several of B's is an idea that A keeps together and B tells apart: split?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.grounded.comparison.lists import plain_name
from footbridge.grounded.project import Project
from footbridge.grounded.segments import merged_spans
from footbridge.grounded.text import Span


@dataclass(frozen=True, slots=True)
class MergeCandidate:
    """Two names that cover nearly the same text; `overlap` is intersection over union."""

    a: str
    b: str
    overlap: float


@dataclass(frozen=True, slots=True)
class SplitCandidate:
    """One coder's code whose text the other coder spread over several codes."""

    coder: str
    code: str
    over: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class OverlapMatrix:
    """Characters in common.

    Attributes
    ----------
    codes_a, codes_b : tuple of str
        Identifiers.
    names_a, names_b : tuple of str
    characters : ndarray of int, shape (len(codes_a), len(codes_b))
    total_a, total_b : ndarray of int
        Characters under each code, whether or not the other coder coded them.
    merge : tuple of MergeCandidate
    split : tuple of SplitCandidate
    """

    codes_a: tuple[str, ...]
    codes_b: tuple[str, ...]
    names_a: tuple[str, ...]
    names_b: tuple[str, ...]
    characters: NDArray[np.int64]
    total_a: NDArray[np.int64]
    total_b: NDArray[np.int64]
    merge: tuple[MergeCandidate, ...]
    split: tuple[SplitCandidate, ...]

    def overlap(self) -> NDArray[np.float64]:
        """Return intersection over union, shape (len(codes_a), len(codes_b))."""
        union = self.total_a[:, None] + self.total_b[None, :] - self.characters
        shares: NDArray[np.float64] = self.characters / np.maximum(union, 1)
        return shares


Covered = dict[tuple[str, str], list[Span]]


def overlap_matrix(
    project: Project,
    a: str,
    b: str,
    *,
    documents: Iterable[str] | None = None,
    same: float = 0.5,
    part: float = 0.2,
) -> OverlapMatrix:
    """Return the characters that each of A's codes shares with each of B's.

    Parameters
    ----------
    project : Project
    a, b : str
        Identifiers of the coders.
    documents : iterable of str, optional
    same : float
        Two differently named codes with at least this intersection over union are a merge
        candidate.
    part : float
        A code is a split candidate if two or more of the other coder's codes each take at
        least this share of its text, and none takes `1 - part` of it.
    """
    wanted = set(documents) if documents is not None else {d.id for d in project.documents}
    first, second = (_covered(project, coder, wanted) for coder in (a, b))
    codes_a, codes_b = (_codes(project, covered) for covered in (first, second))
    row, column = ({code: at for at, code in enumerate(codes)} for codes in (codes_a, codes_b))
    shared = np.zeros((len(codes_a), len(codes_b)), dtype=np.int64)
    for document in wanted:
        for x, y, n in _meetings(_of(first, document), _of(second, document)):
            shared[row[x], column[y]] += n
    names_a, names_b = (tuple(project.codebook[c].name for c in cs) for cs in (codes_a, codes_b))
    total_a, total_b = _totals(first, row), _totals(second, column)
    plain = OverlapMatrix(
        codes_a, codes_b, names_a, names_b, shared, total_a, total_b, (), ()
    )  # fmt: skip
    splits = (
        *_splits(a, names_a, names_b, shared, part=part),
        *_splits(b, names_b, names_a, shared.T, part=part),
    )
    return OverlapMatrix(
        codes_a, codes_b, names_a, names_b, shared, total_a, total_b, _merges(plain, same), splits
    )


def _covered(project: Project, coder: str, documents: set[str]) -> Covered:
    found: Covered = {}
    for s in project.segments:
        if s.coder == coder and s.document in documents:
            found.setdefault((s.document, s.code), []).append(s.span)
    return {key: merged_spans(spans) for key, spans in found.items()}


def _codes(project: Project, covered: Covered) -> tuple[str, ...]:
    used = {code for _, code in covered}
    return tuple(code.id for code in project.codebook if code.id in used)


def _of(covered: Covered, document: str) -> list[tuple[int, int, str]]:
    found = [
        (span.start, span.end, code)
        for (where, code), spans in covered.items()
        if where == document
        for span in spans
    ]
    return sorted(found)


def _totals(covered: Covered, place: dict[str, int]) -> NDArray[np.int64]:
    totals = np.zeros(len(place), dtype=np.int64)
    for (_, code), spans in covered.items():
        totals[place[code]] += sum(len(span) for span in spans)
    return totals


def _meetings(
    first: list[tuple[int, int, str]], second: list[tuple[int, int, str]]
) -> Iterator[tuple[str, str, int]]:
    """Yield codes that meet and by how many characters; both lists sorted by start."""
    waiting: list[tuple[int, int, str]] = []
    upcoming = 0
    for start, end, code in first:
        while upcoming < len(second) and second[upcoming][0] < end:
            waiting.append(second[upcoming])
            upcoming += 1
        waiting = [unit for unit in waiting if unit[1] > start]
        for other_start, other_end, other in waiting:
            if other_start < end:
                yield code, other, min(end, other_end) - max(start, other_start)


def _merges(matrix: OverlapMatrix, same: float) -> tuple[MergeCandidate, ...]:
    overlap = matrix.overlap()
    found = [
        MergeCandidate(matrix.names_a[i], matrix.names_b[j], float(overlap[i, j]))
        for i, j in np.argwhere(overlap >= same)
        if plain_name(matrix.names_a[i]) != plain_name(matrix.names_b[j])
    ]
    return tuple(sorted(found, key=lambda m: (-m.overlap, m.a, m.b)))


def _splits(
    coder: str,
    names: tuple[str, ...],
    others: tuple[str, ...],
    shared: NDArray[np.int64],
    *,
    part: float,
) -> list[SplitCandidate]:
    found = []
    for at, name in enumerate(names):
        met = int(shared[at].sum())
        shares = shared[at] / met if met else np.zeros(len(others))
        parts = [(others[j], float(shares[j])) for j in np.flatnonzero(shares >= part)]
        if len(parts) > 1 and max(share for _, share in parts) < 1.0 - part:
            parts.sort(key=lambda p: (-p[1], p[0]))
            found.append(SplitCandidate(coder, name, tuple(parts)))
    return found
