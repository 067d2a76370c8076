"""Person rows: found by noise, opened by the phrase, given a new key, and forgotten."""

import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.trust import housekeeping, places
from footbridge.trust.vault import compartments, crypto, persons
from footbridge.trust.vault.crypto import Cost, KeyPair, SealError
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Entry, Person, Tombstone, Wrap
from footbridge.trust.vault.persons import HandleTakenError, Shell, TombstoneFile, WrongPhraseError
from footbridge.trust.vault.records import Compartment

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


def enrol(house, handle="pine bridge", phrase=b"five secret words"):
    return persons.create(Shell(handle, "en"), phrase, cost=CHEAP, site=house.keys)


def opened(house, handle="pine bridge", phrase=b"five secret words"):
    return persons.open_with_phrase(handle, phrase, cost=CHEAP, site=house.keys)


@pytest.mark.django_db
class TestOpening:
    """Handle and phrase."""

    def test_the_phrase_opens_the_person_s_own_key(self, house):
        made = enrol(house)

        assert opened(house) == made

    @pytest.mark.parametrize(
        ("handle", "phrase"),
        [
            ("pine bridge", b"other words"),
            ("pine bridge", b""),
            ("star lamp", b"five secret words"),
        ],
    )
    def test_a_wrong_phrase_and_an_unknown_handle_sound_the_same(self, house, handle, phrase):
        enrol(house)
        with pytest.raises(WrongPhraseError) as reference:
            opened(house, "nobody here", b"x")

        with pytest.raises(WrongPhraseError) as refused:
            opened(house, handle, phrase)

        assert str(refused.value) == str(reference.value)

    def test_an_unknown_handle_costs_one_derivation_like_a_wrong_phrase(self, house, monkeypatch):
        enrol(house)
        calls, real = [], crypto.stretch
        monkeypatch.setattr(
            crypto, "stretch", lambda *a, **k: calls.append(k["cost"]) or real(*a, **k)
        )

        for handle in ("pine bridge", "nobody here"):
            with pytest.raises(WrongPhraseError):
                opened(house, handle, b"wrong")

        assert calls == [CHEAP, CHEAP]

    def test_a_handle_is_given_once(self, house):
        enrol(house)

        with pytest.raises(HandleTakenError):
            enrol(house)

    def test_one_phrase_of_two_people_gives_two_keys(self, house):
        first, second = enrol(house), enrol(house, "star lamp")
        rows = list(Person.objects.all())

        assert first.pair != second.pair
        assert bytes(rows[0].salt) != bytes(rows[1].salt)

    def test_without_the_pepper_the_right_phrase_gives_the_wrong_key(self, house):
        enrol(house)
        row = Person.objects.get()
        place = b"person" + row.id.bytes
        inner = crypto.open_sealed(house.keys["outer"], bytes(row.sealed_private), bound_to=place)

        key = crypto.stretch(b"five secret words", salt=bytes(row.salt), cost=CHEAP)

        with pytest.raises(SealError):
            crypto.open_sealed(key, inner, bound_to=place)

    def test_a_new_phrase_opens_and_the_old_one_does_not_any_more(self, house):
        made = enrol(house)

        persons.set_phrase(made, b"five other words", cost=CHEAP)

        assert opened(house, phrase=b"five other words") == made
        with pytest.raises(WrongPhraseError):
            opened(house)

    def test_a_new_key_deletes_every_wrap_to_the_old_one_and_keeps_the_shell(self, house):
        made = enrol(house)
        part = compartments.make(made.id, Compartment.CARE, site=house.keys)
        compartments.grant(part, holder=made.id, public=made.pair.public, site=house.keys)
        persons.change_shell(made.id, site=house.keys, next_window="2026-W50")

        fresh = persons.replace_key(made.id, b"new words", cost=CHEAP, site=house.keys)

        assert not Wrap.objects.exists()
        assert opened(house, phrase=b"new words") == fresh
        assert fresh.pair != made.pair
        view = persons.get(made.id, site=house.keys)
        assert (view.handle, view.shell.next_window) == ("pine bridge", "2026-W50")
        assert view.public == fresh.pair.public


@pytest.mark.django_db
class TestTheShell:
    """What staff of the site may know of anybody."""

    def test_it_changes_without_changing_its_size(self, house):
        made = enrol(house)
        before = len(bytes(Person.objects.get().shell))

        persons.change_shell(made.id, site=house.keys, state="recognised", next_window="2026-W50")

        assert len(bytes(Person.objects.get().shell)) == before
        assert persons.get(made.id, site=house.keys).shell.state == "recognised"

    def test_it_does_not_open_for_another_person_or_with_another_public_key(self, house):
        enrol(house)
        enrol(house, "star lamp")
        first, second = Person.objects.all()
        Person.objects.filter(pk=first.pk).update(shell=bytes(second.shell))
        with pytest.raises(SealError):
            persons.get(first.pk, site=house.keys)

        Person.objects.filter(pk=second.pk).update(public_key=KeyPair.new().public)
        with pytest.raises(SealError):
            persons.get(second.pk, site=house.keys)

    def test_several_are_found_at_once_and_nobody_is_not_there(self, house):
        first, second = enrol(house), enrol(house, "star lamp")

        found = persons.several([first.id, second.id, uuid.uuid4()], site=house.keys)

        assert {view.handle for view in found.values()} == {"pine bridge", "star lamp"}
        assert persons.get(uuid.uuid4(), site=house.keys) is None
        assert persons.find("no body", site=house.keys) is None

    def test_neither_the_view_nor_the_row_shows_keys_when_printed(self, house):
        made = enrol(house)
        view = persons.get(made.id, site=house.keys)

        shown = repr(view) + repr(made) + str(Person.objects.get())

        assert view.log_key.hex() not in shown
        assert repr(view.log_key)[2:-1] not in shown
        assert repr(made.pair.private)[2:-1] not in shown


