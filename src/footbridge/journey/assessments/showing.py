"""What pages of assessments say: an instrument in one language, answers in words, safety."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from footbridge.journey.assessments import instruments, scoring
from footbridge.journey.assessments.rules import Answers, AssessmentError, Instrument
from footbridge.journey.consents.rules import Language
from footbridge.journey.people.queries import OpenRecord


@dataclass(frozen=True, slots=True)
class Told:
    """One answer in words; no words where the question was left out."""

    item: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Safety:
    """That an answer asks for a safety plan, and where one is made; empty where nowhere yet."""

    url: str


def instrument_or_404(id_: str, version: int) -> Instrument:
    """Return an instrument; there is no page where there is none."""
    try:
        return instruments.instrument(id_, version)
    except AssessmentError as error:
        raise Http404 from error


def askable_or_404(id_: str, version: int) -> Instrument:
    """Return an instrument whose words are here; a key alone cannot be asked."""
    found = instrument_or_404(id_, version)
    if not found.worded or found.observed:
        raise Http404
    return found


def words_of(instrument: Instrument, language: Language) -> dict[str, object]:
    """Return what a page says of an instrument in the language in which it is asked."""
    return {
        "title": instrument.title.get(language, instrument.id),
        "instruction": instrument.instruction.get(language, ""),
        "code": "zh-hans" if language is Language.ZH else "en",
        "language": language,
        "languages": sorted(instrument.worded),
    }


def told(instrument: Instrument, answers: Answers, language: Language) -> list[Told]:
    """Return the answers in words, in the order in which they were asked."""
    found = []
    for item in scoring.shown(instrument, answers):
        value = answers.get(item.id)
        words = next((one.words for one in item.options if one.value == value), {})
        answer = words.get(language, "" if value is None else str(value))
        found.append(Told(item.id, item.words.get(language, item.id), answer))
    return found


def safety(record: OpenRecord, instrument: Instrument, answers: Answers) -> Safety | None:
    """Return that a safety plan is wanted, with its address; None where it is not."""
    if not scoring.asks_for_safety(instrument, answers):
        return None
    try:
        return Safety(reverse("plans:safety", args=[record.person.id]))
    except NoReverseMatch:
        return Safety("")
