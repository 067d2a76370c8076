"""Entries of the check-ups room are corrected and taken back through their pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from footbridge.journey.checkups import queries
from footbridge.journey.checkups.records import CheckupHeld, ContactAttempted, LinkageMeetingHeld
from footbridge.journey.checkups.rules import Agreed, Need
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people

pytestmark = pytest.mark.usefixtures("that_day")
IN_NEED = {"days_used": "20", "symptoms": ["danger"], "says_need": "yes"}
WELL = {"days_used": "0", "says_need": "no"}
TRIED = {"attempted_on": "2026-11-21", "means": "drop-in", "reached": "no"}


class Room:
    """The pages of one person's check-ups, as their worker sees them."""

    def __init__(self, house, worker):
        self.person = house.in_care(worker, Purpose.CARE, Purpose.CONTACT)[0].person
        self.browser, self.worker = house.browser(worker), worker
        self.post("schedule", {"schedule": "adaptive", "starts_on": "2026-10-21"})

    def address(self, name, *more):
        return reverse(f"checkups:{name}", args=[self.person, *more])

    def post(self, name, data, *more):
        return self.browser.post(self.address(name, *more), data, follow=True)

    def text(self, name, *more):
        return self.browser.get(self.address(name, *more)).content.decode()

    @property
    def record(self):
        return people.open_record(self.person, by=self.worker)

    @property
    def state(self):
        return queries.state_of(self.record)

    @property
    def summary(self):
        return people.summary_of(self.person, by=self.worker)

    def entry(self, kind):
        return next(e.id for e in queries.history(self.record) if isinstance(e.record, kind))


@pytest.fixture
def room(house, worker):
    return Room(house, worker)


def test_a_corrected_check_up_decides_need_again_and_tells_the_coordinator(room):
    room.post("hold", WELL)
    before = room.summary.courses_of("checkup")[0].codes

    page = room.post("correct", IN_NEED, room.entry(CheckupHeld))

    after = room.summary.courses_of("checkup")[0].codes
    assert (before, after) == (
        frozenset({"held", "in-window"}),
        frozenset({"held", "in-window", "need", "used"}),
    )
    assert [held.need for held in room.state.held] == [Need.IN_NEED]
    assert "no longer counts" in page.content.decode()


def test_a_check_up_that_never_happened_falls_due_again(room):
    room.post("hold", WELL)

    room.post("take_back", {}, room.entry(CheckupHeld))

    assert room.state.held == ()
    assert room.state.due.on == date(2026, 11, 21)
    assert room.summary.courses_of("checkup") == ()


def test_an_attempt_is_corrected_with_the_day_that_was_given(room):
    room.post("attempt", TRIED)
    better = {**TRIED, "reached": "yes", "next_on": "2026-11-25"}

    room.post("correct", better, room.entry(ContactAttempted))

    assert room.state.attempt_counts == (1, 1)
    assert room.state.appointment == date(2026, 11, 25)


def test_a_no_is_kept_only_with_what_was_tried_before_it(room):
    room.post("hold", IN_NEED)
    no = {"steps": ["feedback"], "agreed": "no", "first": "no"}

    refused = room.post("meeting", no).content.decode()
    nothing_kept = room.state.meetings
    room.post("meeting", {**no, "tried": ["heard-reason", "left-it"]})

    assert "A no is an answer once something was tried" in refused
    assert nothing_kept == ()
    assert room.state.meetings[0].agreed is Agreed.NO
    assert "refused" in room.summary.courses_of("checkup")[0].codes


def test_a_meeting_is_corrected_and_stays_on_its_day(room):
    room.post("hold", IN_NEED)
    room.post("meeting", {"steps": ["feedback"], "agreed": "not-yet"})

    room.post(
        "correct",
        {"steps": ["booking"], "agreed": "yes", "first": "no"},
        room.entry(LinkageMeetingHeld),
    )

    (meeting,) = room.state.meetings
    assert (meeting.agreed, meeting.first) == (Agreed.YES, Agreed.NO)
    assert "doubted" in room.summary.courses_of("checkup")[0].codes


def test_an_entry_of_somebody_else_is_not_there(house, worker, room):
    other = Room(house, worker)
    other.post("hold", WELL)

    answer = room.post("correct", IN_NEED, other.entry(CheckupHeld))

    assert answer.status_code == 404


def test_a_return_to_use_leads_from_the_check_up_through_a_yes_to_a_service(room, monkeypatch):
    room.post("hold", WELL)
    later = date(2026, 12, 21)
    monkeypatch.setattr(timezone, "localdate", lambda: later)

    found = room.post("hold", {**IN_NEED, "days_used": "3"}).content.decode()
    chosen = room.browser.post(
        room.address("meeting"), {"steps": ["feedback", "booking"], "agreed": "yes"}
    )

    assert "A return to use, caught early" in found
    assert "4 Jan 2027" in found  # 14 days (facts 2.8, 7.1)
    assert chosen.url.endswith("choose/?need=drug-treatment")


def test_a_check_up_written_down_a_day_later_counts_on_its_own_day(room, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 12, 6))

    room.post("hold", {**WELL, "held_on": "2026-12-05"})

    assert room.state.held[0].held_on == date(2026, 12, 5)
    assert room.summary.in_window == 1


def test_the_steps_show_what_is_to_be_done_now_and_can_be_ticked(room, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 29))

    before = room.text("steps")
    after = room.post("steps", {"step": "team"}).content.decode()

    assert before.count("Do this now") == 1
    assert "Ticked off" in after
    assert [one.step for one in room.state.ticked] == ["team"]


def test_a_day_that_has_passed_cannot_be_given(room):
    refused = room.post("appointment", {"next_on": "2026-11-20"}).content.decode()
    room.post("appointment", {"next_on": "2026-12-01"})

    assert "That day has passed" in refused
    assert room.state.appointment == date(2026, 12, 1)
    assert room.summary.next_visit.monday == date(2026, 11, 30)


def test_a_urine_test_can_be_declined_and_is_noted_as_that(room):
    page = room.post("urine", {"tested_on": "2026-11-21", "result": "declined"})

    assert "Declined" in page.content.decode()
    assert room.state.urine[0].result == "declined"


def test_check_ups_end_at_the_person_s_wish_and_begin_again_with_a_schedule(room):
    room.post("end", {"why": "wish"})
    ended = room.state.due, room.summary.next_due
    room.post("schedule", {"schedule": "quarterly", "starts_on": "2026-10-21"})

    assert ended == (None, None)
    assert room.state.due.month == 3


def test_the_caseload_shows_who_is_out_of_the_window_beside_the_guide_lines(room, monkeypatch):
    room.post("hold", WELL)
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 12, 21) + timedelta(days=30))

    page = room.browser.get(reverse("checkups:caseload")).content.decode()

    assert "Window closed: 1 person" in page
    assert "1 of 1 (100 %)" in page
    assert "up to 22" in page
