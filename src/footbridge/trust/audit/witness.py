"""The signed head of the trail: a few lines that somebody outside keeps.

A chain proves order only up to a head that one trusts. The head is signed by the
site; kept by an outside witness, it shows later that nothing before it was changed,
dropped or cut off.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from footbridge.trust.audit import trail
from footbridge.trust.audit.models import TrailEntry
from footbridge.trust.audit.trail import START, TrailError
from footbridge.trust.decisions import gettext_noop
from footbridge.trust.vault import journal
from footbridge.trust.vault.models import Compartment, Entry, Site
from footbridge.trust.vault.site_keys import SiteKeys

_TITLE = "Footbridge trail head"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the trail stood on a day, signed by the site."""

    site: uuid.UUID
    sequence: int
    digest: bytes
    on: date
    signer: bytes
    signature: bytes = b""

    @property
    def statement(self) -> bytes:
        """The bytes that are signed."""
        return "\n".join(
            (_TITLE, str(self.site), str(self.sequence), self.digest.hex(), self.on.isoformat())
        ).encode()

    def to_text(self) -> str:
        """Return the lines that the witness keeps."""
        return f"{self.statement.decode()}\n{self.signer.hex()}\n{self.signature.hex()}\n"

    @classmethod
    def from_text(cls, text: str) -> Head:
        """Return the head written in these lines, its signature checked.

        Raises
        ------
        TrailError
            If the lines are not a head, or the signature is not the signer's.
        """
        try:
            title, site, sequence, digest, on, signer, signature = text.strip().splitlines()
            head = cls(
                uuid.UUID(site),
                int(sequence),
                bytes.fromhex(digest),
                date.fromisoformat(on),
                bytes.fromhex(signer),
                bytes.fromhex(signature),
            )
            if title == _TITLE:
                VerifyKey(head.signer).verify(head.statement, head.signature)
                return head
        except (ValueError, TypeError, BadSignatureError) as error:
            raise TrailError(
                gettext_noop(
                    "This is not a signed head of a trail, or it was altered. "
                    "Ask the witness for the file as they received it."
                )
            ) from error
        raise TrailError(gettext_noop("This file is not a head of a Footbridge trail."))


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found: how long the trail is and what it vouches for."""

    events: int
    entries: int
    witnessed_on: date | None


def sign_head(*, site: SiteKeys, on: date) -> Head:
    """Return the signed head of the trail as it stands."""
    last = TrailEntry.objects.order_by("-sequence").first()
    sequence, digest = (last.sequence, bytes(last.digest)) if last else (0, START)
    signing = site.signing
    unsigned = Head(site.site, sequence, digest, on, bytes(signing.verify_key))
    signature = signing.sign(unsigned.statement).signature
    return Head(site.site, sequence, digest, on, unsigned.signer, signature)


def verify(witness: Head | None = None) -> Verified:
    """Check the whole trail, the journal's entries against it, and a witnessed head.

    Needs no key: an outsider can run it on a copy.

    Raises
    ------
    TrailError
        Naming the first thing that is wrong.
    """
    vouched: set[bytes] = set()
    events, last, at_witness = 0, START, START
    for row in trail.walk():
        events, last = row.sequence, bytes(row.digest)
        vouched.update(_split(bytes(row.evidence)))
        if witness is not None and row.sequence == witness.sequence:
            at_witness = last
    _check_end(events, last)
    if witness is not None:
        _check_witness(witness, events=events, digest=at_witness)
    return Verified(events, _check_entries(vouched), witness.on if witness else None)


def _check_end(events: int, last: bytes) -> None:
    site = Site.objects.first()
    if site is None:
        return
    if site.trail_lock != events:
        raise TrailError(
            gettext_noop(
                "The trail is too short: {counted} entries were written, {events} are here. "
                "Its end was cut off."
            ),
            counted=site.trail_lock,
            events=events,
        )
    if events and not trail.is_signed(last, site=site):
        raise TrailError(
            gettext_noop(
                "The last entry of the trail, {events}, does not bear the site's signature. It was "
                "put in by hand, or the trail was written anew. Keep this database as evidence."
            ),
            events=events,
        )


def _check_witness(witness: Head, *, events: int, digest: bytes) -> None:
    site = Site.objects.get()
    if witness.site != site.id or witness.signer != bytes(site.signing_public):
        raise TrailError(
            gettext_noop("This head was signed by another site. Ask the witness for yours.")
        )
    if witness.sequence > events:
        raise TrailError(
            gettext_noop(
                "The trail ends at entry {events}, but the witness saw entry {seen}. Its end was "
                "cut off, or an older backup was restored."
            ),
            events=events,
            seen=witness.sequence,
        )
    if witness.sequence and witness.digest != digest:
        raise TrailError(
            gettext_noop(
                "Entry {seen} is not the one that the witness saw. "
                "The trail was written again from an earlier point."
            ),
            seen=witness.sequence,
        )


def _check_entries(vouched: set[bytes]) -> int:
    count = 0
    for entry in Entry.objects.iterator(chunk_size=500):
        if journal.digest(entry) not in vouched:
            raise TrailError(
                gettext_noop(
                    "Entry {entry} of a journal was not written by an act on the trail, or was "
                    "changed after. It may have been put in by hand; do not rely on it."
                ),
                entry=entry.id,
            )
        count += 1
    _check_journals(vouched)
    return count


def _check_journals(vouched: set[bytes]) -> None:
    """Check that no journal has lost an entry: in the middle, or at its end."""
    counted = Compartment.objects.annotate(held=Count("entries"), newest=Max("entries__sequence"))
    for row in counted.iterator(chunk_size=500):
        newest = row.newest or 0
        if not row.held == newest == row.length or journal.place(row.id, newest + 1) in vouched:
            raise TrailError(
                gettext_noop(
                    "An entry was removed from journal {journal}: by hand, since nothing here "
                    "removes one alone. Keep this database as evidence; do not rely on the rest."
                ),
                journal=row.id,
            )


def _split(evidence: bytes) -> list[bytes]:
    step = journal.DIGEST_BYTES
    return [evidence[at : at + step] for at in range(0, len(evidence), step)]
