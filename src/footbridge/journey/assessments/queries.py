"""Reading assessments: which instruments can be asked, and what the answers tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from footbridge.journey.assessments import instruments, scoring
from footbridge.journey.assessments.calendar import CALENDAR_DAYS, Anchor, Mark, anchors
from footbridge.journey.assessments.change import Change, MeasurementError, change, error_of
from footbridge.journey.assessments.own_data import Sample, sample
from footbridge.journey.assessments.records import AssessmentBegun, AssessmentTaken
from footbridge.journey.assessments.rules import Answers, Band, Instrument, Scale
from footbridge.journey.assessments.scoring import Score, band_of, possible
from footbridge.journey.assessments.state import AssessmentState, apply
from footbridge.journey.consents.rules import Language
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.access.actors import Actor
from footbridge.trust.vault import bulk, journal
from footbridge.trust.vault.folding import current, fold
from footbridge.trust.vault.records import Compartment


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """One scale of a sitting, with its change against the one before.

    Parameters
    ----------
    own : Sample
        How the scale behaves among the reader's own people.
    error : MeasurementError or None
        What the change was judged against.
    """

    scale: Scale
    score: Score
    low: float
    high: float
    band: Band | None
    change: Change | None
    own: Sample
    error: MeasurementError | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One sitting that stands, with the id of its entry."""

    entry: UUID
    taken: AssessmentTaken


@dataclass(frozen=True, slots=True)
class Begun:
    """One sitting that was begun and not finished."""

    entry: UUID
    instrument: Instrument
    sitting: AssessmentBegun

    @property
    def asked(self) -> int:
        """How many questions the answers so far lead to."""
        return len(scoring.shown(self.instrument, self.sitting.answers))

    @property
    def answered(self) -> int:
        """How many of them were gone through, with an answer or without."""
        shown = scoring.shown(self.instrument, self.sitting.answers)
        return sum(item.id in self.sitting.answers for item in shown)


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


def lines(
    instrument: Instrument, taken: AssessmentTaken, before: AssessmentTaken | None, *, by: Actor
) -> list[ScaleLine]:
    """Return one sitting scale by scale, each with its change against an earlier one."""
    now = scoring.score(instrument, taken.answers)
    then = scoring.score(instrument, before.answers) if before else None
    sheets = first_sittings(instrument, by=by)
    found = []
    for scale in instrument.scales:
        own = sample(instrument, scale, sheets)
        error, score = error_of(scale, own), now[scale.id]
        moved = change(scale, now=score, before=then[scale.id], error=error) if then else None
        ends = possible(instrument, scale)
        found.append(ScaleLine(scale, score, *ends, band_of(scale, score), moved, own, error))
    return found


def first_sittings(instrument: Instrument, *, by: Actor) -> list[Answers]:
    """Return the first sitting of everybody in the actor's own care who ever had one.

    Opened with the actor's own keys and no others: whoever cares for nobody gets nothing.
    """
    opened = bulk.open_many(Compartment.CARE, holders=[by])
    found: list[Answers] = []
    for part in opened.values():
        state = fold(journal.entries(part), apply, AssessmentState())
        if sittings := state.of(instrument):
            found.append(sittings[0].answers)
    return found


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


def all_begun(record: OpenRecord) -> list[Begun]:
    """Return every sitting that was begun and can still be finished."""
    known = instruments.instruments()
    found = [
        Begun(entry.id, known[key], entry.record)
        for entry in current(record.entries)
        if isinstance(entry.record, AssessmentBegun)
        and (key := (entry.record.instrument, entry.record.version)) in known
    ]
    return [one for one in found if one.instrument.worded]


def begun(record: OpenRecord, instrument: Instrument) -> Begun | None:
    """Return what was begun of an instrument; None where nothing was."""
    found = [
        Begun(entry.id, instrument, entry.record)
        for entry in current(record.entries)
        if isinstance(entry.record, AssessmentBegun)
        and (entry.record.instrument, entry.record.version) == (instrument.id, instrument.version)
    ]
    return found[-1] if found else None


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
