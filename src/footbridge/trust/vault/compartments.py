"""Compartments: making them, wrapping them to holders, opening them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Q

from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto, models
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.site_keys import SiteKeys
from footbridge.trust.weeks import IsoWeek

# Written with a public key only: whoever codes an outcome cannot read the study's copy.
DROP_BOXES = frozenset({Compartment.RESEARCH})
MARK_BYTES = 32
HEAD_BYTES = 256
_ENDS = ("expires", "lapses", "recovery")


class NoWrapError(HouseError):
    """The holder has no key to this compartment, so there is nothing to read with."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "You hold no key to this part of the record. "
                "Ask somebody in this person's care team to add you, or the person themself."
            )
        )


class Holder(Protocol):
    """Somebody whose private key is open now: staff, a person, a circle, the recovery key."""

    @property
    def id(self) -> uuid.UUID:
        """The id under which wraps name this holder."""

    @property
    def pair(self) -> KeyPair:
        """The open key pair."""

    @property
    def site(self) -> SiteKeys:
        """The keys of the unsealed site."""


@dataclass(frozen=True, slots=True)
class PlainHolder:
    """A holder and nothing else: a circle, a person giving consent, the recovery key."""

    id: uuid.UUID
    pair: KeyPair = field(repr=False)
    site: SiteKeys = field(repr=False)


@dataclass(frozen=True, slots=True)
class Head:
    """What a compartment's row tells to the unsealed site, so that it can delete by calendar.

    Parameters
    ----------
    expires : IsoWeek or None
        The last week of the whole compartment.
    lapses : IsoWeek or None
        The last week in which anybody but the person and the recovery key holds it; of a
        drop-box, the last week in which something may be put in.
    recovery : IsoWeek or None
        The last week in which the recovery key holds it.
    """

    kind: Compartment
    public: bytes | None = None
    expires: IsoWeek | None = None
    lapses: IsoWeek | None = None
    recovery: IsoWeek | None = None


@dataclass(frozen=True, slots=True)
class OpenCompartment:
    """A compartment and its key; for a drop-box without a wrap, only the half that writes."""

    id: uuid.UUID
    person: uuid.UUID
    head: Head
    key: bytes | None = field(repr=False)

    @property
    def kind(self) -> Compartment:
        """Which section of the record this is."""
        return self.head.kind


def slot(site: SiteKeys, person: uuid.UUID, kind: Compartment) -> bytes:
    """Return where a person's compartment of a kind is kept; noise without the site key."""
    return crypto.keyed_hash(site["lookup"], b"slot", person.bytes, kind.encode(), size=16)


def _seal_head(site: SiteKeys, compartment: uuid.UUID, head: Head) -> bytes:
    plain = json.dumps(
        {
            "kind": head.kind.value,
            "public": head.public.hex() if head.public else None,
            **{name: str(getattr(head, name) or "") for name in _ENDS},
        }
    ).encode()
    if len(plain) > HEAD_BYTES:  # a longer head would tell its kind by its length
        raise ValueError(f"A compartment's head has at most {HEAD_BYTES} bytes, not {len(plain)}.")
    plain = plain.ljust(HEAD_BYTES)
    return crypto.seal(site["shell"], plain, bound_to=b"head" + compartment.bytes)


def open_head(site: SiteKeys, row: models.Compartment) -> Head:
    """Return what the unsealed site may know of a compartment."""
    found = json.loads(
        crypto.open_sealed(site["shell"], bytes(row.head), bound_to=b"head" + row.id.bytes)
    )
    return Head(
        Compartment(found["kind"]),
        bytes.fromhex(found["public"]) if found["public"] else None,
        **{name: IsoWeek.parse(found[name]) for name in _ENDS if found[name]},
    )


def change_head(row: models.Compartment, change: Callable[[Head], Head], *, site: SiteKeys) -> None:
    """Change what a compartment's row tells to the site: the weeks in which it ends."""
    row.head = _seal_head(site, row.id, change(open_head(site, row)))
    row.save(update_fields=["head"])


def make(
    person: uuid.UUID,
    kind: Compartment,
    *,
    site: SiteKeys,
    expires: IsoWeek | None = None,
    lapses: IsoWeek | None = None,
) -> OpenCompartment:
    """Create an empty compartment with a fresh key and return it open."""
    key, public = crypto.random_key(), None
    if kind in DROP_BOXES:
        pair = KeyPair.new()
        key, public = pair.private, pair.public
    head = Head(kind, public, expires, lapses)
    compartment = uuid.uuid4()
    models.Compartment.objects.create(
        id=compartment,
        person_id=person,
        slot=slot(site, person, kind),
        head=_seal_head(site, compartment, head),
    )
    return OpenCompartment(compartment, person, head, key)


def find(person: uuid.UUID, kind: Compartment, *, site: SiteKeys) -> models.Compartment | None:
    """Return the row of a person's compartment, if there is one."""
    return models.Compartment.objects.filter(slot=slot(site, person, kind)).first()


