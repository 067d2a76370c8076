"""A person's course as a picture and a table: weeks of use or none, and what happened.

The bands come from the use calendars alone: a week with any day of use is a week of
use, one of protected days only is a week in treatment or held, and a week of which
nothing is known stays unknown. Nothing is guessed between two calendars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from footbridge.journey.assessments import calendar
from footbridge.journey.assessments.calendar import Mark as Day
from footbridge.journey.assessments.state import AssessmentState
from footbridge.journey.checkups.state import CheckupState
from footbridge.journey.outcomes.state import OutcomeState
from footbridge.journey.referrals.rules import Referral
from footbridge.journey.stays.state import StayState

USING, NOT_USING, TREATMENT, UNKNOWN = "using", "not_using", "treatment", "unknown"


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of days in one state, both ends counted."""

    state: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on one day: its kind in the picture, and which value names it."""

    kind: str
    on: date
    what: object


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture's bands and marks, oldest first."""

    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    starts: date
    ends: date


def timeline(
    assessments: AssessmentState,
    checkups: CheckupState,
    referrals: Iterable[Referral],
    outcomes: OutcomeState,
    *,
    on: date,
    stays: StayState,
) -> Timeline | None:
    """Return the course up to a day; None where there is nothing to draw yet."""
    marks = sorted(_marks(checkups, referrals, outcomes, stays), key=lambda mark: mark.on)
    bands = bands_of(assessments)
    days = [band.starts for band in bands] + [mark.on for mark in marks]
    if not days or min(days) >= on:
        return None
    return Timeline(bands, tuple(marks), min(days), on)


def bands_of(assessments: AssessmentState) -> tuple[Band, ...]:
    """Return one band for each run of weeks in the same state; later calendars win."""
    known: dict[date, Day] = {}
    for taken in assessments.calendars:
        for day, mark in calendar.dated(taken.end_on, taken.marks):
            if mark is not Day.NOT_KNOWN or day not in known:
                known[day] = mark
    if not known:
        return ()
    first, last = min(known), max(known)
    weeks: list[Band] = []
    while first <= last:
        ends = min(first + timedelta(days=6), last)
        span = (ends - first).days + 1
        days = [known.get(first + timedelta(days=n), Day.NOT_KNOWN) for n in range(span)]
        weeks.append(Band(week_state(days), first, ends))
        first = ends + timedelta(days=1)
    return tuple(_joined(weeks))


def week_state(days: Sequence[Day]) -> str:
    """Return the state that a week's days tell.

    Examples
    --------
    >>> week_state([Day.NOT_USED, Day.USED, Day.NOT_KNOWN])
    'using'
    >>> week_state([Day.NOT_KNOWN, Day.NOT_USED])
    'not_using'
    """
    if Day.USED in days:
        return USING
    if Day.NOT_USED in days:
        return NOT_USING
    return TREATMENT if Day.PROTECTED in days else UNKNOWN


def _joined(weeks: Iterable[Band]) -> list[Band]:
    joined: list[Band] = []
    for week in weeks:
        if joined and joined[-1].state == week.state:
            joined[-1] = Band(week.state, joined[-1].starts, week.ends)
        else:
            joined.append(week)
    return joined


def _marks(
    checkups: CheckupState,
    referrals: Iterable[Referral],
    outcomes: OutcomeState,
    stays: StayState,
) -> Iterable[Mark]:
    yield from (Mark("stay", stay.begun.begun_on, stay.room) for stay in stays.stays)
    yield from (
        Mark("stay", stay.ended.ended_on, stay.ended.ending)
        for stay in stays.stays
        if stay.ended is not None
    )
    yield from (Mark("checkup", held.held_on, held.need) for held in checkups.held)
    yield from (Mark("referral", one.since, one.state) for one in referrals)
    yield from (
        Mark("event", event.happened_on, event.harm)
        for event in outcomes.events
        if event.happened_on is not None
    )
