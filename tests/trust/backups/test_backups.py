"""Backups: everything comes back; a file cut off, altered or made by somebody else does not."""

import struct
import uuid
import zlib
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl import bindings

from footbridge.journey.people import queries as people
from footbridge.journey.services.models import DirectoryFile
from footbridge.trust.audit import witness
from footbridge.trust.vault import backups, crypto
from footbridge.trust.vault.backups import BackupError
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.models import Person, Site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lived(house):
    ann = house.add_staff("ann")
    enrolled, _ = house.in_care(ann)
    DirectoryFile.objects.create(name="organizations.csv", content=b"id,name\r\n", digest="x")
    return house, ann, enrolled.person


@pytest.fixture
def written(lived, tmp_path):
    path = tmp_path / "b.bin"
    backups.write(path)
    return path


def everything() -> str:
    """Return every row of the house, as text."""
    labels = [apps.get_app_config(name) for name in backups.APPS]
    models = [model for label in labels for model in label.get_models()]
    return "\n".join(serializers.serialize("json", m.objects.order_by("pk")) for m in models)


def empty() -> None:
    """Empty the database, as a clean machine's is."""
    models = [m for name in backups.APPS for m in apps.get_app_config(name).get_models()]
    for _ in range(2):
        for model in models:
            try:
                model.objects.all().delete()
            except Exception:
                continue
    assert not Site.objects.exists()


def sealed(lines: bytes, site: Site, path: Path) -> Path:
    """Write a backup with these rows to the site's own backup key, as anybody could."""
    with path.open("wb") as file:
        backups._seal_stream(
            file, iter(lines.splitlines(keepends=True)), to=bytes(site.backup_public)
        )
    return path


def test_every_row_comes_back_and_opens(lived, written):
    house, ann, person = lived
    before = everything()
    empty()

    rows = backups.read(written, private=house.founded.backup_private)

    assert everything() == before
    assert rows == before.count('"model":')
    assert people.open_record(person, by=ann).entries
    assert witness.verify().entries == 2


def test_the_file_is_sealed_new_and_not_written_over(lived, written, tmp_path):
    assert written.read_bytes().startswith(backups.MAGIC)
    with pytest.raises(BackupError, match="no backup is overwritten"):
        backups.write(written)
    assert [one.name for one in tmp_path.glob("b.bin*")] == ["b.bin"]


