"""Reading a set of HSDS files that somebody uploaded: every problem is told at once.

The files are hostile until proved otherwise: sizes are bounded before anything is
parsed, the text must be UTF-8 without control characters, links must be http(s), and
nothing that is quoted back is longer than a few words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID

from footbridge.journey.services.cells import CellError, check_column, parse
from footbridge.journey.services.directory import (
    FACT_CODES,
    FACTS,
    NEEDS,
    NO,
    YES,
    Directory,
    DirectoryError,
)
from footbridge.journey.services.hsds import LEFT_OUT, TABLES, Attribute, Row, Table, TaxonomyTerm
from footbridge.journey.services.rules import Need
from footbridge.trust.decisions import gettext_noop


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most, in bytes, rows and told problems."""

    file_bytes: int = 5_000_000
    set_bytes: int = 20_000_000
    rows: int = 50_000
    problems: int = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a set, or (a note) one thing worth knowing.

    `line` counts from 1, the header being line 1; 0 stands for the file as a whole.
    """

    file: str
    line: int
    column: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    note: bool = False

    def say(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the reader's language."""
        return translate(self.sentence).format_map(self.values)


@dataclass(frozen=True)
class Report:
    """What reading a set found: a directory if nothing was wrong, and all problems."""

    directory: Directory | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the set from being used."""
        return tuple(problem for problem in self.problems if not problem.note)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is worth knowing and stops nothing."""
        return tuple(problem for problem in self.problems if problem.note)


class RefusedSetError(DirectoryError):
    """A set of files that cannot be used; `report` says why, line by line."""

    def __init__(self, report: Report) -> None:
        super().__init__(
            gettext_noop(
                "The directory was not read: {count} problems were found in the files. "
                "Each is listed with its file, line and column. Correct them and read again."
            ),
            count=len(report.errors),
        )
        self.report = report


Source = Path | Mapping[str, bytes]


def read_csv_set(source: Source, *, limits: Limits | None = None) -> Directory:
    """Return the directory that a folder, or a set of uploaded files, holds.

    Parameters
    ----------
    source : Path or mapping of str to bytes
        A folder of CSV files, or file names with their bytes.
    limits : Limits, optional
        How much is read at most.

    Raises
    ------
    RefusedSetError
        If anything is wrong; its `report` lists every problem.
    """
    report = check_csv_set(source, limits=limits)
    if report.directory is None:
        raise RefusedSetError(report)
    return report.directory


def check_csv_set(source: Source, *, limits: Limits | None = None) -> Report:
    """Read a set and tell everything that is wrong with it; see `read_csv_set`."""
    reader = _Reader(limits or Limits())
    reader.read(source)
    errors = any(not problem.note for problem in reader.problems)
    told = tuple(reader.problems[: reader.limits.problems])
    return Report(None if errors else Directory.of(reader.kept()), told)


