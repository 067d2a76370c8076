"""Pages of the assessments room: asked in the person's language, with gaps allowed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from footbridge.journey.assessments import instruments, queries
from footbridge.journey.consents.rules import Language
from footbridge.journey.people import queries as people

pytestmark = pytest.mark.usefixtures("that_day")
CHECK = ("recovery-capital-check", 1)


@pytest.fixture
def person(house, worker):
    return house.in_care(worker)[0].person


@pytest.fixture
def browser(house, worker):
    return house.browser(worker)


def address(name, person, *more):
    return reverse(f"assessments:{name}", args=[person, *more])


def whole(today, value="2"):
    items = instruments.instrument(*CHECK).items
    return {f"item-{item.id}": value for item in items} | {"taken_on": today.isoformat()}


def sittings(person, worker):
    return queries.sittings(people.open_record(person, by=worker))


def test_what_can_be_asked_is_listed_with_its_mark(browser, person):
    page = browser.get(address("choose", person)).content.decode()

    assert "Recovery capital check" in page
    assert "Not validated" in page
    assert address("calendar", person) in page


@pytest.mark.parametrize("language", list(Language))
def test_the_sheet_speaks_the_language_that_is_wanted(browser, person, language):
    page = browser.get(address("take", person, *CHECK) + f"?read={language}").content.decode()

    check = instruments.instrument(*CHECK)
    assert check.instruction[language] in page
    assert all(item.words[language] in page for item in check.items)


def test_answers_lead_to_the_scores(browser, person, worker, today):
    answer = browser.post(address("take", person, *CHECK), whole(today))

    assert answer.url == address("done", person, *CHECK)
    assert "20" in browser.get(answer.url).content.decode()
    assert len(sittings(person, worker)) == 1


def test_a_question_may_be_left_out(browser, person, worker, today):
    data = {**whole(today), "item-p1": ""}

    answer = browser.post(address("take", person, *CHECK), data)

    assert answer.status_code == 302
    assert sittings(person, worker)[0].taken.answers["p1"] is None
    assert "counts as the mean of the others" in browser.get(answer.url).content.decode()


def test_an_empty_sheet_is_not_kept(browser, person, worker, today):
    answer = browser.post(address("take", person, *CHECK), {"taken_on": today.isoformat()})

    assert "nothing to keep" in answer.content.decode()
    assert sittings(person, worker) == []


def test_a_correction_starts_from_what_was_answered(browser, person, worker, today):
    browser.post(address("take", person, *CHECK), whole(today, "3"))
    (kept,) = sittings(person, worker)
    correct = address("correct", person, kept.entry)

    page = browser.get(correct).content.decode()
    browser.post(correct, whole(today, "1"))

    assert page.count("checked") == len(kept.taken.answers)
    assert [one.taken.answers["p1"] for one in sittings(person, worker)] == [1]


def test_an_instrument_that_the_house_does_not_have_is_not_there(browser, person):
    assert browser.get(address("take", person, "phrenology", 1)).status_code == 404


def test_a_sitting_of_somebody_else_cannot_be_corrected(house, worker, browser, person, today):
    browser.post(address("take", person, *CHECK), whole(today))
    entry = sittings(person, worker)[0].entry
    other, _ = house.in_care(worker)

    assert browser.get(address("correct", other.person, entry)).status_code == 404


def test_the_calendar_counts_what_was_marked(browser, person, worker, today):
    days = {f"day-{at}": "0" for at in range(60)} | {f"day-{at}": "1" for at in range(60, 70)}

    answer = browser.post(address("calendar", person), days)

    kept = queries.state_of(people.open_record(person, by=worker)).last_calendar
    assert kept.marks == "0" * 60 + "1" * 10 + "?" * 20
    assert kept.end_on == today - timedelta(days=1)
    assert "86 in 100" in browser.get(answer.url).content.decode()


def test_days_away_are_counted_apart(browser, person, worker, today):
    days = {"day-0": "1", "day-1": "1"}
    away = {
        "away_from": (today - timedelta(days=90)).isoformat(),
        "away_to": (today - timedelta(days=86)).isoformat(),
    }

    browser.post(address("calendar", person), {**days, **away})

    kept = queries.state_of(people.open_record(person, by=worker)).last_calendar
    assert kept.marks[:6] == "11ppp?"


def test_half_a_stretch_is_refused_and_the_marks_stay(browser, person, today):
    answer = browser.post(
        address("calendar", person), {"day-3": "1", "away_from": today.isoformat()}
    )

    page = answer.content.decode()
    assert "Enter both days, or neither" in page
    assert page.count('value="1" selected') == 1


def test_the_next_calendar_goes_on_from_the_last(browser, person):
    browser.post(address("calendar", person), {"day-89": "1"})

    page = browser.get(address("calendar", person)).content.decode()

    assert page.count('value="1" selected') == 1


def test_scores_over_time_stand_on_the_persons_page(browser, person, today):
    earlier = today - timedelta(days=90)
    browser.post(address("take", person, *CHECK), whole(earlier, "1"))
    browser.post(address("take", person, *CHECK), whole(today, "3"))

    page = browser.get(address("done", person, *CHECK)).content.decode()

    assert "polyline" in page
    assert "23 Aug 2026" in page
    assert "21 Nov 2026" in page
