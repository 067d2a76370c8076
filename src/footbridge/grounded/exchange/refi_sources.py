"""Reads the texts, selections and codings of a REFI-QDA project."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from footbridge.grounded.errors import CodingError, ExchangeError
from footbridge.grounded.exchange.guids import guid_for, is_guid, plain_guid, read_moment
from footbridge.grounded.exchange.losses import Losses
from footbridge.grounded.exchange.positions import Reading, Ruler, Selection
from footbridge.grounded.guarded.archives import Archive
from footbridge.grounded.guarded.xml import Node
from footbridge.grounded.memos import Memo
from footbridge.grounded.project import Document
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span, normalise

UNKNOWN_CODER = guid_for("coder", "unknown")


@dataclass(slots=True)
class Found:
    """What was read from the sources so far.

    Attributes
    ----------
    notes : dict
        Note identifier to the identifiers of what refers to it.
    values : dict
        Document identifier to its VariableValue elements.
    """

    documents: list[Document] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    memos: list[Memo] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, list[Node]] = field(default_factory=dict)

    def refer(self, node: Node, about: str) -> None:
        """Remember which notes an element refers to."""
        for reference in node.all("NoteRef"):
            self.notes.setdefault(plain_guid(reference.get("targetGUID")), []).append(about)


@dataclass(slots=True)
class SourceReader:
    """Reads sources one after the other.

    Attributes
    ----------
    archive : Archive
    losses : Losses
    codes, cases, coders : set of str
        Identifiers that codings may name.
    own : bool
        Whether we wrote the file, so that its positions need no finding out.
    """

    archive: Archive
    losses: Losses
    codes: set[str]
    cases: set[str]
    coders: set[str]
    own: bool
    found: Found = field(default_factory=Found)

    def read(self, source: Node) -> None:
        """Read one source of any kind."""
        if source.name in ("TextSource", "Note"):
            self.read_text(source)
            return
        self.losses.drop(source.name)
        before = len(self.found.documents)
        for child in source.all("Representation", "TextDescription", "Transcript"):
            child.attributes.setdefault("name", source.get("name"))
            self.losses.tolerate(f"text kept from {source.name}")
            self.read_text(child)
        kept = self.found.documents[before:]
        values = source.all("VariableValue")
        if kept:  # what is said of the medium is said of its text from now on
            self.found.refer(source, kept[0].id)
            self.found.values.setdefault(kept[0].id, []).extend(values)
        else:
            self.losses.drop("NoteRef of a medium", len(source.all("NoteRef")))
            self.losses.drop("VariableValue of a medium", len(values))
        self.losses.drop("Description of a medium", bool(source.said("Description").strip()))
        for child in source.children:
            if child.name == "Coding" or child.name in _MEDIA_SELECTIONS:
                self._lose(child, f"{child.name} of {source.name}")

    def _lose(self, node: Node, label: str) -> None:
        """Count an element that is left out, and everything in it that meant something."""
        self.losses.drop(label)
        waiting = list(node.children)
        while waiting:
            each = waiting.pop()
            told = each.name != "Description" or each.text.strip()
            if told and (each.name in _COUNTED or each.name.endswith("Selection")):
                self.losses.drop(each.name)
            waiting += each.children

    def read_text(self, source: Node) -> None:
        """Read one text with its selections and codings."""
        raw = self.text_of(source)
        if raw is None:
            for lost in source.children:
                if lost.name in _COUNTED or lost.name.endswith("Selection"):
                    self._lose(lost, f"{lost.name} of a missing text")
            return
        text = normalise(raw)
        guid = self.identifier(source, "text")
        name = source.get("name").strip() or f"Text {len(self.found.documents) + 1}"
        document = Document(guid, name, text, source.said("Description"))
        self.found.documents.append(document)
        self.found.refer(source, guid)
        if source.all("VariableValue"):
            self.found.values[guid] = source.all("VariableValue")
        self.losses.drop("SyncPoint's moment", len(source.all("SyncPoint")))
        self._selections(source, document, marked=raw.startswith("\ufeff"))
        for coding in source.all("Coding"):
            if text:
                self.losses.tolerate("Coding of a whole text")
                self._coding(coding, source, Place(guid, Span(0, len(text)), ""))

    def text_of(self, source: Node) -> str | None:
        """Return the text as the file holds it, or None where it cannot be had."""
        content = source.one("PlainTextContent")
        path = source.get("plainTextPath")
        if content is not None and not path:
            return content.text
        if not path:
            self.losses.drop(f"{source.name} without any text")
            return None
        name = self._inner_name(path)
        if name is None:
            self.losses.drop(f"{source.name} whose file is missing or lies elsewhere")
            return None
        try:
            return self._decode(self.archive.read(name, self.archive.limits.text_bytes))
        except ExchangeError:
            self.losses.drop(f"{source.name} whose file is damaged or too large")
            return None

    def _inner_name(self, path: str) -> str | None:
        scheme, colon, rest = path.partition("://")
        if colon and scheme.lower() != "internal":
            return None
        if not colon:
            self.losses.tolerate("path without internal://")
        file = (rest if colon else path).replace("\\", "/").removeprefix("./").lstrip("/")
        for candidate in (f"sources/{file}", file):
            name = self.archive.find(candidate)
            if name is not None:
                if not name.startswith("sources/"):
                    self.losses.tolerate("text outside the folder 'sources'")
                return name
        return None

    def _decode(self, data: bytes) -> str | None:
        for encoding in ("utf-8", "utf-16") if data[:2] in _MARKS_16 else ("utf-8",):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if encoding != "utf-8":
                self.losses.tolerate("text in UTF-16")
            return text
        self.losses.drop("text that is not UTF-8")
        return None

    def _selections(self, source: Node, document: Document, *, marked: bool) -> None:
        points = {plain_guid(p.get("guid")): p.get("position") for p in source.all("SyncPoint")}
        picked: list[tuple[Node, Selection]] = []
        for node in source.all("PlainTextSelection", "TranscriptSelection"):
            try:
                start, end = (int(at) for at in _ends(node, points))
            except ValueError:
                self._lose(node, f"{node.name} without positions")
                continue
            if abs(start) > _FARTHEST or abs(end) > _FARTHEST:
                self._lose(node, f"{node.name} outside its text")
                continue
            picked.append((node, Selection(start, end, node.get("name"))))
        ruler = Ruler(document.text)
        reading = Reading()
        if picked and not self.own:
            reading = ruler.choose([s for _, s in picked], marked=marked)
            self.losses.positions[document.name] = str(reading)
        for node, selection in picked:
            self._selection(node, document, ruler.place(selection, reading))

    def _selection(self, node: Node, document: Document, place: tuple[int, int]) -> None:
        start, end = place
        if start >= end:
            self._lose(node, f"{node.name} without length")
            return
        if start < 0 or end > len(document.text):
            self._lose(node, f"{node.name} outside its text")
            return
        where = Place(document.id, Span(start, end), node.said("Description"))
        codings = node.all("Coding")
        for coding in codings:
            self._coding(coding, node, where)
        if not codings:
            self._annotation(node, where)

    def _annotation(self, node: Node, where: Place) -> None:
        """Keep a selection that has words but no code as a memo about its text."""
        quoted = f"[{where.span.start}-{where.span.end}]"
        if where.note:
            self.losses.tolerate("annotation (selection without a code), kept as a memo")
            coder, moment = self._who(node, node)
            self.found.memos.append(
                Memo(self.identifier(node, "memo"), "operational", f"Annotation {quoted}",
                     where.note, coder, moment, (where.document,))
            )  # fmt: skip
        else:
            self.losses.drop("PlainTextSelection without a code or a note")
        self.found.refer(node, where.document)

    def _coding(self, coding: Node, selection: Node, where: Place) -> None:
        reference = coding.one("CodeRef")
        code = plain_guid(reference.get("targetGUID")) if reference is not None else ""
        if code not in self.codes:
            known = "case" if code in self.cases else "code that is not in the codebook"
            self.losses.drop(f"Coding with a {known}")
            return
        coder, moment = self._who(coding, selection)
        guid = self.identifier(coding, "segment")
        self.found.refer(coding, guid)
        self.found.refer(selection, guid)
        self.found.segments.append(
            Segment(guid, where.document, where.span, code, coder, moment, where.note)
        )

    def _who(self, coding: Node, selection: Node) -> tuple[str, datetime | None]:
        named = coding.get("creatingUser") or selection.get("creatingUser")
        coder = plain_guid(named)
        if coder not in self.coders:
            self.losses.tolerate("Coding without a known coder")
            coder = UNKNOWN_CODER
        moment = coding.get("creationDateTime") or selection.get("creationDateTime")
        return coder, read_moment(moment)

    _seen: Counter[str] = field(default_factory=Counter)
    _nameless: int = 0

    def identifier(self, node: Node, kind: str) -> str:
        """Return an element's identifier, made up from its place where it has none of its own."""
        raw = node.get("guid")
        guid = plain_guid(raw)
        if raw and not is_guid(raw):
            self.losses.tolerate("identifier that is no GUID")
        elif not raw:
            self.losses.tolerate(f"{node.name} without an identifier")
            self._nameless += 1
            guid = guid_for(kind, str(self._nameless))
        self._seen[guid] += 1
        if self._seen[guid] > 1:
            self.losses.tolerate("identifier used twice")
            guid = guid_for(guid, kind, str(self._seen[guid]))
            self._seen[guid] += 1
        return guid


@dataclass(frozen=True, slots=True)
class Place:
    """Where a coding lies, and the note on its selection."""

    document: str
    span: Span
    note: str


def _ends(node: Node, points: dict[str, str]) -> tuple[str, str]:
    """Return the positions a selection names, itself or through a transcript's sync points."""
    if node.name == "PlainTextSelection":
        return node.get("startPosition"), node.get("endPosition")
    first, last = (
        points.get(plain_guid(node.get(k)), "") for k in ("fromSyncPoint", "toSyncPoint")
    )
    return first, last


_MEDIA_SELECTIONS = ("PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection")
_COUNTED = ("Coding", "NoteRef", "VariableValue", "Description", "Representation")
_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")
_FARTHEST = 10**12


def safe_text(raw: str) -> str:
    """Return LF text, or nothing where it holds half characters."""
    try:
        return normalise(raw)
    except CodingError:
        return ""
