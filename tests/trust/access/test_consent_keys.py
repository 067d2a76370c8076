"""A consent is a key: what is agreed to is wrapped, what is taken back is deleted."""

import pytest

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust.access.circles import Member
from footbridge.trust.recognition import fallback, memory
from footbridge.trust.vault import ceremony, compartments
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.records import Compartment
from footbridge.trust.weeks import IsoWeek

pytestmark = pytest.mark.django_db

CUE = "the smell of wet rope in the dark"
UNTIL = IsoWeek(2029, 40)


def holders(person, kind, site):
    row = compartments.find(person, kind, site=site)
    return set(row.wraps.values_list("holder", flat=True)) if row is not None else set()


def with_answers(house):
    """Somebody in care who agreed to every way back and gave their answers."""
    ann, ben = house.add_staff("ann"), house.add_staff("ben")
    fallback.found_circle(
        members=[Member(ann.id, ann.pair.public), Member(ben.id, ben.pair.public)],
        by=ann,
        on=house.on,
    )
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RECALL, Purpose.RECOVERY)
    keep_answers(house, record, ann)
    return ann, ben, enrolled


def keep_answers(house, record, by):
    asked = memory.suggested_questions(draws=lambda below: 0)
    answers = {name: next(iter(memory.questions()[name].options)) for name in asked}
    fallback.keep_answers(
        record.person, answers, cue=CUE, until=IsoWeek.of(house.on) + 156, by=by, on=house.on
    )


def test_agreeing_to_recall_makes_nothing_until_there_are_answers(house):
    ann = house.add_staff("ann")

    enrolled, _ = house.in_care(ann, Purpose.CARE, Purpose.RECALL)

    assert compartments.find(enrolled.person, Compartment.RECALL, site=house.keys) is None


def test_agreeing_to_recall_again_keeps_the_answers(house):
    ann, ben, enrolled = with_answers(house)
    before = Row.objects.get(
        slot=compartments.slot(house.keys, enrolled.person, Compartment.RECALL)
    )

    house.consent(enrolled, ann, Purpose.RECALL)

    assert Row.objects.filter(pk=before.pk).exists()
    assert fallback.open_circle((ann, ben)).id in before.wraps.values_list("holder", flat=True)


@pytest.mark.parametrize("by_person", [True, False], ids=["by the person", "with a worker"])
def test_taking_care_back_leaves_the_ways_back_that_were_agreed_to(house, by_person):
    ann, _, enrolled = with_answers(house)
    actor = house.open_person(enrolled) if by_person else ann

    consents.withdraw(
        people.open_record(enrolled.person, by=actor),
        purposes=frozenset({Purpose.CARE}),
        at_kiosk=by_person,
        on=house.on,
    )

    recovery = ceremony.recovery_holder_id(house.keys.site)
    circle = fallback.circle(site=house.keys).id
    assert holders(enrolled.person, Compartment.CARE, house.keys) == {enrolled.person, recovery}
    assert holders(enrolled.person, Compartment.SUMMARY, house.keys) == {enrolled.person}
    assert holders(enrolled.person, Compartment.RECALL, house.keys) == {circle}
    with pytest.raises(NoWrapError):
        people.open_record(enrolled.person, by=ann)


@pytest.mark.parametrize("purpose", [Purpose.RECALL, Purpose.RECOVERY])
def test_each_way_back_is_taken_back_alone(house, purpose):
    ann, _, enrolled = with_answers(house)
    recovery = ceremony.recovery_holder_id(house.keys.site)

    consents.withdraw(
        people.open_record(enrolled.person, by=ann),
        purposes=frozenset({purpose}),
        at_kiosk=True,
        on=house.on,
    )

    kept = holders(enrolled.person, Compartment.CARE, house.keys)
    assert (recovery in kept) == (purpose is Purpose.RECALL)
    recall = compartments.find(enrolled.person, Compartment.RECALL, site=house.keys)
    assert (recall is None) == (purpose is Purpose.RECALL)
    assert ann.id in kept


@pytest.mark.parametrize("purpose", list(Purpose))
def test_nothing_is_left_that_nobody_can_open(house, purpose):
    ann, _, enrolled = with_answers(house)
    house.consent(enrolled, ann, Purpose.CONTACT, Purpose.RESEARCH, Purpose.INTERVIEW)
    record = people.open_record(enrolled.person, by=ann)
    consents.agree_contact(record, "comes by on market days", on=house.on, days=90)

    consents.withdraw(record, purposes=frozenset({purpose}), at_kiosk=False, on=house.on)

    written = Row.objects.filter(length__gt=0)
    held = Wrap.objects.filter(compartment__isnull=False).values_list("compartment", flat=True)
    assert {row.pk for row in written} <= set(held)
