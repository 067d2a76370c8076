"""The trail: every act, chained by hash; verified without any key.

Each row's body is sealed under the LOG key and, where it is about a person, under
that person's log key too. Forgetting destroys the latter: the chain still verifies,
and no longer says about whom. The newest row is signed by the site with each act, so
that nobody without the site key can add to the chain or write it anew.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto
from footbridge.trust.vault.models import Site
from footbridge.trust.vault.site_keys import SiteKeys

START = bytes(32)
_TAG_BYTES = 16
_SIGNED = b"footbridge trail\n"


class TrailError(HouseError):
    """The trail does not verify."""


@dataclass(frozen=True, slots=True)
class Event:
    """What one row of the trail says: who did what, and on which day."""

    action: str
    on: date
    by: uuid.UUID | None
    detail: str = ""


def append(
    event: Event, *, site: SiteKeys, log_key: bytes | None = None, evidence: Iterable[bytes] = ()
) -> None:
    """Add one event to the end of the trail; call inside the act's own transaction."""
    Site.objects.filter(pk=site.site).update(trail_lock=F("trail_lock") + 1)
    sequence = Site.objects.values_list("trail_lock", flat=True).get(pk=site.site)
    last = TrailEntry.objects.filter(sequence=sequence - 1).first()
    tag = person_tag(log_key) if log_key else secrets.token_bytes(_TAG_BYTES)
    row = TrailEntry(
        sequence=sequence,
        tag=tag,
        sealed=crypto.seal(_key(site, log_key), crypto.pad(_dump(event)), bound_to=tag),
        evidence=b"".join(evidence),
        previous=bytes(last.digest) if last is not None else START,
    )
    row.digest = row_digest(row)
    row.save(force_insert=True)
    signature = site.signing.sign(_SIGNED + row.digest).signature
    Site.objects.filter(pk=site.site).update(trail_signature=signature)


def events_about(log_key: bytes, *, site: SiteKeys) -> list[Event]:
    """Return every event about one person, oldest first."""
    rows = TrailEntry.objects.filter(tag=person_tag(log_key)).order_by("sequence")
    return [_load(row, _key(site, log_key)) for row in rows]


def site_events(*, site: SiteKeys, last: int = 200) -> list[Event]:
    """Return the newest events that are about no person, newest first."""
    events = []
    for row in TrailEntry.objects.order_by("-sequence")[: last * 5]:
        try:
            events.append(_load(row, _key(site, None)))
        except crypto.SealError:
            continue
        if len(events) == last:
            break
    return events


def person_tag(log_key: bytes) -> bytes:
    """Return the tag under which a person's events are found."""
    return crypto.keyed_hash(log_key, b"trail tag", size=_TAG_BYTES)


def row_digest(row: TrailEntry) -> bytes:
    """Return the hash that the next row, and a witness, hold against this one."""
    return crypto.plain_hash(
        row.sequence.to_bytes(8, "big"),
        bytes(row.tag),
        bytes(row.sealed),
        bytes(row.evidence),
        bytes(row.previous),
    )


def is_signed(digest: bytes, *, site: Site) -> bool:
    """Whether the site signed this digest as that of its trail's newest row."""
    try:
        VerifyKey(bytes(site.signing_public)).verify(_SIGNED + digest, bytes(site.trail_signature))
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def walk() -> Iterator[TrailEntry]:
    """Yield the rows of the trail in order, each checked against the one before.

    Raises
    ------
    TrailError
        At the first row that was edited, dropped, reordered or put in again.
    """
    expected, previous = 1, START
    for row in TrailEntry.objects.order_by("sequence").iterator(chunk_size=500):
        if row.sequence != expected:
            raise TrailError(
                gettext_noop(
                    "The trail is broken: entry {expected} is missing. Somebody removed it. "
                    "Keep this database as evidence and tell the witness."
                ),
                expected=expected,
            )
        if bytes(row.previous) != previous or bytes(row.digest) != row_digest(row):
            raise TrailError(
                gettext_noop(
                    "The trail is broken: entry {sequence} was changed or moved after it was "
                    "written. Keep this database as evidence and tell the witness."
                ),
                sequence=row.sequence,
            )
        previous, expected = bytes(row.digest), expected + 1
        yield row


def _key(site: SiteKeys, log_key: bytes | None) -> bytes:
    return crypto.keyed_hash(site["log"], b"trail", log_key or b"")


def _dump(event: Event) -> bytes:
    facts = {
        "action": event.action,
        "on": event.on.isoformat(),
        "by": str(event.by) if event.by else None,
        "detail": event.detail,
    }
    return json.dumps(facts).encode()


def _load(row: TrailEntry, key: bytes) -> Event:
    plain = crypto.unpad(crypto.open_sealed(key, bytes(row.sealed), bound_to=bytes(row.tag)))
    facts = json.loads(plain)
    by = uuid.UUID(facts["by"]) if facts["by"] else None
    return Event(facts["action"], date.fromisoformat(facts["on"]), by, facts["detail"])
