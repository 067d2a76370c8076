"""A colleague's calendar: made, read, renewed, deleted; and what its address never tells."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy
from icalendar import Calendar

from footbridge.journey.reminders import labels
from footbridge.journey.reminders.models import CalendarFeed
from footbridge.journey.reminders.rules import Word
from footbridge.trust import runtime
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail
from footbridge.trust.vault import persons

pytestmark = pytest.mark.django_db
FORM = {"word": "visits", "counted": "on"}


@pytest.fixture
def cared_for(house, worker):
    """Return a function that puts somebody into the worker's care, with a next window."""

    def enrol(window):
        enrolled, _ = house.in_care(worker)
        persons.change_shell(enrolled.person, site=house.keys, next_window=window)
        return enrolled

    return enrol


def made(browser, **style):
    """Make an address and return its path."""
    answer = browser.post(reverse("reminders:calendar"), FORM | style, follow=True)
    return re.search(r"/calendar/[\w-]{43}\.ics", answer.content.decode())[0]


def titles(path):
    """Return the titles that a program without any session reads."""
    answer = Client().get(path)
    assert answer.status_code == 200
    return [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_a_phone_without_a_session_reads_how_many_visits_a_week_holds(
    house, worker, cared_for, that_day
):
    for window in ("2026-W40", "2026-W47", "2026-W49"):
        cared_for(window)

    path = made(house.browser(worker))

    assert titles(path) == ["2 visits", "1 visit"]


def test_the_answer_names_nobody_and_is_kept_nowhere(house, worker, cared_for, that_day):
    enrolled = cared_for("2026-W49")
    path = made(house.browser(worker))

    answer = Client().get(path)

    for secret in (enrolled.handle, str(enrolled.person), worker.name, str(worker.id)):
        assert secret.lower() not in answer.content.decode().lower()
    assert "no-store" in answer.headers["Cache-Control"]
    assert not {"ETag", "Last-Modified", "Set-Cookie"} & set(answer.headers)


def test_the_address_is_shown_once_and_the_database_cannot_say_it(house, worker, that_day):
    browser = house.browser(worker)
    secret = made(browser).removeprefix("/calendar/").removesuffix(".ics").encode()

    again = browser.get(reverse("reminders:address"))

    assert secret not in again.content
    assert b"shown once" in again.content
    row = CalendarFeed.objects.get()
    kept = b"".join(bytes(part) for part in (row.owner, row.lookup, row.sealed))
    assert secret not in kept
    assert worker.id.bytes not in kept
    assert str(worker.id).encode() not in kept


def test_marks_of_events_stay_the_same_from_reading_to_reading(house, worker, cared_for, that_day):
    cared_for("2026-W49")
    browser = house.browser(worker)
    path = made(browser)

    first, second = (Client().get(path).content for _ in range(2))
    anew = Client().get(made(browser)).content

    assert first == second
    assert re.findall(rb"UID:(.+)\r", first) != re.findall(rb"UID:(.+)\r", anew)


def test_a_new_address_ends_the_old_one_and_deleting_ends_both(house, worker, that_day):
    browser = house.browser(worker)
    old, new = made(browser), made(browser)

    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)

    browser.post(reverse("reminders:delete"))

    assert Client().get(new).status_code == 404
    assert CalendarFeed.objects.count() == 0


def test_a_sealed_site_answers_a_true_and_a_false_address_alike(house, worker, that_day):
    true = made(house.browser(worker))
    false = "/calendar/" + "A" * 43 + ".ics"

    runtime.seal.seal()
    answers = [Client().get(path) for path in (true, false)]

    assert {answer.status_code for answer in answers} == {503}
    # The words against forgery differ from page to page.
    bodies = {re.sub(rb'value="\w{64}"', b"", answer.content) for answer in answers}
    assert (
        len({body.replace(true.encode(), b"").replace(false.encode(), b"") for body in bodies}) == 1
    )


def test_whoever_has_left_has_no_calendar_any_more(house, worker, cared_for, that_day):
    cared_for("2026-W49")
    boss = house.add_staff("boss", Role.COORDINATOR)
    path = made(house.browser(worker))

    staff.deactivate(staff=worker.id, by=boss, on=that_day)

    assert Client().get(path).status_code == 404


def test_a_revoked_colleague_reads_an_empty_calendar(house, worker, cared_for, that_day):
    cared_for("2026-W49")
    path = made(house.browser(worker))
    other = house.add_staff("other")

    care_teams.revoke_everything(colleague=worker.id, by=other, on=that_day)

    assert titles(path) == []


def test_a_calendar_keeps_the_language_in_which_it_was_made(
    house, worker, cared_for, that_day, monkeypatch
):
    monkeypatch.setitem(labels.WORDS, Word.MEETINGS, gettext_lazy("Today"))
    cared_for("2026-W49")
    browser = house.browser(worker, headers={"accept-language": "zh-hans"})

    path = made(browser, counted="", word="meetings")

    answer = Client(headers={"accept-language": "en"}).get(path)
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["summary"]) == "今天"


def test_where_calendars_are_switched_off_none_is_made_and_none_answers(
    house, worker, settings, that_day
):
    path = made(house.browser(worker))

    settings.FOOTBRIDGE_CALENDAR = False
    page = house.browser(worker).post(reverse("reminders:calendar"), FORM)

    assert Client().get(path).status_code == 404
    assert b"switched off" in page.content
    assert CalendarFeed.objects.count() == 1


def test_making_and_deleting_stand_on_the_trail_and_reading_does_not(house, worker, that_day):
    browser = house.browser(worker)
    Client().get(made(browser))
    browser.post(reverse("reminders:delete"))

    actions = [event.action for event in trail.site_events(site=house.keys)]

    assert [one for one in actions if one.startswith("calendar")] == [
        "calendar.deleted",
        "calendar.made",
    ]


def test_the_page_shows_beforehand_what_the_phone_would_be_told(house, worker, cared_for, that_day):
    cared_for("2026-W49")

    page = house.browser(worker).get(reverse("reminders:calendar")).content.decode()

    assert "1 visit" in page
    assert "What it would say now" in page
