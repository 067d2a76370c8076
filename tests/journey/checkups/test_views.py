"""Pages of the check-ups room: one page to hold, one to hear the result."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from footbridge.journey.checkups import queries, schedules
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people

pytestmark = pytest.mark.usefixtures("that_day")
IN_NEED = {"days_used": "20", "symptoms": ["danger"], "says_need": "yes"}
WELL = {"days_used": "0", "says_need": "no"}


@pytest.fixture
def person(house, worker):
    return house.in_care(worker, Purpose.CARE, Purpose.CONTACT)[0].person


@pytest.fixture
def browser(house, worker):
    return house.browser(worker)


@pytest.fixture
def scheduled(browser, person):
    browser.post(address("schedule", person), {"schedule": "adaptive", "starts_on": "2026-10-21"})


@pytest.fixture
def state(person, worker):
    return lambda: queries.state_of(people.open_record(person, by=worker))


def address(name, person):
    return reverse(f"checkups:{name}", args=[person])


def test_the_adaptive_schedule_is_the_one_proposed(browser, person):
    page = browser.get(address("schedule", person)).content.decode()

    chosen = [line for line in page.split("<input") if "checked" in line]
    assert 'value="adaptive"' in chosen[0]
    assert 'value="2026-11-21"' in page


def test_a_schedule_leads_back_to_the_person(browser, person, state):
    answer = browser.post(
        address("schedule", person), {"schedule": "quarterly", "starts_on": "2026-11-21"}
    )

    assert answer.url == reverse("person", args=[person])
    assert state().chosen.schedule == "quarterly"


def test_without_a_schedule_the_page_leads_to_one(browser, person):
    page = browser.get(address("hold", person)).content.decode()

    assert address("schedule", person) in page
    assert 'name="says_need"' not in page


@pytest.mark.usefixtures("scheduled")
def test_the_page_asks_for_days_since_the_last_one_and_every_symptom(browser, person):
    page = browser.get(address("hold", person)).content.decode()

    assert "31 days have passed" in page
    assert page.count('name="symptoms"') == len(schedules.symptoms())


@pytest.mark.usefixtures("scheduled")
def test_need_is_shown_with_reasons_the_next_day_and_a_meeting(browser, person):
    answer = browser.post(address("hold", person), IN_NEED, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == address("result", person)
    for words in ("In need", "Used weekly or more often", "Says so", "21 Dec 2026"):
        assert words in page
    assert address("meeting", person) in page


@pytest.mark.usefixtures("scheduled")
def test_without_need_no_meeting_is_asked_for(browser, person):
    page = browser.post(address("hold", person), WELL, follow=True).content.decode()

    assert "Not in need" in page
    assert address("meeting", person) not in page


@pytest.mark.usefixtures("scheduled")
def test_days_that_are_not_told_may_stay_empty(browser, person, state):
    browser.post(address("hold", person), {"days_used": "", "says_need": "no"})

    assert state().held[0].days_used is None


@pytest.mark.usefixtures("scheduled")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"days_used": "40", "says_need": "no"}, "cannot be"),
        ({"days_used": "1"}, "choose yes or no"),
        ({"days_used": "many", "says_need": "no"}, "in figures"),
    ],
)
def test_what_cannot_be_is_explained_and_nothing_is_kept(browser, person, state, data, words):
    answer = browser.post(address("hold", person), data)

    assert words in answer.content.decode()
    assert state().held == ()


@pytest.mark.usefixtures("scheduled")
def test_a_check_up_too_early_is_refused_in_words(browser, person, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 1))

    page = browser.get(address("hold", person)).content.decode()

    assert "cannot be held before" in page


@pytest.mark.usefixtures("scheduled")
def test_a_meeting_is_noted_with_what_the_person_said(browser, person, state):
    browser.post(address("hold", person), IN_NEED)

    answer = browser.post(
        address("meeting", person), {"steps": ["feedback", "barriers"], "agreed": "not-yet"}
    )

    assert answer.url == reverse("person", args=[person])
    assert state().meetings[0].agreed.value == "not-yet"


@pytest.mark.usefixtures("scheduled")
def test_a_yes_leads_straight_to_choosing_a_service(browser, person):
    browser.post(address("hold", person), IN_NEED)

    answer = browser.post(address("meeting", person), {"steps": ["booking"], "agreed": "yes"})

    choose = reverse("referrals:choose", args=[person])
    assert answer.url == f"{choose}?need=drug-treatment"


@pytest.mark.usefixtures("scheduled")
def test_an_empty_meeting_says_what_is_missing(browser, person, state):
    browser.post(address("hold", person), IN_NEED)

    page = browser.post(address("meeting", person), {}).content.decode()

    assert "Tick what the talk did" in page
    assert state().meetings == ()


def test_an_attempt_is_noted_and_the_guide_moves(browser, person, state):
    answer = browser.post(
        address("attempt", person),
        {"attempted_on": "2026-11-21", "means": "drop-in", "reached": "no"},
        follow=True,
    )

    page = answer.content.decode()
    assert "Attempts so far: 1. Others reached 70 in 100 with 22." in page
    assert state().attempt_counts == (1, 0)


def test_without_consent_to_contact_an_attempt_is_refused(house, worker, browser):
    other, _ = house.in_care(worker)

    answer = browser.post(
        address("attempt", other.person),
        {"attempted_on": "2026-11-21", "means": "drop-in", "reached": "no"},
    )

    page = answer.content.decode()
    assert "No consent to contact stands today" in page
    assert "not agreed to" in page


@pytest.mark.usefixtures("scheduled")
def test_a_missed_check_up_can_be_noted_only_after_its_window(browser, person, state, monkeypatch):
    early = browser.post(address("missed", person), {"sure": "on"})
    early_page, missed_early = early.content.decode(), state().missed
    after = date(2026, 11, 21) + timedelta(days=15)
    monkeypatch.setattr(timezone, "localdate", lambda: after)
    browser.post(address("missed", person), {"sure": "on"})

    assert "nothing is missed yet" in early_page
    assert missed_early == ()
    assert [one.found_on for one in state().missed] == [after]


def test_the_result_of_no_check_up_leads_to_holding_one(browser, person):
    assert browser.get(address("result", person)).url == address("hold", person)
