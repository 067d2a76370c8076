"""Circles: a key that several share, and that nobody keeps who has left."""

import uuid

import pytest

from footbridge.journey.people import queries as people
from footbridge.trust.access import circles
from footbridge.trust.access.circles import CircleError, CircleKind, Member
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail
from footbridge.trust.recognition import fallback
from footbridge.trust.recognition.fallback import FallbackError
from footbridge.trust.vault import compartments, crypto
from footbridge.trust.vault.compartments import PlainHolder
from footbridge.trust.vault.models import Circle, Wrap
from footbridge.trust.vault.records import Compartment

pytestmark = pytest.mark.django_db


def member(actor):
    return Member(actor.id, actor.pair.public)


@pytest.fixture
def three(house):
    """Three coordinators in their circle, and somebody in care whose summary it opens."""
    boss = house.add_staff("boss", Role.COORDINATOR)
    vice, new = house.add_staff("vice", Role.COORDINATOR), house.add_staff("new", Role.COORDINATOR)
    circle = circles.the_one(CircleKind.COORDINATORS, site=house.keys)
    circles.add(circle=circle.id, member=member(vice), by=boss, on=house.on)
    enrolled, _ = house.in_care(house.add_staff("ann"))
    return circle, boss, vice, new, enrolled.person


def reads(person, actor):
    return person in {view.id for view, _ in people.summaries(by=actor, as_coordinator=True)}


def test_a_member_opens_summaries_and_somebody_else_does_not(three):
    _, boss, vice, new, person = three

    assert reads(person, boss)
    assert reads(person, vice)
    assert not reads(person, new)


def test_a_coordinator_opens_no_care_record(three):
    _, boss, _, _, person = three

    with pytest.raises(compartments.NoWrapError):
        people.open_record(person, by=boss)
    with pytest.raises(compartments.NoWrapError):
        compartments.open_for(person, Compartment.CARE, holders=circles.held_by(boss))


def test_only_a_member_adds_another(house, three):
    circle, _, _, new, _ = three

    with pytest.raises(CircleError):
        circles.add(circle=circle.id, member=member(new), by=new, on=house.on)

    assert new.id not in circles.members(circle.id)


def test_whoever_joins_reads_what_was_written_before(house, three):
    circle, boss, _, new, person = three

    circles.add(circle=circle.id, member=member(new), by=boss, on=house.on)

    assert reads(person, new)


def leave(house, three, leaving):
    circle, boss, vice, _, _ = three
    circles.leave(
        circle=circle.id,
        leaving=leaving.id,
        staying=[member(boss), member(vice)],
        by=boss,
        on=house.on,
    )


def test_whoever_leaves_reads_nothing_and_the_others_go_on(house, three):
    _, boss, vice, _, person = three

    leave(house, three, vice)

    assert not reads(person, vice)
    assert reads(person, boss)


def test_a_circle_key_that_was_kept_opens_no_wrap_any_more(house, three):
    circle, _, vice, _, _ = three
    kept = circles.open_circle(circle.id, holder=vice).pair

    leave(house, three, vice)

    for wrap in Wrap.objects.filter(holder=circle.id):
        with pytest.raises(crypto.SealError):
            compartments.unwrap(wrap, holder=PlainHolder(circle.id, kept, house.keys))


def test_new_people_are_sealed_to_the_new_key(house, three):
    _, boss, vice, _, _ = three
    leave(house, three, vice)

    later, _ = house.in_care(house.staff["ann"])

    assert reads(later.person, boss)


def test_a_circle_tells_its_duty_to_the_unsealed_site_only(house, three):
    circle = three[0]
    row = Circle.objects.get(pk=circle.id)

    assert circles.get(circle.id, site=house.keys).kind is CircleKind.COORDINATORS
    assert b"coordinators" not in bytes(row.head)


def test_an_unknown_circle_is_nobodys(house, three):
    assert circles.get(uuid.uuid4(), site=house.keys) is None
    with pytest.raises(CircleError):
        circles.open_circle(uuid.uuid4(), holder=three[1])


def test_what_circles_do_stands_on_the_trail(house, three):
    circle, boss, _, new, _ = three
    circles.add(circle=circle.id, member=member(new), by=boss, on=house.on)

    events = trail.site_events(site=house.keys)

    assert (events[0].action, events[0].by, events[0].detail) == (
        "circle.joined",
        boss.id,
        str(new.id),
    )


# --- the recall circle, whose key nobody has alone ---


@pytest.fixture
def recall(house):
    actors = [house.add_staff(name) for name in ("one", "two", "three", "four")]
    circle = fallback.found_circle(
        members=[member(one) for one in actors[:3]], by=actors[0], on=house.on
    )
    return circle, actors


def test_any_two_members_put_the_key_together(recall):
    circle, (one, two, three, _) = recall

    pairs = {fallback.open_circle(both).pair for both in ((one, two), (three, one), (two, three))}

    assert {pair.public for pair in pairs} == {circle.public}


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 3), (3, 3)])
def test_one_member_alone_or_with_a_stranger_does_not(recall, first, second):
    _, actors = recall

    with pytest.raises(FallbackError, match="Two different members"):
        fallback.open_circle((actors[first], actors[second]))


def test_a_share_is_no_key(house, recall):
    circle, (one, *_) = recall
    row = Wrap.objects.get(circle=circle.id, holder=one.id)

    share = compartments.unwrap(row, holder=one)

    assert len(share) > crypto.KEY_BYTES
    assert circles.held_by(one) == []
    with pytest.raises(crypto.SealError):
        circles.open_circle(circle.id, holder=one)


def test_dealt_anew_old_shares_fit_no_longer(house, recall):
    circle, (one, two, three, four) = recall
    fallback.deal_again(members=[member(one), member(four)], present=(one, two), on=house.on)

    assert fallback.open_circle((one, four)).id == circle.id
    for both in ((one, two), (two, three)):
        with pytest.raises(FallbackError):
            fallback.open_circle(both)


@pytest.mark.parametrize("count", [0, 1])
def test_a_recall_circle_has_two_members_at_least(house, recall, count):
    _, (one, two, *_) = recall

    with pytest.raises(FallbackError):
        fallback.deal_again(members=[member(one)] * count, present=(one, two), on=house.on)


def test_there_is_one_recall_circle(house, recall):
    _, actors = recall

    with pytest.raises(FallbackError, match="already"):
        fallback.found_circle(members=[member(a) for a in actors], by=actors[0], on=house.on)
