"""At the kiosk a person takes single consents back alone, and the keys go with them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.vault import ceremony, models
from footbridge.trust.vault.compartments import find
from footbridge.trust.vault.records import Compartment

PROMISED = [("stop-recall", Purpose.RECALL), ("stop-recovery", Purpose.RECOVERY)]


pytestmark = pytest.mark.usefixtures("that_day")


@pytest.mark.parametrize(("stop", "purpose"), PROMISED)
def test_one_consent_is_taken_back_alone_and_care_stays(house, worker, stop, purpose, today):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.RECALL, Purpose.RECOVERY)
    browser = house.browser(house.open_person(enrolled))

    answer = browser.post(reverse("kiosk:withdraw", args=[stop]))

    held = consents.state_of(people.open_record(enrolled.person, by=worker)).held(on=today)
    assert answer.status_code == 200
    assert held == frozenset({Purpose.CARE, Purpose.RECALL, Purpose.RECOVERY}) - {purpose}


def test_the_recovery_key_loses_its_wrap(house, worker):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.RECOVERY)
    row = find(enrolled.person, Compartment.CARE, site=house.keys)
    holder = ceremony.recovery_holder_id(house.keys.site)
    assert models.Wrap.objects.filter(compartment=row, holder=holder).exists()

    house.browser(house.open_person(enrolled)).post(
        reverse("kiosk:withdraw", args=["stop-recovery"])
    )

    assert not models.Wrap.objects.filter(compartment=row, holder=holder).exists()


def test_only_what_was_agreed_to_is_offered(house, worker):
    enrolled, _ = house.in_care(worker, Purpose.CARE, Purpose.RECALL)

    page = house.browser(house.open_person(enrolled)).get(reverse("kiosk:stop")).content.decode()

    assert reverse("kiosk:withdraw", args=["stop-recall"]) in page
    assert reverse("kiosk:withdraw", args=["stop-recovery"]) not in page


def test_an_unknown_way_to_stop_is_not_there(house, worker):
    enrolled, _ = house.in_care(worker)

    answer = house.browser(house.open_person(enrolled)).get(
        reverse("kiosk:withdraw", args=["stop-everything"])
    )

    assert answer.status_code == 404
