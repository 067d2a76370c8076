"""Typed, versioned records: the only things that a journal can hold.

A room declares each of its records as a frozen dataclass with a KIND and a
COMPARTMENT and registers it with `sealed_record`. Registration is what lets the
codec open it, the canary drill fill it and the house tests judge its fields.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, ClassVar, NewType, Protocol, TypeVar

FreeText = NewType("FreeText", str)
"""Words that a person or a worker typed: the most sensitive type of field."""


class Compartment(StrEnum):
    """The keyed sections of a person's record (confidentiality.md, section 1)."""

    SUMMARY = "summary"
    CARE = "care"
    CONTACT = "contact"
    RECALL = "recall"
    RESEARCH = "research"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class EntryKind:
    """What a record is, and in which version of its shape."""

    name: str
    version: int

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


class Record(Protocol):
    """A typed value that the vault can seal: a frozen dataclass with these two constants."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]
    KIND: ClassVar[EntryKind]
    COMPARTMENT: ClassVar[Compartment]


class RecordError(Exception):
    """A record type or a sealed record that the house cannot accept."""


R = TypeVar("R", bound=type)
_registry: dict[EntryKind, type[Record]] = {}
_upgrades: dict[EntryKind, Callable[[Any], Record]] = {}


def sealed_record(cls: R) -> R:
    """Register a record type; refuse one that is not frozen or whose kind is taken.

    Raises
    ------
    RecordError
        If the class is not a frozen dataclass, or if its kind and version are in use.
    """
    parameters = getattr(cls, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        raise RecordError(f"{cls.__name__} must be a frozen dataclass to be sealed.")
    kind: EntryKind = cls.KIND  # type: ignore[attr-defined]
    taken = _registry.get(kind)
    if taken is not None and taken.__qualname__ != cls.__qualname__:
        raise RecordError(f"{kind} is already {taken.__name__}. Give {cls.__name__} a new version.")
    _registry[kind] = cls
    return cls


def upgrades(kind: EntryKind) -> Callable[[Callable[[Any], Record]], Callable[[Any], Record]]:
    """Register the function that turns a record of an old version into the next one."""

    def register(function: Callable[[Any], Record]) -> Callable[[Any], Record]:
        _upgrades[kind] = function
        return function

    return register


def upgraded(record: Record) -> Record:
    """Return the record in its newest version, through every registered upgrade."""
    while (function := _upgrades.get(record.KIND)) is not None:
        record = function(record)
    return record


def record_type(kind: EntryKind) -> type[Record]:
    """Return the class registered for a kind; raise RecordError where there is none."""
    try:
        return _registry[kind]
    except KeyError as error:
        raise RecordError(
            f"No record type is registered for {kind}. "
            "This database was written by a newer version: upgrade Footbridge."
        ) from error


def record_types() -> Iterator[type[Record]]:
    """Yield every registered record type, in the order of their kinds."""
    for kind in sorted(_registry):
        yield _registry[kind]
