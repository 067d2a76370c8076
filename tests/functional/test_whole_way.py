"""One person walks all the way: recognised, consents, assessed, plan, referral, check-up, outcome,
evidence; then sees who opened the record, takes research back, and is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from footbridge.journey.services import actions as services
from footbridge.journey.services.cities import qingteng
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import witness
from footbridge.trust.vault.models import Person
from tests.browsing import turn_page, unfold
from tests.functional.conftest import BOTH

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def tick_all(desk):
    for box in desk.page.locator("form[novalidate] input[type=checkbox]").all():
        box.check()


def enrol(desk) -> tuple[str, str]:
    desk.sign_in("ann")
    desk.go("/people/enrol/")
    desk.choose("English")
    desk.press("Draw the words")
    handle = desk.page.locator(".handle strong").inner_text()
    return handle, " ".join(desk.words_on_screen())


def consent(desk, person: str, purpose: str) -> None:
    desk.go(f"{person}consents/ask/?purpose={purpose}")
    tick_all(desk)
    desk.press("The person said yes")


def assess(desk, person: str) -> None:
    desk.go(f"{person}assessments/recovery-capital-check/1/")
    for name in {r.get_attribute("name") for r in desk.page.locator("input[type=radio]").all()}:
        desk.page.locator(f"input[name='{name}'][value='3']").check()
    turn_page(desk.page.locator("form[novalidate] button").first)


def plan(desk, person: str) -> None:
    desk.go(f"{person}plan/strength/")
    desk.page.locator("input[name=domain]").first.check()
    desk.page.locator("[name=words]").fill("I never come late when it matters.")
    turn_page(desk.page.locator("form[novalidate] button"))
    desk.go(f"{person}plan/goal/")
    desk.page.locator("input[name=domain]").first.check()
    desk.page.locator("[name=words]").fill("I want something to get up for.")
    turn_page(desk.page.locator("form[novalidate] button"))
    desk.follow("Add a step")
    desk.page.locator("[name=what]").fill("Go to the job desk together")
    desk.page.locator("input[name=who]").first.check()
    turn_page(desk.page.locator("form[novalidate] button"))


def step(desk, target: str) -> None:
    """Take one step of the referral that is open on the page, with what it asks for."""
    form = desk.page.locator(f"form:has(input[name=to][value={target}])")
    if not form.is_visible():
        unfold(desk.page.locator(f"details:has(input[name=to][value={target}]) > summary"))
    for kind in ("checkbox", "radio"):
        names = {i.get_attribute("name") for i in form.locator(f"input[type={kind}]").all()}
        for name in names:
            form.locator(f"input[name='{name}']").first.check()
    appointment = form.locator("input[name$=appointment_on]")
    if appointment.count():
        appointment.fill((desk.today + timedelta(days=2)).isoformat())
    turn_page(form.locator("button"))


def refer(desk, person: str, calendar) -> None:
    desk.go(f"{person}referrals/choose/?need=employment")
    turn_page(desk.page.locator("form button:has-text('Choose')").first)
    desk.today, referral = calendar[0], desk.page.url
    for target in ("offered", "consented", "sent", "appointment"):
        desk.page.goto(referral)
        step(desk, target)
    for days, target in ((2, "linked"), (14, "engaged")):
        calendar[0] += timedelta(days=days)
        desk.page.goto(referral)
        step(desk, target)


def check_up(desk, person: str) -> None:
    desk.go(f"{person}checkups/hold/")
    desk.page.locator("[name=days_used]").fill("0")
    desk.page.locator("input[name=says_need]").last.check()
    turn_page(desk.page.locator("form[novalidate] button").first)


def code_outcome(desk, person: str) -> None:
    desk.go(f"{person}outcomes/code/")
    desk.page.locator("input[name=employment][value=regular]").check()
    turn_page(desk.page.locator("form[novalidate] button").first)


def found_study(desk) -> None:
    maple = desk.house.add_staff("maple", Role.COORDINATOR)
    services.keep(qingteng(), by=maple.id, on=desk.house.on, site=desk.house.keys)
    desk.sign_in("maple")
    desk.go("/evidence/new/")
    desk.page.locator("[name=title]").fill("A small study")
    for number, box in enumerate(desk.page.locator("input[type=text]:not([name=title])").all()):
        box.fill(f"Arm {number + 1}")
    turn_page(desk.page.locator("form[novalidate] button"))


def begin(desk, handle: str) -> str:
    """Open the new person's page, hear two consents, let chance decide; return the address."""
    desk.go("/people/")
    desk.page.locator("#id_handle").fill(handle)
    desk.press("Find")
    person = desk.page.url.removeprefix(desk.url)
    consent(desk, person, "care")
    consent(desk, person, "research")
    desk.go(f"/evidence{person}")
    desk.press("Let chance decide")
    return person


def open_own(desk, handle: str, phrase: str) -> None:
    desk.go("/kiosk/")
    desk.page.locator("#id_handle").fill(handle)
    desk.page.locator("#id_phrase").fill(phrase)
    desk.press("Open my record")


@pytest.mark.parametrize("width", BOTH, indirect=True)
def test_one_person_walks_all_the_way(desk, calendar):
    found_study(desk)
    assert desk.reads("A small study")
    handle, phrase = enrol(desk)
    person = begin(desk, handle)
    assert desk.reads("Arm ")

    assess(desk, person)
    plan(desk, person)
    desk.go(f"{person}checkups/schedule/")
    turn_page(desk.page.locator("form[novalidate] button").first)
    refer(desk, person, calendar)
    desk.go(person)
    assert desk.reads("Engaged") or desk.reads("Stayed")
    for days, act in ((14, check_up), (62, code_outcome)):
        calendar[0] += timedelta(days=days)
        act(desk, person)
    desk.go(person)
    assert desk.reads("I want something to get up for.")

    open_own(desk, handle, phrase)
    assert desk.reads("I never come late when it matters.")
    desk.follow("Who opened my record")
    assert desk.reads("Opened the record")
    desk.go("/kiosk/stop/stop-research/")
    desk.press("Yes, stop it")
    assert desk.reads("It has stopped")
    desk.go("/kiosk/forget/")
    desk.page.locator("#id_phrase").fill(phrase)
    desk.page.locator("#id_sure").check()
    desk.press("Forget me now")

    assert desk.reads("You are forgotten here")
    assert not Person.objects.exists()
    assert witness.verify().entries == 0
