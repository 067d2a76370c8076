"""The calendar's text is what RFC 5545 asks for, and holds nothing beside a title."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from footbridge.journey.reminders import ics, labels
from footbridge.journey.reminders.rules import Due, Style, Word
from footbridge.trust.weeks import IsoWeek

ON = date(2026, 11, 21)
# RFC 5545, 3.6 and 3.6.1: what a calendar and an event must or may hold; and nothing else is said.
OF_CALENDAR = {
    "VERSION",
    "PRODID",
    "METHOD",
    "NAME",
    "X-WR-CALNAME",
    "REFRESH-INTERVAL",
    "X-PUBLISHED-TTL",
}
OF_EVENT = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP"}


def mark(week):
    """Return a UID of a week."""
    return uuid.uuid5(uuid.NAMESPACE_OID, str(week))


def written(due, *, remind=False, title=lambda visits: f"{visits} visits"):
    """Return the text of a calendar."""
    return ics.write(due, name="Visits", title=title, mark=mark, on=ON, remind=remind)


@pytest.fixture
def two_weeks():
    """Two weeks that hold something."""
    return [Due(IsoWeek(2026, 48), 3), Due(IsoWeek(2026, 53), 1)]


def test_a_week_is_an_all_day_event_from_monday_to_the_next_monday(two_weeks):
    first, last = Calendar.from_ical(written(two_weeks)).walk("VEVENT")

    assert (first.decoded("dtstart"), first.decoded("dtend")) == (
        date(2026, 11, 23),
        date(2026, 11, 30),
    )
    assert (last.decoded("dtstart"), last.decoded("dtend")) == (
        date(2026, 12, 28),
        date(2027, 1, 4),
    )
    assert str(first["summary"]) == "3 visits"


def test_nothing_is_said_beside_what_a_calendar_has_to_say(two_weeks):
    calendar = Calendar.from_ical(written(two_weeks))

    assert set(calendar) == OF_CALENDAR
    assert all(set(event) == OF_EVENT for event in calendar.walk("VEVENT"))
    assert {component.name for component in calendar.walk()} == {"VCALENDAR", "VEVENT"}


def test_the_text_names_no_product_and_asks_to_be_read_twice_a_day(two_weeks):
    text = written(two_weeks).decode()

    assert "footbridge" not in text.lower()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in text
    assert "X-PUBLISHED-TTL:PT12H\r\n" in text


def test_a_reminder_rings_on_monday_morning_with_the_same_plain_words(two_weeks):
    alarms = Calendar.from_ical(written(two_weeks, remind=True)).walk("VALARM")

    assert [str(alarm["description"]) for alarm in alarms] == ["3 visits", "1 visits"]
    assert {alarm["trigger"].to_ical() for alarm in alarms} == {b"PT9H"}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120))
def test_any_title_is_folded_at_75_bytes_ended_with_crlf_and_read_back(title):
    text = written([Due(IsoWeek(2026, 48), 1)], title=lambda _: title)

    lines = text.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert str(event["summary"]) == title


def test_an_empty_calendar_is_still_a_calendar():
    calendar = Calendar.from_ical(written([]))

    assert calendar.walk("VEVENT") == []
    assert str(calendar["version"]) == "2.0"


@pytest.mark.parametrize("word", Word)
def test_a_title_says_the_number_only_where_it_was_asked_to(word):
    assert "3" in labels.title(Style(word), 3)
    assert labels.title(Style(word, counted=False), 3) == labels.title(
        Style(word, counted=False), 1
    )
