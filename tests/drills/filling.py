"""Values for any record that a journal can hold, made from the types that it declares.

A new record, or a new field of an old one, is filled by itself: no drill has to be told.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import Enum
from functools import cache
from random import Random
from uuid import UUID

import footbridge.journey
import footbridge.trust.recognition.records
from footbridge.journey.assessments.instruments import packaged
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.checkups.schedules import schedules
from footbridge.journey.consents.texts import newest
from footbridge.journey.plans.crisis import outlines
from footbridge.journey.plans.domains import domains
from footbridge.journey.referrals.reasons import reasons
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault.records import (
    Compartment,
    FreeText,
    Record,
    RecordError,
    record_types,
)
from footbridge.trust.weeks import IsoWeek

TRIES = 200
FIRST_DAY = date(2026, 10, 1)
Words = Callable[[Random], str]


def plain_words(draws: Random) -> str:
    """Return words as somebody might type them."""
    return " ".join(draws.choice(("rain", "tea", "bridge", "slow", "桥", "好")) for _ in range(4))


@cache
def every_record() -> tuple[type[Record], ...]:
    """Return every record type of the house, each room's module imported."""
    package = footbridge.journey
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if found.name.endswith(".records"):
            importlib.import_module(found.name)
    return tuple(one for one in record_types() if one.__module__.startswith("footbridge."))


def records_of(kind: Compartment) -> tuple[type[Record], ...]:
    """Return the record types that one compartment holds."""
    return tuple(one for one in every_record() if one.COMPARTMENT is kind)


def filled(record: type[Record], draws: Random, *, words: Words = plain_words) -> Record:
    """Return a record of a type with a value in each field.

    Coded fields hold an id of the house's data files where there is one of that name, else
    a code of no meaning; `words` makes what somebody would have typed.
    """
    error: Exception | None = None
    for _ in range(TRIES):
        try:
            return _filled(record, draws, words)
        except (RecordError, HouseError, ValueError) as refused:  # a rule of the record's own
            error = refused
    raise AssertionError(f"{record.__name__} could not be filled in {TRIES} tries.") from error


def _filled(record: type, draws: Random, words: Words) -> typing.Any:
    hints = typing.get_type_hints(record)
    values = {
        field.name: _value(hints[field.name], field.name, draws, words)
        for field in dataclasses.fields(record)
    }
    return record(**values)


def _value(hint: typing.Any, name: str, draws: Random, words: Words) -> typing.Any:
    if hint is FreeText:
        return FreeText(words(draws))
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (chosen,) = (part for part in inner if part is not type(None))
        return None if draws.random() < 0.1 else _value(chosen, name, draws, words)
    if origin is tuple:
        parts = inner[:1] * draws.randint(1, 3) if inner[1:] == (Ellipsis,) else inner
        return tuple(_value(part, name, draws, words) for part in parts)
    if origin is frozenset:
        return frozenset(_value(inner[0], name, draws, words) for _ in range(draws.randint(1, 3)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {
            _value(inner[0], name, draws, words): _value(inner[1], name, draws, words)
            for _ in range(draws.randint(1, 3))
        }
    return _scalar(hint, name, draws, words)


def _scalar(hint: typing.Any, name: str, draws: Random, words: Words) -> typing.Any:
    if hint is bool:
        return draws.random() < 0.5
    if hint is int:
        return draws.choice(_numbers().get(name) or range(1, 10))
    if hint is float:
        return draws.randint(0, 90) / 10
    if hint is str:
        return draws.choice(_codes().get(name) or [f"code-{draws.randrange(10**6)}"])
    if hint is date:
        return FIRST_DAY + timedelta(days=draws.randrange(50))
    if hint is IsoWeek:
        return IsoWeek.of(FIRST_DAY) + draws.randrange(60)
    if hint is UUID:
        return UUID(int=draws.getrandbits(128), version=4)
    if issubclass(hint, Enum):
        return draws.choice(list(hint))
    return _filled(hint, draws, words)  # a dataclass inside the record


@cache
def _numbers() -> dict[str, list[int]]:
    every = [{option.value for option in item.options} for item in _instrument().items]
    return {"version": [_instrument().version], "answers": sorted(set.intersection(*every))}


def _instrument() -> Instrument:
    return packaged()["recovery-capital-check", 1]


@cache
def _codes() -> dict[str, list[str]]:
    return {
        "domain": sorted(domains()),
        "schedule": sorted(schedules()),
        "reason": sorted(reasons()),
        "text": sorted(text.id for text in newest().values()),
        "instrument": [_instrument().id],
        "answers": [item.id for item in _instrument().items],
        "marks": ["0" * 90],
        "parts": [step.id for plan in outlines().values() for step in plan.steps],
    }
