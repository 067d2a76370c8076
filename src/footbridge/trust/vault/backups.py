"""Backups: the database, ciphertext already, sealed to a key that is not here.

A backup holds no site, epoch or pepper key. To use one: the offline key opens the
file, the epoch card of its month opens its wraps, two shares unseal the site.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import connection, transaction
from nacl import bindings
from nacl.exceptions import CryptoError

from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.models import Site

MAGIC = b"FOOTBRIDGE-BACKUP-1\n"
CHUNK = 1 << 18
LONGEST_CHUNK = 1 << 20
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
APPS = ("trust", "journey", "evidence")


class BackupError(HouseError):
    """A backup that cannot be written, or a file that is not one."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a backup holds."""

    path: Path
    rows: int
    size: int


def write(path: Path) -> Written:
    """Write the whole database to a file that only the offline key opens.

    Reads one consistent snapshot while the site goes on working, on either database.

    Raises
    ------
    BackupError
        If there is no site yet, or the file exists.
    """
    site = Site.objects.first()
    if site is None:
        raise BackupError(gettext_noop("There is no site here yet, so there is nothing to keep."))
    if path.exists():
        raise BackupError(
            gettext_noop("The file exists already. Choose a new name; no backup is overwritten.")
        )
    rows = 0
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("xb") as file:
            rows = _seal_stream(file, _lines(), to=bytes(site.backup_public))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return Written(path, rows, path.stat().st_size)


def read(path: Path, *, private: bytes) -> int:
    """Put a backup's rows into this, empty, database; return how many there were.

    Raises
    ------
    BackupError
        If the key is not the backup's, the file was cut off or altered, or this database
        already is a site.
    """
    if Site.objects.exists():
        raise BackupError(
            gettext_noop(
                "This database already holds a site. Restore into an empty one: "
                "set DATABASE_URL and FOOTBRIDGE_DATA to new places, then run migrate."
            )
        )
    if len(private) != crypto.KEY_BYTES:
        raise BackupError(gettext_noop("The backup key is 64 letters and digits, 0-9 and a-f."))
    rows = 0
    with path.open("rb") as file, transaction.atomic():
        for line in _open_stream(file, KeyPair.of(private)):
            rows += _save(line)
    return rows


def _save(line: bytes) -> int:
    """Put one line's row into the database; only rows of the house's own tables."""
    try:
        items = list(serializers.deserialize("json", f"[{line.decode()}]"))
    except (DeserializationError, ValueError) as error:
        raise _altered() from error
    if any(item.object._meta.app_label not in APPS for item in items):
        raise _altered()
    for item in items:
        item.save()
    return len(items)


def _lines() -> Iterator[bytes]:
    """Yield one JSON line per row, in an order in which references resolve."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in serializers.sort_dependencies(
            [
                (apps.get_app_config(label), None)
                for label in APPS
                if apps.is_installed(_name(label))
            ]
        ):
            for row in model._default_manager.order_by("pk").iterator(chunk_size=500):
                text = serializers.serialize("json", [row])
                yield text[1:-1].encode() + b"\n"


def _name(label: str) -> str:
    return f"footbridge.{label}"


def _seal_stream(file: BinaryIO, lines: Iterator[bytes], *, to: bytes) -> int:
    key, rows = crypto.random_key(), 0
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    file.write(MAGIC + crypto.seal_to(to, key) + header)
    pack, buffer = zlib.compressobj(6), bytearray()
    for line in lines:
        rows += 1
        buffer += pack.compress(line)
        while len(buffer) >= CHUNK:
            _push(file, state, bytes(buffer[:CHUNK]), _MORE)
            del buffer[:CHUNK]
    buffer += pack.flush()
    _push(file, state, bytes(buffer), _LAST)
    return rows


def _push(
    file: BinaryIO,
    state: bindings.crypto_secretstream_xchacha20poly1305_state,
    data: bytes,
    tag: int,
) -> None:
    sealed = bindings.crypto_secretstream_xchacha20poly1305_push(state, data, None, tag)
    file.write(struct.pack(">I", len(sealed)) + sealed)


def _open_stream(file: BinaryIO, pair: KeyPair) -> Iterator[bytes]:
    unpack, rest = zlib.decompressobj(), b""
    try:
        for data in _chunks(file, pair):
            rest += unpack.decompress(data)
            *lines, rest = rest.split(b"\n")
            yield from lines
        rest += unpack.flush()
    except zlib.error as error:
        raise _altered() from error
    if rest or not unpack.eof:
        raise _altered()


def _chunks(file: BinaryIO, pair: KeyPair) -> Iterator[bytes]:
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError(gettext_noop("This file is not a Footbridge backup."))
    try:
        key = crypto.open_from(pair, file.read(crypto.KEY_BYTES + crypto.BOX_OVERHEAD))
    except crypto.SealError:
        raise BackupError(
            gettext_noop(
                "This key does not open the backup. Use the offline backup key of the site "
                "that wrote it; it was shown once at the ceremony."
            )
        ) from None
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = file.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    tag = _MORE
    try:
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        while tag != _LAST:
            (size,) = struct.unpack(">I", file.read(4))
            sealed = _exactly(file, size)
            data, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed, None)
            yield data
    except (struct.error, CryptoError, ValueError, TypeError, RuntimeError) as error:
        raise _altered() from error
    if file.read(1):
        raise _altered()


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(min(size, LONGEST_CHUNK))
    if len(data) != size:
        raise ValueError(size)
    return data


def _altered() -> BackupError:
    return BackupError(
        gettext_noop(
            "The backup is cut off or was altered, so nothing of it was used. Take another copy."
        )
    )
