"""From a file's questions to an instrument: words laid on a scoring key, or something new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from footbridge.journey.assessments import merging
from footbridge.journey.assessments.definitions import parse, problems, written
from footbridge.journey.assessments.exchange.redcap import field_name
from footbridge.journey.assessments.exchange.sheet import Ledger, Question, RefusedFileError, Sheet
from footbridge.journey.assessments.rules import AssessmentError, Instrument, Item, Words
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop

_ID = re.compile(r"[a-z][a-z0-9-]{1,59}")


@dataclass(frozen=True, slots=True)
class Given:
    """What the person who loads a file says of it.

    Parameters
    ----------
    wording : str
        Where the wording comes from, and by what right it is used.
    id, title : str
        Of a new instrument; where they are empty, what the file says.
    reverse : frozenset of str
        Names of items of a new instrument that count in reverse.
    """

    language: Language
    wording: str = ""
    id: str = ""
    title: str = ""
    reverse: frozenset[str] = frozenset()


def laid_on(key: Instrument, sheet: Sheet, given: Given, ledger: Ledger) -> dict[str, Any]:
    """Return a key's definition with the words of a file.

    Questions are found by their names or, where the names differ, by their order if there are
    as many; answers by their numbers, or in rising order where a file simply counts them.

    Raises
    ------
    RefusedFileError
        If the questions or answers do not fit, or words are missing.
    """
    _stop(ledger)  # or a question that was not read would be missed as well
    pairs = _pairs(key.items, sheet.questions, ledger)
    whole = written(key)
    whole["title"] = {**_plain(sheet.title), **whole["title"]}
    whole["instruction"] = _plain(sheet.instruction)
    whole["languages"] = sorted(language.value for language in sheet.languages)
    whole["items"] = [
        _item(one, item, question, ledger)
        for one, (item, question) in zip(whole["items"], pairs, strict=True)
    ]
    source = given.wording or key.licence
    whole["wording_source"] = {language.value: source for language in sheet.languages}
    _check_words(sheet, ledger)
    _stop(ledger)
    try:
        merging.merged(key, parse(whole))
    except AssessmentError as error:
        ledger.tell("", "", error.sentence, **error.values)
    _stop(ledger)
    return whole


def made_new(sheet: Sheet, given: Given, ledger: Ledger) -> dict[str, Any]:
    """Return the definition of an instrument that the house has no key for.

    Where the file says nothing about scoring, all items are added up, nothing may be missing,
    and nobody has tested what the sum means.

    Raises
    ------
    RefusedFileError
        If it contradicts itself, or words are missing.
    """
    _stop(ledger)
    about = sheet.about
    wanted = re.sub(r"[^a-z0-9]+", "-", str(given.id or about.get("id") or sheet.name).lower())
    id_ = wanted.strip("-")
    if not _ID.fullmatch(id_):
        ledger.tell(
            "",
            "",
            gettext_noop(
                "The instrument needs a short name of small letters, digits and -, beginning with "
                "a letter. Write one into “Short name”."
            ),
        )
    unknown = given.reverse - {question.name for question in sheet.questions}
    if unknown:
        ledger.tell(
            "",
            "",
            gettext_noop(
                "The file has no question {names}. Correct the names that count in reverse."
            ),
            names=", ".join(sorted(unknown)),
        )
    _check_words(sheet, ledger)
    _stop(ledger)
    title = {given.language.value: given.title} if given.title else _plain(sheet.title)
    found = {
        **_told(about),
        "id": id_,
        "languages": sorted(language.value for language in sheet.languages),
        "title": title or {given.language.value: id_},
        "instruction": _plain(sheet.instruction),
        "items": [_new_item(question, given) for question in sheet.questions],
    }
    if given.wording:
        found["source"] = given.wording
    found.setdefault("scales", [_total(sheet, found["title"])])
    _try(found, ledger)
    return found


def _told(about: Mapping[str, Any]) -> dict[str, Any]:
    usual = {
        "version": 1,
        "licence": "",
        "validated": False,
        "source": "",
        "layout": "sheet",
        "at_most_missing_share": None,
        "observed": False,
        "note": {},
        "wording_source": {},
    }
    known = {name: about.get(name, value) for name, value in usual.items()}
    # A file may say anything of itself; what nobody here has checked is not called tested.
    known["validated"] = False
    if isinstance(about.get("scales"), list) and about["scales"]:
        known["scales"] = about["scales"]
    return known


def _total(sheet: Sheet, title: Mapping[str, str]) -> dict[str, Any]:
    names = [question.name for question in sheet.questions]
    shown = {"id": "total", "title": dict(title), "items": names}
    return {**shown, "method": "sum", "at_most_missing": 0}


def _try(found: Mapping[str, Any], ledger: Ledger) -> None:
    try:
        made = parse(found)
        told = list(problems(made))
    except AssessmentError as error:
        ledger.tell("", "", error.sentence, **error.values)
    else:
        for problem in told:
            ledger.tell("", "", "{problem}", problem=problem)
    _stop(ledger)


def _stop(ledger: Ledger) -> None:
    if ledger.errors:
        raise RefusedFileError(ledger.errors)


def _plain(words: Words) -> dict[str, str]:
    return {language.value: text for language, text in words.items() if text}


def _check_words(sheet: Sheet, ledger: Ledger) -> None:
    if not sheet.questions:
        ledger.tell("", "", gettext_noop("The file holds no question that can be asked."))
        return
    wanted = sheet.languages or frozenset(
        language for question in sheet.questions for language in question.words
    )
    for question in sheet.questions:
        for language in sorted(wanted or frozenset(Language)):
            texts = [question.words, *(option.words for option in question.options)]
            if not all(words.get(language) for words in texts):
                empty = gettext_noop(
                    "The question or one of its answers has no words in one language ({language}). "
                    "Add them."
                )
                ledger.tell(question.where, "", empty, language=language.value)


def _pairs(
    items: Sequence[Item], questions: Sequence[Question], ledger: Ledger
) -> list[tuple[Item, Question]]:
    named = {field_name(question.name): question for question in questions}
    if all(field_name(item.id) in named for item in items):
        found = [(item, named[field_name(item.id)]) for item in items]
        used = {question.name for _, question in found}
        for question in questions:
            if question.name not in used:
                left = gettext_noop(
                    "The scoring key has no such item, so this question is left out."
                )
                ledger.note(question.where, "", left)
        return found
    if len(items) == len(questions):
        by_order = gettext_noop(
            "The names differ from the scoring key's, so the questions were matched in their "
            "order. Look at each of them before you confirm."
        )
        ledger.note("", "", by_order)
        return list(zip(items, questions, strict=True))
    ledger.tell(
        "",
        "",
        gettext_noop(
            "The file has {found} questions, and the scoring key {wanted}. Load the same version "
            "of the instrument, or name the questions {names}."
        ),
        found=len(questions),
        wanted=len(items),
        names=", ".join(field_name(item.id) for item in items),
    )
    raise RefusedFileError(ledger.errors)


def _item(whole: dict[str, Any], item: Item, question: Question, ledger: Ledger) -> dict[str, Any]:
    if item.numbers is not None:
        if question.numbers != item.numbers:
            ledger.tell(
                question.where, "", NUMBERS, least=item.numbers.least, most=item.numbers.most
            )
        options: list[dict[str, Any]] = []
    else:
        options = list(_options(item, question, ledger))
    words, hint = _plain(question.words), _plain(question.hint)
    return {**whole, "words": words, "hint": hint, "options": options}


NUMBERS = gettext_noop(
    "The scoring key asks for a whole number from {least} to {most} here. Let the file do so too."
)
ANSWERS = gettext_noop(
    "The scoring key has the answers {wanted} here, and the file has {found}. They must be the "
    "same numbers, or as many one after another."
)
SHIFTED = gettext_noop(
    "The file counts its answers {found}, the scoring key {wanted}; they were matched in rising "
    "order. Look at them before you confirm."
)


def _options(item: Item, question: Question, ledger: Ledger) -> Iterator[dict[str, Any]]:
    wanted = sorted(option.value for option in item.options)
    found = sorted(option.value for option in question.options)
    values = {"wanted": _listed(wanted), "found": _listed(found)}
    in_a_row = bool(found) and found == list(range(found[0], found[0] + len(found)))
    if found != wanted and not (in_a_row and len(found) == len(wanted)):
        ledger.tell(question.where, "", ANSWERS, **values)
        return
    if found != wanted:
        ledger.note(question.where, "", SHIFTED, **values)
    value_of = dict(zip(found, wanted, strict=True))
    words = {value_of[option.value]: option.words for option in question.options}
    for option in item.options:
        yield {"value": option.value, "points": option.points, "words": _plain(words[option.value])}


def _listed(values: Sequence[int]) -> str:
    return ", ".join(map(str, values)) or "–"


def _new_item(question: Question, given: Given) -> dict[str, Any]:
    points = question.extra.get("points")
    worth = points if isinstance(points, Mapping) else {}
    numbers = question.numbers
    found: dict[str, Any] = {
        "id": question.name,
        "words": _plain(question.words),
        "hint": _plain(question.hint),
        "reverse": question.name in given.reverse or question.extra.get("reverse") is True,
        "options": [
            {
                "value": option.value,
                "points": worth.get(str(option.value)),
                "words": _plain(option.words),
            }
            for option in question.options
        ],
        "numbers": {"least": numbers.least, "most": numbers.most} if numbers else None,
        "show_when": [
            {"item": one.item, "values": sorted(one.values)} for one in question.show_when
        ],
    }
    return found | {name: question.extra.get(name) for name in ("unasked", "safety_at")}
