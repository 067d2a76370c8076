"""Reads codes from projects and codebooks (.qdc)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.errors import CodingError, ExchangeError
from footbridge.grounded.exchange.guids import guid_for, is_guid, plain_colour, plain_guid
from footbridge.grounded.exchange.losses import Losses, LossReport
from footbridge.grounded.exchange.notes import read_description
from footbridge.grounded.exchange.refi_rules import CODEBOOK_SPACE
from footbridge.grounded.guarded.archives import DEFAULT_LIMITS, Limits
from footbridge.grounded.guarded.xml import Node, read_xml
from footbridge.grounded.project import CodeSet


def read_codes(nodes: Iterable[Node], losses: Losses) -> tuple[Codebook, list[tuple[str, str]]]:
    """Return the codebook under these Code elements, and (note, code) references."""
    codes: list[Code] = []
    references: list[tuple[str, str]] = []
    names: dict[tuple[str | None, str], int] = {}
    guids: set[str] = set()
    waiting: list[tuple[Node, str | None]] = [(node, None) for node in reversed(list(nodes))]
    while waiting:
        node, parent = waiting.pop()
        guid = _guid(node, guids, losses)
        guids.add(guid)
        name = _name(node, parent, names, losses)
        codes.append(_code(node, (guid, name, parent), losses))
        references += [(plain_guid(ref.get("targetGUID")), guid) for ref in node.all("NoteRef")]
        waiting += [(child, guid) for child in reversed(node.all("Code"))]
        unknown = [c for c in node.children if c.name not in ("Code", "NoteRef", "Description")]
        for child in unknown:
            losses.drop(f"{child.name[:60]} of a code")
    return Codebook(tuple(codes)), references


def _guid(node: Node, taken: set[str], losses: Losses) -> str:
    raw = node.get("guid")
    if raw and not is_guid(raw):
        losses.tolerate("identifier that is no GUID")
    guid = plain_guid(raw)
    if not guid or guid in taken:
        losses.tolerate("Code without an identifier of its own")
        guid = guid_for("code", guid, str(len(taken)))
    return guid


def _name(
    node: Node, parent: str | None, names: dict[tuple[str | None, str], int], losses: Losses
) -> str:
    """Return a name that is free in this place, numbered where others have it too."""
    given = node.get("name").strip()
    if not given:
        losses.tolerate("Code without a name")
        given = "unnamed code"
    elif (parent, given.casefold()) in names:
        losses.tolerate("two codes of one name in one place")
    name = given
    while (parent, name.casefold()) in names:
        names[parent, given.casefold()] += 1
        name = f"{given} ({names[parent, given.casefold()]})"
    names[parent, name.casefold()] = 1
    return name


def _code(node: Node, place: tuple[str, str, str | None], losses: Losses) -> Code:
    guid, name, parent = place
    colour = node.get("color")
    plain = plain_colour(colour) if colour else ""
    if plain is None:
        losses.drop("colour that is none")
    elif colour and plain != colour.lower():
        losses.tolerate("colour in another notation")
    definition, properties, in_vivo = read_description(node.said("Description"))
    codable = node.get("isCodable", "true").strip().lower() not in ("false", "0")
    return Code(guid, name, definition, parent, properties, in_vivo, plain or "", codable)


def read_codebook(
    path: Path | str, *, limits: Limits = DEFAULT_LIMITS
) -> tuple[Codebook, tuple[CodeSet, ...], LossReport]:
    """Read a .qdc codebook, or the codebook alone of any XML file that holds one.

    Raises
    ------
    ExchangeError
        If it cannot be read as a codebook; the text says why.
    """
    file = Path(path)
    try:
        size = file.stat().st_size
        if size > limits.xml_bytes:
            raise ExchangeError(f"The codebook is larger than {limits.xml_bytes:,} bytes.")
        data = file.read_bytes()
    except OSError as error:
        raise ExchangeError(f"The codebook cannot be opened ({error.strerror}).") from error
    root = read_xml(data, limits)
    book = root if root.name == "CodeBook" else root.one("CodeBook")
    if book is None:
        raise ExchangeError(
            f"The file begins with {root.name[:40]!r} and holds no CodeBook. "
            "Export the codebook again as REFI-QDA (.qdc)."
        )
    losses = Losses()
    if book.space != CODEBOOK_SPACE:
        losses.tolerate("namespace that is not the standard's")
    codes = book.one("Codes")
    try:
        codebook, _ = read_codes(codes.all("Code") if codes is not None else [], losses)
    except CodingError as error:
        raise ExchangeError(f"The codebook contradicts itself: {error}") from error
    return codebook, _sets(book, {c.id for c in codebook}, losses), losses.report()


def _sets(book: Node, codes: set[str], losses: Losses) -> tuple[CodeSet, ...]:
    wrapper = book.one("Sets")
    if wrapper is not None and not wrapper.children:
        losses.tolerate("empty Sets")
    found = []
    for node in wrapper.all("Set") if wrapper is not None else []:
        members = [plain_guid(m.get("guid") or m.get("targetGUID")) for m in node.all("MemberCode")]
        losses.drop("MemberCode that is not in the codebook", sum(m not in codes for m in members))
        found.append(
            CodeSet(
                plain_guid(node.get("guid")) or guid_for("set", node.get("name")),
                node.get("name"),
                tuple(m for m in members if m in codes),
                description=node.said("Description"),
            )
        )
    return tuple(found)
