"""The words of a Word file, through the same guarded door as every other archive."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from footbridge.grounded.errors import ExchangeError, TranscriptError
from footbridge.grounded.guarded.archives import Limits, open_archive
from footbridge.grounded.guarded.xml import Node, read_xml

_LIMITS = Limits(archive_bytes=64 * 2**20, unpacked_bytes=512 * 2**20, xml_bytes=64 * 2**20)
_TEXT = "word/document.xml"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_SKIPPED = {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "Fallback"}
_MENTIONED = {
    "del": "deleted words (tracked changes)",
    "moveFrom": "words moved elsewhere (tracked changes)",
    "footnoteReference": "footnotes",
    "endnoteReference": "endnotes",
    "commentReference": "comments",
    "drawing": "pictures",
}


def read_docx(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text, a line for each paragraph, and remarks on what was left out.

    Raises
    ------
    TranscriptError
        If it is no Word file, or is damaged.
    """
    try:
        with open_archive(path, _LIMITS) as archive:
            if _TEXT not in archive.names:
                raise TranscriptError(
                    "The file is a zip file without a Word text inside. "
                    "Check that it is the right one."
                )
            root = read_xml(archive.read(_TEXT, _LIMITS.xml_bytes), _LIMITS)
    except ExchangeError as error:
        raise TranscriptError(str(error)) from error
    parts: list[str] = []
    left_out: Counter[str] = Counter()
    waiting: list[Node | str] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        if node.name in _MENTIONED:
            left_out[_MENTIONED[node.name]] += 1
        if node.name in _SKIPPED:
            continue
        if node.name == "t":
            parts.append(node.text)
        elif node.name in _BREAKS:
            parts.append(_BREAKS[node.name])
        if node.name == "p":
            waiting.append("\n")
        waiting.extend(reversed(node.children))
    remarks = tuple(f"left out: {n} x {what}" for what, n in sorted(left_out.items()))
    return "".join(parts), remarks
