"""One question a page, saved as it goes; what was begun is gone on with, or put away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from footbridge.journey.assessments import definitions, instruments, queries
from footbridge.journey.consents.rules import Language
from footbridge.journey.people import queries as people
from footbridge.trust.access.rules import Role

pytestmark = pytest.mark.usefixtures("that_day")
ESTEEM = ("self-esteem-check", 1)
PHQ = ("phq-9", 1)


@pytest.fixture
def person(house, worker):
    return house.in_care(worker)[0].person


@pytest.fixture
def browser(house, worker):
    return house.browser(worker)


@pytest.fixture
def coordinator(house):
    return house.add_staff("mei", role=Role.COORDINATOR)


def worded(key, language="en"):
    """A scoring key with words that mean nothing, as a site would lay its own over it."""
    found = definitions.written(instruments.packaged()[key])
    found["languages"] = [language]
    for item in found["items"]:
        item["words"] = {language: f"Question {item['id']} of the book"}
        for option in item["options"]:
            option["words"] = {language: f"answer {option['value']}"}
    return found


def address(name, person, *more):
    return reverse(f"assessments:{name}", args=[person, *more])


def begun(person, worker, key=ESTEEM):
    record = people.open_record(person, by=worker)
    return queries.begun(record, instruments.instrument(*key))


def answered(browser, person, value="3", key=ESTEEM, **others):
    """Answer every question that is asked; return where the last one leads."""
    at = browser.get(address("ask", person, *key))
    for item in instruments.instrument(*key).items:
        given = others.get(item.id, value)
        at = browser.post(f"{address('ask', person, *key)}?at={item.id}", {"answer": given})
    return at.url


def test_every_answer_is_kept_at_once_and_leads_to_the_next_question(browser, person, worker):
    first = browser.get(address("ask", person, *ESTEEM)).content.decode()

    answer = browser.post(f"{address('ask', person, *ESTEEM)}?at=w1", {"answer": "4"})

    assert "Question 1 of 6" in first
    assert "checked" not in first
    assert answer.url.endswith("?at=w2")
    assert begun(person, worker).sitting.answers == {"w1": 4}


def test_a_sitting_is_gone_on_with_where_it_stopped(browser, person):
    browser.post(f"{address('ask', person, *ESTEEM)}?at=w1", {"answer": "4", "later": "1"})

    listed = browser.get(address("choose", person)).content.decode()
    page = browser.get(address("ask", person, *ESTEEM)).content.decode()

    assert "1 of 6 questions gone through" in listed
    assert "Question 2 of 6" in page


def test_a_question_left_out_counts_as_reached(browser, person, worker):
    answer = browser.post(f"{address('ask', person, *ESTEEM)}?at=w1", {"answer": ""})

    assert answer.url.endswith("?at=w2")
    assert begun(person, worker).sitting.answers == {"w1": None}


def test_a_finished_sitting_takes_the_place_of_what_was_begun(browser, person, worker, today):
    look = answered(browser, person)
    shown = browser.get(look).content.decode()

    answer = browser.post(look, {"taken_on": today.isoformat()})

    record = people.open_record(person, by=worker)
    assert "Look over the answers" in shown
    assert answer.url == address("done", person, *ESTEEM)
    # Four sentences at 3, two turned to 1.
    assert "14" in browser.get(answer.url).content.decode()
    assert begun(person, worker) is None
    assert len(queries.sittings(record)) == 1


def test_what_was_begun_can_be_put_away(browser, person, worker):
    browser.post(f"{address('ask', person, *ESTEEM)}?at=w1", {"answer": "4"})

    browser.post(address("drop", person, *ESTEEM))

    assert begun(person, worker) is None
    assert "not finished" not in browser.get(address("choose", person)).content.decode()


def test_a_sheet_can_be_saved_half_done_and_finished_another_day(browser, person, worker, today):
    sheet = address("take", person, *ESTEEM)

    browser.post(sheet, {"item-w1": "4", "later": "1"})
    page = browser.get(sheet).content.decode()
    browser.post(sheet, {f"item-w{n}": "2" for n in range(1, 7)} | {"taken_on": today.isoformat()})

    assert re.search(r'name="item-w1" value="4"[^>]*checked', page)
    assert begun(person, worker) is None


def test_nobody_elses_begun_sitting_is_seen(house, worker, browser, person):
    browser.post(f"{address('ask', person, *ESTEEM)}?at=w1", {"answer": "4"})
    other, _ = house.in_care(worker)

    assert begun(other.person, worker) is None


def test_a_question_that_does_not_apply_has_no_page(browser, person, coordinator, today):
    instruments.load(worded(("assist", 1)), by=coordinator, on=today)
    place = address("ask", person, "assist", 1)

    browser.post(f"{place}?at=q1-tobacco", {"answer": "0"})

    assert browser.get(f"{place}?at=q2-tobacco").status_code == 404


def test_branching_asks_only_what_the_answers_lead_to(browser, person, coordinator, today, worker):
    instruments.load(worded(("assist", 1)), by=coordinator, on=today)
    place, key = address("ask", person, "assist", 1), ("assist", 1)
    for item in instruments.instrument(*key).items[:10]:
        used = "3" if item.id == "q1-opioids" else "0"
        last = browser.post(f"{place}?at={item.id}", {"answer": used})

    assert last.url.endswith("?at=q2-opioids")
    assert begun(person, worker, key).asked == 10 + 3 + 1  # q2, q6 and q7, and injecting
    answer = browser.post(f"{place}?at=q2-opioids", {"answer": "6"})
    assert answer.url.endswith("?at=q3-opioids")


def test_a_sheet_says_when_a_question_is_asked(browser, person, coordinator, today):
    instruments.load(worded(("assist", 1)), by=coordinator, on=today)

    page = browser.get(address("take", person, "assist", 1) + "?read=en").content.decode()

    assert "Only if “Question q1-opioids of the book” was answered with: answer 3" in page


def test_the_look_over_the_answers_says_what_was_not_reached(browser, person):
    browser.post(f"{address('ask', person, *ESTEEM)}?at=w1", {"answer": "4"})

    page = browser.get(address("check", person, *ESTEEM)).content.decode()

    assert "5 questions were not reached yet" in page


def test_item_nine_of_the_phq_opens_the_way_to_a_safety_plan(browser, person, coordinator, today):
    instruments.load(worded(PHQ), by=coordinator, on=today)
    look = answered(browser, person, "0", PHQ, **{"9": "1"})

    before = browser.get(look).content.decode()
    browser.post(look, {"taken_on": today.isoformat()})
    after = browser.get(address("done", person, *PHQ)).content.decode()

    assert "Make a safety plan together now" in before
    assert "Make a safety plan together now" in after


def test_no_other_answer_of_the_phq_does(browser, person, coordinator, today):
    instruments.load(worded(PHQ), by=coordinator, on=today)
    look = answered(browser, person, "3", PHQ, **{"9": "0"})
    browser.post(look, {"taken_on": today.isoformat()})

    page = browser.get(address("done", person, *PHQ)).content.decode()

    assert "Make a safety plan together now" not in page
    assert "Severe" in page  # 24 points, a band of its authors


def test_a_key_without_words_cannot_be_asked(browser, person):
    assert browser.get(address("ask", person, *PHQ)).status_code == 404
    assert browser.get(address("take", person, *PHQ)).status_code == 404


def test_change_is_told_against_an_error_once_thirty_people_answered(
    house, worker, browser, person, today, monkeypatch
):
    sheet = {f"item-w{n}": "1" for n in range(1, 7)}
    for on, value in ((today - timedelta(days=90), "0"), (today, "4")):
        browser.post(
            address("take", person, *ESTEEM),
            sheet | {"item-w1": value, "taken_on": on.isoformat()},
        )
    alone = browser.get(address("done", person, *ESTEEM)).content.decode()
    check = instruments.instrument(*ESTEEM)
    spread = [
        {i.id: i.keyed(n % 5) if n % 3 else i.keyed((n + 1) % 5) for i in check.items}
        | {"w1": n % 4}
        for n in range(31)
    ]
    monkeypatch.setattr(queries, "first_sittings", lambda *_args, **_more: spread)

    many = browser.get(address("done", person, *ESTEEM)).content.decode()

    assert "may be chance" in alone
    assert "so far 1 whom you care for" in alone
    assert "Reliable change index" in many
    assert "spread among the 31" in many


def test_reliability_is_worked_out_from_ones_own_people_and_nobody_elses(
    house, worker, browser, person, today
):
    browser.post(
        address("take", person, *ESTEEM),
        {f"item-w{n}": "1" for n in range(1, 7)} | {"taken_on": today.isoformat()},
    )
    colleague = house.add_staff("tao")

    mine = queries.first_sittings(instruments.instrument(*ESTEEM), by=worker)
    theirs = queries.first_sittings(instruments.instrument(*ESTEEM), by=colleague)

    assert len(mine) == 1
    assert theirs == []


def test_one_sitting_of_several_is_compared_with_the_one_before_it(browser, person, worker, today):
    for weeks, value in ((8, "1"), (4, "2"), (0, "4")):
        on = today - timedelta(weeks=weeks)
        browser.post(
            address("take", person, *ESTEEM),
            {f"item-w{n}": value for n in range(1, 7)} | {"taken_on": on.isoformat()},
        )
    kept = queries.sittings(people.open_record(person, by=worker))

    page = browser.get(address("sitting", person, kept[1].entry)).content.decode()
    history = browser.get(address("history", person)).content.decode()

    assert "Compared with 26 Sep 2026" in page
    assert history.count('scope="row"') == 3


def test_the_shelf_lists_what_can_be_asked_and_what_lacks_words(browser, house, coordinator, today):
    before = browser.get(reverse("assessments:instruments")).content.decode()
    instruments.load(worded(("gad-7", 1), "zh"), by=coordinator, on=today)
    after = browser.get(reverse("assessments:instruments")).content.decode()

    assert before.count("No wording yet") == after.count("No wording yet") + 1
    assert instruments.instrument("gad-7", 1).worded == {Language.ZH}


def test_a_coordinator_decides_how_item_eight_counts_and_a_worker_does_not(
    house, browser, coordinator
):
    place = reverse("assessments:decide", args=["rses", 1])
    shown = reverse("assessments:instrument", args=["rses", 1])

    refused = browser.post(place, {"item-8": "left-out"})
    answer = house.browser(coordinator).post(place, {"item-8": "straight"})

    assert refused.status_code == 403
    assert answer.url == shown
    assert "Decide how it is scored" not in browser.get(shown).content.decode()
    assert "As it is answered" in browser.get(shown).content.decode()
    assert instruments.chosen(("rses", 1)) == {"item-8": "straight"}
    assert not instruments.instrument("rses", 1).item("8").reverse