class TestTombstones:
    """The file of those who were forgotten."""

    @pytest.fixture
    def file(self, tmp_path):
        return TombstoneFile(tmp_path / "new" / "tombstones")

    def test_it_keeps_every_id_and_is_the_owner_s(self, file):
        ids = {uuid.uuid4() for _ in range(4)}

        for one in (*ids, *ids):
            file.add(one)

        assert file.read() == ids
        assert file.path.stat().st_mode & 0o077 == 0
        assert file.path.parent.stat().st_mode & 0o077 == 0

    def test_before_anybody_was_forgotten_it_is_empty(self, file):
        assert file.read() == set()

    @pytest.mark.parametrize("cut", [1, 7, 36])
    def test_a_line_cut_off_by_loss_of_power_costs_no_other(self, file, cut):
        first, second, third = (uuid.uuid4() for _ in range(3))
        file.add(first)
        file.add(second)
        file.path.write_bytes(file.path.read_bytes()[:-cut])

        file.add(third)

        assert {first, third} <= file.read()

    def test_rubbish_in_it_is_passed_over(self, file):
        known = uuid.uuid4()
        file.add(known)
        with file.path.open("ab") as more:
            more.write(b"\xff\x00rubbish\n\n12345\n")

        assert file.read() == {known}


@pytest.mark.django_db
class TestForgetting:
    """Nobody is half forgotten."""

    @pytest.fixture
    def person(self, house):
        enrolled, _ = house.in_care(house.add_staff("ann"))
        return enrolled.person

    def test_no_row_is_left(self, house, person):
        persons.forget(person, tombstones=places.tombstones())

        assert not Person.objects.exists()
        assert not Row.objects.exists()
        assert not Entry.objects.exists()
        assert not Wrap.objects.filter(compartment__isnull=False).exists()
        assert Tombstone.objects.get().person == person

    def test_the_tombstone_is_on_disk_before_the_row_goes(self, house, person, monkeypatch):
        def power_cut(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr(Person.objects.filter(pk=person).__class__, "delete", power_cut)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            persons.forget(person, tombstones=places.tombstones())
        monkeypatch.undo()

        assert Person.objects.exists()
        assert places.tombstones().read() == {person}
        assert housekeeping.sweep(house.keys, on=house.on, epoch_days=35).buried == 1
        assert not Person.objects.exists()

    def test_a_replay_buries_again_whoever_came_back(self, house, person):
        places.tombstones().add(person)
        Tombstone.objects.create(person=uuid.uuid4())

        assert persons.replay(places.tombstones()) == 1
        assert persons.replay(places.tombstones()) == 0
        assert not Person.objects.exists()
        assert Tombstone.objects.count() == 2

    def test_others_stay(self, house, person):
        other = house.enrol(house.staff["ann"])

        persons.forget(person, tombstones=places.tombstones())

        assert persons.get(other.person, site=house.keys).handle == other.handle


@pytest.mark.django_db(transaction=True)
def test_the_log_is_emptied_after_the_transaction_that_deleted(house):
    enrol(house)
    if connection.vendor != "sqlite":
        persons.truncate_log()  # PostgreSQL has no such file: nothing to do, and no error
        return
    log = log_of_database()
    assert log.stat().st_size > 0

    with transaction.atomic():
        Person.objects.all().delete()
        persons.truncate_log()
        inside = log.stat().st_size

    assert inside > 0
    assert log.stat().st_size == 0


@pytest.mark.django_db(transaction=True)
def test_a_log_that_cannot_be_emptied_is_told_of_and_emptied_later(house, caplog):
    enrol(house)
    if connection.vendor != "sqlite":
        persons.truncate_log()
        return
    persons.LOG.addHandler(caplog.handler)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
    reader = sqlite3.connect(connection.settings_dict["NAME"])
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM trust_person").fetchone()

    Person.objects.all().delete()
    persons.truncate_log()
    reader.close()
    persons.LOG.removeHandler(caplog.handler)

    assert "could not be emptied" in caplog.text
    housekeeping.sweep(house.keys, on=house.on, epoch_days=35)
    assert log_of_database().stat().st_size == 0
    connection.close()  # and its impatience with it


def log_of_database():
    return Path(f"{connection.settings_dict['NAME']}-wal")


@pytest.mark.django_db
class TestContactsRunOut:
    """How to reach somebody is deleted after its weeks."""

    @pytest.fixture
    def record(self, house):
        _, record = house.in_care(house.add_staff("ann"), Purpose.CARE, Purpose.CONTACT)
        consents.agree_contact(record, "comes by on Tuesdays", on=house.on, days=28)
        return record

    def has_contact(self, house, record):
        return compartments.find(record.person.id, Compartment.CONTACT, site=house.keys) is not None

    @pytest.mark.parametrize(("days", "kept"), [(0, True), (28, True), (29, True), (30, False)])
    def test_on_the_day_after_its_last_week(self, house, record, days, kept):
        swept = housekeeping.sweep(house.keys, on=house.on + timedelta(days=days), epoch_days=99)

        assert self.has_contact(house, record) is kept
        assert swept.expired == (0 if kept else 1)

    def test_a_row_that_does_not_open_keeps_no_other_here(self, house, record):
        care = compartments.find(record.person.id, Compartment.CARE, site=house.keys)
        Row.objects.filter(pk=care.pk).update(head=b"put in by hand")
        Person.objects.update(shell=b"changed")

        swept = housekeeping.sweep(house.keys, on=house.on + timedelta(days=60), epoch_days=99)

        assert swept.expired == 1
        assert not self.has_contact(house, record)
