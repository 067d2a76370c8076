"""One cell of an HSDS file: from text to a typed value and back."""

from __future__ import annotations

import math
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from footbridge.journey.services.hsds import TABLES, Table
from footbridge.trust.decisions import HouseError, gettext_noop

LONGEST = 10_000
"""Characters in one cell at most."""

_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER_OR_PHONE = re.compile(r"[+-]?[\d ().-]+")


class CellError(HouseError):
    """A cell that cannot be read; it says what was found and what is allowed."""


def parse(table: Table, column: str, cell: str) -> object:
    """Return the value of a cell: None where it is empty and may be.

    Raises
    ------
    CellError
        If the cell is empty and may not be, too long, or not what its column holds.
    """
    if not cell:
        if column in table.required:
            raise CellError(gettext_noop("The cell is empty, and every row needs it. Fill it in."))
        return None
    if len(cell) > LONGEST:
        raise CellError(
            gettext_noop("The cell has {length} characters; {longest} are allowed. Shorten it."),
            length=len(cell),
            longest=LONGEST,
        )
    kind = column_type(table, column)
    try:
        value = _parse_as(kind, cell)
    except ValueError as error:
        raise CellError(
            gettext_noop("{found} is not allowed here. Allowed: {allowed}."),
            found=cell[:60],
            allowed=_allowed(kind),
        ) from error
    _check_pattern(table, column, cell)
    return value


def write(value: object) -> str:
    """Return the text of a value, which `parse` reads back as the same value."""
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, time) and not value.second and not value.microsecond:
        return value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def looks_like_a_formula(cell: str) -> bool:
    """Whether a spreadsheet might run a cell instead of showing it."""
    return bool(_FORMULA.match(cell)) and not _NUMBER_OR_PHONE.fullmatch(cell)


def check_column(table: Table, column: str, cell: str) -> Iterator[str]:
    """Yield what is worth knowing about a cell that can be read."""
    if column_type(table, column) is str and looks_like_a_formula(cell):
        yield gettext_noop(
            "{found} begins like a spreadsheet formula. It is kept and shown as plain text; "
            "do not open the file in a spreadsheet before you know who wrote it."
        )


@cache
def _types(name: str) -> dict[str, Any]:
    (row,) = (table.row for table in TABLES if table.name == name)
    hints = typing.get_type_hints(row)
    return {field.name: hints[field.name] for field in fields(row)}


def column_type(table: Table, column: str) -> type[Any]:
    """Return the type of a column without its None."""
    hint = _types(table.name)[column]
    parts = typing.get_args(hint) or (hint,)
    kind: type[Any] = next(part for part in parts if part is not types.NoneType)
    return kind


def _parse_as(kind: type[Any], cell: str) -> object:
    if kind is str:
        return cell
    if kind is float:
        number = float(cell)
        if not math.isfinite(number):
            raise ValueError(cell)
        return number
    if kind in _WRITTEN:
        if _WRITTEN[kind].match(cell) is None:  # Python reads more forms of ISO 8601
            raise ValueError(cell)
        return kind.fromisoformat(cell)
    return kind(cell)  # UUID, int, an enum


_WRITTEN = {
    date: re.compile(r"\d{4}-\d\d-\d\d$"),
    time: re.compile(r"\d\d:\d\d"),
    datetime: re.compile(r"\d{4}-\d\d-\d\d"),
}


_EXAMPLES = {
    UUID: "a UUID such as 3f7b145d-84af-42d7-8fae-eaca714b02b2",
    int: "a whole number such as 12",
    float: "a number such as 12.5",
    date: "a day such as 2026-11-21",
    time: "a time such as 09:00 or 09:00+08:00",
    datetime: "a moment such as 2026-11-21T09:00:00+08:00",
}


def _allowed(kind: type[Any]) -> str:
    if issubclass(kind, StrEnum):
        return ", ".join(member.value for member in kind)
    return _EXAMPLES[kind]


def _check_pattern(table: Table, column: str, cell: str) -> None:
    rule = table.rule(column)
    pattern = rule.get("pattern")
    if pattern is not None and pattern.fullmatch(cell) is None:
        raise CellError(
            gettext_noop("{found} is not allowed here. Allowed: {allowed}."),
            found=cell[:60],
            allowed=f"text such as {rule['example']}",
        )
