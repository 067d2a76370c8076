"""A study as it stands: texts, codebook, codings, memos and what is known of each interview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from footbridge.grounded.codebook import Codebook
from footbridge.grounded.errors import CodingError
from footbridge.grounded.memos import Memo
from footbridge.grounded.segments import Segment

AttributeValue: TypeAlias = str | bool | int | float | date | datetime
Direction: TypeAlias = Literal["Associative", "OneWay", "Bidirectional"]


@dataclass(frozen=True, slots=True)
class Coder:
    """Somebody who codes, by role ("coder A"), never by name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Document:
    """One transcript in its present version.

    Attributes
    ----------
    id, name : str
    text : str
        LF line ends; see `text.normalise`.
    description : str
    earlier : tuple of str
        The texts of earlier versions, oldest first.
    """

    id: str
    name: str
    text: str
    description: str = ""
    earlier: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """Count the versions, from 1."""
        return len(self.earlier) + 1


@dataclass(frozen=True, slots=True)
class Case:
    """What is known about one interview: coarse attributes, never who it was.

    Attributes
    ----------
    id, name : str
    documents : tuple of str
    attributes : dict
        Attribute name to value.
    description : str
    """

    id: str
    name: str
    documents: tuple[str, ...] = ()
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A typed relation between two things, such as "leads to" between two codes."""

    id: str
    name: str
    origin: str
    target: str
    direction: Direction = "OneWay"


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A named group of codes and documents: a theme, or a semantic domain."""

    id: str
    name: str
    codes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """Everything of one study, frozen."""

    name: str
    coders: tuple[Coder, ...] = ()
    codebook: Codebook = field(default_factory=Codebook)
    documents: tuple[Document, ...] = ()
    segments: tuple[Segment, ...] = ()
    memos: tuple[Memo, ...] = ()
    cases: tuple[Case, ...] = ()
    links: tuple[Link, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    description: str = ""

    def document(self, identifier: str) -> Document:
        """Return one document.

        Raises
        ------
        CodingError
            If there is none.
        """
        found = next((d for d in self.documents if d.id == identifier), None)
        if found is None:
            raise CodingError(
                f"There is no document {identifier!r} in this study. Look at its list of texts."
            )
        return found

    def quote(self, segment: Segment) -> str:
        """Return the words of a segment."""
        return segment.span.of(self.document(segment.document).text)

    def segments_of(
        self,
        *,
        code: str | None = None,
        coder: str | None = None,
        document: str | None = None,
    ) -> list[Segment]:
        """Return segments in the order of the texts; `code` includes everything under it."""
        codes = self.codebook.family(code) if code is not None else None
        order = {d.id: at for at, d in enumerate(self.documents)}
        found = (
            s
            for s in self.segments
            if (codes is None or s.code in codes)
            and coder in (None, s.coder)
            and document in (None, s.document)
        )
        return sorted(found, key=lambda s: (order[s.document], s.span, s.coder, s.code, s.id))


def check_project(project: Project) -> list[str]:
    """Return what does not fit together, in words; an empty list where all does."""
    coders = {c.id for c in project.coders}
    lengths = {d.id: len(d.text) for d in project.documents}
    faults: list[str] = []
    for s in project.segments:
        if s.document not in lengths:
            faults.append(f"Segment {s.id} names a document that is not here.")
        elif s.span.end > lengths[s.document]:
            faults.append(f"Segment {s.id} leaves its text.")
        if s.code not in project.codebook:
            faults.append(f"Segment {s.id} names a code that is not here.")
        if s.coder not in coders:
            faults.append(f"Segment {s.id} names a coder who is not here.")
    faults += [
        f"Memo {m.id} names a coder who is not here."
        for m in project.memos
        if m.coder not in coders
    ]
    faults += _repeated(project)
    return faults


def _repeated(project: Project) -> Iterable[str]:
    for what, things in (
        ("coder", project.coders),
        ("document", project.documents),
        ("segment", project.segments),
        ("memo", project.memos),
        ("case", project.cases),
    ):
        names = [thing.id for thing in things]
        if len(set(names)) < len(names):
            yield f"Two {what}s have one identifier."
