"""Records to bytes and back, driven by the types that the records declare."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from footbridge.trust.vault.records import Record, RecordError
from footbridge.trust.weeks import IsoWeek

_PLAIN = (str, int, float, bool)


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
        hints = _hints(record)
        if set(found) != set(hints):
            raise RecordError(f"{record.__name__}: fields differ from those that were sealed.")
        return record(**{name: _load(hints[name], value) for name, value in found.items()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RecordError(f"{record.__name__}: the sealed bytes cannot be read.") from error


@cache
def _hints(record: type) -> dict[str, Any]:
    hints = typing.get_type_hints(record)
    return {field.name: hints[field.name] for field in dataclasses.fields(record)}


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


def _load(hint: Any, value: Any) -> Any:
    hint = getattr(hint, "__supertype__", hint)  # NewType
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _load_union(arguments, value)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_load(arguments[0], item) for item in value)
        return tuple(_load(part, item) for part, item in zip(arguments, value, strict=True))
    if origin is frozenset:
        return frozenset(_load(arguments[0], item) for item in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {_load(arguments[0], k): _load(arguments[1], item) for k, item in value.items()}
    return _load_scalar(hint, value)


def _load_union(arguments: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        return None
    (chosen,) = (part for part in arguments if part is not type(None))
    return _load(chosen, value)


def _load_scalar(hint: Any, value: Any) -> Any:
    if hint is IsoWeek:
        return IsoWeek.parse(value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is UUID:
        return UUID(value)
    if issubclass(hint, Enum):
        return hint(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{name: _load(hints[name], item) for name, item in value.items()})
    if hint in (int, str) and isinstance(value, str):
        return hint(value)  # keys of a mapping arrive as text
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise RecordError(f"Expected {hint.__name__}, found {type(value).__name__}.")
    return value
