"""Drill: the trail is edited, dropped, reordered, cut off, replayed, forged; each is noticed."""

from __future__ import annotations

import copy

import pytest
from django.db.models import F

from footbridge.trust.audit import trail, witness
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.audit.trail import TrailError
from footbridge.trust.vault.models import Entry, Site

pytestmark = [pytest.mark.drill, pytest.mark.django_db]


@pytest.fixture
def lived(house):
    """A site on which some things were done, and the head that a witness kept."""
    ann = house.add_staff("ann")
    for _ in range(3):
        house.in_care(ann)
    return witness.sign_head(site=house.keys, on=house.on)


def rows() -> list[TrailEntry]:
    return list(TrailEntry.objects.order_by("sequence"))


def rewrite(entries: list[TrailEntry]) -> None:
    """Write these rows in place of the trail, in this order, as an attacker with SQL would."""
    TrailEntry.objects.all().delete()
    TrailEntry.objects.bulk_create(entries)


def chain(entries: list[TrailEntry]) -> list[TrailEntry]:
    """Make a trail of these rows whose hashes fit: what needs no key, an attacker can do."""
    previous = trail.START
    for number, row in enumerate(entries, start=1):
        row.sequence, row.previous = number, previous
        row.digest = trail.row_digest(row)
        previous = row.digest
    return entries


def test_a_trail_that_nobody_touched_verifies(lived):
    found = witness.verify(lived)

    assert found.events == lived.sequence
    assert found.entries == Entry.objects.count() > 0


@pytest.mark.parametrize("field", ["sealed", "tag", "evidence", "previous", "digest"])
def test_an_edited_row_is_noticed(lived, field):
    row = rows()[2]
    value = bytearray(bytes(getattr(row, field)) or b"\0")
    value[0] ^= 1
    TrailEntry.objects.filter(pk=row.pk).update(**{field: bytes(value)})

    with pytest.raises(TrailError):
        witness.verify()


@pytest.mark.parametrize("at", [0, 2, -1])
def test_a_dropped_row_is_noticed(lived, at):
    rows()[at].delete()

    with pytest.raises(TrailError):
        witness.verify()


def test_two_rows_that_changed_places_are_noticed(lived):
    entries = rows()
    entries[1].sequence, entries[2].sequence = entries[2].sequence, entries[1].sequence
    rewrite(entries)

    with pytest.raises(TrailError):
        witness.verify()


def test_a_row_that_is_put_in_again_is_noticed(lived):
    entries = rows()
    again = copy.copy(entries[-1])
    again.sequence = entries[-1].sequence + 1
    rewrite([*entries, again])

    with pytest.raises(TrailError):
        witness.verify()


def test_a_trail_cut_off_with_its_counter_is_noticed(lived):
    TrailEntry.objects.filter(sequence__gt=lived.sequence - 2).delete()
    Site.objects.update(trail_lock=F("trail_lock") - 2)

    with pytest.raises(TrailError):
        witness.verify(lived)


def test_a_trail_written_anew_with_fitting_hashes_is_noticed_by_the_witness(lived):
    entries = rows()
    del entries[1]
    rewrite(chain(entries))
    Site.objects.update(trail_lock=len(entries))

    with pytest.raises(TrailError):
        witness.verify(lived)


def test_an_entry_that_no_act_vouches_for_is_noticed(lived):
    entry = Entry.objects.first()
    Entry.objects.filter(pk=entry.pk).update(body=bytes(entry.body)[::-1])

    with pytest.raises(TrailError):
        witness.verify()


def test_an_entry_put_in_by_hand_is_noticed(lived):
    entry = Entry.objects.order_by("-sequence").first()
    entry.pk, entry.sequence = None, entry.sequence + 1
    Entry.objects.create(
        compartment_id=entry.compartment_id,
        sequence=entry.sequence,
        head=bytes(entry.head),
        body=bytes(entry.body),
    )

    with pytest.raises(TrailError):
        witness.verify()


def test_a_head_that_was_altered_or_signed_by_another_is_refused(lived):
    text = lived.to_text()
    altered = text.replace(f"\n{lived.sequence}\n", f"\n{lived.sequence - 1}\n")

    assert witness.Head.from_text(text) == lived
    with pytest.raises(TrailError):
        witness.Head.from_text(altered)


@pytest.mark.parametrize(
    "text", ["", "Footbridge trail head", "x\n" * 7, "\0", "Footbridge trail head\n" * 7]
)
def test_nonsense_for_a_head_is_refused_in_plain_words(text):
    with pytest.raises(TrailError, match="head"):
        witness.Head.from_text(text)


def test_after_a_restore_the_trail_goes_on_and_the_witness_sees_the_gap(lived, house):
    ann = house.staff["ann"]
    house.in_care(ann)

    later = witness.verify(lived)

    assert later.events > lived.sequence
    assert later.witnessed_on == lived.on
