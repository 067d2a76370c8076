"""The journey of one key: enrolled, consented, opened, granted, revoked, forgotten."""

import pytest

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Level, Purpose
from footbridge.journey.people import queries as people
from footbridge.trust import places
from footbridge.trust.access import care_teams, staff
from footbridge.trust.audit import witness
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.models import Compartment, Entry, Person, Wrap

pytestmark = pytest.mark.django_db


def test_only_the_worker_who_heard_the_consent_can_open_the_record(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")

    enrolled, record = house.in_care(ann)

    assert [str(e.record.KIND) for e in record.entries] == ["consent-given/1"]
    with pytest.raises(NoWrapError):
        people.open_record(enrolled.person, by=ben)


def test_a_colleague_can_open_the_record_once_a_holder_has_added_them(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann)

    profile = staff.profile_of(ben.id, site=house.keys)
    care_teams.grant(person=record.person, to=profile, by=ann, on=house.on)

    assert people.open_record(enrolled.person, by=ben).entries == record.entries


def test_after_a_revoke_nothing_opens_any_more(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann)
    profile = staff.profile_of(ben.id, site=house.keys)
    care_teams.grant(person=record.person, to=profile, by=ann, on=house.on)

    care_teams.revoke(person=record.person, from_staff=ben.id, by=ann, on=house.on)

    with pytest.raises(NoWrapError):
        people.open_record(enrolled.person, by=ben)


def test_the_person_opens_their_own_record_with_handle_and_phrase(house):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)

    own = people.open_record(enrolled.person, by=house.open_person(enrolled))

    assert own.entries == record.entries


def test_withdrawing_research_deletes_its_compartment(house):
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    before = Compartment.objects.count()
    me = house.open_person(enrolled)

    ended = consents.withdraw(
        people.open_record(enrolled.person, by=me),
        level=Level.STOP_RESEARCH,
        at_kiosk=True,
        on=house.on,
    )

    assert ended == {Purpose.RESEARCH}
    assert Compartment.objects.count() == before - 1


def test_to_be_forgotten_leaves_no_row_and_a_whole_trail(house):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)
    me = house.open_person(enrolled)

    recognition.forget(me, record.person, on=house.on, tombstones=places.tombstones())

    assert not Person.objects.exists()
    assert not Entry.objects.exists()
    assert not Wrap.objects.filter(compartment__isnull=False).exists()
    assert places.tombstones().read() == {enrolled.person}
    assert witness.verify().entries == 0


def test_a_worker_cannot_have_somebody_forgotten(house):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann)

    with pytest.raises(recognition.RecognitionError):
        recognition.forget(ann, record.person, on=house.on, tombstones=places.tombstones())

    assert Person.objects.count() == 1
