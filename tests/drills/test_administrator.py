"""Drill 4: an administrator with SQL, a code console and the unsealed site; nobody signed in."""

from __future__ import annotations

import dataclasses
import uuid

import pytest

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import texts
from footbridge.journey.consents.rules import Language, Offer, Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.models import Staff
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import witness
from footbridge.trust.audit.trail import TrailError
from footbridge.trust.decisions import HouseError, RefusedError
from footbridge.trust.vault import compartments, crypto, journal, persons
from footbridge.trust.vault.crypto import KeyPair, SealError
from footbridge.trust.vault.models import Circle, Entry, Person, Site, Wrap
from footbridge.trust.vault.records import Compartment
from tests.drills.attacker import Attacker, of_site
from tests.drills.canaries import MARK
from tests.drills.targets import Target
from tests.factories import code_of, open_staff

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
NEVER = {
    "Entry.head",
    "Entry.body",
    "Entry.key",
    "Wrap.sealed, inside",
    "Staff.sealed_totp, inside",
}


@pytest.fixture
def target(house):
    return Target.build(house)


@pytest.fixture
def adam(target):
    return target.house.staff["adam"]


def care_of(target, number=0):
    """Return the row of somebody's care compartment."""
    person = target.people[number].person
    return compartments.find(person, Compartment.CARE, site=target.house.keys)


def agree_again(target, purpose=Purpose.CARE, number=0):
    """Let somebody agree once more, and change how to reach them: new keys are wrapped."""
    house, ann = target.house, target.house.staff["ann"]
    text = texts.newest()[purpose]
    offer = Offer(frozenset({purpose}), Language.EN, True, True, text.lasts)
    view = people.shell_of(target.people[number].person, by=ann)
    record = consents.give(view, offer, text=text.id, by=ann, on=house.on)
    consents.agree_contact(record, target.words.word(), on=house.on, days=90)


def opens(target, actor, number=0):
    """Return the sections of somebody's record that an actor can read."""
    found = set()
    for kind in Compartment:
        try:
            part = compartments.open_for(
                target.people[number].person, kind, holders=care_teams.all_holders(actor)
            )
            journal.entries(part)
        except HouseError:
            continue
        found.add(kind)
    return found


def test_every_key_of_the_open_site_opens_no_word_of_any_record(target):
    opened = Attacker(target.sealed(), of_site(target.house.keys)).attack()

    assert {"Person.shell", "Wrap.sealed", "TrailEntry.sealed", "epoch"} <= set(opened)
    assert not NEVER & set(opened)
    assert MARK not in repr(opened)


def test_one_colleague_s_open_key_is_what_the_same_attacker_needs(target):
    keys = of_site(target.house.keys) | {target.house.staff["ann"].pair.private}

    opened = Attacker(target.sealed(), keys).attack()

    assert MARK in repr(opened["Entry.body"])


def forged_noise(target, adam):
    return crypto.seal(
        target.house.keys.wrap_key(target.house.keys.epoch.id), b"x" * 112, bound_to=b""
    )


def copied(target, adam):
    return bytes(
        Wrap.objects.get(compartment=care_of(target), holder=target.house.staff["ann"].id).sealed
    )


def put_elsewhere(target, adam):
    """Take the outer layer off ann's wrap and put one on that names adam."""
    row = Wrap.objects.get(compartment=care_of(target), holder=target.house.staff["ann"].id)
    key, part = target.house.keys.wrap_key(row.epoch), care_of(target).id.bytes
    inside = crypto.open_sealed(key, bytes(row.sealed), bound_to=part + row.holder.bytes)
    return crypto.seal(key, inside, bound_to=part + adam.id.bytes)


def sealed_to_himself(target, adam):
    """Seal a key of his own making to himself, as grant would."""
    made = compartments.wrap(
        crypto.random_key(), to=adam.pair.public, bound_to=care_of(target).id, holder=adam.id,
        site=target.house.keys,
    )  # fmt: skip
    return made[1]


@pytest.mark.parametrize("forge", [forged_noise, copied, put_elsewhere, sealed_to_himself])
def test_a_forged_wrap_opens_nothing_and_brings_no_genuine_one(target, adam, forge):
    epoch = target.house.keys.epoch.id
    Wrap.objects.create(
        compartment=care_of(target), holder=adam.id, epoch=epoch, sealed=forge(target, adam)
    )

    assert opens(target, adam) == set()
    agree_again(target)
    agree_again(target, Purpose.RESEARCH)
    assert opens(target, adam) == set()
    assert opens(target, target.house.staff["ann"]) >= {Compartment.CARE, Compartment.CONTACT}


