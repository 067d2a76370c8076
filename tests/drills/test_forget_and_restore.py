"""Drill 7: forget somebody, look for everything of theirs, restore yesterday's backup."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from django.db.models import BinaryField, UUIDField

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people.actions import writing
from footbridge.journey.plans.records import StrengthNoted
from footbridge.trust import places, runtime
from footbridge.trust.audit import trail, witness
from footbridge.trust.recognition.actions import Enrolled
from footbridge.trust.vault import persons
from footbridge.trust.vault.models import Compartment, Entry, Person, Tombstone, Wrap
from footbridge.trust.vault.records import FreeText
from tests.drills import canaries
from tests.drills.canaries import MARK, Canaries
from tests.drills.commands import Folder
from tests.factories import PASSPHRASE, House, code_of

pytestmark = [pytest.mark.drill, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVERYTHING = (Purpose.CARE, Purpose.CONTACT, Purpose.RESEARCH)


@dataclass
class Lived:
    """A site where two people said things, backed up yesterday; one wants to be forgotten."""

    house: House
    folder: Folder
    away: Path  # where backup and card are kept: not in the site's folder
    leaving: Enrolled
    staying: Enrolled
    words: Canaries = field(default_factory=Canaries)

    @property
    def backup(self) -> Path:
        return self.away / "yesterday.bin"

    @property
    def card(self) -> Path:
        return self.away / "footbridge-epoch-card.json"

    def live(self, enrolled: Enrolled, record) -> None:
        """Let somebody say things that nobody else says."""
        ann = self.house.staff["ann"]
        consents.agree_contact(record, self.words.word(), on=self.house.on, days=90)
        with writing("plan.changed", record, on=self.house.on) as doing:
            said = FreeText(self.words.word())
            doing.care(StrengthNoted("housing", said, self.house.on))
        assert record.person.id == enrolled.person
        assert record.by == ann

    def forget(self) -> None:
        """Let the person be forgotten at the kiosk, with handle and phrase."""
        person = self.house.browser(self.house.open_person(self.leaving))
        typed = {"phrase": " ".join(self.leaving.phrase), "sure": "on"}
        assert person.post("/kiosk/forget/", typed).status_code == 302

    def as_ann(self) -> dict[str, object]:
        """Return what a process needs to unseal a site and to open ann's people."""
        return {
            "shares": list(self.house.founded.site_shares[:2]),
            "name": "ann",
            "passphrase": PASSPHRASE,
            "totp": code_of(self.house.secrets["ann"]),
        }

    def restored(self, path: Path) -> Folder:
        """Restore yesterday's backup with today's card into a clean folder."""
        place = self.folder.clean(path)
        key = self.house.founded.backup_private.hex()
        done = place.run("restore", str(self.backup), "--card", str(self.card), typed=key + "\n")
        assert done.returncode == 0, done.stderr
        return place


@pytest.fixture
def lived(house, tmp_path_factory) -> Iterator[Lived]:
    ann = house.add_staff("ann")
    leaving, first = house.in_care(ann, *EVERYTHING)
    staying, second = house.in_care(ann, *EVERYTHING)
    built = Lived(house, Folder.here(), tmp_path_factory.mktemp("away"), leaving, staying)
    built.live(leaving, first)
    built.live(staying, second)
    assert built.folder.run("backup", str(built.backup)).returncode == 0
    yield built
    built.folder.drop()


def traces_of(person: UUID) -> dict[str, bytes]:
    """Return every id, key and sealed value that stands in somebody's rows, by what it is."""
    rows = [
        *Person.objects.filter(pk=person),
        *Compartment.objects.filter(person=person),
        *Entry.objects.filter(compartment__person=person),
        *Wrap.objects.filter(compartment__person=person),
    ]
    return {
        f"{type(row).__name__}.{one.name}": bytes(value) if one_is_bytes else value.bytes
        for row in rows
        for one in row._meta.concrete_fields
        if isinstance(one, BinaryField | UUIDField) and not one.is_relation
        for value in [getattr(row, one.name)]
        for one_is_bytes in [isinstance(one, BinaryField)]
        if one.name != "holder"  # of a wrap: a colleague or a circle, too
    }


def found_of(traces: dict[str, bytes], image: dict[str, bytes]) -> list[str]:
    """Return where any of these is found: as it is, in hex, with dashes, in base64."""
    hits = []
    for name, value in traces.items():
        forms = [value, value.hex().encode(), b64encode(value)]
        if len(value) == 16:
            forms.append(str(UUID(bytes=value)).encode())
        hits += [f"{name} in {at}" for at, data in image.items() for f in forms if f in data]
    return hits


