"""What is taken back leaves the disk at once: no old wrap, key or entry lingers in any file.

Deleting a row is not enough on SQLite: the write-ahead log keeps what was there. Each act that
deletes or replaces a key is tried, and the database's files are searched for the old bytes.
"""

from __future__ import annotations

import pytest

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Level, Purpose
from footbridge.journey.people import queries as people
from footbridge.trust import housekeeping
from footbridge.trust.access import care_teams, circles, staff
from footbridge.trust.access.circles import CircleKind, Member
from footbridge.trust.access.models import Staff
from footbridge.trust.access.rules import Role
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition import fallback
from footbridge.trust.vault import compartments, crypto, persons, rewrap
from footbridge.trust.vault.compartments import PlainHolder
from footbridge.trust.vault.models import Circle, Entry, Person, Wrap
from footbridge.trust.vault.records import Compartment
from tests.drills import canaries
from tests.drills.targets import Target

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
CHEAP = crypto.Cost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def target(house):
    built = Target.build(house, people=1)
    persons.truncate_log()
    return built


def wraps(target, kind):
    person = target.people[0].person
    row = compartments.find(person, kind, site=target.house.keys)
    return [bytes(one.sealed) for one in Wrap.objects.filter(compartment=row)]


def contents(target, kind):
    row = compartments.find(target.people[0].person, kind, site=target.house.keys)
    return wraps(target, kind) + [bytes(e.body) for e in Entry.objects.filter(compartment=row)]


def record(target):
    return people.open_record(target.people[0].person, by=target.house.staff["ann"])


def own(target):
    person = target.house.open_person(target.people[0])
    return people.open_record(person.id, by=person)


def seats(target, kind):
    circle = circles.the_one(kind, site=target.house.keys)
    return [bytes(one.sealed) for one in Wrap.objects.filter(circle=circle.id)]


def new_contact(target):
    old = contents(target, Compartment.CONTACT)
    consents.agree_contact(record(target), "comes by on Fridays", on=target.house.on, days=90)
    return old


def withdraw(target, level, kind):
    old = contents(target, kind)
    consents.withdraw(own(target), level=level, at_kiosk=True, on=target.house.on)
    return old


def stop_contact(target):
    return withdraw(target, Level.STOP_CONTACT, Compartment.CONTACT)


def stop_research(target):
    return withdraw(target, Level.STOP_RESEARCH, Compartment.RESEARCH)


def stop_recall(target):
    old = contents(target, Compartment.RECALL)
    consents.withdraw(
        own(target), purposes=frozenset({Purpose.RECALL}), at_kiosk=True, on=target.house.on
    )
    return old


def new_answers(target):
    old = contents(target, Compartment.RECALL)
    target.say(record(target))
    return old


def leave_the_team(target):
    house, person = target.house, record(target).person
    ben = staff.profile_of(house.staff["ben"].id, site=house.keys)
    care_teams.grant(person=person, to=ben, by=house.staff["ann"], on=house.on)
    old = [bytes(one.sealed) for one in Wrap.objects.filter(holder=ben.id, circle=None)]
    care_teams.revoke(person=person, from_staff=ben.id, by=house.staff["ann"], on=house.on)
    return old


def take_everything_from(target):
    ann, cora = target.house.staff["ann"], target.house.staff["cora"]
    old = [bytes(one.sealed) for one in Wrap.objects.filter(holder=ann.id)]
    care_teams.revoke_everything(colleague=ann.id, by=cora, on=target.house.on)
    return old


def new_phrase_of_their_own(target):
    person = target.house.open_person(target.people[0])
    old = [bytes(Person.objects.get().sealed_private)]
    holder = PlainHolder(person.id, person.pair, person.site)
    recognition.choose_new_phrase(holder, language="en", cost=CHEAP, on=target.house.on)
    return old


def new_phrase_by_a_worker(target):
    row = Person.objects.get()
    old = [bytes(row.sealed_private)]
    old += [bytes(one.sealed) for one in Wrap.objects.filter(holder=row.id)]
    recognition.renew_phrase(
        record(target).person, by=target.house.staff["ann"], on=target.house.on, cost=CHEAP
    )
    return old


def new_passphrase(target):
    ann = target.house.staff["ann"]
    old = [bytes(Staff.objects.get(pk=ann.id).sealed_private)]
    staff.change_passphrase(ann, "another five words of hers", cost=CHEAP, on=target.house.on)
    return old


def leave_a_circle(target):
    house, cora = target.house, target.house.staff["cora"]
    vice = house.add_staff("vice", Role.COORDINATOR)
    circle = circles.the_one(CircleKind.COORDINATORS, site=house.keys)
    circles.add(circle=circle.id, member=Member(vice.id, vice.pair.public), by=cora, on=house.on)
    old = seats(target, CircleKind.COORDINATORS)
    old += [bytes(one.sealed) for one in Wrap.objects.filter(holder=circle.id)]
    staying = [Member(cora.id, cora.pair.public)]
    circles.leave(circle=circle.id, leaving=vice.id, staying=staying, by=cora, on=house.on)
    return old


def deal_the_recall_circle_again(target):
    house, present = target.house, (target.house.staff["ann"], target.house.staff["ben"])
    old = seats(target, CircleKind.RECALL)
    old.append(bytes(Circle.objects.get(pk=fallback.circle(site=house.keys).id).head))
    members = [Member(one.id, one.pair.public) for one in (*present, house.staff["cora"])]
    fallback.deal_again(members=members, present=present, on=house.on)
    return old


def turn_the_epoch(target):
    old = [bytes(one.sealed) for one in Wrap.objects.all()]
    rewrap.turn(target.house.keys, on=target.house.on, keep_days=35, force=True)
    return old


ACTS = [
    new_contact, stop_contact, stop_research, stop_recall, new_answers, leave_the_team,
    take_everything_from, new_phrase_of_their_own, new_phrase_by_a_worker, new_passphrase,
    leave_a_circle, deal_the_recall_circle_again, turn_the_epoch,
]  # fmt: skip


@pytest.mark.parametrize("do", ACTS, ids=lambda one: one.__name__)
def test_nothing_of_what_was_there_lingers(target, do):
    old = do(target)

    left = canaries.of_database()

    assert len(old) > 0
    assert [name for name, data in left.items() for one in old if one in data] == []


def test_the_search_finds_what_is_still_there(target):
    kept = wraps(target, Compartment.CARE)

    assert any(one in data for one in kept for data in canaries.of_database().values())


def test_what_an_act_left_behind_is_gone_after_the_daily_round(target):
    old = [bytes(one.sealed) for one in Wrap.objects.all()]
    for row in Wrap.objects.all():
        row.sealed = bytes(row.sealed)[::-1]
        row.save()

    housekeeping.sweep(target.house.keys, on=target.house.on, epoch_days=35)

    assert not any(one in data for one in old for data in canaries.of_database().values())
