"""Drill: a browser's profile is stolen: cookies that were live, and every page that was shown."""

from __future__ import annotations

import pytest
from django.test import Client

from footbridge.trust import runtime
from footbridge.trust.access.sessions import Limits, Sessions

pytestmark = [pytest.mark.drill, pytest.mark.django_db]


@pytest.fixture
def visited(house):
    """A colleague's browser that has opened somebody's page, and the path of that page."""
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann)
    browser, path = house.browser(ann), f"/people/{enrolled.person}/"
    assert browser.get(path).status_code == 200
    return house, browser, path, enrolled


def thief(browser: Client) -> Client:
    """Return another browser with a copy of everything the first one kept."""
    copy = Client()
    for name, morsel in browser.cookies.items():
        copy.cookies[name] = morsel.value
    return copy


def opens(client: Client, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 200


def test_while_the_session_lives_the_cookie_opens_it_so_that_this_drill_can_fail(visited):
    _, browser, path, _ = visited

    assert opens(thief(browser), path)


@pytest.mark.parametrize("ending", ["/sign-out/", "/leave/", "/panic/"])
def test_after_the_session_ended_the_cookie_opens_nothing(visited, ending):
    house, browser, path, _ = visited
    stolen = thief(browser)

    browser.post(ending)

    assert not opens(stolen, path)
    runtime.seal.unseal(house.keys) if house.keys.live else None
    assert not opens(stolen, path)


def test_a_session_that_was_still_for_ten_minutes_opens_nothing(house):
    now = [0.0]
    sessions = Sessions(Limits(), clock=lambda: now[0])
    cookie = sessions.begin(house.add_staff("ann"))
    now[0] = 599.0
    assert not isinstance(sessions.resume(cookie, site=house.keys), str)

    now[0] += 601.0

    assert isinstance(sessions.resume(cookie, site=house.keys), str)


def test_a_session_ends_after_eight_hours_however_busy(house):
    now = [0.0]
    sessions = Sessions(Limits(), clock=lambda: now[0])
    cookie = sessions.begin(house.add_staff("ann"))
    while now[0] < 8 * 3600 - 300:
        now[0] += 300.0
        assert not isinstance(sessions.resume(cookie, site=house.keys), str)

    now[0] += 301.0

    assert isinstance(sessions.resume(cookie, site=house.keys), str)


def test_the_memory_of_the_process_without_the_cookie_holds_no_private_key(house):
    ann = house.add_staff("ann")
    sessions = Sessions(Limits())

    cookie = sessions.begin(ann)

    kept = repr([(row.sealed, row.once) for row in sessions._rows.values()]).encode()
    raw = b"".join(row.sealed for row in sessions._rows.values())
    assert ann.pair.private not in raw
    assert bytes.fromhex(cookie) not in raw
    assert cookie.encode() not in kept


def test_no_page_may_be_kept_and_no_cookie_carries_data(visited):
    _, browser, path, enrolled = visited
    for address in (path, "/today/", "/people/", "/kiosk/", "/sign-in/"):
        answer = browser.get(address)
        assert "no-store" in answer.headers["Cache-Control"], address
    for name, morsel in browser.cookies.items():
        assert enrolled.handle not in morsel.value, name
        assert morsel["httponly"] or name == "footbridge"