def test_nothing_of_a_forgotten_person_is_left_but_the_tombstone(lived):
    person = lived.leaving.person
    traces, others = traces_of(person), traces_of(lived.staying.person)
    log_key = persons.get(person, site=lived.house.keys).log_key
    before = canaries.of_database()
    lived.forget()

    image = {**canaries.of_database(), **canaries.on_disk(lived.folder.path)}

    assert found_of(traces, before), "the search itself finds nothing"
    left = found_of({**traces, "log key": log_key}, image)
    tomb = {"Person.id in tombstones", f"Person.id in {places.tombstones().path}"}
    assert {one for one in left if "tombstone" not in one} <= allowed(person)
    assert tomb & set(left)
    assert found_of(others, image), "the other person is gone as well"
    secrets = canaries.needles(lived.leaving.handle, " ".join(lived.leaving.phrase))
    assert canaries.search(image, secrets) == []


def allowed(person: UUID) -> set[str]:
    """Return where the tombstone's table itself puts the id: SQLite has one file for all."""
    assert Tombstone.objects.filter(pk=person).exists()
    return {f"Person.id in {name}" for name in canaries.of_database() if "sqlite" in name}


def test_yesterday_s_backup_brings_back_the_others_and_nothing_of_the_forgotten(lived, tmp_path):
    traces = traces_of(lived.leaving.person)
    lived.forget()
    assert lived.folder.run("epoch", "export", str(lived.away)).returncode == 0
    head = lived.away / "head.txt"
    head.write_text(witness.sign_head(site=lived.house.keys, on=lived.house.on).to_text())

    place = lived.restored(tmp_path / "clean")

    check_what_opens(lived, place)
    check_the_trail(lived, place, head)
    image = place.image()
    assert {one for one in found_of(traces, image) if "tombstone" not in one} <= {
        f"Person.id in {place.path / 'footbridge.sqlite3'}"
    }
    assert canaries.search(image, canaries.needles(lived.leaving.handle)) == []


def check_what_opens(lived: Lived, place: Folder) -> None:
    """The worker finds the one who stayed, who finds themself; the other is not there."""
    shares = {"shares": list(lived.house.founded.site_shares[1:])}
    staying, leaving = ({**shares, **spoken(one)} for one in (lived.staying, lived.leaving))

    ann, mine, gone = place.ask(lived.as_ann(), staying, leaving)

    assert ann["people"] == 1
    assert list(ann["opened"]) == [lived.staying.handle]
    assert MARK in " ".join(ann["opened"][lived.staying.handle])
    assert mine["opened"] == ann["opened"]
    assert "do not open a record" in gone["error"]


def spoken(enrolled: Enrolled) -> dict[str, object]:
    return {"handle": enrolled.handle, "phrase": " ".join(enrolled.phrase)}


def check_the_trail(lived: Lived, place: Folder, head: Path) -> None:
    """The trail is whole there and here; a head newer than the backup shows which is older."""
    alone = place.run("trail", "verify")
    seen = place.run("trail", "verify", "--witness", str(head))
    here = lived.folder.run("trail", "verify", "--witness", str(head))

    assert alone.returncode == 0, alone.stderr
    assert here.returncode == 0, here.stderr
    assert seen.returncode == 1
    assert "an older backup was restored" in seen.stderr


def test_without_the_tombstones_the_forgotten_would_be_back(lived, tmp_path):
    assert lived.folder.run("epoch", "export", str(lived.away)).returncode == 0
    lived.forget()

    place = lived.restored(tmp_path / "clean")

    (opened,) = place.ask(lived.as_ann())
    assert set(opened["opened"]) == {lived.staying.handle, lived.leaving.handle}


def test_without_the_card_nothing_opens_until_it_is_brought_in(lived, tmp_path):
    lived.forget()
    lived.folder.run("epoch", "export", str(lived.away))
    place = lived.folder.clean(tmp_path / "clean")
    key = lived.house.founded.backup_private.hex()
    assert place.run("restore", str(lived.backup), typed=key).returncode == 0

    (before,) = place.ask(lived.as_ann())
    assert place.run("epoch", "import", str(lived.card)).returncode == 0
    (after,) = place.ask(lived.as_ann())

    assert "epoch card" in before["error"]
    assert before["open"] is False
    assert list(after["opened"]) == [lived.staying.handle]


def test_the_trail_keeps_that_somebody_was_forgotten_and_not_who(lived):
    log_key = persons.get(lived.leaving.person, site=lived.house.keys).log_key
    lived.forget()

    events = trail.site_events(site=lived.house.keys)

    assert events[0].action == "person.forgotten"
    assert not any(str(lived.leaving.person) in repr(event) for event in events)
    assert trail.events_about(log_key, site=lived.house.keys)  # only who kept the key could read
    assert runtime.seal.open
