"""Sessions as they are met at the pages: they end by themselves, and with what ends them."""

import re

import pytest
from django.test import Client

from footbridge.journey.consents.rules import Purpose
from footbridge.trust import runtime
from footbridge.trust.access.sessions import Limits
from footbridge.trust.recognition.words import phrase_word_set
from footbridge.trust.vault.site_keys import SealedSiteError
from tests.factories import PASSPHRASE, code_of

pytestmark = pytest.mark.django_db


class Clock:
    now = 9e5

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(runtime.sessions(), "_clock", clock)
    return clock


def is_in(browser, page="/more/"):
    return browser.get(page).status_code == 200


def at_kiosk(house, enrolled):
    browser = Client()
    browser.post("/kiosk/", {"handle": enrolled.handle, "phrase": " ".join(enrolled.phrase)})
    assert is_in(browser, "/kiosk/mine/")
    return browser


def test_a_colleague_who_does_nothing_is_signed_out(house, clock):
    browser = house.browser(house.add_staff("ann"))

    clock.now += Limits().idle
    assert is_in(browser)
    clock.now += Limits().idle + 1

    assert not is_in(browser)


def test_a_person_at_the_kiosk_is_signed_out_sooner(house, clock):
    browser = at_kiosk(house, house.enrol(house.add_staff("ann")))

    clock.now += Limits().kiosk_idle + 1

    answer = browser.get("/kiosk/mine/")
    assert answer.headers["Location"] == "/kiosk/"


def test_the_cookie_of_a_session_that_is_over_is_taken_from_the_browser(house, clock):
    browser = house.browser(house.add_staff("ann"))
    clock.now += Limits().idle + 1

    browser.get("/today/")

    assert browser.cookies["footbridge"].value == ""


@pytest.mark.parametrize("cookie", ["", "0", "zz" * 32, "00" * 32, "'; --", "é"])
def test_a_cookie_that_is_none_lets_nobody_in(house, cookie):
    browser = Client()
    browser.cookies["footbridge"] = cookie

    assert not is_in(browser)


def test_signing_in_again_gives_another_cookie(house):
    house.add_staff("ann")
    values = set()
    for _ in range(3):
        runtime.used_codes.__init__()
        browser = Client()
        asked = {"name": "ann", "passphrase": PASSPHRASE, "code": code_of(house.secrets["ann"])}
        browser.post("/sign-in/", asked)
        values.add(browser.cookies["footbridge"].value)

    assert len(values) == 3


def test_being_forgotten_ends_every_visit_of_the_person(house):
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann)
    first, second = at_kiosk(house, enrolled), at_kiosk(house, enrolled)

    first.post("/kiosk/forget/", {"phrase": " ".join(enrolled.phrase), "sure": "on"})

    assert not is_in(first, "/kiosk/mine/")
    assert not is_in(second, "/kiosk/mine/")


def test_a_new_phrase_from_a_worker_ends_every_visit_of_the_person(house):
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann)
    visit = at_kiosk(house, enrolled)

    house.browser(ann).post(f"/people/{enrolled.person}/new-phrase/")

    assert not is_in(visit, "/kiosk/mine/")


def test_a_recovery_ends_every_visit_of_the_person(house):
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)
    visit = at_kiosk(house, enrolled)
    shares = "\n".join(house.founded.recovery_shares[:3])

    answer = house.browser(ann).post(f"/people/{enrolled.person}/recover/", {"shares": shares})

    assert answer.status_code == 302
    assert not is_in(visit, "/kiosk/mine/")


def test_a_new_phrase_is_shown_once_and_to_whoever_asked(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, _ = house.in_care(ann)
    mine, theirs = house.browser(ann), house.browser(ben)
    mine.post(f"/people/{enrolled.person}/new-phrase/")

    other, first, second = (
        listed_words(one.get(f"/people/{enrolled.person}/words/")) for one in (theirs, mine, mine)
    )

    shown_once = first - second
    assert len(shown_once) >= 3
    assert not shown_once & other


def listed_words(answer):
    """Return which words of the phrase list stand on a page, by chance or not."""
    return set(re.findall(r"[a-z]+", answer.content.decode())) & phrase_word_set("en")


def test_two_people_on_one_device_do_not_meet(house):
    ann = house.add_staff("ann")
    one, two = house.enrol(ann), house.enrol(ann)
    browser = at_kiosk(house, one)

    browser.post("/kiosk/", {"handle": two.handle, "phrase": " ".join(two.phrase)})
    page = browser.get("/kiosk/mine/").content.decode()

    assert two.handle in page
    assert one.handle not in page


def test_panic_in_the_middle_of_a_request_shows_the_sealed_page(house, monkeypatch):
    browser = house.browser(house.add_staff("ann"))

    def sealed_meanwhile(*_args, **_named):
        raise SealedSiteError

    monkeypatch.setattr(runtime.sessions(), "resume", sealed_meanwhile)

    assert browser.get("/more/").status_code == 503
