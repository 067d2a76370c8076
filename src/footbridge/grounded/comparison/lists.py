"""Level 1: two coders' lists of codes, what only one has, and near matches of names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from footbridge.grounded.project import Project


@dataclass(frozen=True, slots=True)
class CodeUse:
    """How one coder used one code: identifiers behind the name, segments and documents."""

    name: str
    codes: frozenset[str]
    segments: int
    documents: int


@dataclass(frozen=True, slots=True)
class NearMatch:
    """A code of A and a code of B whose names differ by a few letters or words."""

    a: str
    b: str
    similarity: float


@dataclass(frozen=True, slots=True)
class ListComparison:
    """Codes by who used them. In `both`, first A's use and then B's."""

    only_a: tuple[CodeUse, ...]
    only_b: tuple[CodeUse, ...]
    both: tuple[tuple[CodeUse, CodeUse], ...]
    near: tuple[NearMatch, ...]


def plain_name(name: str) -> str:
    """Return a name as it is compared: one width, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def compare_lists(
    project: Project,
    a: str,
    b: str,
    *,
    similar: float = 0.7,
    documents: Iterable[str] | None = None,
) -> ListComparison:
    """Compare which codes two coders used.

    Parameters
    ----------
    project : Project
    a, b : str
        Identifiers of the coders.
    similar : float
        Near matches have at least this similarity, from 0 to 1: the better of letters
        (edit distance over the longer name) and words in common (Dice).
    documents : iterable of str, optional
        Only these documents, such as those of one day.
    """
    wanted = set(documents) if documents is not None else {d.id for d in project.documents}
    mine, theirs = (_uses(project, coder, wanted) for coder in (a, b))
    only_a = tuple(use for key, use in mine.items() if key not in theirs)
    only_b = tuple(use for key, use in theirs.items() if key not in mine)
    both = tuple((use, theirs[key]) for key, use in mine.items() if key in theirs)
    near = [NearMatch(x.name, y.name, similarity(x.name, y.name)) for x in only_a for y in only_b]
    near = [match for match in near if match.similarity >= similar]
    near.sort(key=lambda m: (-m.similarity, m.a, m.b))
    return ListComparison(only_a, only_b, both, tuple(near))


def _uses(project: Project, coder: str, documents: set[str]) -> dict[str, CodeUse]:
    found: dict[str, list[tuple[str, str]]] = {}
    for s in project.segments:
        if s.coder == coder and s.document in documents:
            key = plain_name(project.codebook[s.code].name)
            found.setdefault(key, []).append((s.code, s.document))
    return {
        key: CodeUse(
            project.codebook[uses[0][0]].name,
            frozenset(code for code, _ in uses),
            len(uses),
            len({document for _, document in uses}),
        )
        for key, uses in sorted(found.items())
    }


def similarity(a: str, b: str) -> float:
    """Return how alike two names are, from 0 to 1.

    Examples
    --------
    >>> similarity("Fear of register", "fear of the register")
    0.8571428571428571
    """
    x, y = plain_name(a), plain_name(b)
    longest = max(len(x), len(y))
    if not longest:
        return 1.0
    letters = 1.0 - edit_distance(x, y) / longest
    first, second = set(x.split()), set(y.split())
    words = 2 * len(first & second) / (len(first) + len(second))
    return max(letters, words)


def edit_distance(a: str, b: str) -> int:
    """Return Levenshtein's distance: the fewest letters to insert, delete or replace."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (letter != other))
    return row[-1]
