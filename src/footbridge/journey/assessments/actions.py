"""Keeping assessments: the answers are sealed, scores are always worked out anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from footbridge.journey.assessments import calendar, instruments, queries, scoring
from footbridge.journey.assessments.records import (
    AssessmentBegun,
    AssessmentDropped,
    AssessmentTaken,
    UseCalendarTaken,
)
from footbridge.journey.assessments.rules import Answers, AssessmentError
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.decisions import gettext_noop


def take(
    record: OpenRecord, sitting: AssessmentTaken, *, on: date, replaces: UUID | None = None
) -> UUID:
    """Keep one sitting of an instrument; return the id of its entry.

    What was begun of the same instrument is finished by it. Answers to questions that
    branching leaves out are not kept.

    Raises
    ------
    AssessmentError
        If there is no such instrument, an answer is not one of its options, nothing at all
        was answered, or the day has not come yet.
    """
    instrument = instruments.instrument(sitting.instrument, sitting.version)
    scoring.check_answers(instrument, sitting.answers)
    answers = scoring.asked_answers(instrument, sitting.answers)
    if all(value is None for value in answers.values()):
        raise AssessmentError(
            gettext_noop("No question has an answer, so there is nothing to keep. Answer one.")
        )
    if sitting.taken_on > on:
        raise AssessmentError(
            gettext_noop("That day has not come yet. Enter today or an earlier day.")
        )
    begun = queries.begun(record, instrument)
    if replaces is None and begun is not None:
        replaces = begun.entry
    with writing("assessment.taken", record, on=on, detail=instrument.id) as doing:
        return doing.care(replace(sitting, answers=answers), replaces=replaces)


def save(record: OpenRecord, sitting: AssessmentBegun, *, on: date) -> UUID:
    """Keep what was answered so far, in the place of what was saved before.

    Raises
    ------
    AssessmentError
        If there is no such instrument, or an answer is not one of its options.
    """
    instrument = instruments.instrument(sitting.instrument, sitting.version)
    scoring.check_answers(instrument, sitting.answers)
    before = queries.begun(record, instrument)
    with writing("assessment.begun", record, on=on, detail=instrument.id) as doing:
        return doing.care(sitting, replaces=before.entry if before else None)


def answer(
    record: OpenRecord, sitting: AssessmentBegun, answers: Answers, *, on: date
) -> AssessmentBegun:
    """Keep a few more answers of a begun sitting; return the sitting as it now stands.

    Raises
    ------
    AssessmentError
        If an answer is not one of its item's options.
    """
    changed = replace(sitting, answers={**sitting.answers, **answers})
    save(record, changed, on=on)
    return changed


def drop(record: OpenRecord, key: tuple[str, int], *, on: date) -> None:
    """Put away what was begun of an instrument; nothing happens where nothing was.

    Raises
    ------
    AssessmentError
        If there is no such instrument.
    """
    instrument = instruments.instrument(*key)
    begun = queries.begun(record, instrument)
    if begun is None:
        return
    with writing("assessment.dropped", record, on=on, detail=instrument.id) as doing:
        doing.care(AssessmentDropped(*key), replaces=begun.entry)


def keep_calendar(record: OpenRecord, *, marks: str, end_on: date, on: date) -> UUID:
    """Keep a use calendar, one mark a day, the last one for `end_on`.

    Raises
    ------
    AssessmentError
        If a mark is unknown, the days are too few or too many, or none is known.
    """
    found = calendar.parse(marks)
    if set(found) == {calendar.Mark.NOT_KNOWN}:
        raise AssessmentError(
            gettext_noop("No day is marked, so there is nothing to keep. Mark the days you know.")
        )
    with writing("calendar.taken", record, on=on) as doing:
        return doing.care(UseCalendarTaken(end_on=end_on, marks=marks))
