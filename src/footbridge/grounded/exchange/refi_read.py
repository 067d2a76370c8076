"""Reads REFI-QDA 1.5 projects (.qdpx), tolerantly and with a report of every loss."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from footbridge.grounded.errors import ExchangeError, GroundedError
from footbridge.grounded.exchange.codebooks import read_codes
from footbridge.grounded.exchange.guids import guid_for, plain_guid, read_moment
from footbridge.grounded.exchange.losses import Losses, LossReport
from footbridge.grounded.exchange.notes import read_memo_kind
from footbridge.grounded.exchange.refi_rules import PROJECT_SPACE
from footbridge.grounded.exchange.refi_sources import UNKNOWN_CODER, SourceReader, safe_text
from footbridge.grounded.guarded.archives import DEFAULT_LIMITS, Archive, Limits, open_archive
from footbridge.grounded.guarded.xml import Node, read_xml
from footbridge.grounded.memos import Memo
from footbridge.grounded.project import (
    AttributeValue,
    Case,
    Coder,
    CodeSet,
    Direction,
    Link,
    Project,
)


def read(path: Path | str, *, limits: Limits = DEFAULT_LIMITS) -> tuple[Project, LossReport]:
    """Read a REFI-QDA project.

    Parameters
    ----------
    path : path
    limits : Limits, optional
        How much the file may ask of this machine.

    Returns
    -------
    Project
    LossReport
        What was left out, and which deviations were read anyway.

    Raises
    ------
    ExchangeError
        If the file cannot be read as a project; the text says why. Nothing is ever unpacked
        to disk.
    """
    losses = Losses()
    with open_archive(Path(path), limits) as archive:
        inner = _project_file(archive, losses)
        root = read_xml(archive.read(inner, limits.xml_bytes), limits)
        _check_root(root, losses)
        try:
            project = _Reader(root, archive, losses).project()
        except ExchangeError:
            raise
        except (GroundedError, RecursionError, OverflowError) as error:
            raise ExchangeError(f"The project contradicts itself: {error}") from error
    return project, losses.report()


def _project_file(archive: Archive, losses: Losses) -> str:
    if "project.qde" in archive.names:
        return "project.qde"
    candidates = [name for name in archive.names if name.lower().endswith(".qde")]
    at_top = [name for name in candidates if "/" not in name] or candidates
    if len(at_top) != 1:
        raise ExchangeError(
            f"The archive holds {len(at_top) or 'no'} project files (.qde), and a REFI-QDA "
            "project has exactly one. Export it again as a REFI-QDA project (.qdpx)."
        )
    losses.tolerate("project file that is not called project.qde")
    return at_top[0]


def _check_root(root: Node, losses: Losses) -> None:
    if root.name == "CodeBook":
        raise ExchangeError("This is a codebook, not a project. Read it with read_codebook().")
    if root.name != "Project":
        raise ExchangeError(
            f"The project file begins with {root.name[:40]!r} instead of Project. "
            "Export it again as a REFI-QDA project (.qdpx)."
        )
    if root.space != PROJECT_SPACE:
        losses.tolerate("namespace that is not the standard's")
    if root.get("basePath"):
        losses.drop("path on the machine of whoever exported (basePath)")


class _Reader:
    def __init__(self, root: Node, archive: Archive, losses: Losses) -> None:
        self.root = root
        self.archive = archive
        self.losses = losses
        self.coders: dict[str, Coder] = {}

    def part(self, name: str) -> list[Node]:
        """Return the children of one of the project's wrappers."""
        wrapper = self.root.one(name)
        if wrapper is None:
            return []
        if not wrapper.children:
            self.losses.tolerate(f"empty {name}")
        return wrapper.children

    def project(self) -> Project:
        root, losses = self.root, self.losses
        self._users()
        book = root.one("CodeBook")
        codes = book.one("Codes") if book is not None else None
        codebook, code_notes = read_codes(codes.all("Code") if codes is not None else [], losses)
        case_nodes = [n for n in self.part("Cases") if n.name == "Case"]
        cases = {plain_guid(n.get("guid")) for n in case_nodes}
        reader = SourceReader(
            self.archive, losses, {c.id for c in codebook}, cases, set(self.coders),
            root.get("origin") == "Footbridge",
        )  # fmt: skip
        for node in self.part("Sources"):
            if node.name in _SOURCES:
                reader.read(node)
            else:
                losses.drop(node.name[:60])
        found = reader.found
        for note, about in code_notes:
            found.notes.setdefault(note, []).append(about)
        found.refer(root, "")
        links = self._links(found.notes)
        sets = self._sets(found.notes)
        memos = (*found.memos, *self._memos(reader))
        named = {s.coder for s in found.segments} | {m.coder for m in memos}
        if UNKNOWN_CODER in named:
            self.coders[UNKNOWN_CODER] = Coder(UNKNOWN_CODER, "unknown coder")
        self._leftovers()
        return Project(
            root.get("name"),
            tuple(self.coders.values()),
            codebook,
            tuple(found.documents),
            tuple(found.segments),
            memos,
            tuple(self._cases(case_nodes, reader)),
            links,
            sets,
            root.said("Description"),
        )

    def _users(self) -> None:
        for node in self.part("Users"):
            guid = plain_guid(node.get("guid"))
            if node.name != "User" or not guid or guid in self.coders:
                self.losses.drop("User without an identifier of its own")
                continue
            name = node.get("name").strip() or f"coder {len(self.coders) + 1}"
            self.coders[guid] = Coder(guid, name)

    def _variables(self) -> dict[str, str]:
        found = {}
        for node in self.part("Variables"):
            name = node.get("name").strip()
            if node.name == "Variable" and name:
                found[plain_guid(node.get("guid"))] = name
                self.losses.drop("description of a variable", bool(node.said("Description")))
            else:
                self.losses.drop("Variable without a name")
        return found

    def _cases(self, nodes: Iterable[Node], reader: SourceReader) -> list[Case]:
        names = self._variables()
        documents = {d.id: d for d in reader.found.documents}
        cases: list[Case] = []
        for node in nodes:
            guid = reader.identifier(node, "case")
            targets = [plain_guid(r.get("targetGUID")) for r in node.all("SourceRef")]
            self.losses.drop(
                "SourceRef to a missing text", sum(t not in documents for t in targets)
            )
            for kind in ("CodeRef", "SelectionRef"):
                self.losses.drop(f"{kind} of a case", len(node.all(kind)))
            cases.append(
                Case(guid, node.get("name").strip() or f"Case {len(cases) + 1}",
                     tuple(t for t in targets if t in documents),
                     self._values(node.all("VariableValue"), names), node.said("Description"))
            )  # fmt: skip
        for document, values in reader.found.values.items():
            self.losses.tolerate("values on a text, kept as a case")
            cases.append(Case(guid_for("case", document), documents[document].name, (document,),
                              self._values(values, names)))  # fmt: skip
        return cases

    def _values(self, nodes: Iterable[Node], names: dict[str, str]) -> dict[str, AttributeValue]:
        found: dict[str, AttributeValue] = {}
        for node in nodes:
            reference = node.one("VariableRef")
            target = plain_guid(reference.get("targetGUID")) if reference is not None else ""
            given = [child for child in node.children if child.name.endswith("Value")]
            if target not in names or not given:
                self.losses.drop("VariableValue without a variable or a value")
                continue
            found[names[target]] = self._value(given[0])
        return found

    def _value(self, node: Node) -> AttributeValue:
        text = node.text.strip()
        try:
            if node.name == "BooleanValue":
                return {"true": True, "1": True, "false": False, "0": False}[text]
            if node.name == "IntegerValue":
                return int(text)
            if node.name == "FloatValue":
                return float(text)
            if node.name == "DateValue":
                return date.fromisoformat(text[:10])
        except (KeyError, ValueError):
            self.losses.tolerate(f"{node.name} that is none, kept as text")
            return node.text
        moment = read_moment(text) if node.name == "DateTimeValue" else None
        return moment if moment is not None else node.text

    def _memos(self, reader: SourceReader) -> list[Memo]:
        memos = []
        for node in self.part("Notes"):
            if node.name != "Note":
                self.losses.drop(node.name[:60])
                continue
            raw = reader.text_of(node)
            guid = reader.identifier(node, "memo")
            kind = read_memo_kind(node.said("Description"))
            text = safe_text(raw or "") or ("" if kind else node.said("Description"))
            self.losses.drop("selection in a note", len(node.all("PlainTextSelection")))
            self.losses.drop("Coding of a note", len(node.all("Coding")))
            coder = plain_guid(node.get("creatingUser"))
            about = tuple(dict.fromkeys(a for a in reader.found.notes.pop(guid, []) if a))
            memos.append(
                Memo(guid, kind or "theoretical", node.get("name"), text,
                     coder if coder in self.coders else UNKNOWN_CODER,
                     read_moment(node.get("creationDateTime")), about)
            )  # fmt: skip
        self.losses.drop("NoteRef to a missing note", sum(map(len, reader.found.notes.values())))
        return memos

    def _links(self, notes: dict[str, list[str]]) -> tuple[Link, ...]:
        own = self.root.one("Notes")
        memos = {plain_guid(n.get("guid")) for n in (own.children if own is not None else [])}
        links = []
        for node in self.part("Links"):
            origin, target = (plain_guid(node.get(k)) for k in ("originGUID", "targetGUID"))
            self.losses.drop("NoteRef of a link", len(node.all("NoteRef")))
            if target in memos and origin:
                self.losses.tolerate("note reached through a link")
                notes.setdefault(target, []).append(origin)
            elif origin and target:
                direction = _DIRECTIONS.get(node.get("direction"), "Associative")
                guid = plain_guid(node.get("guid")) or guid_for("link", origin, target)
                links.append(Link(guid, node.get("name"), origin, target, direction))
            else:
                self.losses.drop("Link without two ends")
        return tuple(links)

    def _sets(self, notes: dict[str, list[str]]) -> tuple[CodeSet, ...]:
        sets = []
        for node in self.part("Sets"):
            guid = plain_guid(node.get("guid")) or guid_for("set", node.get("name"))
            codes, documents = (
                tuple(plain_guid(m.get("targetGUID") or m.get("guid")) for m in node.all(kind))
                for kind in ("MemberCode", "MemberSource")
            )
            for member in node.all("MemberNote"):
                notes.setdefault(plain_guid(member.get("targetGUID")), []).append(guid)
            sets.append(CodeSet(guid, node.get("name"), codes, documents, node.said("Description")))
        return tuple(sets)

    def _leftovers(self) -> None:
        for graph in self.part("Graphs"):
            self.losses.drop("Graph")
            for child in graph.children:
                self.losses.drop(f"{child.name[:60]} of a graph")
        for child in self.root.children:
            if child.name not in _PARTS:
                self.losses.drop(child.name[:60])


_SOURCES = {"TextSource", "PictureSource", "PDFSource", "AudioSource", "VideoSource"}
_DIRECTIONS: dict[str, Direction] = {
    "Associative": "Associative", "OneWay": "OneWay", "Bidirectional": "Bidirectional",
}  # fmt: skip
_PARTS = {
    "Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs",
    "Description", "NoteRef",
}  # fmt: skip
