"""Safety and overdose plans in a browser: step by step, kept at once, on paper only when asked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from footbridge.journey.people import queries as people
from footbridge.journey.plans import crisis, queries
from footbridge.journey.plans.rules import CrisisPlan, Naloxone

pytestmark = pytest.mark.usefixtures("that_day")
WORDS = "walk along the river"


@pytest.fixture
def enrolled(house, worker):
    return house.in_care(worker)[0]


@pytest.fixture
def browser(house, worker):
    return house.browser(worker)


@pytest.fixture
def state(enrolled, worker):
    return lambda: queries.state_of(people.open_record(enrolled.person, by=worker))


def address(name, enrolled):
    return reverse(f"plans:{name}", args=[enrolled.person])


def test_an_empty_safety_plan_says_first_what_to_do_if_the_danger_is_now(browser, enrolled):
    page = browser.get(address("safety", enrolled)).content.decode()

    assert "in danger now" in page
    assert "call 120" in page
    assert address("safety_step", enrolled) in page


def test_the_numbers_are_those_of_the_site(browser, enrolled, settings):
    settings.FOOTBRIDGE_EMERGENCY_NUMBER = "999"

    assert "call 999" in browser.get(address("safety", enrolled)).content.decode()


def test_each_step_is_kept_and_leads_to_the_next_that_is_missing(browser, enrolled, state):
    answer = browser.post(address("safety_step", enrolled), {"step": "signs", "words": "no sleep"})

    assert answer.url.endswith("?step=alone")
    assert state().safety.parts == {"signs": "no sleep"}


def test_one_can_stop_after_any_step_and_go_on_later(browser, enrolled, state):
    url = address("safety_step", enrolled)

    answer = browser.post(url, {"step": "signs", "words": "no sleep", "stop": "1"})
    page = browser.get(url).content.decode()

    assert answer.url == address("safety", enrolled)
    assert 'value="alone"' in page
    assert "1 of 6 steps" in browser.get(answer.url).content.decode()


def test_the_naloxone_step_asks_whether_it_is_at_hand(browser, enrolled, state):
    url = address("overdose_step", enrolled)

    refused = browser.post(url, {"step": "naloxone", "words": "on the shelf"})
    browser.post(url, {"step": "naloxone", "words": "on the shelf", "naloxone": "at-hand"})

    assert "Choose whether naloxone is at hand" in refused.content.decode()
    assert state().overdose.naloxone is Naloxone.AT_HAND


def test_a_whole_plan_is_shown_with_every_answer_and_never_in_the_title(browser, enrolled):
    for step in crisis.outline(CrisisPlan.SAFETY).steps:
        browser.post(
            address("safety_step", enrolled), {"step": step.id, "words": f"{WORDS} {step.id}"}
        )

    page = browser.get(address("safety", enrolled)).content.decode()

    for step in crisis.outline(CrisisPlan.SAFETY).steps:
        assert f"{WORDS} {step.id}" in page
    assert WORDS not in page.split("</title>")[0]


def test_a_step_that_is_not_there_is_explained(browser, enrolled):
    answer = browser.get(address("safety_step", enrolled), {"step": "horoscope"})

    assert answer.status_code == 400
    assert "no such step" in answer.content.decode()


def test_paper_is_made_only_when_asked_for_and_names_nobody(house, browser, enrolled):
    browser.post(address("safety_step", enrolled), {"step": "alone", "words": WORDS, "stop": "1"})
    url = address("paper", enrolled)

    unasked = browser.post(url, {"show": ["safety"]})
    answer = browser.post(url, {"show": ["safety"], "asked": "on"})
    page = browser.get(answer.url).content.decode()

    assert "tick if they did" in unasked.content.decode()
    sheet = page.split("<article")[1].split("</article>")[0]
    assert WORDS in sheet
    assert enrolled.handle not in sheet
    assert "Footbridge" not in sheet


def test_the_person_sees_that_a_paper_was_made(house, browser, enrolled):
    browser.post(address("paper", enrolled), {"show": ["plan"], "asked": "on"})

    own = house.browser(house.open_person(enrolled))

    assert "Put the plan on paper" in own.get(reverse("kiosk:opened")).content.decode()


def test_the_person_reads_their_plans_at_the_kiosk(house, browser, enrolled):
    browser.post(address("safety_step", enrolled), {"step": "alone", "words": WORDS, "stop": "1"})
    browser.post(address("strength", enrolled), {"domain": "food", "words": "Cooks for twenty"})

    page = house.browser(house.open_person(enrolled)).get(reverse("plans:mine")).content.decode()

    assert WORDS in page
    assert "Cooks for twenty" in page


def test_somebody_without_a_record_is_led_back_to_their_own_page(house, worker):
    enrolled = house.enrol(worker)

    answer = house.browser(house.open_person(enrolled)).get(reverse("plans:mine"))

    assert answer.url == reverse("kiosk:mine")


def test_a_colleague_outside_the_care_team_reads_no_plan(house, enrolled):
    other = house.browser(house.add_staff("bo"))

    for name in ("safety", "overdose", "paper", "safety_step"):
        assert other.get(address(name, enrolled)).status_code in {302, 403}
