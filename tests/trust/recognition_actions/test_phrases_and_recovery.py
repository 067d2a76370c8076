"""Somebody new, a new phrase, a lost phrase, a lost worker, and being forgotten."""

from datetime import timedelta

import pytest

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Level, Purpose
from footbridge.journey.people import queries as people
from footbridge.trust import places
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.rules import ALLOWED, Capability, Role
from footbridge.trust.audit import trail, witness
from footbridge.trust.decisions import RefusedError
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition.throttle import Throttle
from footbridge.trust.vault import ceremony, compartments, persons
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.models import Entry, Person, Wrap
from footbridge.trust.vault.persons import HandleTakenError, WrongPhraseError
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.shares import ShareError

pytestmark = pytest.mark.django_db


def open_with(house, settings, handle, phrase):
    return recognition.open_key(
        handle,
        " ".join(phrase),
        cost=settings.FOOTBRIDGE_KDF_COST,
        site=house.keys,
        throttle=Throttle(),
    )


def recover(house, settings, view, to, *, shares=None):
    return recognition.recover(
        view,
        shares=list(shares or house.founded.recovery_shares[:3]),
        to=to,
        on=house.on,
        cost=settings.FOOTBRIDGE_KDF_COST,
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_phrase_that_was_shown_opens_the_key(house, settings, language):
    enrolled = house.enrol(house.add_staff("ann"), language=language)

    holder = open_with(house, settings, enrolled.handle, enrolled.phrase)

    assert holder.id == enrolled.person


def test_a_handle_is_given_to_one_person_only(house, settings):
    ann = house.add_staff("ann")
    taken = house.enrol(ann).handle

    with pytest.raises(HandleTakenError):
        recognition.enrol(
            language="en",
            by=ann,
            on=house.on,
            cost=settings.FOOTBRIDGE_KDF_COST,
            handle=taken.upper(),
        )

    assert Person.objects.count() == 1


@pytest.mark.parametrize("role", [r for r in Role if Capability.ENROL not in ALLOWED[r]])
def test_a_role_that_does_not_enrol_cannot(house, role):
    other = house.add_staff("other", role)

    with pytest.raises(RefusedError):
        house.enrol(other)


def test_a_phrase_of_ones_own_choosing_time_opens_the_same_record(house, settings):
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann)
    old = open_with(house, settings, enrolled.handle, enrolled.phrase)

    words = recognition.choose_new_phrase(
        old, language="en", cost=settings.FOOTBRIDGE_KDF_COST, on=house.on
    )
    fresh = open_with(house, settings, enrolled.handle, words)

    assert fresh.pair == old.pair
    with pytest.raises(WrongPhraseError):
        open_with(house, settings, enrolled.handle, enrolled.phrase)


def test_a_worker_renews_a_lost_phrase_and_the_old_key_opens_nothing(house, settings):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)
    old = house.open_person(enrolled)

    words = recognition.renew_phrase(
        record.person, by=ann, on=house.on, cost=settings.FOOTBRIDGE_KDF_COST
    )
    fresh = open_with(house, settings, enrolled.handle, words)

    assert fresh.pair != old.pair
    for kind in (Compartment.CARE, Compartment.SUMMARY):
        assert compartments.open_for(enrolled.person, kind, holders=[fresh]).key
        with pytest.raises((NoWrapError, compartments.crypto.SealError)):
            compartments.open_for(enrolled.person, kind, holders=[old])


def test_whoever_is_not_in_the_team_renews_no_phrase(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann)

    with pytest.raises(NoWrapError):
        recognition.renew_phrase(
            record.person, by=ben, on=house.on, cost=settings.FOOTBRIDGE_KDF_COST
        )

    assert open_with(house, settings, enrolled.handle, enrolled.phrase)


def test_three_shares_open_the_record_of_whoever_agreed_to_it(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)

    words = recover(house, settings, record.person, ben)

    assert people.open_record(enrolled.person, by=ben).entries
    assert open_with(house, settings, enrolled.handle, words).id == enrolled.person


def test_without_consent_to_recovery_the_shares_open_nothing(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann)

    with pytest.raises(NoWrapError):
        recover(house, settings, record.person, ben)

    assert open_with(house, settings, enrolled.handle, enrolled.phrase)


def test_two_shares_are_too_few(house, settings):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)

    with pytest.raises(ShareError):
        recover(house, settings, record.person, ann, shares=house.founded.recovery_shares[:2])


def test_a_role_that_does_not_work_with_people_recovers_nothing(house, settings):
    ann, other = house.add_staff("ann"), house.add_staff("other", Role.ADMINISTRATOR)
    _, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)

    with pytest.raises(RefusedError):
        recover(house, settings, record.person, other)


