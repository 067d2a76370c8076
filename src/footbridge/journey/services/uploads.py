"""Files as somebody uploads them: CSV files, a zip of them, or HSDS documents in JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from footbridge.journey.damage import DAMAGE
from footbridge.journey.services.directory import Directory, DirectoryError
from footbridge.journey.services.hsds import LEFT_OUT, TABLES, Table
from footbridge.journey.services.nests import NESTS
from footbridge.journey.services.reading import (
    Limits,
    Problem,
    RefusedSetError,
    Report,
    check_csv_set,
)
from footbridge.trust.decisions import gettext_noop

_TABLES: Mapping[str, Table] = {table.name: table for table in TABLES}
Cells = dict[str, str]


def read_uploads(sent: Mapping[str, bytes], *, limits: Limits | None = None) -> Directory:
    """Return the directory that uploaded files hold, in whichever form of the standard.

    Raises
    ------
    DirectoryError
        If a zip cannot be opened, or holds more than may be read.
    RefusedSetError
        If anything in the files is wrong; its `report` lists every problem.
    """
    report = check_uploads(sent, limits=limits)
    if report.directory is None:
        raise RefusedSetError(report)
    return report.directory


def check_uploads(sent: Mapping[str, bytes], *, limits: Limits | None = None) -> Report:
    """Read uploaded files and tell everything that is wrong with them."""
    allowed = limits or Limits()
    files = dict(_unpacked(sent, allowed))
    found = {name: data for name, data in files.items() if name.lower().endswith(".json")}
    if not found:
        return check_csv_set(files, limits=allowed)
    flat = _Flat(allowed)
    for name, data in sorted(found.items()):
        flat.read(name, data)
    return flat.report()


def _unpacked(sent: Mapping[str, bytes], limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield the files that were sent, those inside a zip by their own names."""
    for name, data in sent.items():
        if not (name.lower().endswith(".zip") or data.startswith(b"PK\x03\x04")):
            yield name, data
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as box:
                yield from _members(box, limits)
        except DAMAGE as error:
            raise DirectoryError(
                gettext_noop(
                    "The zip file cannot be opened: it is broken, or closed with a password. "
                    "Pack the files again, or choose them one by one."
                )
            ) from error


