"""A directory as HSDS 3.0 documents: each service with all that belongs to it inside."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from footbridge.journey.services.cells import write
from footbridge.journey.services.directory import Directory
from footbridge.journey.services.hsds import TABLES, Row
from footbridge.journey.services.nests import NESTS, Nest

Document = dict[str, object]
_COLUMNS: Mapping[str, tuple[str, ...]] = {table.name: table.columns for table in TABLES}


def documents(directory: Directory) -> list[Document]:
    """Return one document a service, in the order of the directory."""
    writer = _Writer(directory)
    return [writer.document("service", service) for service in directory.services]


def page_of_services(directory: Directory) -> bytes:
    """Return the services as one page of the standard's interface, UTF-8.

    What no service uses (an organisation without one, a term that nothing carries) has no
    place in it; the set of CSV files holds everything.
    """
    services = documents(directory)
    page = {
        "total_items": len(services),
        "total_pages": 1,
        "page_number": 1,
        "size": len(services),
        "first_page": True,
        "last_page": True,
        "empty": not services,
        "contents": services,
    }
    return (json.dumps(page, ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True)
class _Writer:
    directory: Directory

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, UUID], Row]:
        rows = self.directory.rows()
        return {(name, row.id): row for name, found in rows.items() for row in found}

    @cached_property
    def _by_link(self) -> Mapping[tuple[str, str, UUID], list[Row]]:
        found: dict[tuple[str, str, UUID], list[Row]] = defaultdict(list)
        links = {(nest.table, nest.link) for nests in NESTS.values() for nest in nests.values()}
        rows = self.directory.rows()
        for table, link in links:
            for row in rows[table]:
                value = getattr(row, link, None)
                if isinstance(value, UUID):
                    found[table, link, value].append(row)
        return found

    def document(self, table: str, row: Row) -> Document:
        """Return a row with everything that stands inside it."""
        told = {column: _value(getattr(row, column)) for column in _COLUMNS[table]}
        found: Document = {column: value for column, value in told.items() if value is not None}
        for key, nest in NESTS.get(table, {}).items():
            inner = self._inner(row, nest)
            if inner:
                found[key] = inner if nest.many else inner[0]
        return found

    def _inner(self, row: Row, nest: Nest) -> list[Document]:
        if nest.many:
            rows = self._by_link.get((nest.table, nest.link, row.id), [])
        else:
            one = self._by_id.get((nest.table, getattr(row, nest.link)))
            rows = [one] if one is not None else []
        return [self.document(nest.table, inner) for inner in rows]


def _value(value: object) -> object:
    """Return a cell as JSON holds it: numbers stay numbers, all else is text."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return write(value)
