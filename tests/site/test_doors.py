"""The doors as somebody meets them: signing in and out, sealing, unsealing, joining."""

import re

import pytest
from django.test import Client

from footbridge.trust import runtime
from footbridge.trust.access.rules import Role
from footbridge.trust.recognition.throttle import ALARM_FAILURES, FIRST_WAIT, FREE_TRIES
from tests.factories import PASSPHRASE, code_of

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self):
        self.now = 1e6

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(runtime.throttle, "clock", clock)
    return clock


def given(house, name="ann", **changes):
    return {
        "name": name,
        "passphrase": PASSPHRASE,
        "code": code_of(house.secrets.get(name, bytes(20))),
        **changes,
    }


def wrong(house):
    return given(house, passphrase="seven quiet lanterns over sand")


def text(answer):
    return answer.content.decode()


def is_in(browser):
    return browser.get("/more/").status_code == 200


# --- signing in and out ---


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.CASE_WORKER, "/today/"),
        (Role.NURSE, "/today/"),
        (Role.COORDINATOR, "/today/"),
        (Role.ANALYST, "/evidence/"),
        (Role.ADMINISTRATOR, "/more/"),
    ],
)
def test_each_role_begins_its_day_where_its_work_is(house, role, start):
    house.add_staff("ann", role)

    answer = Client().post("/sign-in/", given(house), follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == start


@pytest.mark.parametrize(
    "change",
    [{"passphrase": "seven quiet lanterns over sand"}, {"code": "000000"}, {"name": "nobody"}],
    ids=["passphrase", "code", "name"],
)
def test_one_wrong_of_three_signs_nobody_in_and_is_not_named(house, change):
    house.add_staff("ann")
    browser = Client()

    answer = browser.post("/sign-in/", given(house, **change))

    assert answer.status_code == 200
    assert "do not belong together" in text(answer)
    assert "footbridge" not in browser.cookies
    assert PASSPHRASE not in text(answer)
    assert "over sand" not in text(answer)


def test_the_page_before_signing_in_is_shown_after_it(house):
    house.add_staff("ann")
    browser = Client()
    asked = browser.get("/people/")

    page = browser.get(asked.headers["Location"])
    after = browser.post("/sign-in/", {**given(house), "next": "/people/"})

    assert 'value="/people/"' in text(page)
    assert after.headers["Location"] == "/people/"


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "people", "/\\x"],
)
def test_nobody_is_sent_away_from_the_site_by_signing_in(house, address):
    house.add_staff("ann")

    answer = Client().post("/sign-in/", {**given(house), "next": address})

    assert answer.headers["Location"] in {"/", "/\\x"[:1]}


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(house):
    ann = house.add_staff("ann")
    browser, copy = house.browser(ann), Client()
    copy.cookies["footbridge"] = browser.cookies["footbridge"].value

    browser.post("/sign-out/")

    assert not is_in(browser)
    assert not is_in(copy)


def test_leaving_quickly_ends_the_session_and_shows_a_plain_page(house):
    browser = house.browser(house.add_staff("ann"))

    answer = browser.post("/leave/", follow=True)

    assert answer.redirect_chain == [("/plain/", 302)]
    assert not is_in(browser)


def test_opening_the_kiosk_takes_a_colleagues_session_away(house):
    browser = house.browser(house.add_staff("ann"))

    browser.get("/kiosk/")

    assert not is_in(browser)


def test_somebody_who_is_here_is_kept_and_somebody_who_is_not_is_told(house):
    browser = house.browser(house.add_staff("ann"))

    assert browser.post("/keep/").status_code == 204
    assert Client().post("/keep/").status_code == 401


# --- guessing ---


def test_five_wrong_sign_ins_make_one_wait_and_the_right_words_do_not_help(house, clock):
    house.add_staff("ann")
    for _ in range(FREE_TRIES):
        Client().post("/sign-in/", wrong(house))
    browser = Client()

    while_waiting = browser.post("/sign-in/", given(house))

    assert "Too many tries" in text(while_waiting)
    clock.now += FIRST_WAIT
    assert browser.post("/sign-in/", given(house)).status_code == 302


