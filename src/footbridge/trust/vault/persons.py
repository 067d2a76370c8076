"""Person rows: the shell, the key under the phrase, the log key; and forgetting."""

from __future__ import annotations

import json
import logging
import os
import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import connection, transaction

from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto, models
from footbridge.trust.vault.compartments import PlainHolder
from footbridge.trust.vault.crypto import Cost, KeyPair
from footbridge.trust.vault.epochs import sync_folder
from footbridge.trust.vault.site_keys import SiteKeys

LOG = logging.getLogger("footbridge.vault")
SALT_BYTES = 16


class HandleTakenError(HouseError):
    """Another person already has these two words."""


class WrongPhraseError(HouseError):
    """The phrase does not open this person's key, or there is no such handle."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "These words do not open a record. Check the two words of the handle and the "
                "order of the phrase, and try again."
            )
        )


@dataclass(frozen=True, slots=True)
class Shell:
    """What staff of the site may know of anybody: a handle, a language, the next window."""

    handle: str
    language: str
    state: str = "enrolled"
    next_window: str = ""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the unsealed site knows them."""

    id: uuid.UUID
    shell: Shell
    public: bytes
    log_key: bytes = field(repr=False)

    @property
    def handle(self) -> str:
        """The two public words."""
        return self.shell.handle


def create(shell: Shell, phrase: bytes, *, cost: Cost, site: SiteKeys) -> PlainHolder:
    """Create a person with a fresh key under their phrase; return them as a holder.

    Raises
    ------
    HandleTakenError
        If the handle is in use here.
    """
    person, pair = uuid.uuid4(), KeyPair.new()
    lookup = handle_lookup(shell.handle, site=site)
    if models.Person.objects.filter(lookup=lookup).exists():
        raise HandleTakenError(
            gettext_noop("Somebody here already has this handle. Draw two other words.")
        )
    salt = secrets.token_bytes(SALT_BYTES)
    models.Person.objects.create(
        id=person,
        lookup=lookup,
        shell=_seal_shell(site, person, shell, public=pair.public),  # nosec B604 a field's name
        public_key=pair.public,
        salt=salt,
        cost=dump_cost(cost),
        sealed_private=_seal_private(site, person, pair, key=_stretch(site, phrase, salt, cost)),
        sealed_log_key=crypto.seal(
            site["outer"], crypto.random_key(), bound_to=b"log" + person.bytes
        ),
    )
    return PlainHolder(person, pair, site)


def find(handle: str, *, site: SiteKeys) -> PersonView | None:
    """Return the person with a handle, if there is one."""
    row = models.Person.objects.filter(lookup=handle_lookup(handle, site=site)).first()
    return _view(row, site) if row is not None else None


def get(person: uuid.UUID, *, site: SiteKeys) -> PersonView | None:
    """Return the person with an id, if there is one."""
    row = models.Person.objects.filter(pk=person).first()
    return _view(row, site) if row is not None else None


def several(people: Iterable[uuid.UUID], *, site: SiteKeys) -> dict[uuid.UUID, PersonView]:
    """Return the people with these ids, by id."""
    rows = models.Person.objects.filter(pk__in=list(people))
    return {row.id: _view(row, site) for row in rows}


def open_with_phrase(handle: str, phrase: bytes, *, cost: Cost, site: SiteKeys) -> PlainHolder:
    """Open a person's own key; an unknown handle costs the same time as a wrong phrase.

    Raises
    ------
    WrongPhraseError
        In both cases, and in the same words.
    """
    row = models.Person.objects.filter(lookup=handle_lookup(handle, site=site)).first()
    if row is None:
        _stretch(site, phrase, bytes(SALT_BYTES), cost)
        raise WrongPhraseError
    key = _stretch(site, phrase, bytes(row.salt), load_cost(row.cost))
    place = b"person" + row.id.bytes
    inner = crypto.open_sealed(site["outer"], bytes(row.sealed_private), bound_to=place)
    try:
        private = crypto.open_sealed(key, inner, bound_to=place)
    except crypto.SealError:
        raise WrongPhraseError from None
    pair = KeyPair.of(private)
    crypto.check_pair(pair, bytes(row.public_key))
    return PlainHolder(row.id, pair, site)


def set_phrase(holder: PlainHolder, phrase: bytes, *, cost: Cost) -> None:
    """Put a person's own, open key under a new phrase."""
    salt = secrets.token_bytes(SALT_BYTES)
    key = _stretch(holder.site, phrase, salt, cost)
    models.Person.objects.filter(pk=holder.id).update(
        salt=salt,
        cost=dump_cost(cost),
        sealed_private=_seal_private(holder.site, holder.id, holder.pair, key=key),
    )
    truncate_log()  # or the key under the old phrase would linger there


