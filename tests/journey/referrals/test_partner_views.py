"""The door for slips in a browser: a neutral page that tells little and shuts when sealed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from footbridge.journey.referrals import actions
from footbridge.journey.referrals.rules import Move
from footbridge.journey.referrals.slips import slip_code
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services.rules import Need
from footbridge.trust import runtime
from footbridge.trust.vault.models import Letter

DOOR = "/s/"


@pytest.fixture
def code(somebody, city, that_day):
    """The code of a slip that was handed over today."""
    one = actions.draft(somebody(), service=city.free.id, need=Need.HOUSING, on=that_day)
    actions.offer(somebody(), one, on=that_day)
    price = actions.find(somebody(), one).price_shown
    yes = Move(ReferralState.CONSENTED, that_day, Actor.PERSON, acknowledged=price)
    actions.move(somebody(), one, move=yes, on=that_day)
    return actions.send(somebody(), one, on=that_day, draws=lambda below: 11 % below)


@pytest.fixture
def partner():
    """A browser in which nobody signed in."""
    return Client()


def text(answer):
    """Return what a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_address_and_the_title_give_nothing_away(partner, code):
    assert reverse("slips:door") == DOOR
    for answer in (partner.get(DOOR), partner.post(DOOR, {"code": code})):
        page = answer.content.decode()
        assert "<title>Page</title>" in page
        assert not re.search("footbridge|notebook|referral|programme", text(answer), re.I)
        assert code not in answer.wsgi_request.get_full_path()


def test_a_code_shows_the_kind_of_service_and_four_answers(partner, code):
    page = partner.post(DOOR, {"code": code})

    assert "Housing" in text(page)
    assert re.findall(r'name="said" value="(\w+)"', page.content.decode()) == [
        "accepted", "appointment", "came", "cannot",
    ]  # fmt: skip


def test_the_page_tells_nothing_about_who_brings_the_slip(partner, code, somebody, city):
    record = somebody()

    page = partner.post(DOOR, {"code": code}).content.decode()

    for secret in (record.handle, str(record.person.id), city.free.service.name):
        assert secret not in page


def test_an_answer_is_kept_and_the_page_is_left_by_a_redirect(partner, code):
    answer = partner.post(DOOR, {"code": code, "said": "accepted"})

    assert (answer.status_code, answer.url) == (302, reverse("slips:done"))
    assert Letter.objects.count() == 1
    again = partner.post(DOOR, {"code": code})
    assert "You said before We accept" in text(again)


def test_an_appointment_without_a_day_is_asked_for_again(partner, code, today):
    data = {"code": code, "said": "appointment"}

    assert "Enter the day of the appointment" in text(partner.post(DOOR, data))
    far = today + timedelta(days=400)
    assert "Enter the day" in text(partner.post(DOOR, data | {"appointment-day": far.isoformat()}))
    day = today + timedelta(days=2)
    assert partner.post(DOOR, data | {"appointment-day": day.isoformat()}).status_code == 302


def test_a_refusal_asks_why_from_the_list(partner, code):
    data = {"code": code, "said": "cannot"}

    assert "Choose a reason" in text(partner.post(DOOR, data))
    assert partner.post(DOOR, data | {"cannot-reason": "too_far"}).status_code == 302
    assert "opens nothing here" in text(partner.post(DOOR, {"code": code}))


def test_guesses_make_everybody_wait(partner, code):
    for draw in range(5):
        guess = slip_code(lambda below, draw=draw: draw % below)
        assert "opens nothing here" in text(partner.post(DOOR, {"code": guess}))

    answer = Client().post(DOOR, {"code": code})

    assert answer.status_code == 429
    assert "Wait" in text(answer)


def test_a_sealed_site_answers_in_words_that_say_nothing_of_it(partner, code):
    runtime.panic()

    for answer in (partner.get(DOOR), partner.post(DOOR, {"code": code, "said": "came"})):
        assert answer.status_code == 503
        assert "Closed at present" in text(answer)
        assert not re.search("seal|keyholder|notebook", text(answer), re.I)


def test_the_page_speaks_chinese(partner, code):
    page = partner.post(DOOR, {"code": code}, headers={"accept-language": "zh-hans"})

    assert "住处" in text(page)
    assert "要排队等候" in text(page)


def test_the_worker_sees_on_the_persons_page_what_the_service_said(
    partner, code, house, worker, somebody
):
    partner.post(DOOR, {"code": code, "said": "accepted"})

    page = house.browser(worker).get(reverse("person", args=[somebody().person.id]))

    assert "Accepted by the service" in text(page)
    assert Letter.objects.count() == 0
