"""Reading consents: what was agreed to, what to ask about, how somebody may be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import override

from footbridge.journey.consents import rules, texts
from footbridge.journey.consents.labels import PARTS
from footbridge.journey.consents.records import ContactAgreed
from footbridge.journey.consents.rules import (
    REQUIRES,
    AskAgain,
    ConsentText,
    Language,
    Purpose,
    Terms,
)
from footbridge.journey.consents.state import ConsentState
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.vault import compartments, journal
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek

_CODES = {Language.EN: "en", Language.ZH: "zh-hans"}


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose: what was agreed to, whether it stands, and why to ask about it.

    Parameters
    ----------
    needs : Purpose or None
        The purpose that has to be agreed to first, where it is not.
    """

    purpose: Purpose
    terms: Terms | None
    stands: bool
    why: AskAgain | None
    needs: Purpose | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in one language, ready to be read aloud.

    Parameters
    ----------
    parts : tuple of tuple
        Heading and words of each part.
    """

    language: Language
    code: str
    title: str
    parts: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody may be reached, and the week in which that is deleted."""

    words: str
    agreed_on: date
    expires: IsoWeek | None


def lines(state: ConsentState, *, on: date) -> list[Line]:
    """Return every purpose in the order of the texts' importance."""
    to_ask = state.to_ask(texts.newest(), on=on)
    held = state.held(on=on)
    return [
        Line(
            purpose=purpose,
            terms=state.terms.get(purpose),
            stands=purpose in held,
            why=to_ask.get(purpose),
            needs=_missing(purpose, held),
        )
        for purpose in Purpose
        if purpose in texts.newest()
    ]


def _missing(purpose: Purpose, held: frozenset[Purpose]) -> Purpose | None:
    needed = REQUIRES.get(purpose)
    return needed if needed is not None and needed not in held else None


def reading(text: ConsentText, language: Language) -> Reading:
    """Return a text in one language; the headings follow the text, not the page."""
    code = _CODES[language]
    with override(code):
        parts = tuple((str(PARTS[part.key]), part.words[language]) for part in text.parts)
    return Reading(
        language=language,
        code=code,
        title=text.title[language],
        parts=parts,
        questions=tuple(question.words[language] for question in text.questions),
    )


def also_ended(state: ConsentState, purpose: Purpose, *, on: date) -> frozenset[Purpose]:
    """Return the other purposes that end with this one, because they cannot stand alone."""
    ended = rules.ended_by(None, frozenset({purpose}))
    return (ended - {purpose}) & state.held(on=on)


def ways(record: OpenRecord) -> Ways | None:
    """Return how somebody may be reached; None where nothing is kept."""
    try:
        opened = compartments.open_for(record.person.id, Compartment.CONTACT, holders=[record.by])
    except NoWrapError:
        return None
    last = journal.latest(opened)
    if last is None or not isinstance(last.record, ContactAgreed):
        return None
    return Ways(last.record.ways, last.record.agreed_on, opened.head.expires)
