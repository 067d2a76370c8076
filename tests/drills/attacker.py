"""An attacker who has rows, files and some keys, knows this code, and tries every key everywhere.

What opens is tried again as a key, as another sealed value, and as a box to a private key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.db import models as fields
from nacl import bindings
from nacl.exceptions import CryptoError

from footbridge.trust.access.models import Invitation, Staff
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.vault import crypto, models
from footbridge.trust.vault.compartments import DROP_BOXES, MARK_BYTES
from footbridge.trust.vault.crypto import BOX_OVERHEAD, KEY_BYTES, KeyPair
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.site_keys import SiteKeys

PURPOSES = ("outer", "pepper", "log", "epoch", "shell", "lookup", "signing", "check")
BOX = KEY_BYTES + BOX_OVERHEAD


@dataclass(frozen=True)
class Sealed:
    """Something sealed, and what it is bound to."""

    name: str
    data: bytes
    place: bytes = b""
    boxed: bool = False  # sealed to a public key, and not under a key
    body: bytes = b""  # of an entry: what opens once its head says which record it is


def everything_sealed(epochs: Path, kinds: Mapping[UUID, Compartment]) -> Iterator[Sealed]:
    """Yield every sealed value of the database, and the files of the epoch keys.

    `kinds` tells which section of a record each compartment is: given away, to be generous.
    """
    yield from _of_people_and_staff()
    for row in models.Site.objects.all():
        recovery = bytes(row.recovery_public or b"")
        publics = (row.id.bytes, bytes(row.signing_public), bytes(row.backup_public), recovery)
        yield Sealed("Site.check_value", bytes(row.check_value), crypto.plain_hash(*publics))
    for row in Invitation.objects.all():
        yield Sealed("Invitation.sealed", bytes(row.sealed), bytes(row.lookup))
    for row in models.Circle.objects.all():
        place = b"circle" + row.id.bytes + bytes(row.public_key)
        yield Sealed("Circle.head", bytes(row.head), place)
    for row in models.Compartment.objects.all():
        yield Sealed("Compartment.head", bytes(row.head), b"head" + row.id.bytes)
    for row in models.Wrap.objects.all():
        thing = row.compartment_id or row.circle_id
        yield Sealed("Wrap.sealed", bytes(row.sealed), thing.bytes + row.holder.bytes)
    for row in TrailEntry.objects.all():
        yield Sealed("TrailEntry.sealed", bytes(row.sealed), bytes(row.tag))
    for row in models.Entry.objects.select_related("compartment"):
        yield from _entry(row, kinds[row.compartment_id])
    for path in epochs.glob("*.epoch"):
        yield Sealed("epoch", path.read_bytes(), path.stem.encode())


def _of_people_and_staff() -> Iterator[Sealed]:
    for row in models.Person.objects.all():
        who, public = row.id.bytes, bytes(row.public_key)
        yield Sealed("Person.shell", bytes(row.shell), b"shell" + who + public)
        yield Sealed("Person.sealed_private", bytes(row.sealed_private), b"person" + who)
        yield Sealed("Person.sealed_log_key", bytes(row.sealed_log_key), b"log" + who)
    for row in Staff.objects.all():
        who, public = row.id.bytes, bytes(row.public_key)
        yield Sealed("Staff.profile", bytes(row.profile), b"profile" + who + public)
        yield Sealed("Staff.sealed_private", bytes(row.sealed_private), b"staff" + who)
        yield Sealed("Staff.sealed_totp", bytes(row.sealed_totp), b"staff" + who)


def _entry(row: models.Entry, kind: Compartment) -> Iterator[Sealed]:
    part, head, body = row.compartment, bytes(row.head), bytes(row.body)
    parts = (part.person_id.bytes, kind.encode(), str(row.sequence).encode(), part.id.bytes)
    start = BOX if kind in DROP_BOXES else 0
    if start:
        yield Sealed("Entry.key", body[:BOX], boxed=True)
    yield Sealed("Entry.head", head[start:], b"|".join(parts), body=body[start:])


def every_value() -> set[bytes]:
    """Return every value of 32 bytes that stands in clear anywhere in the database."""
    found = set()
    for model in apps.get_app_config("trust").get_models():
        for row in model.objects.all():
            for one in row._meta.concrete_fields:
                value = getattr(row, one.attname)
                if isinstance(one, fields.BinaryField) and value and len(bytes(value)) == KEY_BYTES:
                    found.add(bytes(value))
    return found


def as_site_keys(values: Iterable[bytes]) -> set[bytes]:
    """Return these values, and every key that would follow if one were the site key."""
    return {
        key
        for value in values
        for key in (value, *(crypto.subkey(value, name) for name in PURPOSES))
        if len(key) == KEY_BYTES
    }


def of_site(site: SiteKeys) -> set[bytes]:
    """Return every key of the unsealed site."""
    return {site[name] for name in PURPOSES}


@dataclass
class Attacker:
    """Tries what it has until nothing more opens."""

    sealed: list[Sealed]
    keys: set[bytes]
    opened: dict[str, set[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._first = frozenset(self.keys)

    def attack(self) -> dict[str, set[bytes]]:
        """Return what opened, by what it was."""
        old_keys: set[bytes] = set()
        old_sealed: list[Sealed] = []
        while len(old_sealed) < len(self.sealed) or old_keys != self.keys:
            new_keys, new_sealed = self.keys - old_keys, self.sealed[len(old_sealed) :]
            tries = [(one, new_keys) for one in old_sealed]
            tries += [(one, set(self.keys)) for one in new_sealed]
            old_keys, old_sealed = set(self.keys), list(self.sealed)
            for one, keys in tries:
                for plain in _open(one, keys):
                    self._found(one, plain)
            self._combine()
        return self.opened

    def _found(self, one: Sealed, plain: bytes) -> None:
        self.opened.setdefault(one.name, set()).add(plain)
        inside = plain[MARK_BYTES:] if one.name == "Wrap.sealed" else plain
        boxed = one.name in ("Wrap.sealed", "Staff.sealed_totp") and not one.boxed
        more = Sealed(f"{one.name}, inside", inside, one.place, boxed)
        if one.name == "Entry.head":
            more = Sealed("Entry.body", one.body, one.place + plain.rstrip())
        if more not in self.sealed and not one.name.endswith("inside"):
            self.sealed.append(more)
        # A key; or an epoch's, after its day and number.
        self.keys |= {part for part in (plain, plain[14:]) if len(part) == KEY_BYTES}

    def _combine(self) -> None:
        """Add the keys that are made of two: of wraps, and of the trail about somebody."""
        epochs = {plain[14:] for plain in self.opened.get("epoch", ())}
        logs = {b""} | self.opened.get("Person.sealed_log_key", set())
        for key in self._first:
            self.keys |= {crypto.keyed_hash(key, b"wrap", epoch) for epoch in epochs}
            self.keys |= {crypto.keyed_hash(key, b"trail", log) for log in logs}


def _open(one: Sealed, keys: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what opens; not by the house's own function, whose errors take their time."""
    for key in keys:
        try:
            if one.boxed:
                public = _public(key)
                yield bindings.crypto_box_seal_open(one.data, public, key)
            else:
                used = crypto.subkey(key, "head") if one.name == "Entry.head" else key
                nonce, rest = one.data[: crypto.NONCE_BYTES], one.data[crypto.NONCE_BYTES :]
                yield bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                    rest, one.place, nonce, used
                )
        except (CryptoError, ValueError, TypeError):
            continue


@cache
def _public(key: bytes) -> bytes:
    return KeyPair.of(key).public
