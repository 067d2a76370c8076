"""Writes REFI-QDA 1.5 projects (.qdpx) and codebooks (.qdc).

The same study always gives the same bytes: identifiers follow from ours, the archive
carries no time of writing, and nothing in it names a machine, a path or an account.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr  # nosec B406 - writes only

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.guids import guid_for, plain_colour, write_moment
from footbridge.grounded.exchange.losses import Losses, LossReport
from footbridge.grounded.exchange.notes import described_code, described_memo
from footbridge.grounded.exchange.refi_rules import CODEBOOK_SPACE, PROJECT_SPACE, faults_of
from footbridge.grounded.guarded.archives import write_beside
from footbridge.grounded.guarded.xml import read_xml
from footbridge.grounded.project import AttributeValue, Case, CodeSet, Document, Project
from footbridge.grounded.segments import Segment

ORIGIN = "Footbridge"
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST_NAME = 120


class _Lines:
    """Builds XML line by line, escaping everything."""

    def __init__(self, losses: Losses) -> None:
        self.lines: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>']
        self.losses = losses

    def clean(self, text: str) -> str:
        clean, count = _UNWRITABLE.subn("\ufffd", text)
        self.losses.drop("control character in a name or note", count)
        return clean

    def open(self, tag: str, /, *, close: bool = False, **attributes: str | None) -> None:
        written = "".join(
            f" {key}={quoteattr(self.clean(value), _ESCAPES)}"
            for key, value in attributes.items()
            if value is not None
        )
        self.lines.append(f"<{tag}{written}{'/' if close else ''}>")

    def close(self, name: str) -> None:
        self.lines.append(f"</{name}>")

    def empty(self, tag: str, /, **attributes: str | None) -> None:
        self.open(tag, close=True, **attributes)

    def text(self, name: str, text: str) -> None:
        if text:
            self.lines.append(f"<{name}>{_escape(self.clean(text))}</{name}>")

    def bytes(self) -> bytes:
        return ("\n".join(self.lines) + "\n").encode("utf-8")


_ESCAPES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _escape(text: str) -> str:
    for raw, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
        text = text.replace(raw, written)
    return text


def write(project: Project, path: Path | str) -> LossReport:
    """Write a study as a REFI-QDA project.

    Parameters
    ----------
    project : Project
    path : path
        Where the .qdpx goes; an existing file is replaced in one step.

    Returns
    -------
    LossReport
        What the standard has no place for.

    Raises
    ------
    ExchangeError
        If the file cannot be written.
    """
    data, report = pack(project)
    write_beside(Path(path), data)
    return report


def pack(project: Project) -> tuple[bytes, LossReport]:
    """Return the bytes of a .qdpx and what it could not hold."""
    losses = Losses()
    writer = _ProjectWriter(project, losses)
    qde = writer.qde()
    _check(qde)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("project.qde", qde), *sorted(writer.files.items())):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return packed.getvalue(), losses.report()


def _check(xml: bytes) -> None:
    faults = faults_of(read_xml(xml))
    if faults:
        raise ExchangeError(
            f"The export would not follow the standard ({faults[0]}), so it was not written. "
            "This is a fault of the program; report it with this sentence."
        )


class _ProjectWriter:
    def __init__(self, project: Project, losses: Losses) -> None:
        self.project = project
        self.losses = losses
        self.out = _Lines(losses)
        self.files: dict[str, bytes] = {}
        self.memos_about: dict[str, list[str]] = {}
        for memo in project.memos:
            for about in memo.about or ("",):
                self.memos_about.setdefault(about, []).append(guid_for(memo.id))
        self.variables = _variables(project.cases)

    def qde(self) -> bytes:
        out, project = self.out, self.project
        out.open("Project", name=project.name, origin=ORIGIN, xmlns=PROJECT_SPACE)
        self._wrap("Users", [("User", {"guid": guid_for(c.id), "name": c.name})
                             for c in project.coders])  # fmt: skip
        if len(project.codebook):
            out.open("CodeBook")
            _write_codes(out, project.codebook, self.memos_about)
            out.close("CodeBook")
        self._wrap("Variables", [("Variable", {"guid": _variable(name), "name": name,
                                               "typeOfVariable": kind})
                                 for name, kind in self.variables.items()])  # fmt: skip
        self._cases()
        self._sources()
        self._notes()
        self._wrap("Links", [("Link", {
            "guid": guid_for(link.id), "name": link.name, "direction": link.direction,
            "originGUID": guid_for(link.origin), "targetGUID": guid_for(link.target),
        }) for link in project.links])  # fmt: skip
        self._sets(project.sets)
        out.text("Description", project.description)
        self._note_refs("")
        out.close("Project")
        self._uncarried()
        return out.bytes()

    def _wrap(self, name: str, rows: Sequence[tuple[str, dict[str, str]]]) -> None:
        if rows:
            self.out.open(name)
            for row, attributes in rows:
                self.out.empty(row, **attributes)
            self.out.close(name)

    def _note_refs(self, about: str) -> None:
        for memo in self.memos_about.get(about, []):
            self.out.empty("NoteRef", targetGUID=memo)

    def _cases(self) -> None:
        if not self.project.cases:
            return
        out = self.out
        out.open("Cases")
        for case in self.project.cases:
            out.open("Case", guid=guid_for(case.id), name=case.name)
            out.text("Description", case.description)
            for name, value in case.attributes.items():
                kind = self.variables[name]
                out.open("VariableValue")
                out.empty("VariableRef", targetGUID=_variable(name))
                out.lines.append(
                    f"<{kind}Value>{_escape(out.clean(_written(value)))}</{kind}Value>"
                )
                out.close("VariableValue")
            for document in case.documents:
                out.empty("SourceRef", targetGUID=guid_for(document))
            out.close("Case")
        out.close("Cases")

    def _sources(self) -> None:
        if not self.project.documents:
            return
        by_document: dict[str, list[Segment]] = {}
        for segment in self.project.segments:
            by_document.setdefault(segment.document, []).append(segment)
        self.out.open("Sources")
        for document in self.project.documents:
            self._source(document, by_document.get(document.id, []))
        self.out.close("Sources")

    def _source(self, document: Document, segments: Iterable[Segment]) -> None:
        guid = guid_for(document.id)
        text = document.text
        mark = "\ufeff" if text.startswith("\ufeff") else ""  # else it would be lost on reading
        self.files[f"sources/{guid}.txt"] = (mark + text).encode("utf-8")
        self.out.open(
            "TextSource", guid=guid, name=document.name, plainTextPath=f"internal://{guid}.txt"
        )
        self.out.text("Description", document.description)
        groups: dict[tuple[int, int, str], list[Segment]] = {}
        for s in segments:
            groups.setdefault((s.span.start, s.span.end, s.note), []).append(s)
        for (start, end, note), group in sorted(groups.items()):
            self._selection(guid, text[start:end], (start, end, note), group)
        self._note_refs(document.id)
        self.out.close("TextSource")

    def _selection(
        self, source: str, words: str, place: tuple[int, int, str], group: Iterable[Segment]
    ) -> None:
        start, end, note = place
        self.out.open(
            "PlainTextSelection",
            guid=guid_for(source, str(start), str(end), note),
            name=_UNWRITABLE.sub("\ufffd", words[:_LONGEST_NAME]),
            startPosition=str(start),
            endPosition=str(end),
        )
        self.out.text("Description", note)
        for s in sorted(group, key=lambda s: guid_for(s.id)):
            moment = write_moment(s.moment) if s.moment is not None else None
            self.out.open("Coding", guid=guid_for(s.id), creatingUser=guid_for(s.coder),
                          creationDateTime=moment)  # fmt: skip
            self.out.empty("CodeRef", targetGUID=guid_for(s.code))
            self._note_refs(s.id)
            self.out.close("Coding")
        self.out.close("PlainTextSelection")

    def _notes(self) -> None:
        if not self.project.memos:
            return
        self.out.open("Notes")
        for memo in self.project.memos:
            moment = write_moment(memo.moment) if memo.moment is not None else None
            guid = guid_for(memo.id)
            self.out.open(
                "Note",
                guid=guid,
                name=memo.title,
                creatingUser=guid_for(memo.coder),
                creationDateTime=moment,
                plainTextPath=f"internal://{guid}.txt",
            )
            mark = "\ufeff" if memo.text.startswith("\ufeff") else ""
            self.files[f"sources/{guid}.txt"] = (mark + memo.text).encode("utf-8")
            self.out.text("Description", described_memo(memo))
            self.out.close("Note")
        self.out.close("Notes")

    def _sets(self, sets: Sequence[CodeSet]) -> None:
        if not sets:
            return
        self.out.open("Sets")
        for each in sets:
            self.out.open("Set", guid=guid_for(each.id), name=each.name)
            self.out.text("Description", each.description)
            for code in each.codes:
                self.out.empty("MemberCode", targetGUID=guid_for(code))
            for document in each.documents:
                self.out.empty("MemberSource", targetGUID=guid_for(document))
            for memo in self.memos_about.get(each.id, []):
                self.out.empty("MemberNote", targetGUID=memo)
            self.out.close("Set")
        self.out.close("Sets")

    def _uncarried(self) -> None:
        project = self.project
        earlier = sum(len(d.earlier) for d in project.documents)
        self.losses.drop("earlier version of a text", earlier)
        homes = {"", *(c.id for c in project.codebook), *(d.id for d in project.documents),
                 *(s.id for s in project.segments), *(x.id for x in project.sets)}  # fmt: skip
        lost = sum(len(m) for about, m in self.memos_about.items() if about not in homes)
        self.losses.drop("memo about a case or a link: the relation", lost)


def _write_codes(out: _Lines, book: Codebook, memos: dict[str, list[str]] | None) -> None:
    under: dict[str | None, list[Code]] = {}
    for each in book:
        under.setdefault(each.parent, []).append(each)
    out.open("Codes")
    waiting: list[Code | None] = list(reversed(under.get(None, [])))
    while waiting:
        code = waiting.pop()
        if code is None:  # everything under the code before it is written
            out.close("Code")
            continue
        colour = plain_colour(code.colour) if code.colour else None
        out.open("Code", guid=guid_for(code.id), name=code.name,
                 isCodable="true" if code.codable else "false", color=colour)  # fmt: skip
        out.text("Description", described_code(code))
        for memo in (memos or {}).get(code.id, []):
            out.empty("NoteRef", targetGUID=memo)
        waiting.append(None)
        waiting.extend(reversed(under.get(code.id, [])))
    out.close("Codes")


def write_codebook(
    codebook: Codebook, path: Path | str, *, sets: Sequence[CodeSet] = ()
) -> LossReport:
    """Write a codebook as .qdc.

    Raises
    ------
    ExchangeError
        If it holds no code (the standard has no empty codebook) or cannot be written.
    """
    if not len(codebook):
        raise ExchangeError(
            "The codebook holds no code, and the standard knows no empty codebook. "
            "Make a code first."
        )
    losses = Losses()
    out = _Lines(losses)
    out.open("CodeBook", origin=ORIGIN, xmlns=CODEBOOK_SPACE)
    _write_codes(out, codebook, None)
    if sets:
        out.open("Sets")
        for each in sets:
            out.open("Set", guid=guid_for(each.id), name=each.name)
            out.text("Description", each.description)
            for code in each.codes:
                out.empty("MemberCode", guid=guid_for(code))
            losses.drop("document in a set", len(each.documents))
            out.close("Set")
        out.close("Sets")
    out.close("CodeBook")
    data = out.bytes()
    _check(data)
    write_beside(Path(path), data)
    return losses.report()


def _variable(name: str) -> str:
    return guid_for("variable", name)


def _variables(cases: Iterable[Case]) -> dict[str, str]:
    """Return each attribute's kind; one that is of several kinds becomes text."""
    kinds: dict[str, str] = {}
    for case in cases:
        for name, value in case.attributes.items():
            kind = _kind(value)
            kinds[name] = kind if kinds.get(name, kind) == kind else "Text"
    return kinds


def _kind(value: AttributeValue) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "Text"
    for kind, name in ((bool, "Boolean"), (int, "Integer"), (float, "Float"),
                       (datetime, "DateTime"), (date, "Date")):  # fmt: skip
        if isinstance(value, kind):
            return name
    return "Text"


def _written(value: AttributeValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value):
        return format(value, "f").rstrip("0").rstrip(".") or "0"
    if isinstance(value, datetime):
        return write_moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)
