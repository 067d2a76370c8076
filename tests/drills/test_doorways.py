"""Every address, everybody, every id: nobody gets further than their door and their keys."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from footbridge.journey.people import queries as people
from footbridge.site.middleware import SessionMiddleware
from footbridge.site.views import places
from footbridge.trust import runtime
from footbridge.trust.access import care_teams
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.recognition import actions as recognition
from tests.drills import doorways
from tests.drills.doorways import BEGINS, CIRCLE, HANDLES, SHELL, complaints, every_door

pytestmark = [pytest.mark.drill, pytest.mark.django_db]

DAY = date(2026, 11, 21)
KINDS = {"open", "unsealed", "staff", "person", *(one.value for one in Capability)}


@pytest.fixture(scope="module")
def place(django_db_setup, django_db_blocker, tmp_path_factory):
    """One site for all addresses; each asking is undone."""
    folder = tmp_path_factory.mktemp("doorways") / "site"
    patch = pytest.MonkeyPatch()
    patch.setattr(timezone, "localdate", lambda *_a, **_n: DAY)
    with django_db_blocker.unblock(), override_settings(FOOTBRIDGE_DATA=folder):
        with transaction.atomic():
            built = doorways.build(folder, on=DAY)
            yield built
            transaction.set_rollback(True)
        built.house.close()
    patch.undo()


@pytest.mark.parametrize("door", every_door(), ids=lambda door: door.name)
def test_an_address_lets_in_whom_its_door_and_the_keys_let_in(place, door):
    assert list(complaints(place, door)) == []


@pytest.mark.parametrize("door", every_door(), ids=lambda door: door.name)
def test_a_sealed_site_answers_only_at_open_doors(place, door):
    assert sealed_answer(place, door) == (door.door == "open")


def sealed_answer(place, door):
    """Return whether an address answers a colleague's old cookie while the site is sealed."""
    address = place.address(door, "own")
    place.client.cookies["footbridge"] = runtime.sessions().begin(place.visitors[0].actor)
    runtime.panic()
    try:
        return place.client.get(address).status_code != 503
    finally:
        place.unseal()


def test_every_address_has_a_door_that_is_known():
    assert without_a_door() == []


def without_a_door():
    return [door.name for door in every_door() if door.door not in KINDS]


def test_every_exception_still_names_an_address():
    names = {door.name for door in every_door()}

    assert set(SHELL) | set(BEGINS) | set(HANDLES) | set(CIRCLE) <= names


def test_an_address_without_a_door_is_noticed(monkeypatch):
    monkeypatch.delattr(places.more, "door")

    assert without_a_door() == ["more"]


def test_a_member_of_the_team_is_let_in_or_the_drill_would_see_nothing(place):
    member = next(one for one in place.visitors if one.member)
    doors = [door for door in every_door() if door.names_a_person]

    answers = {
        door.name: place.ask(member, "GET", place.address(door, "own")).status_code
        for door in doors
    }

    # An address that only takes what is sent to it has no page to show.
    shown = {name: status == 200 for name, status in answers.items() if status != 405}
    assert sum(shown.values()) > 0.8 * len(shown), answers
    assert sum(shown.get(door.name, False) for door in doors if door.names_an_entry) >= 4


def the(name):
    return next(door for door in every_door() if door.name == name)


def test_a_door_that_asks_no_role_is_noticed(place, monkeypatch):
    monkeypatch.setattr(Actor, "check", lambda *_: None)

    found = list(complaints(place, the("invite")))

    assert any("though the role does not include it" in one for one in found)


def test_a_page_that_opens_a_strangers_record_is_noticed(place, monkeypatch):
    opened = people.open_record
    monkeypatch.setattr(people, "open_record", lambda who, *, by: opened(who, by=place.other))

    found = list(complaints(place, the("plans:plan")))

    assert any("words of somebody else's record (foreign)" in one for one in found)
    assert any("it answered 200 , though they hold no key" in one for one in found)


def test_a_refusal_that_changes_a_record_is_noticed(place, monkeypatch):
    def enter(*, by, **rest):
        del by
        care_teams.revoke(person=rest["person"], from_staff=place.other.id, by=place.other, on=DAY)

    monkeypatch.setattr(recognition, "open_key", lambda *_a, **_n: place.other)
    monkeypatch.setattr(care_teams, "grant", enter)

    found = list(complaints(place, the("people:join_team")))

    assert any("a record changed, though only the shell is shown" in one for one in found)


def test_a_sealed_site_that_answers_is_noticed(place, monkeypatch):
    monkeypatch.setattr(SessionMiddleware, "_door", staticmethod(lambda _request: "open"))

    assert sealed_answer(place, the("sign_in"))