def test_waiting_is_no_failure_and_does_not_grow_the_wait(house, clock):
    house.add_staff("ann")
    for _ in range(FREE_TRIES + 10):
        Client().post("/sign-in/", wrong(house))

    clock.now += FIRST_WAIT

    assert Client().post("/sign-in/", given(house)).status_code == 302


def test_a_name_that_nobody_has_waits_as_one_that_somebody_has(house, clock):
    house.add_staff("ann")
    said = {}
    for name in ("ann", "nobody"):
        answers = [
            text(Client().post("/sign-in/", {**wrong(house), "name": name}))
            for _ in range(FREE_TRIES + 1)
        ]
        said[name] = [re.findall(r"do not belong|Too many tries", one) for one in answers]

    assert said["ann"] == said["nobody"]
    assert said["ann"][-1][0] == "Too many tries"


def test_many_failures_in_an_hour_are_shown_to_staff_on_today(house, clock):
    browser = house.browser(house.add_staff("ann"))
    before = text(browser.get("/today/"))
    for number in range(ALARM_FAILURES):
        Client().post("/sign-in/", {**wrong(house), "name": f"n{number}"})

    after = text(browser.get("/today/"))

    assert "Somebody may be guessing" not in before
    assert "Somebody may be guessing" in after


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/join/", {"code": "ABCD-EFGH-JKMN-PQRS"}),
        ("/unseal/", {"first": "pine " * 33, "second": "oak " * 33}),
    ],
)
def test_wrong_codes_and_shares_wait_and_waiting_does_not_grow_it(house, clock, address, asked):
    if address == "/unseal/":
        runtime.panic()
    for _ in range(FREE_TRIES + 10):
        last = Client().post(address, asked)

    assert "Too many tries" in text(last)
    clock.now += FIRST_WAIT
    assert "Too many tries" not in text(Client().post(address, asked))


# --- sealing and unsealing ---


def unseal(house, first=0, second=1):
    shares = house.founded.site_shares
    return Client().post("/unseal/", {"first": shares[first], "second": shares[second]})


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 2), (2, 0)])
def test_any_two_keyholders_unseal_the_site(house, first, second):
    runtime.panic()

    answer = unseal(house, first, second)

    assert answer.headers["Location"] == "/sign-in/"
    assert runtime.seal.open


@pytest.mark.parametrize(
    "shares", [("one", "one"), ("one", "altered"), ("one", "nonsense"), ("nonsense", "nonsense")]
)
def test_shares_that_do_not_fit_unseal_nothing(house, shares):
    runtime.panic()
    one = house.founded.site_shares[0]
    words = {
        "one": one,
        "altered": one.replace(one.split()[9], "academic"),
        "nonsense": "tea " * 33,
    }

    answer = Client().post("/unseal/", dict(zip(("first", "second"), map(words.get, shares))))

    assert answer.status_code == 200
    assert not runtime.seal.open


def test_an_open_site_asks_for_no_shares(house):
    assert Client().get("/unseal/").headers["Location"] == "/sign-in/"


def test_panic_seals_the_site_and_ends_every_session(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, _ = house.in_care(ann)
    browsers = [
        house.browser(ann),
        house.browser(ben),
        house.browser(house.open_person(enrolled)),
    ]

    answer = browsers[0].post("/panic/")

    assert answer.headers["Location"] == "/plain/"
    assert not runtime.seal.open
    assert {one.get("/today/").status_code for one in browsers} == {503}
    unseal(house)
    assert {one.get("/today/").status_code for one in browsers} == {302}


@pytest.mark.parametrize("who", ["nobody", "a person"])
def test_only_staff_can_seal_the_site(house, who):
    enrolled = house.enrol(house.add_staff("ann"))
    browser = Client() if who == "nobody" else house.browser(house.open_person(enrolled))

    browser.post("/panic/")

    assert runtime.seal.open


def test_a_sealed_site_says_so_and_nothing_else(house):
    runtime.panic()

    answer = Client().get("/today/")

    assert answer.status_code == 503
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get("/healthz/").json() == {"alive": True, "open": False}
