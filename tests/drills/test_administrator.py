"""Drill: an administrator with SQL and a console on a live, unsealed site; nobody signed in."""

from __future__ import annotations

import uuid

import pytest

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.models import Staff
from footbridge.trust.access.rules import Role
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault import compartments, crypto, journal
from footbridge.trust.vault.compartments import NoWrapError, OpenCompartment
from footbridge.trust.vault.crypto import SealError
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Entry, Wrap

pytestmark = [pytest.mark.drill, pytest.mark.django_db]


@pytest.fixture
def site(house):
    """A site at work, and an administrator who holds no wrap of anybody."""
    house.add_staff("maple", Role.COORDINATOR)
    ann, admin = house.add_staff("ann"), house.add_staff("alder", Role.ADMINISTRATOR)
    enrolled, _ = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    other, _ = house.in_care(ann)
    return house, admin, enrolled, other


def site_key_candidates(house) -> list[bytes]:
    """Return every key that the unsealed process holds, and those one can derive from them."""
    keys = [house.keys[name] for name in ("outer", "pepper", "log", "shell", "lookup", "epoch")]
    keys += [house.keys.wrap_key(house.keys.epoch.id), house.keys.epoch.key]
    return keys + [crypto.subkey(key, "head") for key in keys]


def test_the_keys_of_the_site_open_no_entry(site):
    house, *_ = site
    for entry in Entry.objects.select_related("compartment"):
        row = entry.compartment
        head = compartments.open_head(house.keys, row)
        for key in site_key_candidates(house):
            part = OpenCompartment(row.id, row.person_id, head, key)
            with pytest.raises(HouseError):
                journal.open_entry(part, entry)


def test_a_forged_wrap_opens_nothing(site):
    house, admin, enrolled, _ = site
    row = compartments.find(enrolled.person, compartments.Compartment.CARE, site=house.keys)
    theirs = Wrap.objects.filter(compartment=row).first()
    Wrap.objects.create(
        compartment=row, holder=admin.id, epoch=theirs.epoch, sealed=bytes(theirs.sealed)
    )

    with pytest.raises((SealError, NoWrapError)):
        people.open_record(enrolled.person, by=admin)


def test_a_wrap_made_over_to_somebody_else_opens_nothing(site):
    house, admin, enrolled, _ = site
    row = compartments.find(enrolled.person, compartments.Compartment.CARE, site=house.keys)
    Wrap.objects.filter(compartment=row, holder=enrolled.person).update(holder=admin.id)

    with pytest.raises((SealError, NoWrapError)):
        people.open_record(enrolled.person, by=admin)


def test_another_role_brings_no_key(site):
    house, admin, enrolled, _ = site
    row = Staff.objects.get(pk=admin.id)
    mine = staff.open_profile(row, site=house.keys)
    row.profile = staff._seal_profile(
        house.keys, staff.Profile(mine.id, mine.name, Role.COORDINATOR, mine.public)
    )
    row.save()

    with pytest.raises(NoWrapError):
        people.open_record(enrolled.person, by=admin)


def test_nobody_adds_themself_and_the_refusal_does_not_rest_on_the_role(site):
    house, admin, enrolled, _ = site
    view = people.shell_of(enrolled.person, by=admin)
    me = staff.Profile(admin.id, "alder", Role.CASE_WORKER, admin.pair.public)

    with pytest.raises(HouseError):
        care_teams.grant(person=view, to=me, by=admin, on=house.on)
    stranger = staff.Profile(uuid.uuid4(), "puppet", Role.CASE_WORKER, admin.pair.public)
    with pytest.raises(NoWrapError):
        care_teams.grant(person=view, to=stranger, by=admin, on=house.on)


def test_no_circle_opens_for_somebody_outside_it(site):
    house, admin, *_ = site

    assert circles.held_by(admin) == []
    for view in circles.of_kind(circles.CircleKind.COORDINATORS, site=house.keys):
        with pytest.raises(HouseError):
            circles.open_circle(view.id, holder=admin)


def test_entries_moved_between_two_people_are_refused(site):
    house, _, enrolled, other = site
    ann = house.staff["ann"]
    first, second = (
        compartments.find(one.person, compartments.Compartment.CARE, site=house.keys)
        for one in (enrolled, other)
    )
    stolen = Entry.objects.filter(compartment=first).order_by("sequence").first()
    target = Entry.objects.filter(compartment=second).order_by("sequence").first()
    Entry.objects.filter(pk=target.pk).update(head=bytes(stolen.head), body=bytes(stolen.body))

    with pytest.raises(SealError):
        people.open_record(other.person, by=ann)


def test_an_older_entry_put_in_the_place_of_a_newer_one_is_refused(site):
    house, _, enrolled, _ = site
    ann = house.staff["ann"]
    care = compartments.find(enrolled.person, compartments.Compartment.CARE, site=house.keys)
    old, new = Entry.objects.filter(compartment=care).order_by("sequence")[:2]
    Entry.objects.filter(pk=new.pk).update(head=bytes(old.head), body=bytes(old.body))

    with pytest.raises(SealError):
        people.open_record(enrolled.person, by=ann)


def test_public_keys_exchanged_for_ones_own_do_not_open_what_is_there(site):
    house, admin, enrolled, _ = site
    Staff.objects.filter(pk=house.staff["ann"].id).update(public_key=admin.pair.public)
    Row.objects.exists()

    with pytest.raises(NoWrapError):
        people.open_record(enrolled.person, by=admin)
