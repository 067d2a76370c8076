"""Keeping assessments: the answers are sealed, scores are always worked out anew."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from footbridge.journey.assessments import calendar, instruments, scoring
from footbridge.journey.assessments.records import AssessmentTaken, UseCalendarTaken
from footbridge.journey.assessments.rules import AssessmentError
from footbridge.journey.people.actions import writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.decisions import gettext_noop


def take(
    record: OpenRecord, sitting: AssessmentTaken, *, on: date, replaces: UUID | None = None
) -> UUID:
    """Keep one sitting of an instrument; return the id of its entry.

    Raises
    ------
    AssessmentError
        If there is no such instrument, an answer is not one of its options, nothing at all
        was answered, or the day has not come yet.
    """
    instrument = instruments.instrument(sitting.instrument, sitting.version)
    scoring.check_answers(instrument, sitting.answers)
    if all(value is None for value in sitting.answers.values()):
        raise AssessmentError(
            gettext_noop("No question has an answer, so there is nothing to keep. Answer one.")
        )
    if sitting.taken_on > on:
        raise AssessmentError(
            gettext_noop("That day has not come yet. Enter today or an earlier day.")
        )
    with writing("assessment.taken", record, on=on, detail=instrument.id) as doing:
        return doing.care(sitting, replaces=replaces)


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
