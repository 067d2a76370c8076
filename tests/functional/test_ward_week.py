"""A week in the ward: rooms set up, two people come, one leaves early; the board shows it all."""

from __future__ import annotations

import pytest

from footbridge.trust.access.rules import Role
from tests.functional.ward import Ward

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def set_up(desk, ward: Ward) -> None:
    """Let a coordinator set rooms, protocol and tariff."""
    desk.house.add_staff("maple", Role.COORDINATOR)
    desk.sign_in("maple")
    desk.go("/ward/beds/")
    ward.fill("room", "2")
    ward.fill("beds", "a, b")
    ward.page.locator("main [name=kind]").first.check()
    ward.send()
    desk.go("/ward/")
    ward.look()
    assert "0 of 2 beds are taken" in desk.text


def bring(desk, ward: Ward) -> str:
    """Enrol somebody who agrees to care; return their address."""
    handle, _ = ward.enrol("en")
    ward.find(handle)
    ward.consent("care")
    return ward.person


def test_a_week_in_the_ward(desk, calendar):
    ward = Ward(desk, calendar)
    set_up(desk, ward)
    desk.sign_in("ann", role=Role.NURSE)
    first, second = bring(desk, ward), bring(desk, ward)
    for person in (first, second):
        ward.person = person
        ward.admit(days=7)
        ward.chart(2)
    desk.go("/ward/")
    ward.look()
    assert "2 of 2 beds are taken" in desk.text

    ward.person = second
    ward.day(2)
    ward.discharge("left-early")
    ward.person = first
    ward.dose("15.5")
    ward.session("group", "ward-absent")
    ward.chart(1)
    ward.open("stays/")
    assert "15.5" in desk.text
    desk.go("/ward/")
    assert "1 of 2 beds are taken" in desk.text
    ward.look()

    ward.day(7)
    ward.discharge("completed")
    ward.day(8)
    ward.follow_up("contact", means="came")
    desk.go("/ward/figures/")
    ward.look()
    desk.go("/today/")
    ward.look()
    assert ward.looked == []
