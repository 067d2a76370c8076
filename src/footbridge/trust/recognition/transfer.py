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
from typing import Any

from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.recognition import actions, phrases
from footbridge.trust.vault import codec, compartments, crypto, journal, persons
from footbridge.trust.vault.compartments import NoWrapError, PlainHolder
from footbridge.trust.vault.crypto import Cost
from footbridge.trust.vault.persons import PersonView, Shell
from footbridge.trust.vault.records import Compartment, EntryKind, record_type

DAYS = 14
MAGIC = b"FOOTBRIDGE-TRANSFER-1\n"
_CARRIED = (Compartment.CARE, Compartment.CONTACT)
_PLACE = b"transfer"


class TransferError(HouseError):
    """A transfer that cannot be made or taken in."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A sealed file, and the code that opens it once."""

    file: bytes = field(repr=False)
    code: tuple[str, ...] = field(repr=False)


def make(person: PersonView, *, holder: PlainHolder, by: Actor, on: date, cost: Cost) -> Transfer:
    """Return the file and code for somebody who is present: `holder` is their open key."""
    by.check(Capability.WORK_WITH_PEOPLE)
    code = phrases.new_phrase(person.shell.language, draws=secrets.randbelow)
    packed = {
        "until": (on + timedelta(days=DAYS)).isoformat(),
        "language": person.shell.language,
        "entries": [item for kind in _CARRIED for item in _pack(person.id, kind, holder)],
    }
    salt = secrets.token_bytes(persons.SALT_BYTES)
    key = crypto.stretch(phrases.phrase_bytes(code), salt=salt, cost=cost)
    plain = crypto.pad(json.dumps(packed, ensure_ascii=False).encode())
    header = MAGIC + persons.dump_cost(cost).encode().ljust(40) + salt
    with act("transfer.made", by=by.id, on=on, site=by.site, log_key=person.log_key):
        pass
    return Transfer(header + crypto.seal(key, plain, bound_to=_PLACE), code)


def take_in(
    file: bytes, code: str, *, language: str, by: Actor, on: date, cost: Cost
) -> actions.Enrolled:
    """Enrol somebody from a transfer: new handle, new phrase, new keys, the same record.

    Raises
    ------
    TransferError
        If the file is not a transfer, the code is wrong, or the fourteen days are over.
    """
    by.check(Capability.ENROL)
    packed = _open(file, code, language)
    if on > date.fromisoformat(packed["until"]):
        raise TransferError(
            gettext_noop(
                "This transfer ended after {days} days. The person can ask for a new one, or start "
                "again here under a new handle."
            ),
            days=DAYS,
        )
    words = phrases.new_phrase(packed["language"], draws=secrets.randbelow)
    handle = actions.free_handle(packed["language"], site=by.site)
    with act("transfer.taken-in", by=by.id, on=on, site=by.site) as doing:
        holder = persons.create(
            Shell(handle, packed["language"]), phrases.phrase_bytes(words), cost=cost, site=by.site
        )
        opened = {}
        for item in packed["entries"]:
            kind = Compartment(item["compartment"])
            if kind not in opened:
                opened[kind] = _make(holder, kind, by=by)
            name, _, version = item["kind"].rpartition("/")
            record = codec.decode(
                record_type(EntryKind(name, int(version))), b64decode(item["record"])
            )
            doing.write(opened[kind], record)
    return actions.Enrolled(holder.id, handle, words)


def _pack(person: uuid.UUID, kind: Compartment, holder: PlainHolder) -> list[dict[str, str]]:
    try:
        opened = compartments.open_for(person, kind, holders=[holder])
    except NoWrapError:
        return []
    return [
        {
            "compartment": kind.value,
            "kind": str(entry.record.KIND),
            "record": b64encode(codec.encode(entry.record)).decode(),
        }
        for entry in journal.current_entries(opened)
    ]


def _make(holder: PlainHolder, kind: Compartment, *, by: Actor) -> compartments.OpenCompartment:
    opened = compartments.make(holder.id, kind, site=by.site)
    compartments.grant(opened, holder=holder.id, public=holder.pair.public, site=by.site)
    compartments.grant(opened, holder=by.id, public=by.pair.public, site=by.site)
    return opened


def _checked(cost: Cost) -> Cost:
    # The file says what opening it costs; a hostile one must not exhaust the machine.
    if cost.memory_kib > 1024 * 1024 or cost.passes > 10 or cost.lanes > 16:
        raise ValueError(cost)
    return cost


def _open(file: bytes, code: str, language: str) -> dict[str, Any]:
    start = len(MAGIC)
    if not file.startswith(MAGIC):
        raise TransferError(gettext_noop("This file is not a transfer from a Footbridge site."))
    try:
        cost = _checked(persons.load_cost(file[start : start + 40].decode().strip()))
        salt = file[start + 40 : start + 56]
        words = phrases.normalised_phrase(code, language)
        key = crypto.stretch(phrases.phrase_bytes(words), salt=salt, cost=cost)
        plain = crypto.open_sealed(key, file[start + 56 :], bound_to=_PLACE)
    except (ValueError, crypto.SealError) as error:
        raise TransferError(
            gettext_noop(
                "This code does not open the file. Check the order of the words and the language "
                "in which they were given."
            )
        ) from error
    packed: dict[str, Any] = json.loads(crypto.unpad(plain))
    return packed
