"""Drill: somebody is forgotten; yesterday's backup is restored; nothing of them comes back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.trust import places
from footbridge.trust.access.actors import Actor
from footbridge.trust.audit import witness
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.vault import backups, cards, ceremony, persons
from footbridge.trust.vault.epochs import EpochStore
from footbridge.trust.vault.models import Person, Tombstone
from tests.drills import killing
from tests.functional.test_new_site import new_database

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def yesterday(house, tmp_path):
    """Two people in care, a backup of yesterday, and then one of them forgotten."""
    ann = house.add_staff("ann")
    gone, record = house.in_care(ann, Purpose.CARE, Purpose.RESEARCH)
    stays, _ = house.in_care(ann)
    killing.note(record)
    backups.write(tmp_path / "yesterday.bin")
    recognition.forget(
        house.open_person(gone), record.person, on=house.on, tombstones=places.tombstones()
    )
    head = witness.sign_head(site=house.keys, on=house.on)
    stick = tmp_path / "stick"
    stick.mkdir()
    card = cards.export(stick, store=places.epochs(), tombstones=places.tombstones())
    return house, ann, gone, stays, card, head


def files_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def traces(person, data: bytes) -> list[str]:
    """Return which of somebody's traces are in these bytes."""
    looked_for = {
        "id": person.person.bytes,
        "id as text": str(person.person).encode(),
        "id as hex": person.person.hex.encode(),
        "handle": person.handle.encode(),
        "phrase": " ".join(person.phrase).encode(),
    }
    return [name for name, needle in looked_for.items() if needle in data]


@pytest.mark.skipif(
    "sqlite" not in settings.DATABASES["default"]["ENGINE"],
    reason="looks into SQLite's own files; PostgreSQL's dead rows are the how-to's subject",
)
def test_after_forgetting_the_database_file_and_its_log_hold_nothing_of_them(yesterday):
    _, _, gone, stays, *_ = yesterday
    name = Path(str(connection.settings_dict["NAME"]))
    data = b"".join(path.read_bytes() for path in name.parent.glob(f"{name.name}*"))

    # The tombstone is all that may be left: a random id.
    assert set(traces(gone, data)) <= {"id", "id as text", "id as hex"}
    assert data.count(gone.person.hex.encode()) <= 2 * Tombstone.objects.count()
    assert str(stays.person).replace("-", "").encode() in data


def restore(house, tmp_path, card: Path) -> dict[str, str]:
    """Restore yesterday's backup into a clean folder by the command, and return its environment."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "FOOTBRIDGE_DATA": str(tmp_path / "again"),
        "DJANGO_SETTINGS_MODULE": "footbridge.site.settings.local",
    }
    if url := new_database():
        environment["DATABASE_URL"] = url
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "footbridge",
            "restore",
            str(tmp_path / "yesterday.bin"),
            "--card",
            card,
        ],
        input=house.founded.backup_private.hex() + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert "forgotten again: 1" in done.stdout
    return environment


def test_yesterdays_backup_brings_back_nobody_who_was_forgotten(yesterday, tmp_path):
    house, _, gone, _, card, head = yesterday
    environment = restore(house, tmp_path, card)
    (tmp_path / "head.txt").write_text(head.to_text())

    whole = subprocess.run(
        [sys.executable, "-m", "footbridge", "trail", "verify"],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )
    older = subprocess.run(
        [
            sys.executable,
            "-m",
            "footbridge",
            "trail",
            "verify",
            "--witness",
            str(tmp_path / "head.txt"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )

    assert whole.returncode == 0, whole.stderr
    assert older.returncode != 0
    assert "restored" in older.stderr
    data = files_of(tmp_path / "again")
    assert not {"handle", "phrase"} & set(traces(gone, data))


def test_the_others_are_intact_after_the_restore(yesterday, tmp_path, settings):
    house, ann, gone, stays, card, _ = yesterday
    call_command("flush", verbosity=0, interactive=False)
    settings.FOOTBRIDGE_DATA = tmp_path / "other"
    settings.FOOTBRIDGE_DATA.mkdir()
    backups.read(tmp_path / "yesterday.bin", private=house.founded.backup_private)
    store = EpochStore(settings.FOOTBRIDGE_DATA / "epochs")
    cards.bring_in(card, store=store, tombstones=places.tombstones())
    assert Person.objects.filter(pk=gone.person).exists()  # so that this drill can fail

    persons.replay(places.tombstones())

    keys = ceremony.unseal(house.founded.site_shares[:2], store=store)
    record = people.open_record(stays.person, by=Actor(ann.id, ann.pair, keys, ann.role))
    assert record.handle == stays.handle
    assert not Person.objects.filter(pk=gone.person).exists()
    assert witness.verify().events > 0
