"""Instruments read from data and written to data: the shape of the files in data/instruments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from footbridge.journey.assessments.rules import (
    AssessmentError,
    Band,
    Better,
    Choice,
    Condition,
    Instrument,
    Item,
    Layout,
    Method,
    Option,
    Parameter,
    Range,
    Reliability,
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
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _broken(found, f"missing or wrong: {error}") from error
    for problem in problems(instrument):
        raise _broken(found, problem)
    return instrument


def _broken(found: Mapping[str, Any], problem: str) -> AssessmentError:
    return AssessmentError(
        gettext_noop(
            "The instrument {id} cannot be used: {problem}. "
            "Compare its file with recovery-capital-check-1.json and correct it."
        ),
        id=found.get("id", "?") if isinstance(found, Mapping) else "?",
        problem=problem,
    )


def _built(found: Mapping[str, Any]) -> Instrument:
    share = found.get("at_most_missing_share")
    return Instrument(
        id=found["id"],
        version=int(found["version"]),
        languages=frozenset(map(Language, found["languages"])),
        licence=found["licence"],
        validated=bool(found["validated"]),
        source=found["source"],
        title=_words(found["title"]),
        instruction=_words(found.get("instruction", {})),
        items=tuple(_item(item, found) for item in found["items"]),
        scales=tuple(map(_scale, found["scales"])),
        layout=Layout(found.get("layout", Layout.SHEET)),
        at_most_missing_share=None if share is None else float(share),
        observed=bool(found.get("observed", False)),
        note=_words(found.get("note", {})),
        parameters=tuple(map(_parameter, found.get("parameters", ()))),
        wording_source=_words(found.get("wording_source", {})),
    )


def _words(found: Mapping[str, str]) -> Words:
    return MappingProxyType({Language(key): words for key, words in found.items() if words})


def _item(found: Mapping[str, Any], whole: Mapping[str, Any]) -> Item:
    numbers, safety = found.get("numbers"), found.get("safety_at")
    options = found.get("options", () if numbers else whole.get("options"))
    if isinstance(options, str):
        options = whole["option_sets"][options]
    return Item(
        id=found["id"],
        words=_words(found.get("words", {})),
        options=tuple(map(_option, options)),
        reverse=bool(found.get("reverse", False)),
        hint=_words(found.get("hint", {})),
        numbers=Range(int(numbers["least"]), int(numbers["most"])) if numbers else None,
        show_when=tuple(
            Condition(one["item"], frozenset(map(int, one["values"])))
            for one in found.get("show_when", ())
        ),
        unasked=_number(found.get("unasked")),
        safety_at=None if safety is None else int(safety),
    )


def _option(found: Mapping[str, Any]) -> Option:
    return Option(int(found["value"]), _words(found.get("words", {})), _number(found.get("points")))


def _number(found: float | None) -> float | None:
    return None if found is None else float(found)


def _scale(found: Mapping[str, Any]) -> Scale:
    bands = tuple(
        Band(float(band["at_least"]), _words(band["words"]), band["source"])
        for band in found.get("bands", ())
    )
    better, known = found.get("better"), found.get("reliability")
    return Scale(
        id=found["id"],
        title=_words(found["title"]),
        items=tuple(found["items"]),
        method=Method(found["method"]),
        at_most_missing=int(found["at_most_missing"]),
        multiply=float(found.get("multiply", 1)),
        add=float(found.get("add", 0)),
        error=_number(found.get("error")),
        reliability=Reliability(known["value"], known["kind"], known["source"], known.get("n"))
        if known
        else None,
        bands=tuple(sorted(bands, key=lambda band: band.at_least)),
        better=Better(better) if better else None,
        note=_words(found.get("note", {})),
    )


def _parameter(found: Mapping[str, Any]) -> Parameter:
    return Parameter(
        found["id"],
        _words(found["title"]),
        tuple(
            Choice(
                one["id"],
                _words(one["title"]),
                {id_: bool(value) for id_, value in one.get("reverse", {}).items()},
                frozenset(one.get("leave_out", ())),
            )
            for one in found["choices"]
        ),
    )


def problems(instrument: Instrument) -> Iterable[str]:
    """Yield what contradicts itself in an instrument; nothing where it can be used."""
    ids = [item.id for item in instrument.items]
    if len(set(ids)) < len(ids):
        yield "two items have the same id"
    for at, item in enumerate(instrument.items):
        yield from _problems_of(item, ids[:at])
    for scale in instrument.scales:
        if not scale.items or not set(scale.items) <= set(ids):
            yield f"scale {scale.id} names no item, or one that is not there"
        if not 0 <= scale.at_most_missing < max(1, len(scale.items)):
            yield f"scale {scale.id} allows more missing items than it can"
        if scale.method is Method.COUNT and scale.at_most_missing:
            yield f"scale {scale.id} counts, so none of its items may be missing"
    if not instrument.scales:
        yield "it has no scale"
    for parameter in instrument.parameters:
        if not parameter.choices:
            yield f"parameter {parameter.id} has no choice"


def _problems_of(item: Item, earlier: list[str]) -> Iterable[str]:
    values = {option.value for option in item.options}
    if item.numbers is None and len(values) < max(2, len(item.options)):
        yield f"item {item.id} needs two or more options of different values"
    if item.numbers is not None and (item.options or item.numbers.least >= item.numbers.most):
        yield f"item {item.id} needs options, or numbers from a least to a greater most"
    for condition in item.show_when:
        if condition.item not in earlier:
            yield f"item {item.id} depends on {condition.item}, which does not come before it"


def written(instrument: Instrument) -> dict[str, Any]:
    """Return an instrument as the data from which `parse` makes the same one."""
    found: dict[str, Any] = {
        "id": instrument.id,
        "version": instrument.version,
        "languages": sorted(language.value for language in instrument.languages),
        "licence": instrument.licence,
        "validated": instrument.validated,
        "source": instrument.source,
        "title": _plain(instrument.title),
        "instruction": _plain(instrument.instruction),
        "layout": instrument.layout.value,
        "at_most_missing_share": instrument.at_most_missing_share,
        "observed": instrument.observed,
        "note": _plain(instrument.note),
        "wording_source": _plain(instrument.wording_source),
        "items": [_written_item(item) for item in instrument.items],
        "scales": [_written_scale(scale) for scale in instrument.scales],
        "parameters": [_written_parameter(one) for one in instrument.parameters],
    }
    return found


def _plain(words: Words) -> dict[str, str]:
    return {language.value: text for language, text in words.items()}


def _written_item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "words": _plain(item.words),
        "options": [
            {"value": one.value, "words": _plain(one.words), "points": one.points}
            for one in item.options
        ],
        "reverse": item.reverse,
        "hint": _plain(item.hint),
        "numbers": {"least": item.numbers.least, "most": item.numbers.most}
        if item.numbers
        else None,
        "show_when": [{"item": one.item, "values": sorted(one.values)} for one in item.show_when],
        "unasked": item.unasked,
        "safety_at": item.safety_at,
    }


def _written_scale(scale: Scale) -> dict[str, Any]:
    known = scale.reliability
    return {
        "id": scale.id,
        "title": _plain(scale.title),
        "items": list(scale.items),
        "method": scale.method.value,
        "at_most_missing": scale.at_most_missing,
        "multiply": scale.multiply,
        "add": scale.add,
        "error": scale.error,
        "reliability": {
            "value": known.value,
            "kind": known.kind,
            "source": known.source,
            "n": known.n,
        }
        if known
        else None,
        "bands": [
            {"at_least": band.at_least, "words": _plain(band.words), "source": band.source}
            for band in scale.bands
        ],
        "better": scale.better.value if scale.better else None,
        "note": _plain(scale.note),
    }


def _written_parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "id": parameter.id,
        "title": _plain(parameter.title),
        "choices": [
            {
                "id": one.id,
                "title": _plain(one.title),
                "reverse": dict(one.reverse),
                "leave_out": sorted(one.leave_out),
            }
            for one in parameter.choices
        ],
    }
