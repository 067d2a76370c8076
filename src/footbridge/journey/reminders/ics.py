"""Writing a calendar as RFC 5545 text: weeks as all-day events, and nothing beside a title."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from icalendar import Alarm, Calendar, Event

from footbridge.journey.reminders.rules import Due
from footbridge.trust.weeks import IsoWeek

REFRESH = timedelta(hours=12)
RING = timedelta(hours=9)  # after midnight of the Monday
MAKER = "-//calendar//week//EN"  # no product: whoever sees the file learns none


def write(
    due: Iterable[Due],
    *,
    name: str,
    title: Callable[[int], str],
    mark: Callable[[IsoWeek], UUID],
    on: date,
    remind: bool = False,
) -> bytes:
    """Return the calendar's text, folded and ended as RFC 5545 asks.

    Parameters
    ----------
    name : str
        What a phone calls the calendar.
    title : callable
        Turns a number of visits into an event's title.
    mark : callable
        Gives a week's UID: the same at every reading, and without meaning.
    on : date
        The day that stands as DTSTAMP.

    References
    ----------
    RFC 5545, sections 3.1 (folding), 3.6.1 (VEVENT), 3.8.4.7 (UID); RFC 7986, section 5.7
    (REFRESH-INTERVAL). X-PUBLISHED-TTL is what phones read that do not know the latter.
    """
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for one in due:
        calendar.add_component(_event(one, title(one.visits), mark(one.week), on, remind=remind))
    return bytes(calendar.to_ical())


def _event(due: Due, words: str, mark: UUID, on: date, *, remind: bool) -> Event:
    event = Event()
    event.add("uid", str(mark))
    event.add("dtstamp", datetime(on.year, on.month, on.day, tzinfo=UTC))
    event.add("dtstart", due.week.monday)
    event.add("dtend", (due.week + 1).monday)  # the day after the last
    event.add("summary", words)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    if remind:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", words)
        alarm.add("trigger", RING)
        event.add_component(alarm)
    return event
