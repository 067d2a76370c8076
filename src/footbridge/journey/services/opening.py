"""Whether a schedule is open at a moment: the part of RFC 5545 that HSDS uses."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from footbridge.journey.services.hsds import Frequency, Schedule, Weekday

_DAYS = tuple(Weekday)


class Opening(StrEnum):
    """Open, closed, or not told: an unknown is never shown as open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


def opening(schedules: Iterable[Schedule], at: datetime) -> Opening:
    """Return whether any of these schedules is open at a moment.

    Parameters
    ----------
    schedules : iterable of Schedule
        All that apply to one service.
    at : datetime
        The moment; without an offset it is the wall clock of the service.
    """
    told = [_opening_of(schedule, at) for schedule in schedules]
    if Opening.OPEN in told:
        return Opening.OPEN
    if not told or Opening.UNKNOWN in told:
        return Opening.UNKNOWN
    return Opening.CLOSED


def falls_on(schedule: Schedule, day: date) -> bool | None:
    """Return whether a schedule has an occurrence that starts on a day; None if not told.

    `count`, `byweekno` and `byyearday` are kept and shown but not worked out.
    """
    if schedule.count is not None or schedule.byweekno or schedule.byyearday:
        return None
    if _outside(schedule, day):
        return False
    if schedule.freq is None:
        return day == schedule.dtstart if schedule.dtstart else None
    interval = schedule.interval or 1
    if interval > 1 and schedule.dtstart is None:
        return None
    if schedule.freq is Frequency.WEEKLY:
        return _falls_weekly(schedule, day, interval)
    return _falls_monthly(schedule, day, interval)


def _opening_of(schedule: Schedule, at: datetime) -> Opening:
    local = _local(schedule, at)
    opens, closes = schedule.opens_at, schedule.closes_at
    if (opens is None) != (closes is None):
        return Opening.UNKNOWN
    days = [(local.date(), falls_on(schedule, local.date()))]
    overnight = opens is not None and closes is not None and _plain(closes) <= _plain(opens)
    if overnight:
        yesterday = local.date() - timedelta(days=1)
        days.append((yesterday, falls_on(schedule, yesterday)))
    for day, falls in days:
        if falls and (opens is None or _within(schedule, day, local)):
            return Opening.OPEN
    return Opening.UNKNOWN if any(falls is None for _, falls in days) else Opening.CLOSED


def _plain(clock: time) -> time:
    return clock.replace(tzinfo=None)


def _within(schedule: Schedule, day: date, local: datetime) -> bool:
    if schedule.opens_at is None or schedule.closes_at is None:
        return True
    begin = datetime.combine(day, _plain(schedule.opens_at))
    end = datetime.combine(day, _plain(schedule.closes_at))
    if end <= begin:
        end += timedelta(days=1)
    return begin <= local < end


def _local(schedule: Schedule, at: datetime) -> datetime:
    """Return the moment on the schedule's own wall clock, without an offset."""
    if at.tzinfo is None:
        return at
    zone = schedule.opens_at.tzinfo if schedule.opens_at else None
    if zone is None and schedule.timezone is not None:
        zone = timezone(timedelta(hours=schedule.timezone))
    return (at.astimezone(zone) if zone else at).replace(tzinfo=None)


def _outside(schedule: Schedule, day: date) -> bool:
    starts = [limit for limit in (schedule.valid_from, schedule.dtstart) if limit]
    ends = [limit for limit in (schedule.valid_to, schedule.until) if limit]
    return any(day < limit for limit in starts) or any(day > limit for limit in ends)


def _parts(byday: str) -> list[tuple[int, int]]:
    """Return the pairs of (which in the month or 0, weekday 0-6) of a `byday`."""
    return [(int(part[:-2] or 0), _DAYS.index(Weekday(part[-2:]))) for part in byday.split(",")]


def _falls_weekly(schedule: Schedule, day: date, interval: int) -> bool | None:
    if schedule.byday:
        if day.weekday() not in {weekday for _, weekday in _parts(schedule.byday)}:
            return False
    elif schedule.dtstart is None:
        return None
    elif day.weekday() != schedule.dtstart.weekday():
        return False
    if interval == 1 or schedule.dtstart is None:
        return True
    starts_on = _DAYS.index(schedule.wkst or Weekday.MO)
    weeks = (_week_start(day, starts_on) - _week_start(schedule.dtstart, starts_on)).days // 7
    return weeks % interval == 0


def _week_start(day: date, starts_on: int) -> date:
    return day - timedelta(days=(day.weekday() - starts_on) % 7)


def _falls_monthly(schedule: Schedule, day: date, interval: int) -> bool | None:
    if schedule.dtstart is not None:
        months = (day.year - schedule.dtstart.year) * 12 + day.month - schedule.dtstart.month
        if months % interval:
            return False
    if not schedule.byday and not schedule.bymonthday:
        return None if schedule.dtstart is None else day.day == schedule.dtstart.day
    length = calendar.monthrange(day.year, day.month)[1]
    if schedule.bymonthday:
        wanted = {int(part) for part in schedule.bymonthday.split(",")}
        if day.day not in wanted and day.day - length - 1 not in wanted:
            return False
    if not schedule.byday:
        return True
    here = {0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)}
    return any(wd == day.weekday() and which in here for which, wd in _parts(schedule.byday))
