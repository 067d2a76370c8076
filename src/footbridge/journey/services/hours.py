"""Opening hours in the reader's words, days with equal hours on one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, gettext

from footbridge.journey.services.hsds import Frequency, Schedule, Weekday

_DAYS = tuple(Weekday)
_LAST = -1


def hours(schedules: Iterable[Schedule]) -> list[str]:
    """Return when something is open, such as ``Mon–Fri 09:00–12:00, 14:00–17:30``.

    A schedule whose rule is not put into words here is shown by its own description.
    """
    spans: dict[str, list[str]] = {}
    for schedule in schedules:
        when = _when(schedule)
        if when:
            spans.setdefault(when, []).append(_span(schedule))
    return [
        f"{when} {_comma().join(part for part in parts if part)}".strip()
        for when, parts in spans.items()
    ]


def _when(schedule: Schedule) -> str:
    if schedule.freq is Frequency.WEEKLY and schedule.byday:
        days = _runs(sorted(_DAYS.index(Weekday(day[-2:])) for day in schedule.byday.split(",")))
        if (schedule.interval or 1) == 1:
            return days
        return gettext("{days}, every {n} weeks").format(days=days, n=schedule.interval)
    if schedule.freq is Frequency.MONTHLY and schedule.byday:
        days = _comma().join(_nth(day) for day in schedule.byday.split(","))
        return gettext("each month: {days}").format(days=days)
    if schedule.freq is Frequency.MONTHLY and schedule.bymonthday:
        return gettext("each month on day {days}").format(days=schedule.bymonthday)
    return schedule.description or schedule.notes or ""


def _runs(days: list[int]) -> str:
    """Return weekdays with neighbours drawn together: Mon–Wed, Sat."""
    if len(days) == len(_DAYS):
        return gettext("every day")
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        names = [str(WEEKDAYS_ABBR[day]) for day in run]
        parts.append(f"{names[0]}–{names[-1]}" if len(names) > 2 else _comma().join(names))
    return _comma().join(parts)


def _nth(day: str) -> str:
    which, name = int(day[:-2] or 0), WEEKDAYS[_DAYS.index(Weekday(day[-2:]))]
    if which == 0:
        return gettext("every {weekday}").format(weekday=name)
    if which == _LAST:
        return gettext("the last {weekday}").format(weekday=name)
    return gettext("{weekday} number {n}").format(weekday=name, n=which)


def _span(schedule: Schedule) -> str:
    opens, closes = schedule.opens_at, schedule.closes_at
    if opens is None or closes is None:
        return ""
    if opens == closes == time(0):
        return gettext("round the clock")
    return f"{opens:%H:%M}–{closes:%H:%M}"


def _comma() -> str:
    return "、" if (get_language() or "").startswith("zh") else ", "