def test_a_backup_that_cannot_be_finished_leaves_no_file(lived, tmp_path, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(backups.os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        backups.write(tmp_path / "b.bin")

    assert not list(tmp_path.glob("b.bin*"))


def test_without_a_site_there_is_nothing_to_keep(db, tmp_path):
    with pytest.raises(BackupError, match="nothing to keep"):
        backups.write(tmp_path / "b.bin")


def test_a_site_is_not_written_over(lived, written):
    house, *_ = lived
    with pytest.raises(BackupError, match="already holds a site"):
        backups.read(written, private=house.founded.backup_private)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(lived, written, size):
    empty()
    with pytest.raises(BackupError, match="64 letters"):
        backups.read(written, private=bytes(size))


def test_another_key_does_not_open_it(lived, written):
    empty()
    with pytest.raises(BackupError, match="does not open the backup"):
        backups.read(written, private=KeyPair.new().private)


class TestHostileFiles:
    """Nothing of a file that is not whole is used."""

    @pytest.fixture
    def whole(self, lived, written):
        house, *_ = lived
        empty()
        return written.read_bytes(), house.founded.backup_private

    def refused(self, data, private, path):
        path.write_bytes(data)
        with pytest.raises(BackupError):
            backups.read(path, private=private)
        assert not Site.objects.exists()
        assert not Person.objects.exists()

    def test_cut_off_anywhere(self, whole, tmp_path):
        data, private = whole
        starts = len(backups.MAGIC)
        for size in (
            0,
            3,
            starts,
            starts + 7,
            starts + 80,
            starts + 90,
            starts + 104,
            starts + 106,
            starts + 108,
            starts + 200,
            len(data) // 2,
            len(data) - 1,
        ):
            self.refused(data[:size], private, tmp_path / "cut")

    def test_with_something_after_its_end(self, whole, tmp_path):
        data, private = whole
        for more in (b"x", b"\x00" * 4, data[len(backups.MAGIC) :]):
            self.refused(data + more, private, tmp_path / "longer")

    @settings(max_examples=60)
    @given(at=st.integers(min_value=0), bit=st.integers(0, 7))
    def test_with_one_bit_changed(self, whole, tmp_path_factory, at, bit):
        data, private = whole
        changed = bytearray(data)
        changed[at % len(data)] ^= 1 << bit
        self.refused(bytes(changed), private, tmp_path_factory.mktemp("x") / "changed")

    def test_with_a_length_of_gigabytes(self, whole, tmp_path):
        data, private = whole
        start = len(backups.MAGIC) + 80 + 24
        self.refused(
            data[:start] + struct.pack(">I", 2**32 - 1) + data[start + 4 :], private, tmp_path / "x"
        )

    @given(data=st.binary(max_size=200))
    @settings(max_examples=60)
    def test_rubbish(self, whole, tmp_path_factory, data):
        _, private = whole
        for content in (data, backups.MAGIC + data):
            self.refused(content, private, tmp_path_factory.mktemp("x") / "rubbish")


class TestForgedContent:
    """Anybody can seal something to the site's public backup key; it must do no harm."""

    @pytest.fixture
    def forge(self, lived, tmp_path):
        house, *_ = lived
        site = Site.objects.get()
        empty()

        def read(lines: bytes) -> int:
            path = sealed(lines, site, tmp_path / "forged")
            return backups.read(path, private=house.founded.backup_private)

        return read

    @pytest.mark.parametrize(
        "lines",
        [
            b"no json\n",
            b'{"model": "trust.nothing", "pk": 1, "fields": {}}\n',
            b'{"model": "trust.person", "pk": "no id", "fields": {}}\n',
            b'{"model": "trust.site"}\n',
            b"[1, 2]\n",
            b"\xff\xfe\n",
            b'{"model": "trust.tombstone", "pk": "00000000-0000-4000-8000-000000000000"}',
        ],
    )
    def test_rows_that_are_none_are_refused(self, forge, lines):
        with pytest.raises(BackupError, match="cut off or was altered"):
            forge(lines)

        assert not Site.objects.exists()

    def test_rows_of_another_application_are_refused(self, forge, settings):
        with pytest.raises(BackupError):
            forge(b'{"model": "csp.anything", "pk": 1, "fields": {}}\n')

    def test_nothing_is_kept_of_a_file_whose_second_row_is_bad(self, forge):
        who = uuid.uuid4()
        good = f'{{"model": "trust.tombstone", "pk": "{who}", "fields": {{}}}}\n'.encode()

        with pytest.raises(BackupError):
            forge(good + b"bad\n")

        assert not apps.get_model("trust.tombstone").objects.exists()

    def test_what_is_not_packed_is_refused(self, lived, tmp_path):
        house, *_ = lived
        site = Site.objects.get()
        empty()
        path = tmp_path / "unpacked"
        self.stream(path, b"these bytes are no zlib", to=bytes(site.backup_public))

        with pytest.raises(BackupError):
            backups.read(path, private=house.founded.backup_private)

    def test_what_is_packed_and_cut_off_is_refused(self, lived, tmp_path):
        house, *_ = lived
        site = Site.objects.get()
        empty()
        path = tmp_path / "cut"
        self.stream(path, zlib.compress(b"{}\n" * 999)[:-9], to=bytes(site.backup_public))

        with pytest.raises(BackupError):
            backups.read(path, private=house.founded.backup_private)

    def stream(self, path, content, *, to):
        """Seal content as the only chunk of a backup."""
        key, state = crypto.random_key(), bindings.crypto_secretstream_xchacha20poly1305_state()
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
        with path.open("wb") as file:
            file.write(backups.MAGIC + crypto.seal_to(to, key) + header)
            backups._push(file, state, content, backups._LAST)
