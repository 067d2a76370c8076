"""FHIR R4 Questionnaire: an instrument as JSON, read and written.

References
----------
HL7 FHIR R4 (4.0.1) Questionnaire; the extensions ordinalValue, minValue, maxValue, translation
and questionnaire-unit of the same release.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from footbridge.journey.assessments.exchange import extras, texts
from footbridge.journey.assessments.exchange.redcap import BOUNDS, MOST_NUMBERS
from footbridge.journey.assessments.exchange.sheet import Ledger, Question, Sheet
from footbridge.journey.assessments.rules import (
    Condition,
    Instrument,
    Item,
    Option,
    Range,
    Words,
)
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop

STANDARD = "http://hl7.org/fhir/StructureDefinition"
# Ours; fixed, so that a file says what it is and not where it was made.
SCORING = "urn:uuid:7c1d3b52-6b0e-4a53-9d2c-0f7f3d6a4f10"
CODES = "urn:uuid:2b6f2a0c-91f4-4c7e-8a44-63f0c6c1d5e8"
DEEPEST = 8
_WEIGHTS = (f"{STANDARD}/ordinalValue", f"{STANDARD}/itemWeight")

Node = Mapping[str, Any]


def read(data: bytes, *, language: Language) -> tuple[Sheet, Ledger]:
    """Return the instrument of a Questionnaire, and everything wrong with it.

    Parameters
    ----------
    language : Language
        Of its words, where the file does not say.

    Raises
    ------
    RefusedFileError
        If the file as a whole cannot be read.
    """
    found = _json(texts.decoded(data))
    if not isinstance(found, dict) or found.get("resourceType") != "Questionnaire":
        raise texts.refuse(
            gettext_noop(
                "The file is no FHIR Questionnaire. Choose the JSON of a resource of that type."
            )
        )
    ledger = Ledger()
    usual = texts.language_of(str(found.get("language", ""))) or language
    reader = _Reader(ledger, usual, _contained(found))
    reader.items(found.get("item"), (), 1)
    about = texts.noted(_own(found), ledger, where="", column="extension")
    title = {**reader.words(found, "title", ""), **extras.titles(about)}
    name = str(found.get("name") or found.get("id") or "")[:80]
    return Sheet(name, title, reader.instruction, tuple(reader.questions), about), ledger


def _json(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise texts.refuse(
            gettext_noop("The file is no JSON that can be read. Export it again.")
        ) from None


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _contained(found: Node) -> dict[str, list[Node]]:
    """Return the codes of value sets that the file brings along, by their ids."""
    sets: dict[str, list[Node]] = {}
    for one in _nodes(found.get("contained")):
        included = _nodes(_node(one.get("compose")).get("include"))
        if one.get("resourceType") == "ValueSet":
            sets[f"#{one.get('id')}"] = [
                c for part in included for c in _nodes(part.get("concept"))
            ]
    return sets


def _nodes(value: object) -> list[Node]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _node(value: object) -> Node:
    return value if isinstance(value, dict) else {}


def _extension(node: Node, *urls: str) -> object:
    for one in _nodes(node.get("extension")):
        if one.get("url") in urls:
            return next((value for name, value in one.items() if name.startswith("value")), None)
    return None


def _own(node: Node) -> object:
    return _extension(node, SCORING)


@dataclass
class _Reader:
    """The state of one reading."""

    ledger: Ledger
    usual: Language
    sets: Mapping[str, list[Node]]
    questions: list[Question] = field(default_factory=list)
    instruction: Words = field(default_factory=dict)

    def items(self, found: object, above: tuple[Condition, ...], depth: int) -> None:
        for item in _nodes(found):
            where = str(item.get("linkId", ""))[:60]
            if depth > DEEPEST or len(self.questions) >= texts.ROWS:
                deep = gettext_noop("The questions lie too deep in each other. Flatten the file.")
                self.ledger.tell(where, "item", deep)
                return
            self._item(where, item, above, depth)

    def _item(self, where: str, item: Node, above: tuple[Condition, ...], depth: int) -> None:
        kind = str(item.get("type", ""))
        shown = (*above, *self._branching(where, item))
        if kind in {"group", "display"}:
            self._describe(where, item)
        elif kind in {"choice", "integer", "boolean"} and not item.get("repeats"):
            self._question(where, item, kind, shown)
        elif item.get("repeats"):
            several = gettext_noop(
                "Several answers to one question cannot be kept. Make each choice a question of "
                "its own, with yes and no."
            )
            self.ledger.tell(where, "repeats", several)
        else:
            refused = gettext_noop(
                "An item of the type “{kind}” cannot be asked here: answers are one choice or a "
                "whole number, and free text, pictures and days may show who somebody is. Take it "
                "out."
            )
            self.ledger.tell(where, "type", refused, kind=kind)
        self.items(item.get("item"), shown, depth + 1)

    def _describe(self, where: str, item: Node) -> None:
        words = self.words(item, "text", where)
        if words and not self.instruction and not self.questions:
            self.instruction = words
        elif words:
            left = gettext_noop("Only words before the first question are kept as instruction.")
            self.ledger.note(where, "text", left)

    def words(self, node: Node, name: str, where: str) -> Words:
        found: dict[Language, str] = {}
        if node.get(name):
            found[self.usual] = texts.clean(node[name], self.ledger, where=where, column=name)
        for one in _nodes(_node(node.get(f"_{name}")).get("extension")):
            parts = {part.get("url"): part for part in _nodes(one.get("extension"))}
            language = texts.language_of(str(_node(parts.get("lang")).get("valueCode", "")))
            said = _node(parts.get("content")).get("valueString")
            if one.get("url") == f"{STANDARD}/translation" and language and said:
                found[language] = texts.clean(said, self.ledger, where=where, column=name)
        return {language: text for language, text in found.items() if text}

    def _question(self, where: str, item: Node, kind: str, shown: tuple[Condition, ...]) -> None:
        name = texts.link_of(item.get("linkId"), self.ledger, where=where)
        if any(one.name == name for one in self.questions):
            twice = gettext_noop("Another item has the same linkId. Rename one of the two.")
            self.ledger.tell(where, "linkId", twice)
            return
        options = tuple(self._options(where, item, kind))
        numbers = self._range(where, item) if kind == "integer" and not options else None
        if not name or not (options or numbers):
            return
        extra = texts.noted(_own(item), self.ledger, where=where, column="extension")
        said = _node(extra.get("hint"))
        hints = {one: str(said[one.value]) for one in Language if said.get(one.value)}
        words = self.words(item, "text", where)
        self.questions.append(Question(name, where, words, options, numbers, hints, shown, extra))

    def _options(self, where: str, item: Node, kind: str) -> Iterator[Option]:
        if kind == "boolean":
            pair = {Language.EN: ("No", "Yes"), Language.ZH: ("否", "是")}
            yield from (Option(v, {self.usual: pair[self.usual][v]}) for v in (1, 0))
            return
        given = [
            _node(one.get("valueCoding")) or {"code": one.get("valueInteger"), **one}
            for one in _nodes(item.get("answerOption"))
        ]
        valued = item.get("answerValueSet")
        if valued and valued not in self.sets:
            absent = gettext_noop(
                "The answers stand in a value set outside this file. Write them into the item as "
                "answerOption."
            )
            self.ledger.tell(where, "answerValueSet", absent)
            return
        given = given or list(self.sets.get(str(valued), ()))
        codes = [texts.whole(one.get("code")) for one in given]
        outer = _nodes(item.get("answerOption"))
        weights = [
            texts.whole(_extension({"extension": _weights(one) + _weights(up)}, *_WEIGHTS))
            for one, up in zip(given, outer or given, strict=True)
        ]
        values = next((c for c in (codes, weights) if _all_different(c)), None)
        if kind == "choice" and values is None:
            none = gettext_noop(
                "The answers need whole numbers, as codes or as ordinalValue, each of them once. "
                "Add them."
            )
            self.ledger.tell(where, "answerOption", none)
            return
        for value, one in zip(values or [], given, strict=True):
            if value is not None:
                yield Option(value, self.words(one, "display", where))

    def _range(self, where: str, item: Node) -> Range | None:
        low, high = (
            texts.whole(_extension(item, f"{STANDARD}/{name}")) for name in ("minValue", "maxValue")
        )
        if low is None or high is None or not low < high <= low + MOST_NUMBERS:
            self.ledger.tell(where, "minValue", BOUNDS, most=MOST_NUMBERS)
            return None
        return Range(low, high)

    def _branching(self, where: str, item: Node) -> tuple[Condition, ...]:
        asked = _nodes(item.get("enableWhen"))
        kept: dict[str, frozenset[int]] = {}
        earlier = {one.name: frozenset(one.values) for one in self.questions}
        either = item.get("enableBehavior") == "any"
        for one in asked:
            name = str(one.get("question", "")).lower().removeprefix("/")
            values = _true_of(one, earlier.get(name, frozenset()))
            known = kept.get(name, frozenset() if either else earlier.get(name, frozenset()))
            kept[name] = known | values if either else known & values
        if (either and len(kept) > 1) or any(not values for values in kept.values()):
            unkept = gettext_noop(
                "This branching cannot be kept: it asks for a later question or an answer that is "
                "not there, or joins different questions by “any”. Let it ask for earlier "
                "questions, joined by “all”."
            )
            self.ledger.tell(where, "enableWhen", unkept)
            return ()
        return tuple(Condition(name, values) for name, values in kept.items())


def _weights(node: Node) -> list[Node]:
    return [one for one in _nodes(node.get("extension")) if one.get("url") in _WEIGHTS]


def _all_different(values: Sequence[int | None]) -> bool:
    return len(values) > 1 and None not in values and len(set(values)) == len(values)


def _true_of(asked: Node, values: frozenset[int]) -> frozenset[int]:
    """Return the answers of which one condition is true."""
    op = asked.get("operator")
    if op == "exists":
        return values if asked.get("answerBoolean") is True else frozenset()
    said = asked.get("answerInteger", _node(asked.get("answerCoding")).get("code"))
    wanted = texts.whole(int(asked["answerBoolean"]) if "answerBoolean" in asked else said)
    if wanted is None:
        return frozenset()
    tests = {
        "=": lambda v: v == wanted,
        "!=": lambda v: v != wanted,
        ">": lambda v: v > wanted,
        "<": lambda v: v < wanted,
        ">=": lambda v: v >= wanted,
        "<=": lambda v: v <= wanted,
    }
    test = tests.get(str(op))
    return frozenset(filter(test, values)) if test is not None else frozenset()


def write(instrument: Instrument) -> bytes:
    """Return an instrument as a Questionnaire in all its languages; never other bytes for it."""
    held = [one for one in Language if any(item.words.get(one) for item in instrument.items)]
    usual = held[0] if held else min(instrument.languages)
    kinds = {item.id: item for item in instrument.items}
    items = [_item(item, usual, kinds) for item in instrument.items]
    if instrument.instruction.get(usual):
        opening = {"linkId": "instruction", "type": "display"}
        items.insert(0, {**opening, **_text("text", instrument.instruction, usual)})
    whole = {
        "resourceType": "Questionnaire",
        "url": uuid.uuid5(uuid.UUID(CODES[9:]), f"{instrument.id}|{instrument.version}").urn,
        "version": str(instrument.version),
        "name": instrument.id,
        **_text("title", instrument.title, usual),
        "status": "active",
        "language": usual.value,
        **({"copyright": instrument.licence} if instrument.licence else {}),
        **_scoring(extras.of_instrument(instrument)),
        "item": items,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _text(name: str, words: Words, usual: Language) -> dict[str, Any]:
    others = [
        {
            "url": f"{STANDARD}/translation",
            "extension": [
                {"url": "lang", "valueCode": one.value},
                {"url": "content", "valueString": text},
            ],
        }
        for one, text in sorted(words.items())
        if text and one is not usual
    ]
    found: dict[str, Any] = {name: words[usual]} if words.get(usual) else {}
    return found | ({f"_{name}": {"extension": others}} if others else {})


def _scoring(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {"extension": [{"url": SCORING, "valueString": extras.packed(extra)}]} if extra else {}


def _item(item: Item, usual: Language, kinds: Mapping[str, Item]) -> dict[str, Any]:
    hint = {language.value: text for language, text in item.hint.items() if text}
    extra = extras.of_item(item) | ({"hint": hint} if hint else {})
    found = {"linkId": item.id, **_text("text", item.words, usual), **_scoring(extra)}
    if item.numbers is not None:
        ends = (("minValue", item.numbers.least), ("maxValue", item.numbers.most))
        found["extension"] = [
            *found.get("extension", []),
            *({"url": f"{STANDARD}/{name}", "valueInteger": value} for name, value in ends),
        ]
    found |= {"type": "integer" if item.numbers is not None else "choice"}
    if item.show_when:
        found |= _enable(item.show_when, kinds)
    if item.options:
        found["answerOption"] = [_option(one, usual) for one in item.options]
    return found


def _option(option: Option, usual: Language) -> dict[str, Any]:
    worth = int(option.worth) if float(option.worth).is_integer() else option.worth
    ordinal = {"url": f"{STANDARD}/ordinalValue", "valueDecimal": worth}
    coding = {
        "extension": [ordinal],
        "system": CODES,
        "code": str(option.value),
        **_text("display", option.words, usual),
    }
    return {"valueCoding": coding}


def _enable(found: Sequence[Condition], kinds: Mapping[str, Item]) -> dict[str, Any]:
    """Return conditions as R4 can say them: *any* of one question, or *all* with what is not."""
    if len(found) == 1:
        asked = [_when(found[0].item, "=", v, kinds) for v in sorted(found[0].values)]
        return {"enableWhen": asked} | ({"enableBehavior": "any"} if len(asked) > 1 else {})
    asked = []
    for one in found:
        if len(one.values) == 1:
            asked.append(_when(one.item, "=", min(one.values), kinds))
            continue
        asked.append({"question": one.item, "operator": "exists", "answerBoolean": True})
        asked += [_when(one.item, "!=", v, kinds) for v in _others(kinds[one.item], one.values)]
    return {"enableWhen": asked, "enableBehavior": "all"}


def _others(item: Item, values: frozenset[int]) -> list[int]:
    every = (
        range(item.numbers.least, item.numbers.most + 1)
        if item.numbers is not None
        else [option.value for option in item.options]
    )
    return sorted(set(every) - values)


def _when(question: str, op: str, value: int, kinds: Mapping[str, Item]) -> dict[str, Any]:
    asked: dict[str, Any] = {"question": question, "operator": op}
    if kinds[question].numbers is not None:
        return asked | {"answerInteger": value}
    return asked | {"answerCoding": {"system": CODES, "code": str(value)}}