@dataclass
class _Reader:
    """The state of one reading."""

    limits: Limits
    problems: list[Problem] = field(default_factory=list)
    rows: dict[str, list[tuple[int, Row]]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def kept(self) -> list[Row]:
        return [row for table in self.rows.values() for _, row in table]

    def tell(self, where: tuple[str, int, str], sentence: str, **values: object) -> None:
        self.problems.append(Problem(*where, sentence, values))

    def note(self, where: tuple[str, int, str], sentence: str, **values: object) -> None:
        self.problems.append(Problem(*where, sentence, values, note=True))

    def read(self, source: Source) -> None:
        contents = self._contents(source)
        for table in TABLES:
            name = next((name for name in table.files if name in contents), None)
            if name is not None:
                self.files[table.name] = name
                self._read_table(table, name, contents[name])
            elif table.needed:
                missing = gettext_noop(
                    "This file is missing. Add it; it may also be called {other}."
                )
                self.tell((table.files[0], 0, ""), missing, other=table.files[1])
        self._check_references()
        self._check_ours()

    def _contents(self, source: Source) -> dict[str, bytes]:
        known = {name for table in TABLES for name in table.files}
        found: dict[str, bytes] = {}
        total = 0
        for name, size, load in _files(source):
            if name not in known:
                ignored = gettext_noop(
                    "This file is not a table that is kept here. It was not read."
                )
                self.note((name[:80], 0, ""), ignored)
                continue
            total += size
            if size > self.limits.file_bytes or total > self.limits.set_bytes:
                large = gettext_noop(
                    "This file has {size} bytes, which is too much: a file may have {file}, "
                    "a set {set}. Split the directory, or ask for higher limits."
                )
                limits = {"file": self.limits.file_bytes, "set": self.limits.set_bytes}
                self.tell((name, 0, ""), large, size=size, **limits)
                continue
            found[name] = load()
        return found

    def _read_table(self, table: Table, name: str, data: bytes) -> None:
        text = self._decode(name, data)
        if text is None:
            return
        try:
            lines = csv.reader(io.StringIO(text, newline=""), strict=True)
            header = [column.strip() for column in next(lines, [])]
            if self._check_header(table, name, header):
                self._read_rows(table, name, header, _numbered(lines))
        except csv.Error as error:
            broken = gettext_noop(
                "The file stops being CSV here ({error}). Look for an open quotation mark "
                "and save the file again as CSV in UTF-8."
            )
            self.tell((name, lines.line_num, ""), broken, error=str(error)[:80])

    def _decode(self, name: str, data: bytes) -> str | None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            wrong = gettext_noop(
                "The file is not UTF-8 from here on. It was perhaps saved as GBK or "
                "Windows-1252: save it again as CSV UTF-8."
            )
            self.tell((name, line, ""), wrong)
            return None
        for at, character in enumerate(text):
            if character < " " and character not in "\t\r\n":
                control = gettext_noop(
                    "There is a control character (code {code}) here. Remove it and save again."
                )
                self.tell((name, text.count("\n", 0, at) + 1, ""), control, code=ord(character))
                return None
        return text

    def _check_header(self, table: Table, name: str, header: list[str]) -> bool:
        for column in (c for c in table.required if c not in header):
            missing = gettext_noop("The column is missing. Columns known here: {allowed}.")
            self.tell((name, 1, column), missing, allowed=", ".join(table.columns))
        for column in header:
            why = LEFT_OUT.get((table.name, column))
            if why is not None:
                left = gettext_noop("This column was left out on purpose: {why}.")
                self.note((name, 1, column), left, why=why)
            elif column not in table.columns:
                unknown = gettext_noop("This column is not kept here. It was not read.")
                self.note((name, 1, column[:80]), unknown)
        twice = sorted({c for c in header if c in table.columns and header.count(c) > 1})
        for column in twice:
            double = gettext_noop("The column is there twice. Remove one of the two.")
            self.tell((name, 1, column), double)
        return not twice and all(column in header for column in table.required)

    def _read_rows(
        self, table: Table, name: str, header: list[str], lines: Iterator[tuple[int, list[str]]]
    ) -> None:
        rows = self.rows.setdefault(table.name, [])
        seen: dict[UUID, int] = {}
        for here, cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= self.limits.rows:
                many = gettext_noop("There are more than {rows} rows. Split the directory.")
                self.tell((name, here, ""), many, rows=self.limits.rows)
                return
            row = self._read_row(table, (name, here), dict(zip(header, cells)), len(cells))
            if row is None:
                continue
            if row.id in seen:
                double = gettext_noop("This id is already used on line {first}. Give a new one.")
                self.tell((name, here, "id"), double, first=seen[row.id])
            seen.setdefault(row.id, here)
            rows.append((here, row))

    def _read_row(
        self, table: Table, at: tuple[str, int], cells: dict[str, str], width: int
    ) -> Row | None:
        if width > len(cells):
            wide = gettext_noop(
                "The row has {width} cells and the header {columns}. "
                "Put text that holds a comma in quotation marks."
            )
            self.tell((*at, ""), wide, width=width, columns=len(cells))
            return None
        values: dict[str, object] = {}
        sound = True
        for column in table.columns:
            cell = cells.get(column, "").strip()
            try:
                values[column] = parse(table, column, cell)
            except CellError as error:
                sound = False
                self.tell((*at, column), error.sentence, **error.values)
                continue
            for sentence in check_column(table, column, cell):
                self.note((*at, column), sentence, found=cell[:60])
        return table.row(**values) if sound else None  # type: ignore[arg-type]

    def _check_references(self) -> None:
        ids = {name: {row.id for _, row in rows} for name, rows in self.rows.items()}
        for table in TABLES:
            targets = [(c, table.rule(c).get("refers")) for c in table.columns]
            links = [(c, target) for c, target in targets if target is not None]
            for line, row in self.rows.get(table.name, ()):
                for column, target in links:
                    self._check_link(table, (line, column), (target, getattr(row, column)), ids)
                if isinstance(row, Attribute):
                    link = (row.link_entity, row.link_id)
                    self._check_link(table, (line, "link_id"), link, ids)

    def _check_link(
        self,
        table: Table,
        at: tuple[int, str],
        link: tuple[str, UUID | None],
        ids: Mapping[str, set[UUID]],
    ) -> None:
        target, value = link
        if value is not None and value not in ids.get(target, set()):
            dangling = gettext_noop(
                "{value} is not in the table {target}. Add that row, or correct the id."
            )
            where = (self.files[table.name], *at)
            self.tell(where, dangling, value=value, target=target[:60])

    def _check_ours(self) -> None:
        terms = {row.id: row for _, row in self.rows.get("taxonomy_term", ())}
        for line, row in self.rows.get("attribute", ()):
            term = terms.get(row.taxonomy_term_id) if isinstance(row, Attribute) else None
            if isinstance(row, Attribute) and isinstance(term, TaxonomyTerm):
                self._check_fact(line, row, term)
        for line, row in self.rows.get("taxonomy_term", ()):
            if isinstance(row, TaxonomyTerm):
                self._check_code(line, row)

    def _check_fact(self, line: int, row: Attribute, term: TaxonomyTerm) -> None:
        if term.taxonomy == FACTS and row.value not in (YES, NO):
            wrong = gettext_noop(
                "{found} is not a value of a fact. Allowed: yes, no. "
                "Leave the row out if nobody has found out."
            )
            self.tell((self.files["attribute"], line, "value"), wrong, found=str(row.value)[:60])

    def _check_code(self, line: int, term: TaxonomyTerm) -> None:
        known = {FACTS: FACT_CODES, NEEDS: tuple(Need)}.get(term.taxonomy or "")
        if known is not None and term.code not in known:
            wrong = gettext_noop("{found} is not a code of {taxonomy}. Allowed: {allowed}.")
            values = {"found": str(term.code)[:60], "taxonomy": term.taxonomy}
            where = (self.files["taxonomy_term"], line, "code")
            self.tell(where, wrong, allowed=", ".join(known), **values)


class _Lines(Protocol):
    """What `csv.reader` returns."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


def _numbered(lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line of the file on which it begins."""
    begins = lines.line_num + 1
    for cells in lines:
        yield begins, cells
        begins = lines.line_num + 1


def _files(source: Source) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    """Yield the name, the size and a loader of each file, in the order of their names."""
    if isinstance(source, Mapping):
        for name in sorted(source):
            yield name, len(source[name]), partial(source.__getitem__, name)
        return
    for path in sorted(source.glob("*.csv")):
        if path.is_file() and not path.is_symlink():
            yield path.name, path.stat().st_size, path.read_bytes