def _members(box: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a zip; what they say of their size is not believed."""
    left = limits.set_bytes
    for member in box.infolist():
        if member.is_dir():
            continue
        with box.open(member) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise DirectoryError(
                gettext_noop(
                    "The zip file holds more than {megabytes} MB, so it was not read. "
                    "Pack the files of one directory only."
                ),
                megabytes=limits.set_bytes // 1_000_000,
            )
        yield member.filename.rsplit("/", 1)[-1], data


@dataclass
class _Flat:
    """Rows that stood inside each other, table by table, and where each one stood."""

    limits: Limits
    rows: dict[str, dict[str, tuple[Cells, str]]] = field(default_factory=dict)
    loose: dict[str, list[tuple[Cells, str]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unknown: set[tuple[str, str]] = field(default_factory=set)
    files: list[str] = field(default_factory=list)

    def tell(self, where: str, sentence: str, *, note: bool = False, **values: object) -> None:
        file, _, path = where.partition("#")
        self.problems.append(Problem(file, 0, path, sentence, values, note=note))

    def read(self, name: str, data: bytes) -> None:
        self.files.append(name)
        try:
            found = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            broken = gettext_noop(
                "The file is not JSON in UTF-8. Export it again, or use the CSV files."
            )
            self.tell(name, broken)
            return
        services = _services(found)
        if services is None:
            shape = gettext_noop(
                "There is no list of services in this file. Expected: one service, a list of "
                "them, or a page with the key contents."
            )
            self.tell(name, shape)
            return
        for number, service in enumerate(services):
            self._flatten("service", service, f"{name}#services[{number}]", {})

    def report(self) -> Report:
        """Return what the rows hold, every problem at the place where its row stood."""
        files: dict[str, bytes] = {}
        places: dict[tuple[str, int], str] = {}
        for name, table in _TABLES.items():
            told = [*self.rows.get(name, {}).values(), *self.loose.get(name, [])]
            if told:
                files[table.files[0]] = _as_csv(table, told, places)
        if any(not one.note for one in self.problems) and not files:
            return Report(None, tuple(self.problems))
        checked = check_csv_set(files, limits=self.limits)
        moved = [self._placed(one, places) for one in checked.problems]
        wrong = any(not one.note for one in self.problems)
        problems = (*self.problems, *moved)[: self.limits.problems]
        return Report(None if wrong else checked.directory, problems)

    def _placed(self, problem: Problem, places: Mapping[tuple[str, int], str]) -> Problem:
        where = places.get((problem.file, problem.line), self.files[0])
        file, _, path = where.partition("#")
        column = ".".join(part for part in (path, problem.column) if part)
        return replace(problem, file=file, line=0, column=column)

    def _flatten(self, table: str, value: object, where: str, links: Cells) -> str:
        """Take a row out of its place, and those inside it; return its id."""
        if not isinstance(value, dict):
            self.tell(where, gettext_noop("Expected one {table} with its keys."), table=table)
            return ""
        cells = dict(links)
        nests = NESTS.get(table, {})
        for key, told in value.items():
            if key not in nests:
                self._cell(table, str(key), told, (where, cells))
        for key, nest in nests.items():
            told = value.get(key)
            if told is None or told == []:
                continue
            if nest.many:
                self._inside(table, cells, (f"{where}.{key}", key), told)
            else:
                inner = self._flatten(nest.table, told, f"{where}.{key}", {})
                cells.setdefault(nest.link, inner)
        self._keep(table, cells, where)
        return cells.get("id", "")

    def _inside(self, table: str, cells: Cells, at: tuple[str, str], told: object) -> None:
        where, key = at
        nest = NESTS[table][key]
        if not isinstance(told, list):
            self.tell(where, gettext_noop("Expected a list here."))
            return
        links = {nest.link: cells.get("id", "")}
        if nest.table == "attribute":
            links["link_entity"] = table
        for number, inner in enumerate(told):
            self._flatten(nest.table, inner, f"{where}[{number}]", links)

    def _cell(self, table: str, key: str, told: object, into: tuple[str, Cells]) -> None:
        where, cells = into
        if key not in _TABLES[table].columns:
            if (table, key) not in self.unknown:
                self.unknown.add((table, key))
                why = LEFT_OUT.get((table, key))
                if why is not None:
                    left = gettext_noop("This column was left out on purpose: {why}.")
                    self.tell(f"{where}.{key[:80]}", left, note=True, why=why)
                else:
                    other = gettext_noop("This column is not kept here. It was not read.")
                    self.tell(f"{where}.{key[:80]}", other, note=True)
        elif told is None:
            cells.setdefault(key, "")
        elif isinstance(told, dict | list | bool):
            wrong = gettext_noop("Expected text or a number here.")
            self.tell(f"{where}.{key}", wrong)
        else:
            cells[key] = str(told)

    def _keep(self, table: str, cells: Cells, where: str) -> None:
        """Keep a row once; the same one may stand in several places if it says the same."""
        known = self.rows.setdefault(table, {})
        id_ = cells.get("id", "")
        if not id_:
            self.loose.setdefault(table, []).append((cells, where))
            return
        before = known.get(id_)
        if before is None:
            known[id_] = (cells, where)
            return
        for column, told in cells.items():
            if told and before[0].get(column) and told != before[0][column]:
                other = gettext_noop("The same id says something else at {first}. Make them alike.")
                self.tell(f"{where}.{column}", other, first=before[1].partition("#")[2])
                return
        before[0].update({column: told for column, told in cells.items() if told})


def _services(found: object) -> list[object] | None:
    """Return the services of a document, whichever of the known shapes it has."""
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        for key in ("contents", "services"):
            if isinstance(found.get(key), list):
                return list(found[key])
        if {"id", "name", "status"} <= set(found):
            return [found]
    return None


def _as_csv(
    table: Table, told: list[tuple[Cells, str]], places: dict[tuple[str, int], str]
) -> bytes:
    """Return rows as a file of the set, and note on which line each begins."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    line = 2
    for cells, where in told:
        places[table.files[0], line] = where
        begins = text.tell()
        writer.writerow([cells.get(column, "") for column in table.columns])
        text.seek(begins)
        line += sum(1 for _ in io.StringIO(text.read(), newline=""))
    return text.getvalue().encode("utf-8", "surrogatepass")
