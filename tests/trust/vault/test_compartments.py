"""Compartments: found by noise, opened by wraps, granted by holders, and told apart."""

import uuid

import pytest

from footbridge.journey.consents.records import ContactAgreed
from footbridge.journey.outcomes.records import ArmBand
from footbridge.trust.vault import bulk, compartments, crypto, journal, persons
from footbridge.trust.vault.compartments import NoWrapError, PlainHolder
from footbridge.trust.vault.crypto import Cost, KeyPair, SealError
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.persons import Shell
from footbridge.trust.vault.records import Compartment, FreeText
from footbridge.trust.weeks import IsoWeek

pytestmark = pytest.mark.django_db
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def person(house):
    return persons.create(Shell("pine bridge", "en"), b"words", cost=CHEAP, site=house.keys)


def holder(house):
    return PlainHolder(uuid.uuid4(), KeyPair.new(), house.keys)


def granted(house, person, kind=Compartment.CARE, *, to):
    part = compartments.make(person.id, kind, site=house.keys)
    for one in to:
        compartments.grant(part, holder=one.id, public=one.pair.public, site=house.keys)
    return part


def test_each_holder_opens_the_same_key_and_nobody_else_any(house, person):
    ann, ben, eve = holder(house), holder(house), holder(house)
    made = granted(house, person, to=[ann, ben])

    for one in (ann, ben):
        assert compartments.open_for(person.id, Compartment.CARE, holders=[one]) == made
    with pytest.raises(NoWrapError):
        compartments.open_for(person.id, Compartment.CARE, holders=[eve])


def test_one_of_several_holders_is_enough(house, person):
    ann, eve = holder(house), holder(house)
    made = granted(house, person, to=[ann])

    assert compartments.open_for(person.id, Compartment.CARE, holders=[eve, ann]) == made


def test_a_wrap_under_another_s_name_does_not_open(house, person):
    ann, eve = holder(house), holder(house)
    granted(house, person, to=[ann])
    Wrap.objects.update(holder=eve.id)

    for one in (eve, PlainHolder(eve.id, ann.pair, house.keys)):
        with pytest.raises(SealError):
            compartments.open_for(person.id, Compartment.CARE, holders=[one])


def test_granting_again_is_no_error_and_one_wrap_stays(house, person):
    ann = holder(house)
    part = granted(house, person, to=[ann, ann])
    compartments.grant(part, holder=ann.id, public=ann.pair.public, site=house.keys)

    assert Wrap.objects.filter(compartment=part.id).count() == 1


def test_revoking_deletes_these_wraps_and_no_others(house, person):
    ann, ben = holder(house), holder(house)
    part = granted(house, person, to=[ann, ben])

    assert compartments.revoke(part.id, holders=[ann.id, uuid.uuid4()]) == 1

    assert set(Wrap.objects.values_list("holder", flat=True)) == {ben.id}


def test_a_compartment_is_found_with_the_site_key_only_and_its_row_tells_no_kind(house, person):
    rows = {kind: granted(house, person, kind, to=[holder(house)]) for kind in Compartment}

    slots = {bytes(row.slot) for row in Row.objects.all()}
    heads = {len(bytes(row.head)) for row in Row.objects.exclude(pk=rows[Compartment.RESEARCH].id)}
    assert len(slots) == len(Compartment)
    assert not slots & {
        crypto.plain_hash(person.id.bytes, k.encode(), size=16) for k in Compartment
    }
    assert heads == {len(bytes(Row.objects.get(pk=rows[Compartment.CARE].id).head))}
    for kind, part in rows.items():
        found = compartments.find(person.id, kind, site=house.keys)
        assert compartments.open_head(house.keys, found).kind is kind
        assert found.id == part.id


def test_a_head_that_was_moved_or_changed_does_not_open(house, person):
    first = granted(house, person, Compartment.CARE, to=[])
    second = granted(house, person, Compartment.SUMMARY, to=[])
    one, other = Row.objects.get(pk=first.id), Row.objects.get(pk=second.id)
    one.head = other.head

    with pytest.raises(SealError):
        compartments.open_head(house.keys, one)


def test_an_expiry_is_kept_in_the_head(house, person):
    made = compartments.make(
        person.id, Compartment.CONTACT, site=house.keys, expires=IsoWeek(2027, 5)
    )

    assert compartments.open_head(house.keys, Row.objects.get(pk=made.id)).expires == IsoWeek(
        2027, 5
    )


