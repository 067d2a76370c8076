"""Drill 5: a backup leaks: with the offline key, with the site key, before and after its month."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from datetime import timedelta

import pytest
from django.core import serializers

from footbridge.trust import housekeeping, places, runtime
from footbridge.trust.vault import backups, cards, ceremony, compartments, journal, rewrap
from footbridge.trust.vault.compartments import PlainHolder
from footbridge.trust.vault.crypto import KeyPair, SealError
from footbridge.trust.vault.epochs import EpochStore
from footbridge.trust.vault.models import Compartment, Entry, Wrap
from footbridge.trust.vault.persons import TombstoneFile
from footbridge.trust.vault.site_keys import SiteKeys
from tests.drills import canaries
from tests.drills.attacker import Attacker, as_site_keys, every_value, of_site
from tests.drills.canaries import MARK
from tests.drills.targets import Target

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
KEEP = 35


@pytest.fixture
def target(house):
    built = Target.build(house)
    built.kinds()
    return built


@pytest.fixture
def backup(target, tmp_path_factory):
    """Return a backup of the site, somewhere else."""
    path = tmp_path_factory.mktemp("away") / "backup.bin"
    backups.write(path)
    return path


def lines_of(backup, private):
    """Return the rows that the offline key opens, as they stand in the file."""
    with backup.open("rb") as file:
        return b"\n".join(backups._open_stream(file, KeyPair.of(private)))


def rows_of(backup, private, model):
    """Return the rows of one table in a backup, not written to any database."""
    name = f"trust.{model.__name__.lower()}"
    lines = [json.loads(one) for one in lines_of(backup, private).splitlines()]
    text = json.dumps([one for one in lines if one["model"] == name])
    return [item.object for item in serializers.deserialize("json", text)]


def read_from(backup, target, holder):
    """Read, with a holder's key, everything that a backup's rows let it."""
    private = target.house.founded.backup_private
    parts = {row.id: row for row in rows_of(backup, private, Compartment)}
    entries, found = rows_of(backup, private, Entry), []
    for wrap in rows_of(backup, private, Wrap):
        if wrap.holder != holder.id or wrap.compartment_id not in parts:
            continue
        row = parts[wrap.compartment_id]
        key = compartments.unwrap(wrap, holder=holder)
        head = compartments.open_head(holder.site, row)
        part = compartments.OpenCompartment(row.id, row.person_id, head, key)
        found += [journal.open_entry(part, e) for e in entries if e.compartment_id == row.id]
    return repr(found)


def turn_until_dead(target):
    """Let the site live on, day by day, until the key of the backup's month is destroyed."""
    first, day = target.house.keys.epoch.id, target.house.on
    while first in target.house.keys._epochs:
        day += timedelta(days=1)
        housekeeping.sweep(target.house.keys, on=day, epoch_days=KEEP)
    return day


def test_without_the_offline_key_a_backup_is_noise(target, backup):
    data = backup.read_bytes()
    known = every_value() | target.stretched() | of_site(target.house.keys)

    opened = 0
    for key in as_site_keys(known):
        try:
            opened += len(list(backups._open_stream(io.BytesIO(data), KeyPair.of(key))))
        except backups.BackupError:
            continue

    assert opened == 0
    assert b"trust." not in data
    assert canaries.search({"backup": data}, [MARK, "sealed_private"]) == []


def test_with_the_offline_key_a_backup_is_ciphertext_and_holds_no_key_of_the_site(target, backup):
    founded, site = target.house.founded, target.house.keys
    text = lines_of(backup, founded.backup_private)
    keys = [*of_site(site), site.epoch.key, founded.backup_private]
    files = [path.read_bytes() for path in places.epochs().folder.glob("*.epoch")]

    secrets = [one.handle for one in target.people] + [
        " ".join(one.phrase) for one in target.people
    ]
    assert b'"trust.wrap"' in text
    assert canaries.search({"rows": text}, canaries.needles(*secrets)) == []
    assert canaries.search({"rows": text}, [key.hex() for key in keys]) == []
    assert not any(b64encode(value) in text for value in (*keys, *files))


