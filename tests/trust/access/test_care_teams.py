"""Care teams: a key is handed on by who holds it, taken by anybody on duty, never by oneself."""

import uuid

import pytest

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.rules import ALLOWED, Capability, Role
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault import ceremony, compartments
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.records import Compartment

pytestmark = pytest.mark.django_db


def profile(house, actor):
    return staff.profile_of(actor.id, site=house.keys)


def opens(person, kind, actor):
    try:
        return compartments.open_for(person, kind, holders=[actor]).key is not None
    except NoWrapError:
        return False


def test_a_grant_hands_on_every_compartment_of_the_team(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, record = house.in_care(ann)

    care_teams.grant(person=record.person, to=profile(house, ben), by=ann, on=house.on)

    assert opens(record.person.id, Compartment.CARE, ben)
    assert opens(record.person.id, Compartment.SUMMARY, ben)
    assert care_teams.team_of(record.person.id, site=house.keys).has(ben.id)


def test_a_grant_brings_no_research_key_and_no_memory_answers(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, record = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)

    care_teams.grant(person=record.person, to=profile(house, ben), by=ann, on=house.on)

    assert not opens(record.person.id, Compartment.RESEARCH, ben)


def test_nobody_without_a_key_can_hand_one_on(house):
    ann, ben, cat = (house.add_staff(name) for name in ("ann", "ben", "cat"))
    _, record = house.in_care(ann)

    with pytest.raises(NoWrapError):
        care_teams.grant(person=record.person, to=profile(house, cat), by=ben, on=house.on)

    assert not opens(record.person.id, Compartment.CARE, cat)


def test_nobody_adds_themself(house):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann)

    with pytest.raises(RefusedError, match="Nobody adds themself"):
        care_teams.grant(person=record.person, to=profile(house, ann), by=ann, on=house.on)


@pytest.mark.parametrize(
    "role", [role for role in Role if Capability.WORK_WITH_PEOPLE not in ALLOWED[role]]
)
def test_a_role_that_does_not_work_with_people_gets_no_key(house, role):
    ann, other = house.add_staff("ann"), house.add_staff("other", role)
    _, record = house.in_care(ann)

    with pytest.raises(RefusedError):
        care_teams.grant(person=record.person, to=profile(house, other), by=ann, on=house.on)

    assert not opens(record.person.id, Compartment.CARE, other)


def test_whoever_left_gets_no_key(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    boss = house.add_staff("boss", Role.COORDINATOR)
    _, record = house.in_care(ann)
    staff.deactivate(staff=ben.id, by=boss, on=house.on)

    with pytest.raises(RefusedError, match="has left"):
        care_teams.grant(person=record.person, to=profile(house, ben), by=ann, on=house.on)


def test_a_full_caseload_takes_nobody_more(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    records = [house.in_care(ann)[1] for _ in range(3)]
    for record in records[:2]:
        care_teams.grant(person=record.person, to=profile(house, ben), by=ann, on=house.on, limit=2)

    with pytest.raises(RefusedError, match="already has 2 people"):
        care_teams.grant(
            person=records[2].person, to=profile(house, ben), by=ann, on=house.on, limit=2
        )

    assert len(care_teams.caseload(ben.id, site=house.keys)) == 2


def test_the_person_can_hand_on_a_key_after_the_whole_team_lost_theirs(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    boss = house.add_staff("boss", Role.COORDINATOR)
    enrolled, record = house.in_care(ann)
    care_teams.revoke_everything(colleague=ann.id, by=boss, on=house.on)

    me = house.open_person(enrolled)
    care_teams.grant(person=record.person, to=profile(house, ben), by=me, on=house.on)

    assert people.open_record(enrolled.person, by=ben).entries == record.entries


def test_taking_somebody_out_leaves_the_others_their_keys(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann)
    care_teams.grant(person=record.person, to=profile(house, ben), by=ann, on=house.on)

    care_teams.revoke(person=record.person, from_staff=ann.id, by=ben, on=house.on)

    assert not opens(enrolled.person, Compartment.CARE, ann)
    assert not opens(enrolled.person, Compartment.SUMMARY, ann)
    assert opens(enrolled.person, Compartment.CARE, ben)
    assert opens(enrolled.person, Compartment.CARE, house.open_person(enrolled))


@pytest.mark.parametrize("whose", ["the person", "the coordinators", "the recovery key", "nobody"])
def test_a_revoke_takes_keys_of_colleagues_only(house, whose):
    ann, boss = house.add_staff("ann"), house.add_staff("boss", Role.COORDINATOR)
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)
    holders = {
        "the person": enrolled.person,
        "the coordinators": Wrap.objects.get(holder=boss.id).circle_id,
        "the recovery key": ceremony.recovery_holder_id(house.keys.site),
        "nobody": uuid.uuid4(),
    }
    before = Wrap.objects.count()

    with pytest.raises(RefusedError, match="not in the care team"):
        care_teams.revoke(person=record.person, from_staff=holders[whose], by=ann, on=house.on)

    assert Wrap.objects.count() == before


def test_revoking_a_colleague_takes_every_key_they_hold(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    boss = house.add_staff("boss", Role.COORDINATOR)
    for _ in range(3):
        house.in_care(ann)
    house.in_care(ben)

    people_lost = care_teams.revoke_everything(colleague=ann.id, by=boss, on=house.on)

    assert people_lost == 3
    assert not Wrap.objects.filter(holder=ann.id).exists()
    assert len(care_teams.caseload(ben.id, site=house.keys)) == 1


def test_a_coordinator_who_is_revoked_loses_the_circle_too(house):
    boss, ben = house.add_staff("boss", Role.COORDINATOR), house.add_staff("ben")

    care_teams.revoke_everything(colleague=boss.id, by=ben, on=house.on)

    assert care_teams.all_holders(boss) == [boss]


def test_revoking_half_fails_as_a_whole(house, monkeypatch):
    ann, boss = house.add_staff("ann"), house.add_staff("boss", Role.COORDINATOR)
    for _ in range(3):
        house.in_care(ann)
    before, seen, append = Wrap.objects.count(), [], trail.append

    def power_cut(event, **rest):
        seen.append(event.action)
        if len(seen) == 2:
            raise OSError("power cut")
        append(event, **rest)

    monkeypatch.setattr(trail, "append", power_cut)
    with pytest.raises(OSError, match="power cut"):
        care_teams.revoke_everything(colleague=ann.id, by=boss, on=house.on)

    assert Wrap.objects.count() == before


def test_the_person_sees_who_was_added_and_taken_out(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    _, record = house.in_care(ann)
    care_teams.grant(person=record.person, to=profile(house, ben), by=ann, on=house.on)
    care_teams.revoke(person=record.person, from_staff=ben.id, by=ann, on=house.on)

    events = trail.events_about(record.person.log_key, site=house.keys)

    assert [(e.action, e.detail) for e in events[-2:]] == [
        ("care-team.granted", str(ben.id)),
        ("care-team.revoked", str(ben.id)),
    ]
