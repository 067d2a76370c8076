"""Reading assessments: which instruments can be asked, and what the answers tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.calendar import CALENDAR_DAYS, Anchor, Mark, anchors
from footbridge.journey.assessments.change import Change
from footbridge.journey.assessments.records import AssessmentTaken
from footbridge.journey.assessments.rules import Band, Instrument, Scale
from footbridge.journey.assessments.scoring import Score, band_of, possible
from footbridge.journey.assessments.state import AssessmentState, apply
from footbridge.journey.consents.rules import Language
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.vault.folding import current, fold


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """One scale of the last sitting, with its change against the one before."""

    scale: Scale
    score: Score
    low: float
    high: float
    band: Band | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One sitting that stands, with the id of its entry."""

    entry: UUID
    taken: AssessmentTaken


def state_of(record: OpenRecord) -> AssessmentState:
    """Return every sitting of a person."""
    return fold(record.entries, apply, AssessmentState())


def askable() -> list[Instrument]:
    """Return the instruments whose words are here: a scoring key alone cannot be asked."""
    found = sorted(instruments.instruments().values(), key=lambda one: (one.id, -one.version))
    newest: dict[str, Instrument] = {}
    for one in found:
        newest.setdefault(one.id, one)
    return [one for one in newest.values() if one.worded and not one.observed]


def language_for(instrument: Instrument, wanted: str) -> Language:
    """Return the language to ask in: the wanted one, or one that the instrument has."""
    if wanted in {language.value for language in instrument.worded}:
        return Language(wanted)
    return min(instrument.worded)


def lines(state: AssessmentState, instrument: Instrument) -> list[ScaleLine]:
    """Return the last sitting scale by scale; empty where there is none."""
    course = state.course(instrument)
    if not course:
        return []
    _, scores = course[-1]
    changes = state.changes(instrument)
    return [
        ScaleLine(
            scale,
            scores[scale.id],
            *possible(instrument, scale),
            band_of(scale, scores[scale.id]),
            changes.get(scale.id),
        )
        for scale in instrument.scales
    ]


def sitting(record: OpenRecord, entry: UUID) -> Kept | None:
    """Return one sitting by its entry; None where it is not there or no longer stands."""
    return next((kept for kept in sittings(record) if kept.entry == entry), None)


def sittings(record: OpenRecord) -> list[Kept]:
    """Return every sitting that stands, the newest first."""
    found = [
        Kept(entry.id, entry.record)
        for entry in current(record.entries)
        if isinstance(entry.record, AssessmentTaken)
    ]
    return sorted(found, key=lambda kept: kept.taken.taken_on, reverse=True)


def first_day(on: date) -> date:
    """Return the first day of a calendar that ends on the day before `on`."""
    return on - timedelta(days=CALENDAR_DAYS)


def memory_days(on: date) -> list[Anchor]:
    """Return the festivals in the calendar's span, which help to remember other days."""
    return anchors(first_day(on), on - timedelta(days=1))


def marks(answers: Iterable[str], protected: Sequence[bool]) -> str:
    """Return the marks to keep: a day without an answer is not known, or protected.

    Examples
    --------
    >>> marks(["0", "1", "", ""], [False, True, True, False])
    '01p?'
    """
    return "".join(
        answer
        if answer in (Mark.NOT_USED, Mark.USED)
        else Mark.PROTECTED.value
        if away
        else Mark.NOT_KNOWN.value
        for answer, away in zip(answers, protected, strict=True)
    )
