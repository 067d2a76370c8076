"""A transfer is taken in once: a second record of one person would be counted twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from footbridge.trust import housekeeping
from footbridge.trust.recognition.transfer import TransferError
from footbridge.trust.vault import persons
from footbridge.trust.vault.models import Person, Spent
from tests.trust.recognition_actions.test_transfer import made, take_in

pytestmark = pytest.mark.django_db


def test_a_transfer_is_taken_in_once(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, result = made(house, settings, ann)
    take_in(house, settings, result, ben)
    people = Person.objects.count()

    with pytest.raises(TransferError, match="taken in here before"):
        take_in(house, settings, result, ann)

    assert Person.objects.count() == people


def test_a_transfer_that_failed_half_way_can_be_taken_in_again(house, settings, monkeypatch):
    ann = house.add_staff("ann")
    _, result = made(house, settings, ann)
    with monkeypatch.context() as broken:
        broken.setattr(persons, "create", lambda *_a, **_n: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_in(house, settings, result, ann)

    assert take_in(house, settings, result, ann).handle


def test_two_transfers_of_one_person_are_two(house, settings):
    ann = house.add_staff("ann")
    _, one = made(house, settings, ann)
    _, two = made(house, settings, ann)

    handles = {take_in(house, settings, each, ann).handle for each in (one, two)}

    assert len(handles) == 2


def test_what_was_used_is_forgotten_after_its_last_day(house, settings):
    ann = house.add_staff("ann")
    _, result = made(house, settings, ann)
    take_in(house, settings, result, ann)
    last = house.on + timedelta(days=14)

    housekeeping.sweep(house.keys, on=last, epoch_days=35)
    assert Spent.objects.count() == 1
    housekeeping.sweep(house.keys, on=last + timedelta(days=1), epoch_days=35)

    assert Spent.objects.count() == 0
    with pytest.raises(TransferError, match="ended after"):
        take_in(house, settings, result, ann, on=last + timedelta(days=1))
