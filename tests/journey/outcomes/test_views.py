"""Pages of the outcomes room: everything may be not known, and nothing is guessed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes import queries
from footbridge.journey.outcomes.rules import Answer, Harm, OutcomeValues
from footbridge.journey.people import queries as people

pytestmark = pytest.mark.usefixtures("that_day")
CODES = (
    *("used_30", "crime_30", "community_30", "urine", "treatment"),
    *("place", "housing", "employment", "justice"),
)
NOTHING_KNOWN = {"month": "0", "measured_on": "2026-11-21"} | dict.fromkeys(CODES, "not-known")
FAVOURABLE = {
    **NOTHING_KNOWN,
    "used_30": "no",
    "crime_30": "no",
    "community_30": "yes",
    "place": "community",
}


@pytest.fixture
def person(house, worker):
    return house.in_care(worker, Purpose.CARE)[0].person


@pytest.fixture
def browser(house, worker):
    return house.browser(worker)


@pytest.fixture
def state(person, worker):
    return lambda: queries.state_of(people.open_record(person, by=worker))


def address(name, person):
    return reverse(f"outcomes:{name}", args=[person])


def test_every_coded_question_starts_as_not_known(browser, person):
    page = browser.get(address("code", person)).content.decode()

    chosen = [part for part in page.split("<input") if "checked" in part]
    assert sum('value="not-known"' in part for part in chosen) == len(CODES)


def test_an_outcome_of_which_nothing_is_known_can_be_kept(browser, person, state):
    answer = browser.post(address("code", person), NOTHING_KNOWN)

    assert answer.url == reverse("person", args=[person])
    assert state().outcomes[0].values == OutcomeValues()


def test_the_favourable_composite_is_shown_in_the_table(browser, person, state):
    browser.post(address("code", person), FAVOURABLE)
    browser.post(address("code", person), {**NOTHING_KNOWN, "month": "3"})

    page = browser.get(address("code", person)).content.decode()

    assert state().favourable(0) is Answer.YES
    assert 'data-label="Favourable">Yes<' in page
    assert 'data-label="Favourable">Not known<' in page


def test_the_picture_of_states_comes_with_the_second_time_point(browser, person):
    browser.post(address("code", person), {**FAVOURABLE, "measured_on": "2026-08-21"})
    once = browser.get(address("code", person)).content.decode()

    browser.post(address("code", person), {**FAVOURABLE, "month": "3"})
    twice = browser.get(address("code", person)).content.decode()

    assert "outcomes-title" not in once
    assert "outcomes-title" in twice


def test_answers_that_contradict_each_other_are_explained(browser, person, state):
    data = {**FAVOURABLE, "days_used": "90", "days_known": "90"}

    page = browser.post(address("code", person), data).content.decode()

    assert "contradict" in page
    assert not state().outcomes


def test_the_page_says_whether_research_is_told(house, worker, browser, person):
    without = browser.get(address("code", person)).content.decode()
    house.in_care(worker)
    consented = house.in_care(worker, Purpose.CARE, Purpose.RESEARCH)[0].person
    with_it = browser.get(address("code", consented)).content.decode()

    assert "research is told nothing" in without
    assert "Research is told bands only" in with_it


def test_an_event_is_noted_and_stands_on_record(browser, person, state):
    browser.post(
        address("event", person),
        {"harm": "overdose", "happened_on": "2026-11-20", "related": "no", "words": "Woke up"},
    )

    page = browser.get(address("event", person)).content.decode()
    assert state().events[0].harm is Harm.OVERDOSE
    assert "Woke up" in page
    assert "20 Nov 2026" in page


def test_an_event_whose_day_is_not_known_can_be_noted(browser, person, state):
    browser.post(address("event", person), {"harm": "violence", "related": "not-known"})

    assert state().events[0].happened_on is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"related": "no"}, "Choose an answer"),
        ({"harm": "death", "happened_on": "2026-11-22", "related": "no"}, "has not come yet"),
    ],
)
def test_an_event_that_cannot_be_is_explained(browser, person, state, data, words):
    page = browser.post(address("event", person), data).content.decode()

    assert words in page
    assert state().events == ()
