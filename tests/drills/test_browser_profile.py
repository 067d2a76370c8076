"""Drill 3: a stolen browser profile: cookies, caches and history after the session is over."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import pytest
from django.test import Client

import footbridge.site
from footbridge.trust import control, runtime
from footbridge.trust.access.sessions import Ended, Limits, Sessions
from footbridge.trust.vault import crypto
from footbridge.trust.vault.site_keys import SealedSiteError
from tests.drills import driving
from tests.factories import PASSPHRASE, code_of

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
COOKIE = "footbridge"
STORES = re.compile(
    r"localStorage|sessionStorage|indexedDB|serviceWorker|caches\.|document\.cookie"
)


class Clock:
    """A clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    ticking, limits = Clock(), Limits()
    sessions = Sessions(limits, clock=ticking)
    monkeypatch.setattr(runtime, "sessions", lambda: sessions)
    return ticking


@pytest.fixture
def person(house):
    enrolled, _ = house.in_care(house.add_staff("ann"))
    return enrolled


def stolen(client):
    """Return a browser with a copy of another one's cookies, as they lie in its profile."""
    copy = Client()
    for name, morsel in client.cookies.items():
        copy.cookies[name] = morsel.value
    return copy


def shows(client, house, person):
    """Whether a browser still gets somebody's record."""
    answer = client.get(f"/people/{person.person}/")
    return answer.status_code == 200 and person.handle in answer.content.decode()


def close(client, clock):
    """The browser is closed; the site only sees that nobody comes any more."""
    clock.now += Limits().idle + 1


def wait_too_long(client, clock):
    """Somebody works on all day without a pause."""
    end = clock.now + Limits().absolute + 1
    while clock.now < end:
        clock.now += Limits().idle - 1
        client.get("/today/")


def sign_out(client, clock):
    client.post("/sign-out/")


def leave(client, clock):
    client.post("/leave/")


def panic(client, clock):
    client.post("/panic/")


@pytest.mark.parametrize("end", [close, wait_too_long, sign_out, leave, panic])
def test_cookies_of_a_session_that_is_over_open_nothing(house, clock, person, end):
    browser = house.browser(house.staff["ann"])
    thief = stolen(browser)
    assert shows(thief, house, person)

    end(browser, clock)

    assert not shows(thief, house, person)
    assert not shows(browser, house, person)


def test_nobody_stays_signed_in_for_ten_still_minutes_or_a_day_s_work():
    assert Limits().idle == 10 * 60
    assert Limits().absolute == 8 * 3600


def test_after_panic_and_a_new_unsealing_the_old_cookie_opens_nothing(house, clock, person):
    browser = house.browser(house.staff["ann"])
    thief = stolen(browser)
    browser.post("/panic/")

    control.unseal_here(list(house.founded.site_shares[:2]), on=house.on)

    assert runtime.seal.open
    assert not shows(thief, house, person)


def test_a_person_s_visit_at_the_kiosk_ends_sooner_than_a_colleague_s(house, clock, person):
    kiosk = house.browser(house.open_person(person))
    assert kiosk.get("/kiosk/mine/").status_code == 200

    clock.now += Limits().kiosk_idle + 1

    assert stolen(kiosk).get("/kiosk/mine/").status_code == 302
    assert Limits().kiosk_idle < Limits().idle


def test_the_kiosk_ends_the_session_of_a_colleague_who_hands_the_device_over(house, clock, person):
    browser = house.browser(house.staff["ann"])
    thief = stolen(browser)

    browser.get("/kiosk/")

    assert not shows(thief, house, person)


def test_a_session_of_whoever_lost_their_keys_or_was_forgotten_is_over(house, clock, person):
    sessions, ann = runtime.sessions(), house.staff["ann"]
    cookies = [sessions.begin(ann) for _ in range(3)]

    assert sessions.end_of(ann.id) == 3
    assert {sessions.resume(one, site=house.keys) for one in cookies} == {Ended.UNKNOWN}


def test_the_cookie_holds_nothing_but_a_random_secret(house, clock):
    ann = house.add_staff("ann")
    first, second = (runtime.sessions().begin(ann) for _ in range(2))

    assert first != second
    assert re.fullmatch("[0-9a-f]{64}", first)
    for known in (ann.id.bytes, ann.pair.private, ann.pair.public, ann.name.encode()):
        assert known not in bytes.fromhex(first)
        assert crypto.plain_hash(known) != bytes.fromhex(first)


