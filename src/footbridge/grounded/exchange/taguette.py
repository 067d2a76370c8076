"""Reads Taguette: its database, and its codebook and highlight tables.

Taguette counts UTF-8 bytes of the words of an HTML page; here they become code points of
text in which every block ends its line. Its highlights have no author and no moment.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.errors import ExchangeError
from footbridge.grounded.exchange.guids import guid_for
from footbridge.grounded.exchange.losses import Losses, LossReport
from footbridge.grounded.exchange.tables import read_rows
from footbridge.grounded.project import Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span, normalise
from footbridge.grounded.transcripts.html import Words

TAGUETTE = Coder(guid_for("coder", "taguette"), "Taguette (no author kept)")
_STEPS = 50_000_000  # database steps before a made-up file is given up


class Page:
    """One document: its text with line ends, and how bytes of the page become positions."""

    def __init__(self, html: str) -> None:
        words = Words(squeeze=False)
        words.feed(html)
        words.close()
        self.text = normalise("".join(words.text))
        raw = "".join(words.raw)
        # Bytes before each character, so that a byte can be found among them.
        self._bytes = [0, *accumulate(len(c.encode("utf-8", "surrogatepass")) for c in raw)]
        self._raw = raw
        self._ends = [before for before, _ in words.ends]

    def place(self, byte: int, *, end: bool) -> int:
        """Return the position in the text of a byte offset of the page."""
        at = bisect_right(self._bytes, byte) - 1
        inserted = bisect_right(self._ends, at - 1 if end else at)
        returns = self._raw.count("\r\n", 0, at)
        return at + inserted - returns


def read_taguette(path: Path | str, *, project: int | None = None) -> tuple[Project, LossReport]:
    """Read one project of a Taguette database (.sqlite3).

    Parameters
    ----------
    path : path
    project : int, optional
        Its number, where the database holds several.

    Raises
    ------
    ExchangeError
        If it is no Taguette database, is damaged, or holds several projects.
    """
    file = Path(path)
    if not file.is_file():
        raise ExchangeError("There is no such file. Check the name and the folder.")
    steps = iter(range(_STEPS // 10_000))
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as base:
            base.execute("PRAGMA query_only = ON")
            base.execute("PRAGMA trusted_schema = OFF")
            base.set_progress_handler(lambda: next(steps, None) is None, 10_000)
            return _read(base, project)
    except (sqlite3.Error, UnicodeError, OverflowError, TypeError, ValueError) as error:
        raise ExchangeError(
            f"This is no readable Taguette database ({error}). In Taguette, export the project "
            "as SQLite3 and try again."
        ) from error


def _read(base: sqlite3.Connection, wanted: int | None) -> tuple[Project, LossReport]:
    projects = base.execute("SELECT id, name, description FROM projects").fetchall()
    if wanted is None and len(projects) != 1:
        raise ExchangeError(
            f"The database holds {len(projects)} projects. Say which one by its number: "
            f"{', '.join(str(row[0]) for row in projects[:20])}."
        )
    row = next((r for r in projects if wanted in (None, r[0])), None)
    if row is None:
        raise ExchangeError(f"The database holds no project {wanted}.")
    losses = Losses()
    tags = base.execute(
        "SELECT id, path, description FROM tags WHERE project_id = ? ORDER BY path", (row[0],)
    ).fetchall()
    codebook, code_of = codes_from_paths((str(t[1]), str(t[2] or "")) for t in tags)
    by_tag = {t[0]: code_of[str(t[1])] for t in tags}
    documents, segments = _documents(base, row[0], by_tag, losses)
    return (
        Project(str(row[1]), (TAGUETTE,), codebook, documents, segments,
                description=str(row[2] or "")),
        losses.report(),
    )  # fmt: skip


def _documents(
    base: sqlite3.Connection, project: int, by_tag: Mapping[int, str], losses: Losses
) -> tuple[tuple[Document, ...], tuple[Segment, ...]]:
    documents: list[Document] = []
    segments: list[Segment] = []
    rows = base.execute(
        "SELECT id, name, description, contents FROM documents WHERE project_id = ? ORDER BY id",
        (project,),
    ).fetchall()
    for number, name, description, contents in rows:
        page = Page(str(contents))
        guid = guid_for("taguette", str(number), str(name))
        documents.append(Document(guid, str(name), page.text, str(description or "")))
        segments += _highlights(base, number, (guid, page), by_tag, losses=losses)
    return tuple(documents), tuple(segments)


def _highlights(
    base: sqlite3.Connection,
    document: int,
    place: tuple[str, Page],
    by_tag: Mapping[int, str],
    *,
    losses: Losses,
) -> list[Segment]:
    guid, page = place
    found: list[Segment] = []
    rows = base.execute(
        "SELECT id, start_offset, end_offset FROM highlights WHERE document_id = ? ORDER BY id",
        (document,),
    ).fetchall()
    for number, first, last in rows:
        start, end = page.place(int(first), end=False), page.place(int(last), end=True)
        tags = [
            tag
            for (tag,) in base.execute(
                "SELECT tag_id FROM highlight_tags WHERE highlight_id = ? ORDER BY tag_id",
                (number,),
            )
            if tag in by_tag
        ]
        if not 0 <= start < end <= len(page.text):
            losses.drop("highlight outside its text or without length")
            continue
        if not tags:
            losses.drop("highlight without a tag")
        found += [
            Segment(guid_for(guid, str(number), str(tag)), guid, Span(start, end), by_tag[tag],
                    TAGUETTE.id)
            for tag in tags
        ]  # fmt: skip
    return found


def codes_from_paths(rows: Iterable[tuple[str, str]]) -> tuple[Codebook, dict[str, str]]:
    """Return a codebook from dotted paths, and each path's code.

    A part that has no tag of its own becomes a heading.
    """
    codes: dict[str, Code] = {}
    of_path: dict[str, str] = {}
    for path, description in rows:
        parts = [part.strip() for part in path.split(".")]
        parts = parts if all(parts) else [path.strip() or "unnamed tag"]
        parent = None
        for depth in range(1, len(parts) + 1):
            key = ".".join(parts[:depth]).casefold()
            last = depth == len(parts)
            if key not in codes:
                guid = guid_for("tag", key)
                codes[key] = Code(guid, parts[depth - 1], parent=parent, codable=last)
            if last:
                codes[key] = replace(codes[key], definition=description, codable=True)
                of_path[path] = codes[key].id
            parent = codes[key].id
    return Codebook(tuple(codes.values())), of_path


def read_taguette_codebook(path: Path | str) -> Codebook:
    """Read Taguette's codebook table (.csv with a column tag, name or path).

    Raises
    ------
    ExchangeError
        If there is no such column.
    """
    rows = read_rows(path)
    column = next((c for c in ("tag", "path", "name") if rows and c in rows[0]), None)
    if column is None:
        raise ExchangeError(
            "The table has no column 'tag', 'path' or 'name'. In Taguette, export the codebook "
            "as CSV and try again."
        )
    pairs = [(r[column], r.get("description", "")) for r in rows if r[column].strip()]
    return codes_from_paths(pairs)[0]


def read_taguette_highlights(
    path: Path | str, documents: Iterable[Document]
) -> tuple[Project, LossReport]:
    """Read Taguette's table of highlights (.csv) onto texts that are already here.

    The table holds words and no positions, so a highlight is placed only where its words
    stand exactly once in the text of that name.

    Raises
    ------
    ExchangeError
        If the columns id, document, tag and content are not there.
    """
    rows = read_rows(path)
    if rows and not {"document", "tag", "content"} <= set(rows[0]):
        raise ExchangeError("The table needs the columns 'document', 'tag' and 'content'.")
    texts = {d.name: d for d in documents}
    losses = Losses()
    codebook, code_of = codes_from_paths((r["tag"], "") for r in rows if r["tag"].strip())
    segments = []
    for at, row in enumerate(rows):
        document = texts.get(row["document"])
        words = normalise(row["content"]).strip()
        if document is None or row["tag"] not in code_of or not words:
            losses.drop("highlight without a known text, a tag or words")
            continue
        if document.text.count(words) != 1:
            losses.drop("highlight whose words stand nowhere, or more than once, in its text")
            continue
        start = document.text.index(words)
        segments.append(
            Segment(guid_for("highlight", str(at)), document.id, Span(start, start + len(words)),
                    code_of[row["tag"]], TAGUETTE.id)
        )  # fmt: skip
    return (
        Project("Taguette", (TAGUETTE,), codebook, tuple(texts.values()), tuple(segments)),
        losses.report(),
    )
