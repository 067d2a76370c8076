"""Pages of the consents room: a text is read whole, one purpose at a time."""

from __future__ import annotations

import pytest
from django.urls import reverse

from footbridge.journey.consents import actions, queries, texts
from footbridge.journey.consents.rules import Language, Purpose
from footbridge.journey.people import queries as people

pytestmark = pytest.mark.usefixtures("that_day")
READ = {"read_twice": "on", "questions_answered": "on", "lasts": "10"}


def ask(person, purpose="care"):
    return reverse("consents:ask", args=[person]) + f"?purpose={purpose}"


def held(person, worker, today):
    return actions.state_of(people.open_record(person, by=worker)).held(on=today)


@pytest.mark.parametrize("language", list(Language))
def test_the_whole_text_is_shown_in_the_language_that_is_wanted(house, worker, language):
    enrolled = house.enrol(worker)

    page = house.browser(worker).get(ask(enrolled.person) + f"&read={language}").content.decode()

    text = texts.newest()[Purpose.CARE]
    for part in (*text.parts, *text.questions):
        assert part.words[language] in page.replace("&#x27;", "'")


def test_a_spoken_yes_begins_the_record(house, worker, today):
    enrolled = house.enrol(worker)

    answer = house.browser(worker).post(ask(enrolled.person), READ)

    assert answer.url == reverse("person", args=[enrolled.person])
    assert held(enrolled.person, worker, today) == {Purpose.CARE}


def test_a_text_that_was_read_once_does_not_count(house, worker):
    enrolled = house.enrol(worker)
    once = {name: value for name, value in READ.items() if name != "read_twice"}

    answer = house.browser(worker).post(ask(enrolled.person), once)

    assert answer.status_code == 200
    assert "Read the text a second time" in answer.content.decode()


def test_more_weeks_than_the_text_allows_are_refused_in_words(house, worker):
    enrolled = house.enrol(worker)

    answer = house.browser(worker).post(ask(enrolled.person), {**READ, "lasts": "999"})

    assert "outside what the text" in answer.content.decode()


def test_without_a_record_only_care_can_be_asked_for(house, worker):
    enrolled = house.enrol(worker)

    page = house.browser(worker).get(ask(enrolled.person, "recall")).content.decode()

    assert "The consent to care comes first" in page
    assert "The person said yes" not in page


def test_a_purpose_that_does_not_exist_is_not_there(house, worker):
    enrolled = house.enrol(worker)

    assert house.browser(worker).get(ask(enrolled.person, "marketing")).status_code == 404


def test_a_single_purpose_is_taken_back_only_when_the_person_is_there(house, worker, today):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.RECALL)
    address = reverse("consents:withdraw", args=[enrolled.person, "recall"])
    browser = house.browser(worker)

    alone = browser.post(address)
    after_alone = held(enrolled.person, worker, today)
    browser.post(address, {"asked": "on"})

    assert "Only the person can take a consent back" in alone.content.decode()
    assert Purpose.RECALL in after_alone
    assert held(enrolled.person, worker, today) == {Purpose.CARE}


def test_taking_back_care_leads_out_of_the_record(house, worker):
    enrolled, _ = house.in_care(worker)
    browser = house.browser(worker)

    answer = browser.post(
        reverse("consents:withdraw", args=[enrolled.person, "care"]), {"asked": "on"}
    )

    assert answer.url == reverse("people")
    assert browser.get(reverse("consents:of", args=[enrolled.person])).status_code == 403


def test_the_overview_shows_every_purpose_with_its_state(house, worker):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.RECALL)

    page = house.browser(worker).get(reverse("consents:of", args=[enrolled.person]))

    shown = page.content.decode()
    assert "until" in shown
    assert shown.count("Not asked yet") >= 2


def test_ways_are_asked_for_only_with_consent_to_contact(house, worker):
    enrolled, _ = house.in_care(worker)
    address = reverse("consents:contact", args=[enrolled.person])
    browser = house.browser(worker)

    before = browser.get(address).content.decode()
    house.consent(enrolled, worker, Purpose.CONTACT)
    after = browser.get(address).content.decode()

    assert "There is no consent to contact" in before
    assert 'name="ways"' in after


def test_an_account_is_refused_and_the_words_stay_for_correction(house, worker):
    enrolled, record = house.in_care(worker, Purpose.CARE, Purpose.CONTACT)

    answer = house.browser(worker).post(
        reverse("consents:contact", args=[enrolled.person]),
        {"ways": "WeChat: somebody88", "days": "30"},
    )

    assert "leads to a name" in answer.content.decode()
    assert queries.ways(record) is None


def test_kept_ways_are_shown_with_the_week_in_which_they_go(house, worker):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.CONTACT)
    address = reverse("consents:contact", args=[enrolled.person])
    browser = house.browser(worker)

    browser.post(address, {"ways": "the tea house on market days", "days": "30"})

    page = browser.get(address).content.decode()
    assert "the tea house on market days" in page
    assert "week of" in page


def test_somebody_outside_the_care_team_opens_none_of_it(house, worker):
    enrolled, _ = house.in_care(worker)
    other = house.browser(house.add_staff("wei"))

    assert other.get(reverse("consents:of", args=[enrolled.person])).status_code == 403
    assert other.get(ask(enrolled.person)).url == reverse(
        "people:join_team", args=[enrolled.person]
    )
