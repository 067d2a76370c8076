"""Cookies, forms and languages: a form needs its token, and a choice of language stays."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from footbridge.trust import runtime

pytestmark = pytest.mark.django_db


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("tls", [True, False])
def test_the_sessions_cookie_travels_as_it_should(house, settings, tls):
    settings.FOOTBRIDGE_COOKIE_SECURE = tls
    enrolled = house.enrol(house.add_staff("ann"))
    browser = Client()

    browser.post("/kiosk/", {"handle": enrolled.handle, "phrase": " ".join(enrolled.phrase)})

    cookie = browser.cookies["footbridge"]
    assert bool(cookie["secure"]) == tls
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert not cookie["max-age"]
    assert not cookie["expires"]


@pytest.mark.parametrize("address", ["/nowhere/", "/people/not-an-id/", "/static/nothing.css"])
def test_a_page_that_is_not_there_is_quiet_too(house, address):
    answer = Client().get(address)

    assert answer.status_code == 404
    assert "no-store" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_form_without_its_token_does_nothing_and_says_so(house):
    ann = house.add_staff("ann")
    browser = house.browser(ann, enforce_csrf_checks=True)

    answer = browser.post("/panic/")

    assert answer.status_code == 403
    assert "open too long" in text_of(answer)
    assert runtime.seal.open


def test_a_form_with_its_token_is_taken(house):
    browser = Client(enforce_csrf_checks=True)
    enrolled = house.enrol(house.add_staff("ann"))
    page = text_of(browser.get("/kiosk/"))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    answer = browser.post(
        "/kiosk/",
        {
            "handle": enrolled.handle,
            "phrase": " ".join(enrolled.phrase),
            "csrfmiddlewaretoken": token,
        },
    )

    assert answer.headers["Location"] == "/kiosk/mine/"


def test_the_language_is_switched_and_stays(house):
    browser = Client()

    browser.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    page = text_of(browser.get("/sign-in/"))

    assert 'lang="zh-hans"' in page
    assert browser.cookies["language"].value == "zh-hans"
    assert browser.cookies["language"]["httponly"]


def test_the_language_is_switched_while_the_site_is_sealed(house):
    runtime.panic()
    browser = Client()

    assert browser.post("/language/", {"language": "zh-hans"}).status_code == 302
    assert 'lang="zh-hans"' in text_of(browser.get("/sign-in/"))


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example"])
def test_switching_the_language_sends_nobody_away(house, address):
    answer = Client().post("/language/", {"language": "en", "next": address})

    assert "elsewhere" not in answer.headers["Location"]


def test_an_unknown_language_changes_nothing(house):
    browser = Client()

    browser.post("/language/", {"language": "xx"})

    assert "language" not in browser.cookies
