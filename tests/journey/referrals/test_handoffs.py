"""The log of hand-offs: noted, corrected, taken back; and pages of trays and hand-offs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from footbridge.journey.people import queries as people
from footbridge.journey.referrals import actions, handing_over
from footbridge.journey.referrals.handoffs import HandoffOutcome, HandoffWay, HandoffWho
from footbridge.journey.referrals.records import HandoffNoted
from footbridge.journey.services.rules import Need
from footbridge.trust import runtime
from footbridge.trust.decisions import RefusedError


@pytest.fixture
def one(somebody, city, today):
    """A referral in mind."""
    return actions.draft(somebody(), service=city.free.id, need=Need.HEALTH, on=today)


@pytest.fixture
def browser(house, worker, that_day):
    """A worker's browser."""
    return house.browser(worker)


def a_handoff(referral, on, **fields):
    usual = {
        "way": HandoffWay.CALLED_TOGETHER,
        "who": HandoffWho.WORKER,
        "agreed": frozenset(),
        "outcome": HandoffOutcome.EXPECTED,
    }
    return HandoffNoted(referral=referral, done_on=on, **(usual | fields))


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def codes(somebody):
    record = somebody()
    (course,) = people.summary_of(record.person.id, by=record.by).courses_of("referral")
    return course.codes


def test_a_warm_hand_off_is_told_to_the_summary_and_taken_back_from_it(somebody, one, today):
    handing_over.note(somebody(), a_handoff(one, today), on=today)
    assert "warm" in codes(somebody)
    (noted,) = actions.find(somebody(), one).handoffs

    handing_over.take_back(somebody(), one, noted.entry, on=today)

    assert "warm" not in codes(somebody)
    assert actions.find(somebody(), one).handoffs == ()


def test_a_correction_stands_in_the_place_of_what_was_noted(somebody, one, today):
    handing_over.note(somebody(), a_handoff(one, today), on=today)
    (noted,) = actions.find(somebody(), one).handoffs
    missed = a_handoff(one, today, outcome=HandoffOutcome.NOT_REACHED)

    handing_over.note(somebody(), missed, on=today, replaces=noted.entry)

    (now,) = actions.find(somebody(), one).handoffs
    assert now.outcome is HandoffOutcome.NOT_REACHED
    assert "warm" not in codes(somebody)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_hand_off_lies_between_the_referral_and_today(somebody, one, today, days):
    with pytest.raises(RefusedError, match="on which it happened"):
        handing_over.note(somebody(), a_handoff(one, today + timedelta(days=days)), on=today)


def test_a_hand_off_of_another_record_cannot_be_corrected(somebody, one, today, house, worker):
    handing_over.note(somebody(), a_handoff(one, today), on=today)
    (noted,) = actions.find(somebody(), one).handoffs
    _, other = house.in_care(worker)

    with pytest.raises(actions.UnknownReferralError):
        handing_over.take_back(other, one, noted.entry, on=today)


def test_the_page_notes_corrects_and_takes_back(browser, somebody, one, today):
    person = somebody().person.id
    place = reverse("referrals:handoff", args=[person, one])
    data = {"way": "went_along", "who": "peer", "outcome": "received", "on": today.isoformat()}
    assert "Choose what came of it" in text(browser.post(place, data | {"outcome": ""}))

    browser.post(place, data | {"agreed": ["day", "no_name"], "note": "tea first"})

    page = text(browser.get(reverse("referrals:one", args=[person, one])))
    assert "Went along to the service" in page
    assert "tea first" in page
    assert "Warm" in page
    (noted,) = actions.find(somebody(), one).handoffs
    correct = reverse("referrals:correct_handoff", args=[person, one, noted.entry])
    assert re.search(r'value="peer"[^>]* checked', browser.get(correct).content.decode())
    browser.post(correct, {"undo": "1"})
    assert actions.find(somebody(), one).handoffs == ()


def test_a_history_says_in_sentences_what_happened(browser, somebody, one, today):
    actions.offer(somebody(), one, on=today)

    page = text(browser.get(reverse("referrals:one", args=[somebody().person.id, one])))

    assert "It was offered, and its price in anonymity was shown." in page
    assert "A service was chosen for a need." in page


def test_the_trays_lead_to_each_referral(browser, somebody, one):
    page = browser.get(reverse("referrals:trays"))

    assert reverse("referrals:one", args=[somebody().person.id, one]) in page.content.decode()
    assert somebody().handle in text(page)


def test_empty_trays_say_what_they_are_for(browser, city):
    assert "No referral is under way" in text(browser.get(reverse("referrals:trays")))


def test_guesses_at_codes_are_told_to_whoever_reads_the_trays(browser, one):
    door = runtime.slip_door
    door._failures.extend([door.clock()] * 20)

    assert "Many wrong codes" in text(browser.get(reverse("referrals:trays")))
