"""Folds a log of events into the study as it stands, and refuses what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from footbridge.grounded import events as e
from footbridge.grounded.codebook import Codebook
from footbridge.grounded.errors import CodingError
from footbridge.grounded.memos import Memo
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span, correct


@dataclass(slots=True)
class _Desk:
    """The study while it is being folded; changeable, so that a long log folds quickly."""

    codebook: Codebook = field(default_factory=Codebook)
    documents: dict[str, Document] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    memos: dict[str, Memo] = field(default_factory=dict)

    def document(self, identifier: str) -> Document:
        if identifier not in self.documents:
            raise CodingError(f"There is no text {identifier!r}. It may have been undone.")
        return self.documents[identifier]

    def segment(self, identifier: str) -> Segment:
        if identifier not in self.segments:
            raise CodingError(
                f"There is no segment {identifier!r}. It may have been removed or undone."
            )
        return self.segments[identifier]

    def recode(self, old: set[str], new: str) -> None:
        for key, segment in self.segments.items():
            if segment.code in old:
                self.segments[key] = replace(segment, code=new)

    def check_span(self, document: str, span: Span) -> None:
        span.of(self.document(document).text)


def _text_added(desk: _Desk, event: e.TextAdded) -> None:
    document = event.document
    if document.id in desk.documents:
        raise CodingError(f"There is already a text {document.id!r}. Correct that one.")
    if "\r" in document.text or document.text.startswith("\ufeff"):
        raise CodingError(
            "The text still has CR line ends or a byte order mark. Pass it through normalise()."
        )
    desk.documents[document.id] = document


def _text_corrected(desk: _Desk, event: e.TextCorrected) -> None:
    old = desk.document(event.document)
    text, moves = correct(old.text, event.edits)
    mine = [s for s in desk.segments.values() if s.document == old.id]
    moved = {s.id: moves.move(s.span) for s in mine}
    gone = sorted(key for key, span in moved.items() if span is None)
    if gone:
        raise CodingError(
            f"The correction deletes every word of {len(gone)} coded passage(s): "
            f"{', '.join(gone[:5])}. Remove those codings first."
        )
    earlier = (*old.earlier, old.text) if mine else old.earlier
    desk.documents[old.id] = replace(old, text=text, earlier=earlier)
    for s in mine:
        span = moved[s.id]
        if span is not None:
            desk.segments[s.id] = replace(s, span=span)


def _code_added(desk: _Desk, event: e.CodeAdded) -> None:
    desk.codebook = desk.codebook.with_code(event.code)


def _code_renamed(desk: _Desk, event: e.CodeRenamed) -> None:
    desk.codebook = desk.codebook.changed(event.code, name=event.name)


def _code_defined(desk: _Desk, event: e.CodeDefined) -> None:
    desk.codebook = desk.codebook.changed(
        event.code, definition=event.definition, properties=event.properties
    )


def _code_moved(desk: _Desk, event: e.CodeMoved) -> None:
    desk.codebook = desk.codebook.changed(event.code, parent=event.parent)


def _codes_merged(desk: _Desk, event: e.CodesMerged) -> None:
    old = set(event.codes) - {event.into}
    into = desk.codebook[event.into]
    if not old:
        raise CodingError("Merging needs at least one code besides the one that stays.")
    if any(into.id in desk.codebook.family(code) for code in old):
        raise CodingError(
            f"{into.name!r} lies under a code that would be merged into it. "
            "Move it up first, or merge the other way round."
        )
    held = {p.name: p for code in (into.id, *event.codes) for p in desk.codebook[code].properties}
    book = desk.codebook
    for child in [c for c in book if c.parent in old and c.id not in old]:
        book = book.changed(child.id, parent=into.id)
    desk.codebook = book.without(old).changed(into.id, properties=tuple(held.values()))
    desk.recode(old, into.id)


def _code_split(desk: _Desk, event: e.CodeSplit) -> None:
    new = {code.id for code in event.into}
    for code in event.into:
        desk.codebook = desk.codebook.with_code(code)
    for key, code_id in event.segments.items():
        segment = desk.segment(key)
        if segment.code != event.code or code_id not in new:
            raise CodingError(
                f"Segment {key!r} does not carry the code that is split, or goes to a code that "
                "is not among the new ones. Assign only segments of that code to new codes."
            )
        desk.segments[key] = replace(segment, code=code_id)


def _code_removed(desk: _Desk, event: e.CodeRemoved) -> None:
    held = sum(s.code == event.code for s in desk.segments.values())
    if held:
        raise CodingError(
            f"{held} segment(s) carry {desk.codebook[event.code].name!r}. "
            "Merge the code into another one, or remove its segments first."
        )
    desk.codebook[event.code]
    desk.codebook = desk.codebook.without([event.code])


def _segment_coded(desk: _Desk, event: e.SegmentCoded) -> None:
    if event.id in desk.segments:
        raise CodingError(f"There is already a segment {event.id!r}.")
    if not desk.codebook[event.code].codable:
        raise CodingError(
            f"{desk.codebook[event.code].name!r} is a heading. Use one of the codes under it."
        )
    desk.check_span(event.document, event.span)
    desk.segments[event.id] = Segment(
        event.id, event.document, event.span, event.code, event.by, event.at, event.note
    )


def _own(desk: _Desk, identifier: str, by: str) -> Segment:
    """Return a segment that `by` may change: one's own, so that blind originals stay."""
    segment = desk.segment(identifier)
    if segment.coder != by:
        raise CodingError(
            f"Segment {identifier!r} is {segment.coder}'s. Nobody changes another coder's coding; "
            "compare the two and record a decision."
        )
    return segment


