"""The witness: verifying without a key, the signed head, and what only the head can see."""

import dataclasses
from datetime import date

import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from footbridge.trust.audit import trail, witness
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.audit.trail import TrailError
from footbridge.trust.audit.witness import Head
from footbridge.trust.vault import journal
from footbridge.trust.vault.models import Compartment, Entry, Site

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 21)


@pytest.fixture
def lived(house):
    ann = house.add_staff("ann")
    for _ in range(2):
        house.in_care(ann)
    return house


def rehash(rows):
    """Give rows hashes that fit, as anybody can: the chain has no key."""
    previous = trail.START
    for row in rows:
        row.previous = previous
        row.digest = trail.row_digest(row)
        previous = row.digest
        row.save()


def chain():
    return list(TrailEntry.objects.order_by("sequence"))


def copy_of(row, *, sequence):
    return TrailEntry(
        sequence=sequence,
        tag=row.tag,
        sealed=row.sealed,
        evidence=row.evidence,
        previous=b"",
        digest=b"",
    )


def test_verifying_needs_no_key(lived):
    lived.close()

    assert witness.verify().entries == Entry.objects.count() == 4


def test_a_trail_of_nothing_verifies(db):
    assert witness.verify() == witness.Verified(0, 0, None)


class TestTheHead:
    """A few lines that somebody outside keeps."""

    def test_it_comes_back_from_its_lines(self, lived):
        head = witness.sign_head(site=lived.keys, on=ON)

        assert Head.from_text(head.to_text()) == head
        assert witness.verify(head).witnessed_on == ON

    def test_of_an_empty_trail_it_holds_as_well(self, house):
        TrailEntry.objects.all().delete()
        Site.objects.update(trail_lock=0)
        head = witness.sign_head(site=house.keys, on=ON)

        assert witness.verify(Head.from_text(head.to_text())).events == 0

    @settings(max_examples=60)
    @given(at=st.integers(min_value=0), to=st.characters())
    def test_a_changed_letter_is_noticed_or_changes_nothing(self, lived, at, to):
        head = witness.sign_head(site=lived.keys, on=ON)
        text = head.to_text()
        at %= len(text)
        changed = text[:at] + to + text[at + 1 :]

        try:
            read = Head.from_text(changed)
        except TrailError:
            return
        assert read.statement == head.statement

    @pytest.mark.parametrize("text", ["", "x", "\n" * 7, "Footbridge trail head\n" * 7])
    def test_lines_that_are_no_head_are_refused(self, text):
        with pytest.raises(TrailError):
            Head.from_text(text)

    def test_a_head_under_another_title_is_refused(self, lived, monkeypatch):
        monkeypatch.setattr(witness, "_TITLE", "Another thing")
        text = witness.sign_head(site=lived.keys, on=ON).to_text()
        monkeypatch.undo()

        with pytest.raises(TrailError, match="not a head"):
            Head.from_text(text)

    def test_a_head_that_somebody_signed_themself_is_another_site_s(self, lived):
        head = witness.sign_head(site=lived.keys, on=ON)
        own = SigningKey.generate()
        forged = dataclasses.replace(head, signer=bytes(own.verify_key))
        forged = dataclasses.replace(forged, signature=own.sign(forged.statement).signature)

        with pytest.raises(TrailError, match="another site"):
            witness.verify(Head.from_text(forged.to_text()))


class TestWithoutAWitness:
    """What the site's signature shows to anybody."""

    def test_an_old_line_copied_to_the_end_with_hashes_that_fit(self, lived):
        rows = chain()
        copy_of(rows[2], sequence=len(rows) + 1).save(force_insert=True)
        rehash(chain())
        Site.objects.update(trail_lock=F("trail_lock") + 1)

        with pytest.raises(TrailError, match="signature"):
            witness.verify()

    def test_a_trail_written_anew_without_one_line(self, lived):
        rows = chain()
        TrailEntry.objects.all().delete()
        left = [row for row in rows if row.sequence != 3]
        for number, row in enumerate(left, start=1):
            row.sequence = number
        rehash(left)
        Site.objects.update(trail_lock=len(left))

        with pytest.raises(TrailError, match="signature"):
            witness.verify()

    def test_an_entry_of_one_s_own_with_a_line_that_vouches_for_it(self, lived):
        part = Compartment.objects.first()
        part.length += 1
        part.save()
        entry = Entry.objects.create(compartment=part, sequence=part.length, head=b"h", body=b"b")
        rows = chain()
        more = copy_of(rows[0], sequence=len(rows) + 1)
        more.evidence = journal.digest(entry) + journal.place(part.id, part.length)
        more.save(force_insert=True)
        rehash(chain())
        Site.objects.update(trail_lock=F("trail_lock") + 1)

        with pytest.raises(TrailError, match="signature"):
            witness.verify()

    def test_an_entry_of_one_s_own_that_nothing_vouches_for(self, lived):
        part = Compartment.objects.first()
        Entry.objects.create(compartment=part, sequence=part.length + 1, head=b"h", body=b"b")

        with pytest.raises(TrailError, match="put in by hand"):
            witness.verify()

    def test_a_tail_cut_off_with_the_count_set_back(self, lived):
        TrailEntry.objects.order_by("-sequence")[0].delete()
        Site.objects.update(trail_lock=F("trail_lock") - 1)

        with pytest.raises(TrailError):
            witness.verify()

    @pytest.mark.parametrize("change", ["take", "cut", "length"])
    def test_a_journal_that_lost_an_entry(self, lived, change):
        part = Compartment.objects.filter(length__gte=1).first()
        row = Entry.objects.filter(compartment=part).order_by("-sequence")[0]
        if change == "take":
            row.delete()
        elif change == "cut":
            row.delete()
            Compartment.objects.filter(pk=part.pk).update(length=F("length") - 1)
        else:
            Compartment.objects.filter(pk=part.pk).update(length=F("length") + 1)

        with pytest.raises(TrailError, match="removed from journal"):
            witness.verify()

    def test_a_whole_compartment_deleted_is_a_consent_taken_back(self, lived):
        Compartment.objects.first().delete()

        assert witness.verify().entries == 3


class TestOnlyAWitnessSees:
    """An attacker who kept an older state of everything, signature included."""

    def rolled_back(self, lived):
        """Do one more act, have it witnessed, and put back all that was before it."""
        site, rows = Site.objects.get(), chain()
        lived.enrol(lived.staff["ann"])
        head = witness.sign_head(site=lived.keys, on=ON)
        TrailEntry.objects.filter(sequence__gt=len(rows)).delete()
        site.save()
        return head

    def test_a_state_put_back_looks_whole_alone(self, lived):
        self.rolled_back(lived)

        assert witness.verify().events == TrailEntry.objects.count()

    def test_a_state_put_back_is_shorter_than_what_was_witnessed(self, lived):
        with pytest.raises(TrailError, match="older backup was restored"):
            witness.verify(self.rolled_back(lived))

    def test_a_state_put_back_and_lived_on_from_is_not_what_was_witnessed(self, lived):
        head = self.rolled_back(lived)
        for _ in range(2):
            lived.enrol(lived.staff["ann"])

        assert witness.verify()
        with pytest.raises(TrailError, match="not the one that the witness saw"):
            witness.verify(head)
