"""Who stands where on Today: harm first, and nothing is asked after a death or an ending."""

from __future__ import annotations

from datetime import date

import pytest

from footbridge.journey.desk.rules import Pressing, after_stay, line
from footbridge.journey.people.records import Course, SummaryKept
from footbridge.trust.weeks import IsoWeek

ON = date(2026, 11, 21)
WEEK = IsoWeek.of(ON)


def told(kind, *codes):
    return SummaryKept(courses=(Course(kind, WEEK, frozenset(codes)),))


@pytest.mark.parametrize(
    ("summary", "pressing"),
    [
        (told("event", "overdose", "open"), Pressing.EVENT),
        (told("event", "overdose", "closed"), Pressing.NO_CHECKUP),
        (told("event", "death", "closed"), Pressing.REMEMBERED),
        (told("schedule", "ended", "ended-wish"), Pressing.LATER),
        (SummaryKept(), Pressing.NO_CHECKUP),
    ],
)
def test_events_and_endings_are_told_from_what_is_only_missing(summary, pressing):
    assert line(summary, state="enrolled", on=ON).pressing is pressing


def test_an_open_event_goes_before_need():
    summary = told("event", "violence", "open").merged({"in_need": True})

    assert line(summary, state="enrolled", on=ON).pressing is Pressing.EVENT


def test_after_a_death_no_clock_of_a_stay_asks_for_anything():
    gone = line(told("event", "death", "closed"), state="enrolled", on=ON)

    assert after_stay(gone).pressing is Pressing.REMEMBERED


@pytest.mark.parametrize(("attempts", "alert"), [(38, False), (39, True)])
def test_beyond_38_attempts_it_is_time_to_talk_it_over(attempts, alert):
    # Facts 2.9: 33 to 38 contacts reached 90 %.
    summary = SummaryKept(attempts=attempts)

    assert line(summary, state="enrolled", on=ON).too_many is alert
