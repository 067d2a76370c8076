"""The journal: append-only, each entry in its place, corrections beside what they correct."""

import uuid
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.consents.records import ContactAgreed
from footbridge.journey.outcomes.records import ArmAssigned, ArmBand
from footbridge.trust.vault import compartments, crypto, journal, persons
from footbridge.trust.vault.crypto import Cost, SealError
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Entry
from footbridge.trust.vault.persons import Shell
from footbridge.trust.vault.records import Compartment, FreeText, RecordError

pytestmark = pytest.mark.django_db
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
BY, ON = uuid.UUID(int=9), date(2026, 11, 21)


def said(words):
    return ContactAgreed(FreeText(words), ON)


@pytest.fixture
def part(house):
    who = persons.create(Shell("pine bridge", "en"), b"w", cost=CHEAP, site=house.keys)
    return compartments.make(who.id, Compartment.CONTACT, site=house.keys)


def write(part, *words):
    return [journal.append(part, said(one), by=BY, on=ON)[0] for one in words]


@settings(max_examples=25)
@given(words=st.lists(st.text(max_size=700), max_size=6))
def test_what_was_written_is_read_in_its_order(house, words):
    who = persons.create(Shell(uuid.uuid4().hex, "en"), b"w", cost=CHEAP, site=house.keys)
    part = compartments.make(who.id, Compartment.CONTACT, site=house.keys)

    ids = write(part, *words)

    read = journal.entries(part)
    assert [(one.id, one.record.ways) for one in read] == list(zip(ids, words, strict=True))
    assert {(one.by, one.on) for one in read} <= {(BY, ON)}
    assert [one.sequence for one in read] == list(range(1, len(words) + 1))
    latest = journal.latest(part)
    assert latest == (read[-1] if read else None)


def test_a_correction_stands_in_the_place_of_what_it_corrects(part):
    first, second = write(part, "comes on Tuesdays", "comes by bus")

    journal.append(part, said("comes on Fridays"), by=BY, on=ON, replaces=first)

    assert [one.record.ways for one in journal.entries(part)] == [
        "comes on Tuesdays", "comes by bus", "comes on Fridays",
    ]  # fmt: skip
    standing = journal.current_entries(part)
    assert [one.record.ways for one in standing] == ["comes on Fridays", "comes by bus"]
    assert standing[1].id == second


def test_a_correction_of_a_correction_and_one_of_nothing_lose_no_entry(part):
    (first,) = write(part, "a")
    second, _ = journal.append(part, said("b"), by=BY, on=ON, replaces=first)
    journal.append(part, said("c"), by=BY, on=ON, replaces=second)
    journal.append(part, said("d"), by=BY, on=ON, replaces=uuid.uuid4())

    assert [one.record.ways for one in journal.current_entries(part)] == ["c", "d"]


def test_a_record_of_another_compartment_is_refused(part):
    with pytest.raises(RecordError, match="belongs into"):
        journal.append(part, ArmAssigned("pilot", "standard", ON), by=BY, on=ON)

    assert not Entry.objects.exists()


def test_an_entry_s_row_tells_neither_kind_nor_length_within_a_step(part):
    write(part, "a", "b" * 200)
    first, second = Entry.objects.order_by("sequence")

    assert len(bytes(first.body)) == len(bytes(second.body))
    assert len(bytes(first.head)) == len(bytes(second.head))
    assert b"contact" not in bytes(first.head) + bytes(first.body)


def test_summary_and_research_keep_neither_who_nor_when(house):
    who = persons.create(Shell("star lamp", "en"), b"w", cost=CHEAP, site=house.keys)
    box = compartments.make(who.id, Compartment.RESEARCH, site=house.keys)

    journal.append(box, ArmBand("pilot", "standard"), by=BY, on=ON)

    (entry,) = journal.entries(box)
    assert (entry.by, entry.on) == (None, None)


@pytest.mark.parametrize("field", ["head", "body"])
@pytest.mark.parametrize("at", [0, 30, -1])
def test_a_changed_byte_is_noticed(part, field, at):
    write(part, "a")
    row = Entry.objects.get()
    value = bytearray(bytes(getattr(row, field)))
    value[at] ^= 1
    setattr(row, field, bytes(value))

    with pytest.raises(SealError):
        journal.open_entry(part, row)


def test_an_entry_moved_to_another_place_does_not_open(part):
    write(part, "a", "b")
    row = Entry.objects.get(sequence=1)
    row.sequence = 2

    with pytest.raises(SealError):
        journal.open_entry(part, row)


@pytest.mark.parametrize("gone", [1, 2])
def test_a_gap_is_noticed(part, gone):
    write(part, "a", "b", "c")
    Entry.objects.filter(sequence=gone).delete()

    with pytest.raises(SealError, match="missing from this journal"):
        journal.entries(part)


def test_two_compartments_of_one_kind_do_not_read_each_other(house, part):
    write(part, "a")
    other = persons.create(Shell("star lamp", "en"), b"w", cost=CHEAP, site=house.keys)
    second = compartments.make(other.id, Compartment.CONTACT, site=house.keys)
    Entry.objects.update(compartment=second.id)
    for changed in (
        compartments.OpenCompartment(second.id, other.id, part.head, part.key),
        compartments.OpenCompartment(second.id, part.person, part.head, part.key),
    ):
        with pytest.raises(SealError):
            journal.entries(changed)


def test_what_the_trail_keeps_names_row_and_place_and_holds_no_key(part):
    (_, evidence) = journal.append(part, said("a"), by=BY, on=ON)
    row = Entry.objects.get()

    assert evidence == journal.digest(row) + journal.place(part.id, 1)
    assert len(evidence) == 2 * journal.DIGEST_BYTES
    assert Row.objects.get(pk=part.id).length == 1
    assert journal.place(part.id, 1) != journal.place(part.id, 2) != journal.place(part.person, 2)
    assert crypto.plain_hash(b"a") not in evidence
