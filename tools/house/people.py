"""What may be asked of a person: the types and the names of fields."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from footbridge.trust.vault.records import Compartment, FreeText
from footbridge.trust.weeks import IsoWeek

_SCALARS = (str, int, bool, float, date, IsoWeek, UUID)

# A field called by one of these, or with one as a word of its name, asks who somebody is.
_WORDS = """
name names surname forename firstname lastname nickname initials
birth birthday birthdate birthplace dob
phone telephone mobile cellphone sim imei email mail wechat weixin qq weibo alipay
address street postcode zipcode gps latitude longitude
passport hukou ssn iban photo photograph picture portrait fingerprint biometric iris
ip useragent
"""
FORBIDDEN_WORDS = frozenset(_WORDS.split())
FORBIDDEN_PHRASES = frozenset(
    {
        "bank_account",
        "card_number",
        "case_number",
        "employer_name",
        "face_id",
        "face_image",
        "household_register",
        "id_card",
        "id_number",
        "identity_card",
        "identity_number",
        "national_id",
        "number_plate",
        "social_security_number",
        "user_agent",
    }
)


def asks_who(field: str) -> bool:
    """Return whether a field's name asks for something that tells who a person is.

    Examples
    --------
    >>> asks_who("phone_2"), asks_who("person_id_number")
    (True, True)
    >>> asks_who("named_by_person"), asks_who("age_band")
    (False, False)
    """
    words = [word for word in re.split(r"[_\d]+", field.lower()) if word]
    joined = "_".join(words)
    return any(word in FORBIDDEN_WORDS for word in words) or any(
        phrase in joined for phrase in FORBIDDEN_PHRASES
    )


def record_complaints(record: type[Any]) -> Iterator[str]:
    """Yield what is wrong with a record type: names that ask who, and types that may not be."""
    compartment = record.COMPARTMENT
    for path, hint in leaves(record, record.__name__):
        field = path.rpartition(".")[2].partition("[")[0]
        if asks_who(field):
            yield f"{path}: its name asks who somebody is."
        if not allowed(hint):
            yield f"{path}: {hint!r} is not a type that a record may hold."
        elif hint is FreeText and compartment in (Compartment.SUMMARY, Compartment.RESEARCH):
            yield f"{path}: typed words may not stand in the {compartment} compartment."
        elif hint in (date, UUID) and compartment is Compartment.RESEARCH:
            yield f"{path}: a {hint.__name__} could single somebody out in research."


def leaves(record: type[Any], path: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and the bare type of every value that a record can hold."""
    hints = typing.get_type_hints(record)
    for field in dataclasses.fields(record):
        yield from _parts(hints[field.name], f"{path}.{field.name}")


def _parts(hint: Any, path: str) -> Iterator[tuple[str, Any]]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        for part in (part for part in arguments if part is not type(None)):
            yield from _parts(part, path)
    elif origin in (tuple, frozenset):
        for part in (part for part in arguments if part is not Ellipsis):
            yield from _parts(part, path)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _parts(arguments[0], f"{path}[key]")
        yield from _parts(arguments[1], path)
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type) and hint is not IsoWeek:
        if not hint.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            yield f"{path} (not frozen)", object
        yield from leaves(hint, path)
    else:
        yield path, hint


def allowed(hint: Any) -> bool:
    """Return whether a bare type is one that the house seals."""
    if hint is FreeText:
        return True
    hint = getattr(hint, "__supertype__", hint)
    if hint is datetime or not isinstance(hint, type):
        return False
    return hint in _SCALARS or issubclass(hint, Enum)


def model_complaints(models: Iterable[Any], exempt: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the database's models.

    `exempt` names what may differ, `Model` or `Model.field`, each with its reason.
    """
    for model in models:
        label = model.__name__
        for field in model._meta.get_fields():
            told = f"{label}.{field.name}"
            if not field.auto_created and asks_who(field.name) and told not in exempt:
                yield f"{told}: its name asks who somebody is."
        kind = type(model._meta.pk).__name__
        if kind.endswith("AutoField") and label not in exempt:
            yield f"{label}: a counting key tells in which order people came; use UUIDv4."