def replace_key(person: uuid.UUID, phrase: bytes, *, cost: Cost, site: SiteKeys) -> PlainHolder:
    """Give a person whose phrase is lost a new key; their wraps must then be granted anew."""
    holder = PlainHolder(person, KeyPair.new(), site)
    row = models.Person.objects.select_for_update().get(pk=person)
    shell = _view(row, site).shell
    models.Wrap.objects.filter(holder=person).delete()
    row.public_key = holder.pair.public
    row.shell = _seal_shell(site, person, shell, public=holder.pair.public)
    row.save(update_fields=["public_key", "shell"])
    set_phrase(holder, phrase, cost=cost)
    return holder


def change_shell(person: uuid.UUID, *, site: SiteKeys, **changes: str) -> None:
    """Change what staff may know of a person."""
    row = models.Person.objects.select_for_update().get(pk=person)
    shell = replace(_view(row, site).shell, **changes)
    row.shell = _seal_shell(site, person, shell, public=bytes(row.public_key))
    row.save(update_fields=["shell"])


@dataclass(frozen=True, slots=True)
class TombstoneFile:
    """The file of forgotten ids beside the database, which outlives a restore."""

    path: Path

    def add(self, person: uuid.UUID) -> None:
        """Write one id, safely on disk before the person's row is deleted."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            # A line of its own, also after one that loss of power cut off.
            file.write(f"\n{person}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.path.parent)

    def read(self) -> set[uuid.UUID]:
        """Return every forgotten id; a line cut off by loss of power is skipped."""
        return set(self._lines())

    def _lines(self) -> Iterator[uuid.UUID]:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="ascii", errors="replace").splitlines():
            try:
                yield uuid.UUID(line.strip())
            except ValueError:
                continue


def forget(person: uuid.UUID, *, tombstones: TombstoneFile) -> None:
    """Delete a person's key, log key, compartments, entries and wraps, and leave a tombstone.

    Call inside the act's transaction, and `truncate_log` after it.
    """
    tombstones.add(person)
    models.Person.objects.filter(pk=person).delete()
    models.Tombstone.objects.get_or_create(person=person)


def replay(tombstones: TombstoneFile) -> int:
    """Forget whoever has a tombstone and is still here (after a restore, or a crash)."""
    buried = tombstones.read() | set(models.Tombstone.objects.values_list("person", flat=True))
    with transaction.atomic():
        models.Tombstone.objects.bulk_create(
            [models.Tombstone(person=person) for person in buried], ignore_conflicts=True
        )
        ids = set(models.Person.objects.values_list("pk", flat=True)) & buried
        models.Person.objects.filter(pk__in=ids).delete()
    if ids:
        truncate_log()
    return len(ids)


def truncate_log() -> None:
    """Empty SQLite's write-ahead log, in which deleted keys would otherwise linger.

    Inside a transaction it is done once that has ended.
    """
    if connection.vendor != "sqlite":
        return
    if connection.in_atomic_block:
        transaction.on_commit(truncate_log, robust=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone()
    if busy:
        LOG.warning(
            "SQLite's log could not be emptied: somebody read. The daily round tries again."
        )


def handle_lookup(handle: str, *, site: SiteKeys) -> bytes:
    """Return the keyed hash under which a handle is found."""
    return crypto.keyed_hash(site["lookup"], b"handle", handle.encode())


def dump_cost(cost: Cost) -> str:
    """Return a cost as it stands in a row."""
    return f"argon2id:{cost.memory_kib}:{cost.passes}:{cost.lanes}"


def load_cost(text: str) -> Cost:
    """Return the cost of a row."""
    _, memory, passes, lanes = text.split(":")
    return Cost(int(memory), int(passes), int(lanes))


def _stretch(site: SiteKeys, phrase: bytes, salt: bytes, cost: Cost) -> bytes:
    return crypto.stretch(crypto.keyed_hash(site["pepper"], phrase), salt=salt, cost=cost)


def _seal_private(site: SiteKeys, person: uuid.UUID, pair: KeyPair, *, key: bytes) -> bytes:
    place = b"person" + person.bytes
    inner = crypto.seal(key, pair.private, bound_to=place)
    return crypto.seal(site["outer"], inner, bound_to=place)


def _seal_shell(site: SiteKeys, person: uuid.UUID, shell: Shell, *, public: bytes) -> bytes:
    plain = json.dumps(
        [shell.handle, shell.language, shell.state, shell.next_window], ensure_ascii=False
    )
    return crypto.seal(
        site["shell"], plain.encode().ljust(192), bound_to=_shell_place(person, public)
    )


def _shell_place(person: uuid.UUID, public: bytes) -> bytes:
    # With the public key in it: who changes that key in the database breaks the shell.
    return b"shell" + person.bytes + public


def _view(row: models.Person, site: SiteKeys) -> PersonView:
    public = bytes(row.public_key)
    shell = json.loads(
        crypto.open_sealed(site["shell"], bytes(row.shell), bound_to=_shell_place(row.id, public))
    )
    log_key = crypto.open_sealed(
        site["outer"], bytes(row.sealed_log_key), bound_to=b"log" + row.id.bytes
    )
    return PersonView(row.id, Shell(*shell), public, log_key)
