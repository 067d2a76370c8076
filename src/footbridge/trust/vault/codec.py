"""Records to bytes and back, driven by the types that the records declare."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from footbridge.trust.vault.records import Record, RecordError
from footbridge.trust.weeks import IsoWeek

_PLAIN = (str, int, float, bool)
_PARSED: dict[type, Callable[[Any], Any]] = {
    IsoWeek: IsoWeek.parse,
    date: date.fromisoformat,
    UUID: UUID,
}


def encode(record: Record) -> bytes:
    """Return a record as canonical JSON (sorted keys, UTF-8, no blanks)."""
    # `fields`, not `__dataclass_fields__`: the latter holds the class constants as well.
    fields = {one.name: _dump(getattr(record, one.name)) for one in dataclasses.fields(record)}
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def decode(record: type[Record], data: bytes) -> Record:
    """Return the record that `encode` wrote.

    Raises
    ------
    RecordError
        If the bytes do not hold exactly the fields that the type declares.
    """
    try:
        found = json.loads(data)
        hints = _loaders(record)
        if found.keys() != hints.keys():
            raise RecordError(f"{record.__name__}: fields differ from those that were sealed.")
        return record(**{name: hints[name](value) for name, value in found.items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RecordError(f"{record.__name__}: the sealed bytes cannot be read.") from error


@cache
def _hints(record: type) -> dict[str, Any]:
    hints = typing.get_type_hints(record)
    return {field.name: hints[field.name] for field in dataclasses.fields(record)}


@cache
def _loaders(record: type) -> dict[str, Callable[[Any], Any]]:
    return {name: _loader(hint) for name, hint in _hints(record).items()}


def _dump(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, UUID | IsoWeek):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(_dump(key)): _dump(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted((_dump(item) for item in value), key=str)
    if isinstance(value, tuple):
        return [_dump(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {f.name: _dump(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise RecordError(f"A value of type {type(value).__name__} cannot be sealed.")


# A loader is made once for each type: pages that count open ten thousand records at once.
@cache
def _loader(hint: Any) -> Callable[[Any], Any]:
    hint = getattr(hint, "__supertype__", hint)  # NewType
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _tuple(arguments)
    if origin is frozenset:
        item = _loader(arguments[0])
        return lambda value: frozenset(map(item, value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, item = _loader(arguments[0]), _loader(arguments[1])
        return lambda value: {key(k): item(found) for k, found in value.items()}
    return _scalar(hint)


def _optional(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    (chosen,) = (part for part in arguments if part is not type(None))
    load = _loader(chosen)
    return lambda value: None if value is None else load(value)


def _tuple(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _loader(arguments[0])
        return lambda value: tuple(map(item, value))
    parts = [_loader(part) for part in arguments]
    return lambda value: tuple(load(one) for load, one in zip(parts, value, strict=True))


def _scalar(hint: type) -> Callable[[Any], Any]:
    if hint in _PARSED or issubclass(hint, Enum):
        return _PARSED.get(hint, hint)
    if dataclasses.is_dataclass(hint):
        return _nested(hint)
    return lambda value: value if type(value) is hint else _converted(hint, value)


def _nested(hint: type) -> Callable[[Any], Any]:
    loaders = {name: _loader(found) for name, found in _hints(hint).items()}
    return lambda value: hint(**{name: loaders[name](item) for name, item in value.items()})


def _converted(hint: type, value: Any) -> Any:
    if hint in (int, str) and isinstance(value, str):
        return hint(value)  # keys of a mapping arrive as text
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    raise RecordError(f"Expected {hint.__name__}, found {type(value).__name__}.")
