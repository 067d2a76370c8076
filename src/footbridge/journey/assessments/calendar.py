"""The use calendar: one mark a day, and what the marks add up to.

The method is that of the timeline follow-back; the form, words and codes are our own.
See docs/methods/use-calendar.md.
"""

from __future__ import annotations

import calendar
import json
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources

from footbridge.journey.assessments.rules import AssessmentError, Words
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop

CALENDAR_DAYS = 90


class Mark(StrEnum):
    """What is known of one day; the value is the character that is kept."""

    NOT_USED = "0"
    USED = "1"
    PROTECTED = "p"
    NOT_KNOWN = "?"


@dataclass(frozen=True, slots=True)
class UseSummary:
    """What a calendar adds up to.

    Parameters
    ----------
    days, used, not_used, protected, not_known : int
        Days in all, and days by mark.
    percent_abstinent : float or None
        Days not used, per 100 days that are known and not protected; None without such days.
    longest_run : int
        Most days without use in a row. Use or a day not known ends a run; a protected
        day neither ends it nor counts.
    """

    days: int
    used: int
    not_used: int
    protected: int
    not_known: int
    percent_abstinent: float | None
    longest_run: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day that helps somebody to remember the days around it."""

    day: date
    words: Words


def parse(marks: str, *, days: int | None = CALENDAR_DAYS) -> tuple[Mark, ...]:
    """Return the marks that a kept text holds, oldest first.

    Parameters
    ----------
    days : int or None
        How many marks there must be; None for any number.

    Raises
    ------
    AssessmentError
        If a character is no mark, or if there are more or fewer days than there should be.
    """
    try:
        found = tuple(map(Mark, marks))
    except ValueError as error:
        raise AssessmentError(
            gettext_noop("A day holds a mark that is not one of {known}. Mark that day again."),
            known=" ".join(Mark),
        ) from error
    if days is not None and len(found) != days:
        raise AssessmentError(
            gettext_noop(
                "The calendar holds {found} days, not {days}. "
                "Mark each day, if need be as not known."
            ),
            found=len(found),
            days=days,
        )
    return found


def dated(end_on: date, marks: str) -> list[tuple[date, Mark]]:
    """Return each day with its mark, oldest first; the last mark belongs to `end_on`."""
    found = parse(marks, days=None)
    first = end_on - timedelta(days=len(found) - 1)
    return [(first + timedelta(days=number), mark) for number, mark in enumerate(found)]


def after(end_on: date, marks: str, *, day: date) -> str:
    """Return the marks of the days later than `day`: those since the last check-up.

    Examples
    --------
    >>> after(date(2026, 3, 10), "00110", day=date(2026, 3, 8))
    '10'
    """
    return "".join(mark for when, mark in dated(end_on, marks) if when > day)


def summarise(marks: str) -> UseSummary:
    """Return what the marks of a calendar, of any length, add up to.

    Examples
    --------
    >>> summary = summarise("0010p00?")
    >>> summary.used, summary.percent_abstinent, summary.longest_run
    (1, 83.33333333333333, 3)
    """
    found = parse(marks, days=None)
    used, not_used = found.count(Mark.USED), found.count(Mark.NOT_USED)
    at_risk = used + not_used
    return UseSummary(
        days=len(found),
        used=used,
        not_used=not_used,
        protected=found.count(Mark.PROTECTED),
        not_known=found.count(Mark.NOT_KNOWN),
        percent_abstinent=100 * not_used / at_risk if at_risk else None,
        longest_run=_longest_run(found),
    )


def _longest_run(marks: tuple[Mark, ...]) -> int:
    longest = run = 0
    for mark in marks:
        if mark is Mark.NOT_USED:
            run += 1
            longest = max(longest, run)
        elif mark is not Mark.PROTECTED:
            run = 0
    return longest


def anchors(first: date, last: date, *, payday: int | None = None) -> list[Anchor]:
    """Return the festivals, and the paydays if a day of the month is given, in a span.

    Parameters
    ----------
    payday : int or None
        Day of the month; in shorter months the last day stands for it.
    """
    found = [anchor for anchor in _festivals() if first <= anchor.day <= last]
    if payday is not None:
        found += [anchor for anchor in _paydays(first, last, payday) if first <= anchor.day <= last]
    return sorted(found, key=lambda anchor: anchor.day)


def _paydays(first: date, last: date, payday: int) -> list[Anchor]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = [(m // 12, m % 12 + 1) for m in months]
    words = {Language.EN: "Payday", Language.ZH: "发钱的日子"}
    return [
        Anchor(date(year, month, min(payday, calendar.monthrange(year, month)[1])), words)
        for year, month in days
    ]


@cache
def _festivals() -> tuple[Anchor, ...]:
    file = resources.files("footbridge.journey.assessments") / "data" / "festivals.json"
    found = json.loads(file.read_text(encoding="utf-8"))["festivals"]
    return tuple(
        Anchor(date.fromisoformat(day), {Language(key): word for key, word in f["words"].items()})
        for f in found
        for day in f["days"]
    )