def test_a_role_written_into_his_own_profile_opens_nothing(target, adam):
    row, site = Staff.objects.get(pk=adam.id), target.house.keys
    profile = dataclasses.replace(staff.open_profile(row, site=site), role=Role.CASE_WORKER)
    row.profile = staff._seal_profile(site, profile)
    row.save()

    again = open_staff("adam", target.house.secrets["adam"], site)

    assert again.role is Role.CASE_WORKER
    assert opens(target, again) == set()
    assert target.house.browser(again).get(f"/people/{target.people[0].person}/").status_code == 302


def test_he_cannot_add_himself_nor_have_a_colleague_without_a_key_do_it(target, adam):
    me = staff.profile_of(adam.id, site=target.house.keys)
    worker = dataclasses.replace(me, role=Role.CASE_WORKER)

    for by in (adam, target.house.staff["ben"], target.house.staff["cora"]):
        with pytest.raises(HouseError):
            care_teams.grant(
                person=persons.get(target.people[0].person, site=by.site), to=worker, by=by,
                on=target.house.on,
            )  # fmt: skip

    assert opens(target, adam) == set()


def test_a_seat_in_a_circle_put_in_by_hand_gets_no_key_when_the_circle_is_rotated(target, adam):
    house, cora = target.house, target.house.staff["cora"]
    circle = circles.the_one(CircleKind.COORDINATORS, site=house.keys)
    vice = house.add_staff("vice", Role.COORDINATOR)
    circles.add(circle=circle.id, member=Member(vice.id, vice.pair.public), by=cora, on=house.on)
    Wrap.objects.create(circle_id=circle.id, holder=adam.id, epoch=house.keys.epoch.id, sealed=b"x")

    everybody = [Member(one.id, one.pair.public) for one in (cora, vice, adam)]
    circles.leave(circle=circle.id, leaving=vice.id, staying=everybody, by=cora, on=house.on)

    assert circles.members(circle.id) == {cora.id}
    with pytest.raises(HouseError):
        circles.open_circle(circle.id, holder=adam)


def test_a_colleague_s_public_key_cannot_be_swapped_with_sql_alone(target, adam):
    Staff.objects.filter(pk=target.house.staff["ben"].id).update(public_key=adam.pair.public)

    with pytest.raises(SealError):
        staff.profile_of(target.house.staff["ben"].id, site=target.house.keys)


def test_a_colleague_whose_key_was_swapped_with_the_console_notices_when_they_sign_in(target, adam):
    site, ben = target.house.keys, target.house.staff["ben"]
    row = Staff.objects.get(pk=ben.id)
    profile = staff.open_profile(row, site=site)
    row.public_key = adam.pair.public
    row.profile = staff._seal_profile(site, dataclasses.replace(profile, public=adam.pair.public))
    row.save()

    with pytest.raises(SealError, match="changed a public key"):
        staff.sign_in(
            "ben", passphrase="seven quiet lanterns over water",
            totp=code_of(target.house.secrets["ben"]), cost=crypto.Cost(64, 1, 1), site=site,
            used=staff.UsedCodes(),
        )  # fmt: skip


def test_a_team_member_s_key_swapped_with_the_console_is_not_wrapped_to(target, adam):
    site, ann = target.house.keys, target.house.staff["ann"]
    person = persons.get(target.people[0].person, site=site)
    care_teams.grant(
        person=person, to=staff.profile_of(target.house.staff["ben"].id, site=site), by=ann,
        on=target.house.on,
    )  # fmt: skip
    row = Staff.objects.get(pk=target.house.staff["ben"].id)
    profile = staff.open_profile(row, site=site)
    row.public_key = adam.pair.public
    row.profile = staff._seal_profile(site, dataclasses.replace(profile, public=adam.pair.public))
    row.save()

    agree_again(target)

    as_ben = dataclasses.replace(adam, id=row.id)
    assert opens(target, as_ben) == set()


@pytest.mark.parametrize("console", [False, True])
def test_a_person_s_public_key_swapped_is_not_wrapped_to(target, adam, console):
    site, row = target.house.keys, Person.objects.get(pk=target.people[0].person)
    shell = persons.get(row.id, site=site).shell
    row.public_key = adam.pair.public
    if console:
        row.shell = persons._seal_shell(site, row.id, shell, public=adam.pair.public)
    row.save()

    with pytest.raises(RefusedError if console else SealError):
        agree_again(target)
    with pytest.raises(SealError, match="changed a public key" if console else "does not open"):
        target.house.open_person(target.people[0])

    assert opens(target, dataclasses.replace(adam, id=row.id)) == set()