def test_the_cookie_goes_to_this_site_only_to_no_script_and_ends_with_the_browser(house):
    house.add_staff("ann")

    answer = Client().post(
        "/sign-in/",
        {"name": "ann", "passphrase": PASSPHRASE, "code": code_of(house.secrets["ann"])},
    )

    morsel = answer.cookies[COOKIE]
    assert answer.status_code == 302
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Strict", "/")
    assert morsel["max-age"] == morsel["expires"] == morsel["domain"] == ""


def test_memory_without_the_cookie_holds_only_ciphertext_of_a_key(house, clock):
    ann = house.add_staff("ann")
    cookie = runtime.sessions().begin(ann)

    kept = repr([[getattr(row, name) for name in row.__slots__] for row in rows()])

    assert cookie not in kept
    assert repr(bytes.fromhex(cookie))[2:-1] not in kept
    assert repr(ann.pair.private)[2:-1] not in kept
    assert ann.pair.private.hex() not in kept
    assert ann.name not in kept


def rows():
    return list(runtime.sessions()._rows.values())


@pytest.mark.parametrize(
    "cookie", ["", "zz", "0" * 64, "0" * 63, "../../x", "\xe6\xa1\xa5", "0" * 9999]
)
def test_a_made_up_cookie_opens_nothing_and_is_taken_away(house, cookie):
    browser = Client()
    browser.cookies[COOKIE] = cookie

    answer = browser.get("/today/")

    assert answer.status_code == 302
    assert not cookie or answer.cookies[COOKIE]["max-age"] == 0


def test_no_page_may_be_kept_by_a_browser(house, person):
    browser, seen = house.browser(house.staff["ann"]), driving.Seen()

    seen.note("somebody's page", "ann", browser.get(f"/people/{person.person}/"))
    assert seen.statuses == {"somebody's page": {200}}
    for name, pattern in driving.every_pattern():
        if name not in ("panic", "sign_out", "leave"):
            seen.note(name, "ann", browser.get(driving.address(pattern, {})))
    seen.note("nowhere", "ann", browser.get("/no/such/page/"))
    seen.note("another host", "ann", browser.get("/", headers={"host": "evil.example"}))
    runtime.panic()
    seen.note("sealed", "ann", browser.get("/today/"))

    assert seen.kept == []
    assert {404, 503, 400} <= set().union(*seen.statuses.values())


def test_no_script_of_the_site_stores_anything_in_the_browser():
    scripts = sorted((Path(footbridge.site.__file__).parent / "static").rglob("*.js"))

    found = [path.name for path in scripts if STORES.search(path.read_text("utf-8"))]

    assert len(scripts) > 3
    assert found == []


def test_once_panic_has_returned_nothing_opens(house, person, record_property):
    ann = house.staff["ann"]
    browser = house.browser(ann)
    assert shows(browser, house, person)

    began = time.monotonic()
    runtime.panic()
    record_property("panic_seconds", time.monotonic() - began)

    assert browser.get(f"/people/{person.person}/").status_code == 503
    assert runtime.sessions().sweep() == 0
    for opening in (lambda: runtime.sessions().begin(ann), lambda: house.open_person(person)):
        with pytest.raises(SealedSiteError):
            opening()


def test_panic_pressed_while_many_sign_in_leaves_no_session(house):
    ann, sessions = house.add_staff("ann"), runtime.sessions()
    stop, refused = threading.Event(), []

    def keep_signing_in() -> None:
        while not stop.is_set():
            try:
                sessions.begin(ann)
            except SealedSiteError:
                refused.append(1)
                return

    threads = [threading.Thread(target=keep_signing_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    runtime.panic()
    left = sessions.sweep()
    for thread in threads:
        thread.join(10)
    stop.set()

    assert len(refused) == 4
    assert (left, sessions.sweep()) == (0, 0)


def test_the_profile_of_a_browser_that_is_still_open_is_what_the_thief_needs(house, clock, person):
    browser = house.browser(house.staff["ann"])
    clock.now += Limits().idle - 1

    assert shows(stolen(browser), house, person)