def test_after_recovery_person_and_worker_can_write_and_withdraw(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    boss = house.add_staff("boss", Role.COORDINATOR)
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.CONTACT, Purpose.RECOVERY)
    consents.agree_contact(record, "at the tea house on market days", on=house.on, days=90)
    care_teams.revoke_everything(colleague=ann.id, by=boss, on=house.on)

    words = recover(house, settings, record.person, ben)
    me = open_with(house, settings, enrolled.handle, words)
    own = people.open_record(enrolled.person, by=_actor(me))
    ended = consents.withdraw(own, level=Level.STOP_CONTACT, at_kiosk=True, on=house.on)

    assert ended == {Purpose.CONTACT}
    assert "contact" not in people.summary_of(enrolled.person, by=ben).consents
    assert compartments.find(enrolled.person, Compartment.CONTACT, site=house.keys) is None


def test_after_recovery_nothing_is_left_that_nobody_can_open(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    boss = house.add_staff("boss", Role.COORDINATOR)
    _, record = house.in_care(ann, Purpose.CARE, Purpose.CONTACT, Purpose.RECOVERY)
    consents.agree_contact(record, "at the tea house on market days", on=house.on, days=90)
    care_teams.revoke_everything(colleague=ann.id, by=boss, on=house.on)

    recover(house, settings, record.person, ben)

    held = set(Wrap.objects.filter(compartment__isnull=False).values_list("compartment", flat=True))
    assert set(Entry.objects.values_list("compartment", flat=True)) <= held


def test_a_colleague_who_still_holds_the_record_keeps_its_summary(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)

    recover(house, settings, record.person, ben)

    assert people.summary_of(enrolled.person, by=ann) == people.summary_of(enrolled.person, by=ben)


def test_a_coordinator_who_recovers_a_record_keeps_its_summary(house, settings):
    boss, ann = house.add_staff("boss", Role.COORDINATOR), house.add_staff("ann")
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)
    before = people.summary_of(enrolled.person, by=ann)

    recover(house, settings, record.person, boss)

    assert people.summary_of(enrolled.person, by=boss) == before


def test_a_recovery_can_be_done_again(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)
    recover(house, settings, record.person, ben)

    again = recover(house, settings, persons.get(enrolled.person, site=house.keys), ann)

    assert open_with(house, settings, enrolled.handle, again)


def test_shares_of_another_site_are_told_apart(house, settings):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)
    other = compartments.crypto.random_key()
    strange = ceremony._split(other, ceremony.RECOVERY_SHARES)[:3]

    with pytest.raises(ceremony.CeremonyError, match="not of this site's recovery key"):
        recover(house, settings, record.person, ann, shares=strange)


def test_being_forgotten_leaves_everybody_else_whole(house):
    ann = house.add_staff("ann")
    gone, record = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    stays, other = house.in_care(ann)
    me = house.open_person(gone)

    recognition.forget(me, record.person, on=house.on, tombstones=places.tombstones())

    assert [p.id for p in Person.objects.all()] == [stays.person]
    assert people.open_record(stays.person, by=ann).entries == other.entries
    assert witness.verify().entries == Entry.objects.count()


def test_nothing_on_the_trail_says_any_more_who_was_forgotten(house):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)
    log_key = record.person.log_key

    recognition.forget(
        house.open_person(enrolled), record.person, on=house.on, tombstones=places.tombstones()
    )

    assert str(enrolled.person) not in repr(trail.site_events(site=house.keys))
    sealed = trail.TrailEntry.objects.filter(tag=trail.person_tag(log_key))
    assert sealed.count() == 1
    assert not Person.objects.filter(pk=enrolled.person).exists()


def test_a_person_can_start_again_and_is_somebody_else(house):
    ann = house.add_staff("ann")
    first, second = house.enrol(ann), house.enrol(ann)

    one, two = Person.objects.get(pk=first.person), Person.objects.get(pk=second.person)
    shared = {
        field.attname
        for field in Person._meta.fields
        if bytes(str(getattr(one, field.attname)), "utf-8")
        == bytes(str(getattr(two, field.attname)), "utf-8")
    }

    assert shared == {"cost"}


def test_a_grant_by_somebody_forgotten_is_not_possible(house):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann)
    me = house.open_person(enrolled)
    recognition.forget(me, record.person, on=house.on, tombstones=places.tombstones())

    with pytest.raises(NoWrapError):
        care_teams.grant(
            person=record.person,
            to=staff.profile_of(ben.id, site=house.keys),
            by=me,
            on=house.on + timedelta(days=1),
        )


def _actor(holder):
    from footbridge.trust.access.actors import Actor

    return Actor(holder.id, holder.pair, holder.site)


def test_a_person_whose_record_was_recovered_stands_on_the_workers_list(house, settings):
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)

    recover(house, settings, record.person, ben)

    assert [view.id for view, _ in people.summaries(by=ben)] == [enrolled.person]


def test_a_visit_that_began_before_a_new_key_changes_no_phrase(house, settings):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)
    old = open_with(house, settings, enrolled.handle, enrolled.phrase)
    words = recognition.renew_phrase(
        record.person, by=ann, on=house.on, cost=settings.FOOTBRIDGE_KDF_COST
    )

    with pytest.raises(recognition.RecognitionError, match="since this visit began"):
        recognition.choose_new_phrase(
            old, language="en", cost=settings.FOOTBRIDGE_KDF_COST, on=house.on
        )

    assert open_with(house, settings, enrolled.handle, words)
