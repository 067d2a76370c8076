"""Pages of the plans room: strengths first, small forms, moves by one press."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from footbridge.journey.people import queries as people
from footbridge.journey.plans import domains, queries
from footbridge.journey.services.rules import Need

pytestmark = pytest.mark.usefixtures("that_day")
STRENGTH = {"domain": "food", "words": "Cooks for twenty"}
GOAL = {"domain": "employment", "words": "Run a stall"}
STEP = {"what": "Ask about a licence", "who": "person", "by_when": "2026-12-01"}


@pytest.fixture
def person(house, worker):
    return house.in_care(worker)[0].person


@pytest.fixture
def browser(house, worker):
    return house.browser(worker)


def address(name, person, *more):
    return reverse(f"plans:{name}", args=[person, *more])


@pytest.fixture
def plan(person, worker, today):
    return lambda: queries.plan_page(people.open_record(person, by=worker), on=today)


@pytest.fixture
def with_step(browser, person, plan):
    browser.post(address("strength", person), STRENGTH)
    browser.post(address("goal", person), GOAL)
    goal = plan().goals[0].goal.goal
    browser.post(address("objective", person, goal), STEP)
    return plan().goals[0].objectives[0]


def test_an_empty_plan_offers_the_first_strength_and_no_goal(browser, person):
    page = browser.get(address("plan", person)).content.decode()

    assert address("strength", person) in page
    assert address("goal", person) not in page


def test_whoever_begins_with_a_goal_is_led_to_a_strength(browser, person):
    answer = browser.get(address("goal", person), follow=True)

    assert answer.redirect_chain[-1][0] == address("strength", person)
    assert "starts from what somebody can do" in answer.content.decode()


def test_a_plan_shows_strength_goal_and_step(browser, person, with_step):
    page = browser.get(address("plan", person)).content.decode()

    for words in ("Cooks for twenty", "Run a stall", "Ask about a licence", "by 1 Dec 2026"):
        assert words in page


def test_a_step_is_done_by_one_press(browser, person, plan, with_step):
    step = with_step.objective.set.objective

    answer = browser.post(address("move", person, step), {"to": "done"})

    assert answer.url == address("plan", person)
    assert plan().completed == 1


def test_a_move_that_cannot_be_is_explained(browser, person, plan, with_step):
    step = with_step.objective.set.objective
    browser.post(address("move", person, step), {"to": "done"})

    answer = browser.post(address("move", person, step), {"to": "open"}, follow=True)

    assert "cannot become" in answer.content.decode()
    assert plan().completed == 1


def test_a_status_that_does_not_exist_is_not_there(browser, person, with_step):
    step = with_step.objective.set.objective

    assert browser.post(address("move", person, step), {"to": "won"}).status_code == 404


def test_a_step_in_the_past_is_refused_at_its_day(browser, person, plan, with_step):
    goal = plan().goals[0].goal.goal

    answer = browser.post(address("objective", person, goal), {**STEP, "by_when": "2026-01-01"})

    assert "id_by_when_error" in answer.content.decode()
    assert len(plan().goals[0].objectives) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [(STRENGTH, "Cooks for fifty"), (GOAL, "Run two stalls")],
)
def test_words_can_be_corrected(browser, person, plan, with_step, data, words):
    kept = plan().strengths[0] if data is STRENGTH else plan().goals[0]

    form = browser.get(address("correct", person, kept.entry)).content.decode()
    browser.post(address("correct", person, kept.entry), {**data, "words": words})

    assert data["words"] in form
    page = browser.get(address("plan", person)).content.decode()
    assert words in page
    assert data["words"] not in page


def test_an_entry_that_is_not_of_this_plan_cannot_be_corrected(browser, person):
    assert browser.get(address("correct", person, uuid.uuid4())).status_code == 404


def test_a_goal_of_another_plan_takes_no_step(browser, person):
    assert browser.get(address("objective", person, uuid.uuid4())).status_code == 404


def test_nothing_that_was_typed_is_in_the_title_or_the_address(browser, person, with_step):
    answer = browser.get(address("plan", person))

    title = answer.content.decode().split("</title>")[0]
    assert "Run a stall" not in title
    assert "stall" not in answer.request["PATH_INFO"]


def test_a_step_is_dropped_with_its_reason(browser, person, plan, with_step):
    url = address("drop", person, with_step.objective.set.objective)

    unsaid = browser.post(url, {"note": "too far"})
    browser.post(url, {"why": "in-the-way", "note": "too far"})

    assert "Choose the reason" in unsaid.content.decode()
    page = browser.get(address("plan", person)).content.decode()
    assert "Something stood in the way" in page
    assert "too far" in page


def test_a_goal_is_closed_and_taken_up_again(browser, person, plan, with_step):
    goal = plan().goals[0].goal.goal

    unsaid = browser.post(address("close", person, goal), {"status": "let-go"})
    browser.post(address("close", person, goal), {"status": "reached", "note": ""})
    closed = plan()
    browser.post(address("reopen", person, goal))

    assert "id_why_error" in unsaid.content.decode()
    assert len(closed.closed) == 1
    assert len(plan().goals) == 1


def test_the_last_step_is_taken_back_by_one_press(browser, person, plan, with_step):
    entry = plan().last.id

    browser.post(address("undo", person), {"entry": entry})
    again = browser.post(address("undo", person), {"entry": entry}, follow=True)

    assert plan().goals[0].objectives == ()
    assert "another one by now" in again.content.decode()


@pytest.mark.parametrize("name", ["drop", "close"])
def test_what_is_not_in_this_plan_is_not_there(browser, person, name):
    assert browser.get(address(name, person, uuid.uuid4())).status_code == 404


def test_a_goal_leads_to_the_services_of_its_part_of_life(browser, person, with_step):
    page = browser.get(address("plan", person)).content.decode()

    assert f"{reverse('referrals:choose', args=[person])}?need=employment" in page


def test_every_part_of_life_of_a_plan_is_a_need_of_the_directory():
    assert set(domains.domains()) == {need.value for need in Need}


def test_the_plan_names_the_six_principles(browser, person):
    """Fact 1.28, and fact 1.32: they promise nothing by themselves."""
    page = browser.get(address("plan", person)).content.decode()

    assert page.split("six principles")[1].split("</details>")[0].count("<li>") == 6
    assert "no difference" in page
