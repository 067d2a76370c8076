"""What can happen to a study, as records that are only ever added to a log.

Lists, undo, the audit trail and other people's screens all follow from the log; see
`replay`. Every record carries who and when.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from footbridge.grounded.codebook import Code, Property
from footbridge.grounded.memos import MemoKind
from footbridge.grounded.project import Document
from footbridge.grounded.text import Edit, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What every record carries: its own identifier, the coder, and the moment."""

    id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAdded(Happened):
    """A transcript came in."""

    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCorrected(Happened):
    """A transcript was corrected: in place before coding, as a new version after."""

    document: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAdded(Happened):
    """A code was made."""

    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRenamed(Happened):
    """A code was given another name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDefined(Happened):
    """A definition, the properties and their dimensions were written down."""

    code: str
    definition: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMoved(Happened):
    """A code was put under another one, or at the top."""

    code: str
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesMerged(Happened):
    """Codes became one: their segments now carry `into`, and what was under them moves there."""

    codes: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSplit(Happened):
    """Some segments of a code went to new codes; the others stay.

    Attributes
    ----------
    code : str
    into : tuple of Code
        The new codes.
    segments : dict
        Segment identifier to the identifier of one of the new codes.
    """

    code: str
    into: tuple[Code, ...]
    segments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRemoved(Happened):
    """A code that no segment carries was removed; what was under it moves up."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCoded(Happened):
    """A passage was coded by `by`; the record's identifier is the segment's."""

    document: str
    span: Span
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRecoded(Happened):
    """A segment was given another code or another range, or its note was changed."""

    segment: str
    code: str | None = None
    span: Span | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRemoved(Happened):
    """A coding was taken back."""

    segment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoWritten(Happened):
    """A memo was written, or written anew where `memo` names an earlier one."""

    kind: MemoKind
    title: str
    text: str
    about: tuple[str, ...] = ()
    memo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Happened):
    """An earlier record no longer counts. Undoing an `Undone` brings it back."""

    event: str


Event: TypeAlias = (
    TextAdded
    | TextCorrected
    | CodeAdded
    | CodeRenamed
    | CodeDefined
    | CodeMoved
    | CodesMerged
    | CodeSplit
    | CodeRemoved
    | SegmentCoded
    | SegmentRecoded
    | SegmentRemoved
    | MemoWritten
    | Undone
)
