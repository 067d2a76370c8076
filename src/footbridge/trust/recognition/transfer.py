"""Moving to another site: a file and a one-time code, made while the person is present.

The file holds what the person themself can open, sealed under a key stretched from
the code; the code is told to the person and written nowhere. Neither says from where.
"""

from __future__ import annotations

import json
import secrets
import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import date, timedelta

from argon2.exceptions import HashingError

from footbridge.trust.access import circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.recognition import actions, phrases
from footbridge.trust.vault import codec, compartments, crypto, journal, once, persons
from footbridge.trust.vault.compartments import NoWrapError, OpenCompartment, PlainHolder
from footbridge.trust.vault.crypto import Cost
from footbridge.trust.vault.persons import PersonView, Shell
from footbridge.trust.vault.records import (
    Compartment,
    EntryKind,
    Record,
    RecordError,
    record_type,
    upgraded,
)
from footbridge.trust.weeks import IsoWeek

DAYS = 14
MAGIC = b"FOOTBRIDGE-TRANSFER-1\n"
_CARRIED = (Compartment.CARE, Compartment.SUMMARY, Compartment.CONTACT)
COST_BYTES = 40


class TransferError(HouseError):
    """A transfer that cannot be made or taken in."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A sealed file, and the code that opens it once."""

    file: bytes = field(repr=False)
    code: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Packed:
    """What a transfer's file holds, opened and checked."""

    until: date
    language: str
    contact_expires: IsoWeek | None
    lapses: IsoWeek | None
    records: tuple[Record, ...] = field(repr=False)

    def of(self, kind: Compartment) -> list[Record]:
        return [record for record in self.records if record.COMPARTMENT is kind]


def make(person: PersonView, *, holder: PlainHolder, by: Actor, on: date, cost: Cost) -> Transfer:
    """Return the file and code for somebody who is present: `holder` is their open key."""
    by.check(Capability.WORK_WITH_PEOPLE)
    code = phrases.new_phrase(person.shell.language, draws=secrets.randbelow)
    opened = _open_parts(person.id, holder)
    contact, care = opened.get(Compartment.CONTACT), opened.get(Compartment.CARE)
    packed = {
        "until": (on + timedelta(days=DAYS)).isoformat(),
        "language": person.shell.language,
        "contact": str(contact.head.expires or "") if contact else "",
        "lapses": str(care.head.lapses or "") if care else "",
        "entries": [item for part in opened.values() for item in _pack(part)],
    }
    salt = secrets.token_bytes(persons.SALT_BYTES)
    key = crypto.stretch(phrases.phrase_bytes(code), salt=salt, cost=cost)
    plain = crypto.pad(json.dumps(packed, ensure_ascii=False).encode())
    header = MAGIC + persons.dump_cost(cost).encode().ljust(COST_BYTES) + salt
    with act("transfer.made", by=by.id, on=on, site=by.site, log_key=person.log_key):
        pass
    return Transfer(header + crypto.seal(key, plain, bound_to=header), code)


def take_in(
    file: bytes, code: str, *, language: str, by: Actor, on: date, cost: Cost
) -> actions.Enrolled:
    """Enrol somebody from a transfer: new handle, new phrase, new keys, the same record.

    Raises
    ------
    TransferError
        If the file is not a transfer, the code is wrong, the fourteen days are over, or it was
        taken in here before.
    """
    by.check(Capability.ENROL)
    packed = _open(file, code, language)
    if on > packed.until:
        raise TransferError(
            gettext_noop(
                "This transfer ended after {days} days. The person can ask for a new one, or start "
                "again here under a new handle."
            ),
            days=DAYS,
        )
    words = phrases.new_phrase(packed.language, draws=secrets.randbelow)
    handle = actions.free_handle(packed.language, site=by.site)
    with act("transfer.taken-in", by=by.id, on=on, site=by.site) as doing:
        _use_up(file, packed, by=by)
        holder = persons.create(
            Shell(handle, packed.language), phrases.phrase_bytes(words), cost=cost, site=by.site
        )
        for kind in _taken_in(packed, on=on):
            opened = _make(holder, kind, by=by, packed=packed)
            for record in packed.of(kind):
                doing.write(opened, record)
    return actions.Enrolled(holder.id, handle, words)


def _use_up(file: bytes, packed: _Packed, *, by: Actor) -> None:
    # A second record of one person would be counted twice and kept up to date once.
    if not once.use(crypto.plain_hash(file), until=packed.until, site=by.site):
        raise TransferError(
            gettext_noop(
                "This transfer was taken in here before, and it works once. Find the record by its "
                "new handle, or let two colleagues recognise the person by their memory answers."
            )
        )


