"""The append-only journal: sealing records into entries and opening them again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import F

from footbridge.trust.decisions import gettext_noop
from footbridge.trust.vault import codec, crypto, models
from footbridge.trust.vault.compartments import NoWrapError, OpenCompartment
from footbridge.trust.vault.folding import Opened, current
from footbridge.trust.vault.records import (
    Compartment,
    EntryKind,
    Record,
    RecordError,
    record_type,
    upgraded,
)

HEAD_BYTES = 64
DIGEST_BYTES = 16
_TIMELESS = frozenset({Compartment.RESEARCH, Compartment.SUMMARY})


def append(
    into: OpenCompartment,
    record: Record,
    *,
    by: uuid.UUID,
    on: date,
    replaces: uuid.UUID | None = None,
) -> tuple[uuid.UUID, bytes]:
    """Seal one record at the end of a compartment; return its id and what the trail keeps.

    Call inside a transaction: the row of the compartment stays locked until its end.
    """
    if record.COMPARTMENT is not into.kind:
        raise RecordError(f"{record.KIND} belongs into {record.COMPARTMENT}, not {into.kind}.")
    models.Compartment.objects.filter(pk=into.id).update(length=F("length") + 1)
    sequence = models.Compartment.objects.values_list("length", flat=True).get(pk=into.id)
    plain = crypto.pad(_envelope(record, by=by, on=on, replaces=replaces))
    key, prefix = _writing_key(into)
    bound = _place(into, sequence)
    kind = str(record.KIND).encode()
    head = crypto.seal(crypto.subkey(key, "head"), kind.ljust(HEAD_BYTES), bound_to=bound)
    body = prefix + crypto.seal(key, plain, bound_to=bound + kind)
    entry = models.Entry.objects.create(
        compartment_id=into.id, sequence=sequence, head=prefix + head, body=body
    )
    return entry.id, digest(entry) + place(into.id, sequence)


def entries(of: OpenCompartment) -> list[Opened]:
    """Return every entry of a compartment, opened, oldest first.

    Raises
    ------
    SealError
        If a row was altered, or is missing from the middle.
    """
    rows = list(models.Entry.objects.filter(compartment_id=of.id).order_by("sequence"))
    check_whole(rows)
    return [open_entry(of, row) for row in rows]


def check_whole(rows: Sequence[models.Entry]) -> None:
    """Raise SealError where rows of one compartment, in order, do not follow on each other."""
    if [row.sequence for row in rows] != list(range(1, len(rows) + 1)):
        raise crypto.SealError(
            gettext_noop(
                "An entry is missing from this journal: somebody removed it. Nothing was shown. "
                "Run 'footbridge trail verify' and tell the keyholders."
            )
        )


def current_entries(of: OpenCompartment) -> list[Opened]:
    """Return the entries that still stand, each correction in the place of its original."""
    return current(entries(of))


def latest(of: OpenCompartment) -> Opened | None:
    """Return the last entry of a compartment, opened, if there is one."""
    row = models.Entry.objects.filter(compartment_id=of.id).order_by("-sequence").first()
    return open_entry(of, row) if row is not None else None


def kind_of(of: OpenCompartment, row: models.Entry) -> EntryKind:
    """Return what an entry is, without opening what it holds."""
    key, start = _reading_key(of, bytes(row.body))
    name, _, version = _head(of, row, key, start).decode().rpartition("/")
    return EntryKind(name, int(version))


def open_entry(of: OpenCompartment, row: models.Entry) -> Opened:
    """Return one entry, opened and upgraded to the newest version of its record.

    Raises
    ------
    SealError
        If the row was altered, or moved here from another place.
    """
    key, start = _reading_key(of, bytes(row.body))
    bound = _place(of, row.sequence)
    kind = _head(of, row, key, start)
    plain = crypto.unpad(crypto.open_sealed(key, bytes(row.body)[start:], bound_to=bound + kind))
    return _opened(row, kind.decode(), plain)


def digest(row: models.Entry) -> bytes:
    """Return what the trail keeps of an entry: a hash of its ciphertext, row and place."""
    return crypto.plain_hash(
        row.id.bytes,
        row.compartment_id.bytes,
        row.sequence.to_bytes(8, "big"),
        bytes(row.head),
        bytes(row.body),
        size=DIGEST_BYTES,
    )


def place(compartment: uuid.UUID, sequence: int) -> bytes:
    """Return what the trail keeps to know later that there was an entry at this place.

    Once the compartment is deleted, and its random id with it, this is noise.
    """
    return crypto.plain_hash(
        b"place", compartment.bytes, sequence.to_bytes(8, "big"), size=DIGEST_BYTES
    )


def _place(of: OpenCompartment, sequence: int) -> bytes:
    return b"|".join((of.person.bytes, of.kind.encode(), str(sequence).encode(), of.id.bytes))


def _writing_key(into: OpenCompartment) -> tuple[bytes, bytes]:
    if into.head.public is None:
        if into.key is None:
            raise NoWrapError
        return into.key, b""
    key = crypto.random_key()
    return key, crypto.seal_to(into.head.public, key)


def _reading_key(of: OpenCompartment, body: bytes) -> tuple[bytes, int]:
    if of.key is None:
        raise NoWrapError
    if of.head.public is None:
        return of.key, 0
    start = crypto.KEY_BYTES + crypto.BOX_OVERHEAD
    return crypto.open_from(crypto.KeyPair(of.head.public, of.key), body[:start]), start


def _head(of: OpenCompartment, row: models.Entry, key: bytes, start: int) -> bytes:
    bound = _place(of, row.sequence)
    return crypto.open_sealed(
        crypto.subkey(key, "head"), bytes(row.head)[start:], bound_to=bound
    ).rstrip()


def _envelope(record: Record, *, by: uuid.UUID, on: date, replaces: uuid.UUID | None) -> bytes:
    facts: dict[str, str] = {}
    if record.COMPARTMENT not in _TIMELESS:
        facts = {"by": str(by), "on": on.isoformat()}
    if replaces is not None:
        facts["replaces"] = str(replaces)
    return json.dumps(facts).encode() + b"\n" + codec.encode(record)


def _opened(row: models.Entry, kind: str, plain: bytes) -> Opened:
    name, _, version = kind.rpartition("/")
    envelope, _, data = plain.partition(b"\n")
    facts = json.loads(envelope)
    return Opened(
        id=row.id,
        sequence=row.sequence,
        record=upgraded(codec.decode(record_type(EntryKind(name, int(version))), data)),
        by=uuid.UUID(facts["by"]) if "by" in facts else None,
        on=date.fromisoformat(facts["on"]) if "on" in facts else None,
        replaces=uuid.UUID(facts["replaces"]) if "replaces" in facts else None,
    )
