"""In-trays: each open referral in one tray, the longest overdue first."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.referrals import actions
from footbridge.journey.referrals.records import ReferralDrafted, ReferralMoved, ReferralOffered
from footbridge.journey.referrals.rules import Confirmation, Move
from footbridge.journey.referrals.slips import slip_code
from footbridge.journey.referrals.table import WAITS, Actor, ReferralState
from footbridge.journey.referrals.tray_queries import trays
from footbridge.journey.referrals.trays import Tray, in_order, items, looked_after_by
from footbridge.journey.services.rules import Need
from footbridge.trust.access import care_teams, staff
from footbridge.trust.vault.folding import Opened

S = ReferralState
DAY = date(2026, 11, 2)
ME, YOU, PERSON = (UUID(int=number) for number in (1, 2, 3))


def written(*steps):
    """Entries of one referral, each as (who wrote it, record)."""
    return [Opened(uuid4(), at, record, by=by) for at, (by, record) in enumerate(steps)]


def drafted(referral, on=DAY):
    return ReferralDrafted(referral, UUID(int=9), Need.HOUSING, on)


def lying(entries, *, reader=ME, on=DAY):
    return {item.referral.id: item.tray for item in items(PERSON, entries, reader=reader, on=on)}


def test_who_wrote_the_last_step_down_has_it_in_their_tray():
    one = uuid4()
    entries = written((ME, drafted(one)), (YOU, ReferralOffered(one, DAY, frozenset())))

    assert lying(entries, reader=YOU) == {one: Tray.MINE}
    assert lying(entries, reader=ME) == {one: Tray.TEAM}


def sent(one, by=ME):
    return [
        (by, drafted(one)),
        (by, ReferralOffered(one, DAY, frozenset())),
        (by, ReferralMoved(one, S.CONSENTED, DAY, Actor.PERSON, acknowledged=frozenset())),
        (by, ReferralMoved(one, S.SENT, DAY, Actor.WORKER, code=slip_code(lambda _: 1))),
    ]


def test_what_waits_for_a_service_lies_apart_for_everybody():
    one = uuid4()

    assert lying(written(*sent(one))) == lying(written(*sent(one)), reader=YOU)
    assert lying(written(*sent(one))) == {one: Tray.PARTNER}


def test_an_answer_of_a_service_gives_the_referral_to_nobody_else():
    one = uuid4()
    no = ReferralMoved(
        one, S.DECLINED, DAY, Actor.SERVICE, confirmed_by=Confirmation.CODE, reason="too_far"
    )
    entries = written(*sent(one, by=ME), (YOU, no))

    assert looked_after_by(entries, one) == ME
    assert lying(entries, reader=YOU) == {one: Tray.TEAM}


def test_what_is_over_lies_nowhere():
    one = uuid4()
    over = ReferralMoved(one, S.CANCELLED, DAY, Actor.WORKER)

    assert lying(written((ME, drafted(one)), (ME, over))) == {}


@given(st.lists(st.integers(0, 60), max_size=8))
def test_every_open_referral_lies_in_one_tray_and_clocks_that_ran_out_come_first(ages):
    steps = [(ME, drafted(uuid4(), DAY - timedelta(days=age))) for age in ages]

    found = in_order(items(PERSON, written(*steps), reader=ME, on=DAY))

    overdue = [item.clock.overdue_days for item in found]
    assert len(found) == len(ages)
    assert overdue == sorted(overdue, reverse=True)
    assert overdue.count(0) == sum(age <= WAITS[S.DRAFT].days for age in ages)


@pytest.fixture
def two_people(house, worker, city, today):
    """Two people: one in the worker's care alone, one shared with a colleague."""
    other = house.add_staff("bo")
    _, mine = house.in_care(worker)
    _, shared = house.in_care(worker)
    profile = staff.profile_of(other.id, site=house.keys)
    care_teams.grant(person=shared.person, to=profile, by=worker, on=today)
    for record in (mine, shared):
        actions.draft(record, service=city.free.id, need=Need.HEALTH, on=today)
    return other, mine, shared


def test_a_tray_holds_what_its_reader_may_open_and_nothing_else(two_people, worker, today):
    other, mine, shared = two_people

    here, there = trays(by=worker, on=today), trays(by=other, on=today)

    handles = {line.handle for line in here[Tray.MINE]}
    assert handles == {mine.handle, shared.handle}
    assert [line.handle for line in there[Tray.TEAM]] == [shared.handle]
    assert there[Tray.MINE] == there[Tray.PARTNER] == []


def test_a_tray_says_where_each_referral_stands(somebody, city, worker, today):
    one = actions.draft(somebody(), service=city.free.id, need=Need.HEALTH, on=today)
    actions.offer(somebody(), one, on=today)
    price = actions.find(somebody(), one).price_shown
    yes = Move(S.CONSENTED, today, Actor.PERSON, acknowledged=price)
    actions.move(somebody(), one, move=yes, on=today)
    actions.send(somebody(), one, on=today, draws=lambda below: 4 % below)

    (line,) = trays(by=worker, on=today + timedelta(days=9))[Tray.PARTNER]

    assert (line.item.referral.state, line.service) == (S.SENT, city.free.service.name)
    assert line.item.clock.overdue_days == 2