def test_a_circle_s_public_key_swapped_is_noticed(target, adam):
    circle = circles.the_one(CircleKind.COORDINATORS, site=target.house.keys)
    Circle.objects.filter(pk=circle.id).update(public_key=adam.pair.public)

    with pytest.raises(SealError):
        circles.the_one(CircleKind.COORDINATORS, site=target.house.keys)
    with pytest.raises(SealError, match="changed a public key"):
        circles.open_circle(circle.id, holder=target.house.staff["cora"])


def test_a_recovery_key_of_his_own_is_not_wrapped_to(target, adam):
    Site.objects.update(recovery_public=KeyPair.new().public)

    with pytest.raises(HouseError, match="public keys were changed"):
        agree_again(target, Purpose.RECOVERY)


def swap_bodies(first, second):
    first.body, second.body = second.body, first.body


def swap_heads(first, second):
    first.head, second.head = second.head, first.head


def swap_whole(first, second):
    swap_bodies(first, second)
    swap_heads(first, second)


@pytest.mark.parametrize("swap", [swap_bodies, swap_heads, swap_whole])
@pytest.mark.parametrize("between", ["people", "places"])
def test_swapped_ciphertexts_do_not_open_and_do_not_verify(target, swap, between):
    mine = Entry.objects.filter(compartment=care_of(target)).order_by("sequence")
    other = Entry.objects.filter(compartment=care_of(target, 1)).order_by("sequence")
    first, second = (mine[0], other[0]) if between == "people" else (mine[0], mine[1])
    swap(first, second)
    first.save()
    second.save()

    with pytest.raises(SealError):
        people.open_record(target.people[0].person, by=target.house.staff["ann"])
    with pytest.raises(TrailError):
        witness.verify()


def test_an_old_entry_replayed_at_the_end_does_not_open_and_does_not_verify(target):
    part = care_of(target)
    old = Entry.objects.filter(compartment=part).order_by("sequence")[0]
    part.length += 1
    part.save()
    Entry.objects.create(compartment=part, sequence=part.length, head=old.head, body=old.body)

    with pytest.raises(SealError):
        people.open_record(target.people[0].person, by=target.house.staff["ann"])
    with pytest.raises(TrailError):
        witness.verify()


def test_wraps_swapped_between_two_people_open_neither(target):
    ann = target.house.staff["ann"]
    first, second = (
        Wrap.objects.get(compartment=care_of(target, n), holder=ann.id) for n in (0, 1)
    )
    first.sealed, second.sealed = second.sealed, first.sealed
    first.save()
    second.save()

    for number in (0, 1):
        with pytest.raises(SealError):
            people.open_record(target.people[number].person, by=ann)


def test_a_compartment_given_to_another_person_opens_for_nobody(target):
    ann, site = target.house.staff["ann"], target.house.keys
    mine, other = care_of(target), care_of(target, 1)
    other.slot = uuid.uuid4().bytes
    other.save()
    mine.person_id = target.people[1].person
    mine.slot = compartments.slot(site, target.people[1].person, Compartment.CARE)
    mine.save()

    with pytest.raises(SealError):
        people.open_record(target.people[1].person, by=ann)


def test_an_entry_taken_out_of_the_middle_is_noticed_by_reading_and_by_verifying(target):
    agree_again(target)
    Entry.objects.filter(compartment=care_of(target), sequence=2).delete()

    with pytest.raises(SealError, match="missing from this journal"):
        people.open_record(target.people[0].person, by=target.house.staff["ann"])
    with pytest.raises(TrailError, match="removed from journal"):
        witness.verify()


def test_a_journal_cut_at_its_end_is_noticed_by_verifying(target):
    part = care_of(target)
    Entry.objects.filter(compartment=part, sequence=part.length).delete()
    part.length -= 1
    part.save()

    assert people.open_record(target.people[0].person, by=target.house.staff["ann"])
    with pytest.raises(TrailError, match="removed from journal"):
        witness.verify()


def test_all_that_is_noticed_above_is_quiet_on_a_site_that_nobody_touched(target):
    agree_again(target)

    assert witness.verify().entries == Entry.objects.count()
    assert opens(target, target.house.staff["ann"]) >= {Compartment.CARE, Compartment.CONTACT}
