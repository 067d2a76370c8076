"""A coordinator brings the wording of a scale from REDCap, and a worker's phone gets its weeks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from footbridge.journey.assessments import instruments
from footbridge.journey.consents.rules import Language
from footbridge.trust.access.rules import Role
from footbridge.trust.vault import persons
from footbridge.trust.weeks import IsoWeek
from tests.browsing import faults, turn_page
from tests.functional.conftest import BOTH
from tests.journey.assessments.exchange.test_matching import dictionary, ten

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def looks_right(desk):
    """Nothing stands beyond the edge of the page, and axe finds no fault."""
    assert faults(desk.page) == []


def speak(desk, language):
    """Read the pages in a language."""
    desk.page.context.add_cookies([{"name": "language", "value": language, "url": desk.url}])


def send(desk, path):
    """Choose a file as the wording of the RSES."""
    desk.go("/instruments/load/?for=rses/1")
    desk.page.locator("input[type=file]").set_input_files(str(path))
    desk.page.locator("#id_wording").fill("Made up for a test.")
    turn_page(desk.page.locator("form[enctype] button"))


@pytest.mark.parametrize("width", BOTH, indirect=True)
def test_a_wrong_file_says_where_and_a_right_one_is_loaded(desk, width, tmp_path):
    language, words = {"phone": ("zh-hans", Language.ZH), "desk": ("en", Language.EN)}[width]
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_bytes(dictionary([ten()[0] | {"field_type": "notes"}, *ten()[1:]]))
    right.write_bytes(dictionary(ten()))
    speak(desk, language)
    desk.sign_in("boss", role=Role.COORDINATOR)

    send(desk, wrong)
    assert desk.page.locator("table tbody tr").count() == 1
    looks_right(desk)
    assert not instruments.instrument("rses", 1).worded

    send(desk, right)
    assert desk.reads("Sentence 7 about myself")
    looks_right(desk)
    turn_page(desk.page.locator("main form button"))

    assert instruments.instrument("rses", 1).worded == {words}
    looks_right(desk)


def test_a_phone_reads_how_many_wait_until_the_address_is_deleted(desk, house):
    worker = house.add_staff("lan")
    for weeks in (0, 2, 2):
        enrolled, _ = house.in_care(worker)
        week = IsoWeek.of(timezone.localdate() + timedelta(weeks=weeks))
        with transaction.atomic():
            persons.change_shell(enrolled.person, site=house.keys, next_window=str(week))
    desk.sign_in("lan")
    desk.follow("These weeks in my phone's calendar")
    assert desk.reads("2 visits")
    looks_right(desk)

    desk.press("Make the address")
    looks_right(desk)
    address = desk.page.locator(".code").inner_text().strip().removeprefix(desk.url)
    phone = Client()
    assert phone.get(address).content.count(b"BEGIN:VEVENT") == 2

    desk.go("/calendar/")
    desk.press("Delete the address")
    assert phone.get(address).status_code == 404