def wrap(
    key: bytes, *, to: bytes, bound_to: uuid.UUID, holder: uuid.UUID, site: SiteKeys
) -> tuple[str, bytes]:
    """Return (epoch, sealed): a key sealed to a holder, under this month's wrap key.

    Beside the box lies a mark that only who knows the key can make. It names the holder and
    their public key, so that a row put in by hand is told from one that a holder granted.
    """
    epoch, place = site.epoch.id, bound_to.bytes + holder.bytes
    plain = _mark(key, place, to) + crypto.seal_to(to, key)
    return epoch, crypto.seal(site.wrap_key(epoch), plain, bound_to=place)


def genuine_holders(
    thing: uuid.UUID, key: bytes, *, publics: Mapping[uuid.UUID, bytes], site: SiteKeys
) -> frozenset[uuid.UUID]:
    """Return those of some holders to whom somebody who knew the key granted it.

    Parameters
    ----------
    thing : UUID
        A compartment or a circle.
    key : bytes
        Its key, open.
    publics : mapping of UUID to bytes
        The public key under which each holder is known now.
    """
    rows = models.Wrap.objects.filter(
        Q(compartment=thing) | Q(circle=thing), holder__in=list(publics)
    )
    return frozenset(
        row.holder
        for row in rows
        if _mark_of(row, site=site)
        == _mark(key, thing.bytes + row.holder.bytes, publics[row.holder])
    )


def _mark_of(row: models.Wrap, *, site: SiteKeys) -> bytes | None:
    place = thing_of(row).bytes + row.holder.bytes
    try:
        plain = crypto.open_sealed(site.wrap_key(row.epoch), bytes(row.sealed), bound_to=place)
    except crypto.SealError:
        return None
    return plain[:MARK_BYTES]


def _mark(key: bytes, place: bytes, public: bytes) -> bytes:
    return crypto.keyed_hash(crypto.plain_hash(b"holders", key), place, public, size=MARK_BYTES)


def thing_of(row: models.Wrap) -> uuid.UUID:
    """Return the id of what a wrap is of: a compartment, or a circle."""
    thing = row.compartment_id or row.circle_id
    if thing is None:  # the table's own constraint forbids it
        raise NoWrapError
    return thing


def unwrap(row: models.Wrap, *, holder: Holder) -> bytes:
    """Return the key that a wrap holds for its holder."""
    return unwrap_at((thing_of(row), row.holder), row.epoch, bytes(row.sealed), holder=holder)


def unwrap_at(
    place: tuple[uuid.UUID, uuid.UUID], epoch: str, sealed: bytes, *, holder: Holder
) -> bytes:
    """Return the key in a wrap, from its columns: (what it is of, to whom), epoch, sealed."""
    of, to = place
    key = holder.site.wrap_key(epoch)
    plain = crypto.open_sealed(key, sealed, bound_to=of.bytes + to.bytes)
    return crypto.open_from(holder.pair, plain[MARK_BYTES:])


def grant(opened: OpenCompartment, *, holder: uuid.UUID, public: bytes, site: SiteKeys) -> None:
    """Wrap an open compartment's key to one more holder; again is no error.

    Raises
    ------
    NoWrapError
        If the compartment was opened for writing only.
    """
    if opened.key is None:
        raise NoWrapError
    epoch, sealed = wrap(opened.key, to=public, bound_to=opened.id, holder=holder, site=site)
    models.Wrap.objects.update_or_create(
        compartment_id=opened.id, holder=holder, defaults={"epoch": epoch, "sealed": sealed}
    )


def revoke(compartment: uuid.UUID, *, holders: Iterable[uuid.UUID]) -> int:
    """Delete the wraps of some holders; return how many there were."""
    deleted, _ = models.Wrap.objects.filter(
        compartment_id=compartment, holder__in=list(holders)
    ).delete()
    return deleted


def open_for(person: uuid.UUID, kind: Compartment, *, holders: Iterable[Holder]) -> OpenCompartment:
    """Open a person's compartment with the first of these holders that has a wrap.

    Raises
    ------
    NoWrapError
        If there is no such compartment, or none of them holds its key.
    """
    by_id = {holder.id: holder for holder in holders}
    site = next(iter(by_id.values())).site
    row = find(person, kind, site=site)
    if row is None:
        raise NoWrapError
    found = models.Wrap.objects.filter(compartment=row, holder__in=list(by_id)).first()
    if found is None:
        raise NoWrapError
    key = unwrap(found, holder=by_id[found.holder])
    return OpenCompartment(row.id, person, open_head(site, row), key)


def open_for_writing(person: uuid.UUID, kind: Compartment, *, site: SiteKeys) -> OpenCompartment:
    """Open a drop-box without its key: what is written cannot be read back.

    Raises
    ------
    NoWrapError
        If there is no such compartment (for research: no consent stands).
    """
    row = find(person, kind, site=site)
    if row is None or kind not in DROP_BOXES:
        raise NoWrapError
    return OpenCompartment(row.id, person, open_head(site, row), None)