def test_with_every_passphrase_too_but_without_shares_it_stays_shut(target, backup):
    runtime.panic()
    keys = target.stretched() | {target.house.founded.backup_private}
    sealed = [one for one in target.sealed() if one.name != "epoch"]  # epochs are in no backup

    assert Attacker(sealed, as_site_keys(keys)).attack() == {}


def test_with_the_site_key_and_the_epoch_a_holder_reads_it(target, backup):
    assert MARK in read_from(backup, target, target.house.staff["ann"])


def test_with_the_site_key_but_without_the_epoch_s_file_nobody_reads_it(target, backup, tmp_path):
    words = target.house.founded.site_shares[:2]
    stolen = ceremony.unseal(words, store=EpochStore(tmp_path / "none"))
    ann = target.house.staff["ann"]

    with pytest.raises(SealError, match="month was destroyed"):
        read_from(backup, target, PlainHolder(ann.id, ann.pair, stolen))


def test_after_its_month_it_is_dead_even_with_every_key_there_is(target, backup, tmp_path):
    ann = target.house.staff["ann"]
    old_epoch = target.house.keys.epoch.id

    day = turn_until_dead(target)

    assert (day - target.house.on).days == KEEP
    assert not list(places.epochs().folder.glob(f"{old_epoch}*"))
    words = target.house.founded.site_shares[:2]
    fresh = ceremony.unseal(words, store=places.epochs())
    # The card of today is what the house still has: it holds no month that is over.
    card = cards.export(tmp_path, store=places.epochs(), tombstones=places.tombstones())
    away = EpochStore(tmp_path / "thief")
    cards.bring_in(card, store=away, tombstones=TombstoneFile(tmp_path / "thief" / "tombstones"))
    for site in (target.house.keys, fresh, ceremony.unseal(words, store=away)):
        with pytest.raises(SealError, match="month was destroyed"):
            read_from(backup, target, PlainHolder(ann.id, ann.pair, site))
    assert MARK in repr(journal.entries(care(target, ann)))


def care(target, actor):
    person = target.people[0].person
    return compartments.open_for(person, compartments.Compartment.CARE, holders=[actor])


def test_after_its_month_the_attacker_with_every_key_opens_no_wrap_of_it(target, backup):
    house = target.house
    old = target.sealed()
    everybody = {one.pair.private for one in house.staff.values()}
    turn_until_dead(target)
    keys = of_site(house.keys) | everybody | {house.founded.backup_private}
    left = [one for one in old if one.name != "epoch"]
    left += [one for one in target.sealed() if one.name == "epoch"]

    opened = Attacker(left, keys).attack()

    assert {"Person.shell", "epoch"} <= set(opened)
    assert "Wrap.sealed" not in opened
    assert MARK not in repr(opened)


def test_a_backup_of_today_still_opens_after_a_month_has_begun(target, tmp_path):
    rewrap.turn(target.house.keys, on=target.house.on, keep_days=KEEP, force=True)
    path = tmp_path / "today.bin"

    backups.write(path)

    assert MARK in read_from(path, target, target.house.staff["ann"])


def test_the_epoch_card_alone_opens_nothing_and_names_nobody(target, tmp_path):
    path = cards.export(tmp_path, store=places.epochs(), tombstones=places.tombstones())
    runtime.panic()
    text = path.read_bytes()
    ids = [str(one.person) for one in target.people] + [one.handle for one in target.people]

    away = EpochStore(tmp_path / "away")
    cards.bring_in(path, store=away, tombstones=TombstoneFile(tmp_path / "away" / "tombstones"))

    assert not any(one.encode() in text for one in ids)
    assert away.load(bytes(32)) == []
    for key in as_site_keys(every_value() | target.stretched()):
        assert away.load(key) == []


def test_the_card_with_the_site_key_brings_the_month_back(target, tmp_path):
    path = cards.export(tmp_path, store=places.epochs(), tombstones=places.tombstones())
    away = EpochStore(tmp_path / "away")
    cards.bring_in(path, store=away, tombstones=TombstoneFile(tmp_path / "away" / "tombstones"))

    site = ceremony.unseal(target.house.founded.site_shares[:2], store=away)

    assert isinstance(site, SiteKeys)
    assert site.epoch == target.house.keys.epoch
