"""The trail: each act leaves its line, about a person only under that person's log key."""

import uuid
from datetime import date

import pytest
from django.db import transaction

from footbridge.journey.people import actions as people_actions
from footbridge.journey.people import queries as people
from footbridge.trust import places
from footbridge.trust.audit import labels, trail, witness
from footbridge.trust.audit.acts import act
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.audit.trail import Event
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.vault import crypto, persons
from footbridge.trust.vault.crypto import SealError
from footbridge.trust.vault.models import Entry, Site

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 21)


def do(house, action="record.opened", *, log_key=None, detail=""):
    with act(action, by=house.keys.site, on=ON, site=house.keys, log_key=log_key, detail=detail):
        pass


def test_an_act_and_its_line_stand_or_fall_together(house):
    before = TrailEntry.objects.count()

    with pytest.raises(ZeroDivisionError), act("x", by=uuid.uuid4(), on=ON, site=house.keys):
        raise ZeroDivisionError

    assert TrailEntry.objects.count() == before
    assert witness.verify().events == before


def test_an_act_whose_line_cannot_be_written_did_not_happen(house, monkeypatch):
    ann = house.add_staff("ann")
    enrolled, record = house.in_care(ann)
    entries = Entry.objects.count()

    def fail(*_, **__):
        raise RuntimeError("no trail")

    monkeypatch.setattr(trail, "append", fail)
    with pytest.raises(RuntimeError), people_actions.writing("x", record, on=ON) as doing:
        doing.care(record.entries[0].record)

    assert Entry.objects.count() == entries
    assert people.open_record(enrolled.person, by=ann).entries == record.entries


def test_lines_about_a_person_are_found_with_their_log_key_only(house):
    ann = house.add_staff("ann")
    first, _ = house.in_care(ann)
    house.in_care(ann)
    log_key = persons.get(first.person, site=house.keys).log_key

    mine = trail.events_about(log_key, site=house.keys)

    assert [event.action for event in mine] == ["consent.given"]
    assert trail.events_about(crypto.random_key(), site=house.keys) == []
    shown = trail.site_events(site=house.keys)
    assert "consent.given" not in {event.action for event in shown}
    assert "person.enrolled" in {event.action for event in shown}


def test_a_line_needs_the_site_s_log_key_too(house):
    enrolled, _ = house.in_care(house.add_staff("ann"))
    log_key = persons.get(enrolled.person, site=house.keys).log_key
    row = TrailEntry.objects.get(tag=trail.person_tag(log_key))

    for key in (log_key, crypto.keyed_hash(log_key, b"trail", log_key), house.keys["log"]):
        with pytest.raises(SealError):
            crypto.open_sealed(key, bytes(row.sealed), bound_to=bytes(row.tag))


def test_two_lines_about_nobody_have_nothing_in_common(house):
    do(house)
    do(house)
    first, second = TrailEntry.objects.order_by("-sequence")[:2]

    assert bytes(first.tag) != bytes(second.tag)
    assert bytes(first.sealed) != bytes(second.sealed)
    assert len(bytes(first.sealed)) == len(bytes(second.sealed))


def test_what_was_done_is_read_back_newest_first(house):
    for number in range(4):
        do(house, "epoch.turned", detail=str(number))

    newest = trail.site_events(site=house.keys, last=2)

    assert newest == [Event("epoch.turned", ON, house.keys.site, n) for n in ("3", "2")]


def test_forgetting_leaves_lines_that_verify_and_say_nothing(house):
    enrolled, record = house.in_care(house.add_staff("ann"))
    me = house.open_person(enrolled)
    events = TrailEntry.objects.count()

    recognition.forget(me, record.person, on=ON, tombstones=places.tombstones())

    found = witness.verify()
    assert (found.events, found.entries) == (events + 1, 0)
    everything = "".join(map(repr, trail.site_events(site=house.keys)))
    assert str(enrolled.person) not in everything
    assert enrolled.handle not in everything


def test_a_long_detail_and_a_short_one_take_the_same_room(house):
    do(house, detail="")
    do(house, detail=str(uuid.uuid4()))
    first, second = TrailEntry.objects.order_by("-sequence")[:2]

    assert len(bytes(first.sealed)) == len(bytes(second.sealed))


def test_the_newest_line_is_signed_with_each_act(house):
    for _ in range(3):
        do(house)
        last = TrailEntry.objects.order_by("-sequence").first()
        assert trail.is_signed(bytes(last.digest), site=Site.objects.get())
    assert not trail.is_signed(trail.START, site=Site.objects.get())


@pytest.mark.parametrize("field", ["signing_public", "trail_signature"])
@pytest.mark.parametrize("value", [b"", b"x" * 31, bytes(32), bytes(64)])
def test_a_signature_or_key_of_any_shape_is_only_not_valid(house, field, value):
    do(house)
    site = Site.objects.get()
    setattr(site, field, value)

    assert (
        trail.is_signed(bytes(TrailEntry.objects.order_by("-sequence")[0].digest), site=site)
        is False
    )


def test_acts_inside_an_act_keep_their_order(house):
    with act("outer", by=house.keys.site, on=ON, site=house.keys), transaction.atomic():
        do(house, "inner")

    outer, inner = trail.site_events(site=house.keys, last=2)
    assert (outer.action, inner.action) == ("outer", "inner")
    assert witness.verify().events == TrailEntry.objects.count()


def test_an_action_without_words_is_shown_as_it_is():
    assert labels.event("epoch.turned") == "Began a new key month"
    assert labels.event("not.known") == "not.known"
