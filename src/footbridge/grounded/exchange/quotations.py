"""Quotations under their themes and codes, with descriptors that single nobody out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.docx_write import Style, word_file
from footbridge.grounded.exchange.tables import table_text
from footbridge.grounded.guarded.archives import write_beside
from footbridge.grounded.project import Project

_COLUMNS = ("theme", "code", "quotation", "descriptor", "coder", "document", "start", "end")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One passage as it will be read by others."""

    theme: str
    code: str
    words: str
    descriptor: str
    coder: str
    document: str
    start: int
    end: int


def collect_quotations(
    project: Project,
    *,
    coder: str | None = None,
    codes: Iterable[str] | None = None,
    descriptors: Mapping[str, str] | None = None,
) -> list[Quotation]:
    """Return quotations in the order of the codebook, then of the texts.

    Parameters
    ----------
    project : Project
    coder : str, optional
        Only this coder's segments, such as the consensus.
    codes : iterable of str, optional
        Only these codes.
    descriptors : mapping, optional
        Document identifier to its descriptor line; see `descriptors.describe_all`.
    """
    wanted = set(codes) if codes is not None else {c.id for c in project.codebook}
    named = {c.id: c.name for c in project.coders}
    described = descriptors or {}
    found = []
    for code in project.codebook:
        if code.id not in wanted:
            continue
        path = project.codebook.path(code.id)
        theme = path.split(" > ")[0] if code.parent is not None else ""
        for s in project.segments_of(code=code.id, coder=coder):
            if s.code == code.id:
                document = project.document(s.document)
                found.append(
                    Quotation(theme, code.name, s.span.of(document.text),
                              described.get(document.id, ""), named.get(s.coder, s.coder),
                              document.name, s.span.start, s.span.end)
                )  # fmt: skip
    return found


def write_quotations(quotations: Sequence[Quotation], path: Path | str, *, title: str) -> None:
    """Write quotations as .csv, .docx or .html, by the file's ending.

    Raises
    ------
    ExchangeError
        If the ending is another one, or the file cannot be written.
    """
    file = Path(path)
    make = _WRITERS.get(file.suffix.lower())
    if make is None:
        raise ExchangeError(
            f"Quotations go into {', '.join(sorted(_WRITERS))}; {file.suffix or 'no ending'} "
            "is none of them. Choose one of these endings."
        )
    write_beside(file, make(quotations, title))


def _csv(quotations: Sequence[Quotation], _title: str) -> bytes:
    rows = [
        (q.theme, q.code, q.words, q.descriptor, q.coder, q.document, q.start, q.end)
        for q in quotations
    ]
    return table_text(_COLUMNS, rows).encode("utf-8")


def _headings(quotations: Sequence[Quotation]) -> list[tuple[str, str, list[Quotation]]]:
    groups: list[tuple[str, str, list[Quotation]]] = []
    for q in quotations:
        if not groups or groups[-1][:2] != (q.theme, q.code):
            groups.append((q.theme, q.code, []))
        groups[-1][2].append(q)
    return groups


def _docx(quotations: Sequence[Quotation], title: str) -> bytes:
    paragraphs: list[tuple[Style, str]] = [("Heading1", title)]
    for theme, code, group in _headings(quotations):
        paragraphs.append(("Heading2", f"{theme}: {code}" if theme else code))
        for q in group:
            paragraphs += [("Quote", q.words), ("Normal", q.descriptor or q.document)]
    return word_file(paragraphs)


def _html(quotations: Sequence[Quotation], title: str) -> bytes:
    parts = [
        "<!doctype html>", '<html><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title></head><body>", f"<h1>{escape(title)}</h1>",
    ]  # fmt: skip
    for theme, code, group in _headings(quotations):
        parts.append(f"<h2>{escape(f'{theme}: {code}' if theme else code)}</h2>")
        for q in group:
            words = escape(q.words).replace("\n", "<br>\n")
            source = escape(q.descriptor or q.document)
            parts.append(
                f'<figure><blockquote dir="auto">{words}</blockquote>'
                f"<figcaption>{source}</figcaption></figure>"
            )
    return ("\n".join([*parts, "</body></html>"]) + "\n").encode("utf-8")


_WRITERS: dict[str, Callable[[Sequence[Quotation], str], bytes]] = {
    ".csv": _csv,
    ".docx": _docx,
    ".html": _html,
}
