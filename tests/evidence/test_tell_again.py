"""Somebody who took research back and agreed again counts again, in the arm of before."""

import pytest

from footbridge.evidence import actions, queries
from footbridge.evidence.rules import Arm, StudyError
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Level, Purpose
from footbridge.journey.outcomes import actions as outcomes
from footbridge.journey.outcomes.records import AdverseEventBand, AdverseEventNoted
from footbridge.journey.outcomes.rules import Harm, Related
from footbridge.journey.people import queries as people
from footbridge.trust.access import circles
from footbridge.trust.access.rules import Role
from footbridge.trust.vault import bulk, journal
from footbridge.trust.vault.records import Compartment, FreeText

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(house):
    maple = house.add_staff("maple", Role.COORDINATOR)
    arms = [Arm("a", "One way"), Arm("b", "Another way")]
    return actions.create_study(title="A small study", arms=arms, by=maple, on=house.on)


def joined(house, study):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    actions.enrol_in_study(record, study, on=house.on, draws=lambda _: 1)
    return ann, enrolled


def again(house, enrolled, ann):
    record = people.open_record(enrolled.person, by=ann)
    consents.withdraw(record, level=Level.STOP_RESEARCH, at_kiosk=False, on=house.on)
    return house.consent(enrolled, ann, Purpose.RESEARCH)


def test_after_a_new_consent_the_study_has_the_arm_of_before(house, study):
    ann, enrolled = joined(house, study)
    record = again(house, enrolled, ann)
    by = house.staff["maple"]
    assert queries.extract(study, by=by, on=house.on).size("b") == 0

    actions.tell_again(record, study, on=house.on)

    assert queries.extract(study, by=by, on=house.on).size("b") == 1


def test_nobody_is_told_of_whom_chance_never_decided(house, study):
    ann = house.add_staff("ann")
    _, record = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)

    with pytest.raises(StudyError):
        actions.tell_again(record, study, on=house.on)


def test_adverse_events_of_before_are_told_again_too(house, study):
    ann, enrolled = joined(house, study)
    event = AdverseEventNoted(Harm.OVERDOSE, house.on, Related.NO, FreeText("woke up"))
    outcomes.note_event(people.open_record(enrolled.person, by=ann), event, on=house.on)
    record = again(house, enrolled, ann)

    actions.tell_again(record, study, on=house.on)

    circle = circles.open_circle(study.circle_id, holder=house.staff["maple"])
    part = bulk.open_many(Compartment.RESEARCH, holders=[circle])[enrolled.person]
    told = [entry.record for entry in journal.current_entries(part)]
    bands = [one for one in told if isinstance(one, AdverseEventBand)]
    assert [(one.harm, one.arm) for one in bands] == [(Harm.OVERDOSE, "b")]
