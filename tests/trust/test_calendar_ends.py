"""What a consent opened is closed by calendar, with nobody's key."""

from datetime import timedelta

import pytest

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import GRACE_WEEKS, Language, Offer, Purpose
from footbridge.trust import housekeeping
from footbridge.trust.access.circles import Member
from footbridge.trust.recognition import fallback, memory
from footbridge.trust.vault import ceremony, compartments, models
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek

pytestmark = pytest.mark.django_db
YEAR = 52 * 7


def sweep(house, *, days):
    return housekeeping.sweep(house.keys, on=house.on + timedelta(days=days), epoch_days=9_999)


def holders(house, person, kind=Compartment.CARE):
    row = compartments.find(person, kind, site=house.keys)
    return set(models.Wrap.objects.filter(compartment=row).values_list("holder", flat=True))


def test_the_team_may_still_ask_for_eight_weeks_and_then_only_the_person_holds_it(house):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann, Purpose.CARE)
    person = record.person.id

    sweep(house, days=YEAR + GRACE_WEEKS * 7)
    assert ann.id in holders(house, person)

    swept = sweep(house, days=YEAR + GRACE_WEEKS * 7 + 7)
    assert swept.lapsed == 2
    assert holders(house, person) == {person}
    assert holders(house, person, Compartment.SUMMARY) == {person}


def test_a_new_yes_in_time_keeps_the_team(house):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann, Purpose.CARE)
    later = house.on + timedelta(days=YEAR)
    offer = Offer(frozenset({Purpose.CARE}), Language.EN, True, True, 52)
    consents.give(record.person, offer, text="care/1", by=ann, on=later)

    sweep(house, days=YEAR + GRACE_WEEKS * 7 + 7)

    assert ann.id in holders(house, record.person.id)


def test_the_recovery_key_loses_its_copy_after_its_own_last_week(house):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann, Purpose.CARE, Purpose.RECOVERY)
    recovery = ceremony.recovery_holder_id(house.keys.site)

    sweep(house, days=156 * 7)
    assert holders(house, record.person.id) == {record.person.id, recovery}

    sweep(house, days=157 * 7)
    assert holders(house, record.person.id) == {record.person.id}


def test_memory_answers_are_deleted_after_their_last_week(house):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann, Purpose.CARE, Purpose.RECALL)
    members = [Member(one.id, one.pair.public) for one in (ann, house.add_staff("ben"))]
    fallback.found_circle(members=members, by=ann, on=house.on)
    asked = memory.suggested_questions(draws=lambda below: 0)
    answers = {name: next(iter(memory.questions()[name].options)) for name in asked}
    cue, until = "the smell of rain on warm stone", IsoWeek.of(house.on) + 4
    fallback.keep_answers(record.person, answers, cue=cue, until=until, by=ann, on=house.on)

    sweep(house, days=28)
    assert compartments.find(record.person.id, Compartment.RECALL, site=house.keys) is not None

    sweep(house, days=35)
    assert compartments.find(record.person.id, Compartment.RECALL, site=house.keys) is None


def test_contact_never_outlasts_the_yes_to_contact(house):
    _, record = house.in_care(house.add_staff("ann"), Purpose.CARE, Purpose.CONTACT)
    consents.agree_contact(record, "comes by on Tuesdays", on=house.on, days=90)

    sweep(house, days=12 * 7 + 7)

    assert compartments.find(record.person.id, Compartment.CONTACT, site=house.keys) is None


def test_ending_by_calendar_is_on_the_trail_once(house):
    ann = house.add_staff("ann")
    house.in_care(ann, Purpose.CARE)
    late = YEAR + GRACE_WEEKS * 7 + 7

    assert sweep(house, days=late).lapsed == 2
    assert sweep(house, days=late + 1).lapsed == 0