def _segment_recoded(desk: _Desk, event: e.SegmentRecoded) -> None:
    old = _own(desk, event.segment, event.by)
    code = old.code if event.code is None else desk.codebook[event.code].id
    span = old.span if event.span is None else event.span
    desk.check_span(old.document, span)
    note = old.note if event.note is None else event.note
    desk.segments[old.id] = replace(old, code=code, span=span, note=note)


def _segment_removed(desk: _Desk, event: e.SegmentRemoved) -> None:
    del desk.segments[_own(desk, event.segment, event.by).id]


def _memo_written(desk: _Desk, event: e.MemoWritten) -> None:
    key = event.memo if event.memo is not None else event.id
    if event.memo is not None and event.memo not in desk.memos:
        raise CodingError(f"There is no memo {event.memo!r}. Write a new one.")
    desk.memos[key] = Memo(
        key, event.kind, event.title, event.text, event.by, event.at, event.about
    )


_RULES: dict[type, Callable[[_Desk, Any], None]] = {
    e.TextAdded: _text_added,
    e.TextCorrected: _text_corrected,
    e.CodeAdded: _code_added,
    e.CodeRenamed: _code_renamed,
    e.CodeDefined: _code_defined,
    e.CodeMoved: _code_moved,
    e.CodesMerged: _codes_merged,
    e.CodeSplit: _code_split,
    e.CodeRemoved: _code_removed,
    e.SegmentCoded: _segment_coded,
    e.SegmentRecoded: _segment_recoded,
    e.SegmentRemoved: _segment_removed,
    e.MemoWritten: _memo_written,
}


def standing(log: Sequence[e.Event]) -> list[e.Event]:
    """Return the events that still count, in order.

    Raises
    ------
    CodingError
        If an undo names nothing that came before it.
    """
    undone: set[str] = set()
    names = [event.id for event in log]
    if len(set(names)) < len(names):
        raise CodingError("Two events have one identifier. Give each its own.")
    before = set(names)
    for event in reversed(log):
        before.discard(event.id)
        if isinstance(event, e.Undone) and event.id not in undone:
            if event.event not in before:
                raise CodingError(
                    f"Nothing with the identifier {event.event!r} came before this undo."
                )
            undone.add(event.event)
    return [x for x in log if x.id not in undone and not isinstance(x, e.Undone)]


def replay(log: Sequence[e.Event], *, name: str, coders: Iterable[Coder]) -> Project:
    """Return the study that a log describes.

    Parameters
    ----------
    log : sequence of Event
        Oldest first.
    name : str
    coders : iterable of Coder
        Everybody who may appear in the log.

    Raises
    ------
    CodingError
        If an event does not fit what is there; the message says which and why.
    """
    known = tuple(coders)
    allowed = {coder.id for coder in known}
    desk = _Desk()
    for event in standing(log):
        if event.by not in allowed:
            raise CodingError(f"Event {event.id!r} is by {event.by!r}, who is not a coder here.")
        try:
            _RULES[type(event)](desk, event)
        except CodingError as error:
            raise CodingError(f"Event {event.id!r} does not fit: {error}") from error
    return Project(
        name, known, desk.codebook, tuple(desk.documents.values()),
        tuple(desk.segments.values()), tuple(desk.memos.values()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Log:
    """An append-only log. `added` and `undone` refuse what the study could not bear."""

    name: str
    coders: tuple[Coder, ...]
    events: tuple[e.Event, ...] = ()

    def project(self) -> Project:
        """Return the study as it stands."""
        return replay(self.events, name=self.name, coders=self.coders)

    def added(self, *events: e.Event) -> Log:
        """Return the log with more events.

        Raises
        ------
        CodingError
            If one does not fit; nothing is added then.
        """
        longer = replace(self, events=(*self.events, *events))
        longer.project()
        return longer

    def undone(self, undo: e.Undone) -> Log:
        """Return the log in which one event no longer counts.

        Raises
        ------
        CodingError
            If later events rest on it; undo those first.
        """
        try:
            return self.added(undo)
        except CodingError as error:
            raise CodingError(
                f"This cannot be undone while later steps rest on it. {error}"
            ) from error
