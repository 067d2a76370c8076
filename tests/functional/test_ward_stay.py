"""One stay on the ward, from the agreement to the door, and the first contact after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.stays import queries as stays
from footbridge.journey.stays.signs import POINTS
from footbridge.trust.access.rules import Role
from tests.browsing import faults, turn_page
from tests.functional.conftest import BOTH

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES = {"desk": "en", "phone": "zh-hans"}


class Ward:
    """The gestures of a stay, by the controls and not by their words."""

    def __init__(self, desk, person):
        self.desk, self.page, self.person = desk, desk.page, person

    def at(self, page):
        self.desk.go(f"/people/{self.person}/stays/{page}")

    def tick(self, *values):
        for value in values:
            name, chosen = value.split("=")
            self.page.locator(f'input[name="{name}"][value="{chosen}"]').check()

    def send(self):
        turn_page(self.page.locator("main form[novalidate] button").last)

    def clean(self):
        assert faults(self.page) == []

    def add_beds(self):
        self.desk.go("/ward/beds/")
        self.page.locator("#id_room").fill("1")
        self.page.locator("#id_beds").fill("A, B")
        self.tick("kind=shared")
        self.send()
        self.clean()

    def admit(self):
        self.at("admit/")
        self.page.locator("#id_days").fill("7")
        self.tick("drug=heroin", "severity=middle", "spoken_in=zh")
        for promised, number in (("psychiatric", "1"), ("group", "0"), ("counselling", "0")):
            self.page.locator(f"#id_{promised}").fill(number)
        for box in self.page.locator('input[name="agreed"]').all():
            box.check()
        self.clean()
        self.send()

    def chart(self, at_most):
        self.at("chart/")
        for sign, points in POINTS.items():
            self.tick(f"{sign.value}={max(n for n in points if n <= at_most)}")
        self.clean()
        self.send()

    def dose(self):
        self.at("dose/")
        self.page.locator("#id_medicine").select_option("methadone")
        self.page.locator("#id_amount").fill("20")
        self.page.locator("#id_route").select_option("mouth")
        self.tick("unit=mg", "given_by=nurse", "witnessed=yes")
        self.clean()
        self.send()

    def leave(self):
        self.at("discharge/")
        self.tick("ending=completed", "tolerance=given", "naloxone=given")
        self.clean()
        self.send()


@pytest.mark.parametrize("width", BOTH)
def test_a_stay_from_the_agreement_to_the_first_contact(desk, calendar, width):
    desk.sign_in("mei", role=Role.NURSE)
    nurse = desk.house.staff["mei"]
    enrolled, _record = desk.house.in_care(nurse, Purpose.CARE)
    cookie = {"name": "language", "value": LANGUAGES[width], "url": desk.url}
    desk.page.context.add_cookies([cookie])
    ward = Ward(desk, enrolled.person)

    ward.add_beds()
    ward.admit()
    ward.chart(2)
    calendar[0] += timedelta(days=1)
    ward.chart(3)
    ward.dose()
    desk.go("/ward/")
    ward.clean()
    assert desk.reads(enrolled.handle)
    ward.at("session/")
    ward.tick("session=psychiatric", "happened=held")
    ward.send()
    calendar[0] += timedelta(days=6)
    ward.leave()
    ward.clean()
    calendar[0] += timedelta(days=1)
    desk.go("/today/")
    assert "48" in desk.text
    ward.at("contact/")
    ward.tick("means=came")
    ward.send()
    ward.clean()

    state = stays.state_of(people.open_record(enrolled.person, by=nurse))
    assert state.behind.peak.day == 2
    assert [one.left for one in state.behind.given()] == [0]
    assert len(state.running(on=calendar[0])) == 5