class TestTheDropBox:
    """Research: written with a public key, read by the study alone."""

    def test_it_is_written_without_a_key_and_read_with_the_study_s(self, house, person, today):
        study = holder(house)
        granted(house, person, Compartment.RESEARCH, to=[study])

        box = compartments.open_for_writing(person.id, Compartment.RESEARCH, site=house.keys)
        journal.append(box, ArmBand("pilot", "standard"), by=uuid.uuid4(), on=today)

        with pytest.raises(NoWrapError):
            journal.entries(box)
        opened = compartments.open_for(person.id, Compartment.RESEARCH, holders=[study])
        (entry,) = journal.entries(opened)
        assert entry.record == ArmBand("pilot", "standard")
        assert (entry.by, entry.on) == (None, None)

    def test_whoever_writes_can_grant_nothing(self, house, person):
        granted(house, person, Compartment.RESEARCH, to=[])
        box = compartments.open_for_writing(person.id, Compartment.RESEARCH, site=house.keys)

        with pytest.raises(NoWrapError):
            compartments.grant(
                box, holder=uuid.uuid4(), public=KeyPair.new().public, site=house.keys
            )

    @pytest.mark.parametrize("kind", [k for k in Compartment if k is not Compartment.RESEARCH])
    def test_no_other_compartment_is_written_without_its_key(self, house, person, kind):
        granted(house, person, kind, to=[])

        with pytest.raises(NoWrapError):
            compartments.open_for_writing(person.id, kind, site=house.keys)

    def test_without_consent_there_is_no_box(self, house, person):
        with pytest.raises(NoWrapError):
            compartments.open_for_writing(person.id, Compartment.RESEARCH, site=house.keys)


class TestMarks:
    """Which wraps were made by somebody who knew the key."""

    @pytest.fixture
    def ann(self, house):
        return holder(house)

    @pytest.fixture
    def part(self, house, person, ann):
        return granted(house, person, to=[ann])

    def genuine(self, house, part, *holders):
        publics = {one.id: one.pair.public for one in holders}
        return compartments.genuine_holders(part.id, part.key, publics=publics, site=house.keys)

    def test_a_granted_wrap_is_genuine(self, house, part, ann):
        assert self.genuine(house, part, ann, holder(house)) == {ann.id}

    def test_a_wrap_put_in_by_hand_is_not(self, house, part, ann):
        eve, place = holder(house), part.id.bytes
        noise = crypto.random_key() * 4
        site = house.keys
        for forged in (
            b"",
            noise,
            crypto.seal(site.wrap_key(site.epoch.id), noise, bound_to=place + eve.id.bytes),
        ):
            Wrap.objects.filter(holder=eve.id).delete()
            Wrap.objects.create(
                compartment_id=part.id, holder=eve.id, epoch=site.epoch.id, sealed=forged
            )
            assert self.genuine(house, part, ann, eve) == {ann.id}

    def test_a_holder_whose_public_key_was_changed_is_not(self, house, part, ann):
        other = PlainHolder(ann.id, KeyPair.new(), house.keys)

        assert self.genuine(house, part, other) == set()

    def test_a_wrap_whose_month_is_gone_is_not(self, house, part, ann):
        Wrap.objects.update(epoch="0" * 16)

        assert self.genuine(house, part, ann) == set()

    def test_the_mark_tells_nothing_without_the_key(self, house, part, ann):
        row = Wrap.objects.get(holder=ann.id)
        place = part.id.bytes + ann.id.bytes
        plain = crypto.open_sealed(
            house.keys.wrap_key(row.epoch), bytes(row.sealed), bound_to=place
        )
        mark = plain[: compartments.MARK_BYTES]

        assert part.key not in plain
        assert mark not in {
            crypto.plain_hash(*some) for some in ([place], [place, ann.pair.public])
        }


class TestManyAtOnce:
    """Opening one kind of compartment of everybody."""

    def test_only_what_these_holders_hold_is_opened_and_the_newest_entry_is_read(
        self, house, today
    ):
        ann = holder(house)
        opened = {}
        for number, name in enumerate(("pine bridge", "star lamp", "moss gate")):
            who = persons.create(Shell(name, "en"), b"w", cost=CHEAP, site=house.keys)
            part = granted(house, who, Compartment.CONTACT, to=[ann] if number else [])
            granted(house, who, Compartment.CARE, to=[ann])
            for words in ("before", f"after {number}"):
                journal.append(part, ContactAgreed(FreeText(words), today), by=ann.id, on=today)
            opened[who.id] = number

        found = bulk.open_many(Compartment.CONTACT, holders=[ann])
        newest = bulk.latest_of(found.values())

        assert {who: one.record.ways for who, one in newest.items()} == {
            who: f"after {number}" for who, number in opened.items() if number
        }
        assert bulk.open_many(Compartment.CONTACT, holders=[ann], people=[]) == {}