def _open_parts(person: uuid.UUID, holder: PlainHolder) -> dict[Compartment, OpenCompartment]:
    opened = {}
    for kind in _CARRIED:
        try:
            opened[kind] = compartments.open_for(person, kind, holders=[holder])
        except NoWrapError:
            continue
    return opened


def _pack(part: OpenCompartment) -> list[dict[str, str]]:
    if part.kind is Compartment.SUMMARY:  # each summary stands for all before it
        last = journal.latest(part)
        entries = [last] if last is not None else []
    else:
        entries = journal.current_entries(part)
    return [
        {
            "kind": str(entry.record.KIND),
            "record": b64encode(codec.encode(entry.record)).decode(),
        }
        for entry in entries
    ]


def _taken_in(packed: _Packed, *, on: date) -> list[Compartment]:
    """Return what is made here: a record comes with a summary, contact with its last week."""
    kinds = [Compartment.CARE, Compartment.SUMMARY] if packed.of(Compartment.CARE) else []
    week = packed.contact_expires
    if week is not None and IsoWeek.of(on) <= week:
        kinds.append(Compartment.CONTACT)
    return kinds


def _make(holder: PlainHolder, kind: Compartment, *, by: Actor, packed: _Packed) -> OpenCompartment:
    contact = kind is Compartment.CONTACT
    opened = compartments.make(
        holder.id,
        kind,
        site=by.site,
        expires=packed.contact_expires if contact else None,
        lapses=None if contact else packed.lapses,
    )
    compartments.grant(opened, holder=holder.id, public=holder.pair.public, site=by.site)
    compartments.grant(opened, holder=by.id, public=by.pair.public, site=by.site)
    circle = circles.the_one(CircleKind.COORDINATORS, site=by.site)
    if kind is Compartment.SUMMARY and circle is not None:
        compartments.grant(opened, holder=circle.id, public=circle.public, site=by.site)
    return opened


def _checked(cost: Cost) -> Cost:
    # The file says what opening it costs; a hostile one must not exhaust the machine.
    if cost.memory_kib > 1024 * 1024 or cost.passes > 10 or cost.lanes > 16:
        raise ValueError(cost)
    return cost


def _open(file: bytes, code: str, language: str) -> _Packed:
    start, end = len(MAGIC), len(MAGIC) + COST_BYTES + persons.SALT_BYTES
    if not file.startswith(MAGIC):
        raise TransferError(gettext_noop("This file is not a transfer from a Footbridge site."))
    try:
        cost = _checked(persons.load_cost(file[start : start + COST_BYTES].decode().strip()))
        salt = file[start + COST_BYTES : end]
        words = phrases.normalised_phrase(code, language)
        key = crypto.stretch(phrases.phrase_bytes(words), salt=salt, cost=cost)
        plain = crypto.unpad(crypto.open_sealed(key, file[end:], bound_to=file[:end]))
    except (ValueError, HashingError, crypto.SealError) as error:
        raise TransferError(
            gettext_noop(
                "This code does not open the file. Check the order of the words and the language "
                "in which they were given."
            )
        ) from error
    return _read(plain)


def _read(plain: bytes) -> _Packed:
    # Whoever sealed the file also chose what is in it: nothing here may fail in another way.
    try:
        packed = json.loads(plain)
        return _Packed(
            until=date.fromisoformat(packed["until"]),
            language=str(packed["language"]),
            contact_expires=IsoWeek.parse(packed["contact"]) if packed["contact"] else None,
            lapses=IsoWeek.parse(packed["lapses"]) if packed["lapses"] else None,
            records=tuple(_record(item["kind"], item["record"]) for item in packed["entries"]),
        )
    except (ValueError, TypeError, KeyError, RecordError) as error:
        raise TransferError(
            gettext_noop(
                "The code opens this file, but not everything in it can be read here. Ask the "
                "other site for its version of Footbridge, and use one that is not older."
            )
        ) from error


def _record(kind: str, data: str) -> Record:
    name, _, version = kind.rpartition("/")
    record = upgraded(
        codec.decode(record_type(EntryKind(name, int(version))), b64decode(data, validate=True))
    )
    if record.COMPARTMENT not in _CARRIED:
        raise RecordError(f"{record.KIND} is nothing that a transfer carries.")
    return record
