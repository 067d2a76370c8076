"""A step is sealed only where the table allows it, and the summary counts along."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from footbridge.journey.people import queries as people
from footbridge.journey.referrals import actions
from footbridge.journey.referrals.rules import Confirmation, Move, NeedOutcome
from footbridge.journey.referrals.table import Actor, ReferralState
from footbridge.journey.services.directory import DirectoryError
from footbridge.journey.services.rules import Need
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault import models

S = ReferralState


def draws(below):
    return 5 % below


def drafted(somebody, listing, on, need=Need.HEALTH):
    return actions.draft(somebody(), service=listing.id, need=need, on=on)


def summary(somebody):
    record = somebody()
    return dict(people.summary_of(record.person.id, by=record.by).referrals)


def test_a_good_course_is_kept_step_by_step_and_counted_in_the_summary(somebody, city, today):
    one = drafted(somebody, city.free, today)
    actions.offer(somebody(), one, on=today)
    shown = actions.find(somebody(), one).price_shown
    yes = Move(S.CONSENTED, today, Actor.PERSON, acknowledged=shown)
    actions.move(somebody(), one, move=yes, on=today)
    code = actions.send(somebody(), one, on=today, draws=draws)
    back = Move(S.LINKED, today, Actor.SERVICE, confirmed_by=Confirmation.CODE, code=code.lower())
    actions.move(somebody(), one, move=back, on=today)
    later = today + timedelta(days=14)
    actions.move(somebody(), one, move=Move(S.ENGAGED, later, Actor.WORKER), on=later)
    assert summary(somebody) == {"engaged": 1}

    actions.end(somebody(), one, outcome=NeedOutcome.MET, on=later)

    found = actions.find(somebody(), one)
    assert (found.state, found.outcome) == (S.ENDED, NeedOutcome.MET)
    assert summary(somebody) == {"ended": 1}


def test_the_course_in_the_summary_follows_each_act(somebody, city, today):
    one = drafted(somebody, city.dear, today, need=Need.DRUG_TREATMENT)
    actions.offer(somebody(), one, on=today)

    record = somebody()
    (course,) = people.summary_of(record.person.id, by=record.by).courses_of("referral")

    assert course.codes == {"state-offered", "domain-drug-treatment", "treatment", "priced"}


def test_the_price_that_is_kept_is_the_one_of_the_directory(somebody, city, today):
    one = drafted(somebody, city.dear, today)

    actions.offer(somebody(), one, on=today)

    found = actions.find(somebody(), one)
    assert found.price_shown == city.dear.price().codes
    assert found.price_shown


def test_a_refused_step_leaves_no_entry_and_no_line_on_the_trail(somebody, city, today):
    one = drafted(somebody, city.dear, today)
    before = (models.Entry.objects.count(), len(list(trail.walk())))

    said = Move(S.LINKED, today, Actor.PERSON, confirmed_by=Confirmation.PERSON)

    with pytest.raises(RefusedError, match="no step from draft to linked"):
        actions.move(somebody(), one, move=said, on=today)

    assert (models.Entry.objects.count(), len(list(trail.walk()))) == before


def test_nobody_agrees_without_the_price_that_was_shown(somebody, city, today):
    one = drafted(somebody, city.dear, today)
    actions.offer(somebody(), one, on=today)

    blind = Move(S.CONSENTED, today, Actor.PERSON, acknowledged=frozenset())

    with pytest.raises(RefusedError, match="price in anonymity"):
        actions.move(somebody(), one, move=blind, on=today)


def test_a_day_that_lies_ahead_is_refused(somebody, city, today):
    one = drafted(somebody, city.free, today)

    ahead = Move(S.OFFERED, today + timedelta(days=1), Actor.WORKER)

    with pytest.raises(RefusedError, match="lies ahead"):
        actions.move(somebody(), one, move=ahead, on=today)


def test_a_service_that_is_not_in_the_directory_is_refused(somebody, today):
    with pytest.raises(DirectoryError, match="not in the directory"):
        actions.draft(somebody(), service=uuid4(), need=Need.FOOD, on=today)


def test_a_referral_of_somebody_else_cannot_be_moved(somebody, city, house, worker, today):
    one = drafted(somebody, city.free, today)
    _, other = house.in_care(worker)

    with pytest.raises(actions.UnknownReferralError):
        actions.offer(other, one, on=today)


def test_the_last_step_can_be_taken_back_and_the_summary_follows(somebody, city, today):
    one = drafted(somebody, city.free, today)
    actions.offer(somebody(), one, on=today)

    actions.undo(somebody(), one, on=today)

    assert actions.find(somebody(), one).state is S.DRAFT
    assert summary(somebody) == {"draft": 1}
    with pytest.raises(RefusedError, match="no step to take back"):
        actions.undo(somebody(), one, on=today)


def test_a_referral_can_follow_one_that_led_nowhere(somebody, city, today):
    one = drafted(somebody, city.dear, today)

    two = actions.draft(somebody(), service=city.free.id, need=Need.HEALTH, on=today, follows=one)

    assert actions.find(somebody(), two).follows == one
