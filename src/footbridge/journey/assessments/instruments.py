"""Instruments read from data files: those of the house and, in the same shape, a site's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from footbridge.journey.assessments.rules import (
    AssessmentError,
    Band,
    Instrument,
    Item,
    Method,
    Option,
    Scale,
    Words,
)
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop


def parse(found: Mapping[str, Any]) -> Instrument:
    """Return the instrument that a data file holds.

    Raises
    ------
    AssessmentError
        If the file lacks something, or names an item or a value that it does not define.
    """
    try:
        instrument = _built(found)
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(found, f"missing or wrong: {error}") from error
    for problem in _problems(instrument):
        raise _broken(found, problem)
    return instrument


def _broken(found: Mapping[str, Any], problem: str) -> AssessmentError:
    return AssessmentError(
        gettext_noop(
            "The instrument {id} cannot be used: {problem}. "
            "Compare its file with recovery-capital-check-1.json and correct it."
        ),
        id=found.get("id", "?"),
        problem=problem,
    )


def _built(found: Mapping[str, Any]) -> Instrument:
    shared = found.get("options")
    return Instrument(
        id=found["id"],
        version=int(found["version"]),
        languages=frozenset(map(Language, found["languages"])),
        licence=found["licence"],
        validated=bool(found["validated"]),
        source=found["source"],
        title=_words(found["title"]),
        instruction=_words(found["instruction"]),
        items=tuple(
            Item(
                id=item["id"],
                words=_words(item.get("words", {})),
                options=_options(item.get("options", shared)),
                reverse=bool(item.get("reverse", False)),
            )
            for item in found["items"]
        ),
        scales=tuple(map(_scale, found["scales"])),
    )


def _words(found: Mapping[str, str]) -> Words:
    return MappingProxyType({Language(key): words for key, words in found.items()})


def _options(found: Iterable[Mapping[str, Any]]) -> tuple[Option, ...]:
    return tuple(Option(int(option["value"]), _words(option["words"])) for option in found)


def _scale(found: Mapping[str, Any]) -> Scale:
    bands = tuple(
        Band(float(band["at_least"]), _words(band["words"]), band["source"])
        for band in found.get("bands", ())
    )
    return Scale(
        id=found["id"],
        title=_words(found["title"]),
        items=tuple(found["items"]),
        method=Method(found["method"]),
        at_most_missing=int(found["at_most_missing"]),
        multiply=float(found.get("multiply", 1)),
        add=float(found.get("add", 0)),
        error=found.get("error"),
        bands=tuple(sorted(bands, key=lambda band: band.at_least)),
    )


def _problems(instrument: Instrument) -> Iterable[str]:
    ids = [item.id for item in instrument.items]
    if len(set(ids)) < len(ids):
        yield "two items have the same id"
    for item in instrument.items:
        if len({option.value for option in item.options}) < max(2, len(item.options)):
            yield f"item {item.id} needs two or more options of different values"
    for scale in instrument.scales:
        if not scale.items or not set(scale.items) <= set(ids):
            yield f"scale {scale.id} names no item, or one that is not there"
        if not 0 <= scale.at_most_missing < max(1, len(scale.items)):
            yield f"scale {scale.id} allows more missing items than it can"
    if not instrument.scales:
        yield "it has no scale"


@cache
def instruments() -> Mapping[tuple[str, int], Instrument]:
    """Return the instruments of the house by id and version."""
    folder = resources.files("footbridge.journey.assessments") / "data" / "instruments"
    found = [
        parse(json.loads(file.read_text(encoding="utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".json")
    ]
    return MappingProxyType({(one.id, one.version): one for one in found})


def instrument(id: str, version: int) -> Instrument:  # noqa: A002 - the word that records use
    """Return one instrument; raise AssessmentError where the house has none such."""
    try:
        return instruments()[id, version]
    except KeyError as error:
        known = ", ".join(f"{name}/{number}" for name, number in sorted(instruments()))
        raise AssessmentError(
            gettext_noop(
                "There is no instrument {id} in version {version}: the house has {known}. "
                "Load the one that was used, or choose one of these."
            ),
            id=id,
            version=version,
            known=known,
        ) from error
