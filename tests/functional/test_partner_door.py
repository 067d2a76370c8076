"""A slip is handed over, the service answers with its code, and the worker reads it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from footbridge.journey.people import queries as people
from footbridge.journey.referrals import actions
from footbridge.journey.referrals.rules import Move
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.rules import Need
from tests.browsing import faults, turn_page, unfold

pytestmark = [pytest.mark.browser]


@pytest.fixture
def slip(desk, house, calendar):
    """Return (address of the person, code of their slip); a worker is signed in."""
    desk.sign_in("ann")
    ann, on = house.staff["ann"], calendar[0]
    services.keep(qingteng(), by=ann.id, on=on, site=house.keys)
    listing = next(one for one in qingteng().listings() if Need.HOUSING in one.needs)
    _, record = house.in_care(ann)
    one = actions.draft(record, service=listing.id, need=Need.HOUSING, on=on)

    def again():
        return people.open_record(record.person.id, by=ann)

    actions.offer(again(), one, on=on)
    price = actions.find(again(), one).price_shown
    yes = Move(ReferralState.CONSENTED, on, Actor.PERSON, acknowledged=price)
    actions.move(again(), one, move=yes, on=on)
    code = actions.send(again(), one, on=on, draws=lambda below: 13 % below)
    return f"/people/{record.person.id}/", code


@contextmanager
def nobody_signed_in(desk):
    """A while in which the browser is a service's; afterwards the worker is back."""
    context = desk.page.context
    cookies = context.cookies()
    context.clear_cookies(name="footbridge")
    yield
    context.add_cookies(cookies)


def answer(desk, code, words):
    """Answer a slip as a service would."""
    desk.go("/s/")
    desk.fill("Code on the slip", code)
    desk.press("Go on")
    unfold(desk.page.locator("summary", has_text=words))
    turn_page(desk.page.locator("details[open] button"))


@pytest.mark.parametrize("width", ["phone"], indirect=True)
def test_a_service_says_that_somebody_came_and_the_worker_reads_linked(desk, slip):
    place, code = slip
    with nobody_signed_in(desk):
        answer(desk, code.lower().replace("-", " "), "They came today")
        assert desk.reads("Thank you, it is noted")

    desk.go(place)

    assert desk.reads("Linked: attended once")


@pytest.mark.parametrize("width", ["phone"], indirect=True)
def test_a_code_that_was_used_up_opens_nothing(desk, slip):
    _, code = slip
    with nobody_signed_in(desk):
        answer(desk, code, "They came today")
        desk.go("/s/")
        desk.fill("Code on the slip", code)
        desk.press("Go on")

        assert desk.reads("This code opens nothing here")


@pytest.mark.once
@pytest.mark.parametrize("width", ["phone"], indirect=True)
def test_the_pages_of_the_door_are_accessible(desk, slip):
    _, code = slip
    desk.page.context.clear_cookies(name="footbridge")
    found = {}
    desk.go("/s/")
    found["door"] = faults(desk.page)
    desk.fill("Code on the slip", code)
    desk.press("Go on")
    for summary in desk.page.locator("details summary").all():
        unfold(summary)
    found["say"] = faults(desk.page)
    turn_page(desk.page.locator("details button").nth(1))
    found["with an error"] = faults(desk.page)
    desk.go("/s/done/")
    found["done"] = faults(desk.page)

    assert {where: wrong for where, wrong in found.items() if wrong} == {}
