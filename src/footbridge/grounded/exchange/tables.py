"""Tables (.csv): codings in and out, and units for agreement in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.errors import CodingError, ExchangeError, TranscriptError
from footbridge.grounded.exchange.guids import guid_for, read_moment, write_moment
from footbridge.grounded.guarded.archives import write_beside
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span
from footbridge.grounded.transcripts.reading import decode

CODING_COLUMNS = (
    "document", "document_length", "start", "end", "code", "coder", "moment", "note", "quotation",
)  # fmt: skip
_NEEDED = {"document", "start", "end", "code", "coder"}
_LARGEST = 256 * 2**20
_LONGEST = 5_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run
PATH = " > "


def read_rows(path: Path | str) -> list[dict[str, str]]:
    """Return the rows of a table by its header, as they stand.

    Raises
    ------
    ExchangeError
        If it cannot be opened, is not UTF-8, or its rows do not fit its header.
    """
    file = Path(path)
    try:
        if file.stat().st_size > _LARGEST:
            raise ExchangeError(f"The table is larger than {_LARGEST:,} bytes. Split it.")
        text = decode(file.read_bytes())
    except OSError as error:
        raise ExchangeError(f"The table cannot be opened ({error.strerror}).") from error
    except TranscriptError as error:
        raise ExchangeError(str(error)) from error
    csv.field_size_limit(_LARGEST)
    first = text.split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise ExchangeError(f"The table is broken ({error}). Save it again as CSV.") from error
    if not table:
        raise ExchangeError("The table is empty. It needs a first row with column names.")
    header = [name.strip() for name in table[0]]
    if len(set(header)) < len(header):
        raise ExchangeError("Two columns of the table have one name. Rename one.")
    rows = [row for row in table[1:] if any(cell.strip() for cell in row)]
    for at, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise ExchangeError(
                f"Row {at} of the table has {len(row)} cells and the first row has {len(header)}. "
                "Save it again as CSV."
            )
    return [dict(zip(header, row, strict=True)) for row in rows]


@dataclass(frozen=True, slots=True)
class Units:
    """Coded units: what each coder gave to each unit, and which interview it belongs to."""

    coders: tuple[str, ...]
    values: list[list[str | float | None]]
    interviews: tuple[str, ...] | None


def is_codings(rows: Sequence[Mapping[str, str]]) -> bool:
    """Whether these rows are segments (document, start, end, code, coder)."""
    return bool(rows) and set(rows[0]) >= _NEEDED


def read_units(rows: Sequence[Mapping[str, str]]) -> Units:
    """Return coded units from rows: one column for each coder, one row for each unit.

    A column ``unit`` is ignored and a column ``interview`` groups the units. An empty cell is
    a missing code; a column of numbers is read as numbers.

    Raises
    ------
    ExchangeError
        If there are fewer than two coders.
    """
    coders = [c for c in (rows[0] if rows else {}) if c.lower() not in ("unit", "interview")]
    if len(coders) < 2:
        raise ExchangeError(
            "The table has fewer than two coders. Give each coder a column and each unit a row, "
            f"or give segments with the columns {', '.join(sorted(_NEEDED))}."
        )
    cells = [[row[c].strip() for row in rows] for c in coders]
    numbers = all(_is_number(cell) for column in cells for cell in column if cell)
    values: list[list[str | float | None]] = [
        [None if not cell else float(cell) if numbers else cell for cell in column]
        for column in cells
    ]
    grouping = next((c for c in rows[0] if c.lower() == "interview"), None)
    interviews = tuple(row[grouping] for row in rows) if grouping is not None else None
    return Units(tuple(coders), values, interviews)


def _is_number(cell: str) -> bool:
    try:
        return abs(float(cell)) < float("inf")
    except ValueError:
        return False


def read_codings(rows: Sequence[Mapping[str, str]], *, name: str = "codings") -> Project:
    """Return a study from rows of segments, in the order of their first mention.

    Coders stand in the order of their names, so that A is A however the rows are sorted.

    Where the table holds no text, positions outside its quotations are filled with ``·``.

    Raises
    ------
    ExchangeError
        If a column is missing or a row does not make sense.
    """
    if not is_codings(rows):
        raise ExchangeError(f"The table needs the columns {', '.join(sorted(_NEEDED))}.")
    coders: dict[str, Coder] = {}
    codes: dict[str, Code] = {}
    segments: list[Segment] = []
    lengths: dict[str, int] = {}
    words: dict[str, list[tuple[Span, str]]] = {}
    for at, row in enumerate(rows, 2):
        try:
            span = Span(int(row["start"]), int(row["end"]))
            length = max(int(row.get("document_length") or 0), span.end)
        except (ValueError, CodingError) as error:
            raise ExchangeError(f"Row {at}: start and end are no passage ({error}).") from error
        document, coder = row["document"], row["coder"].strip() or "coder"
        lengths[document] = max(lengths.get(document, 0), length)
        if length > _LONGEST or sum(lengths.values()) > 4 * _LONGEST:
            raise ExchangeError(f"Row {at}: no transcripts are {length:,} characters long.")
        words.setdefault(document, []).append((span, row.get("quotation", "")))
        coders.setdefault(coder, Coder(guid_for("coder", coder), coder))
        code = _code_at(row["code"], codes, at)
        segments.append(
            Segment(
                guid_for("row", str(at)),
                guid_for("document", document),
                span,
                code,
                coders[coder].id,
                read_moment(row.get("moment", "")),
                _unguarded(row.get("note", "")),
            )
        )
    documents = tuple(
        Document(guid_for("document", d), d, _filled(length, words[d]))
        for d, length in lengths.items()
    )
    used = {s.code for s in segments}  # a code that only holds others was written as a heading
    book = Codebook(tuple(replace(c, codable=c.id in used) for c in codes.values()))
    in_order = sorted(coders.values(), key=lambda coder: coder.name)
    return Project(name, tuple(in_order), book, documents, tuple(segments))


def _code_at(path: str, codes: dict[str, Code], row: int) -> str:
    parts = [part.strip() for part in path.split(PATH.strip())]
    if not all(parts):
        raise ExchangeError(f"Row {row} has no code. Write its name, or 'theme > code'.")
    parent = None
    for depth in range(1, len(parts) + 1):
        key = PATH.join(parts[:depth]).casefold()
        codes.setdefault(key, Code(guid_for("code", key), parts[depth - 1], parent=parent))
        parent = codes[key].id
    return parent or ""


def _filled(length: int, words: Iterable[tuple[Span, str]]) -> str:
    text = ["·"] * length
    for span, quotation in words:
        plain = _unguarded(quotation)
        if len(plain) == len(span) and "\r" not in plain:
            text[span.start : span.end] = plain
    return "".join(text)


def write_codings(project: Project, path: Path | str) -> None:
    """Write every segment of a study as a table that `read_codings` reads again."""
    rows = []
    names = {c.id: c.name for c in project.coders}
    documents = _apart(project)
    for s in project.segments_of():
        document = project.document(s.document)
        rows.append((
            documents[s.document], len(document.text), s.span.start, s.span.end,
            project.codebook.path(s.code, PATH), names.get(s.coder, s.coder),
            write_moment(s.moment) if s.moment is not None else "", s.note,
            s.span.of(document.text),
        ))  # fmt: skip
    write_table(path, CODING_COLUMNS, rows)


def _apart(project: Project) -> dict[str, str]:
    """Return a name for each document; those of one name are numbered, so that none merge."""
    found: dict[str, str] = {}
    for document in project.documents:
        name, again = document.name, 2
        while name in found.values():
            name, again = f"{document.name} ({again})", again + 1
        found[document.id] = name
    return found


def write_table(path: Path | str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a table in UTF-8 that no spreadsheet takes for formulas."""
    write_beside(Path(path), table_text(columns, rows).encode("utf-8"))


def table_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as csv text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _guarded(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith((*_FORMULA, "'")):
        return "'" + cell
    return "" if cell is None else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell
