"""Circles: a duty that several staff share, as a key pair sealed to each member."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from footbridge.trust.access.actors import Actor
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import compartments, crypto, models, persons
from footbridge.trust.vault.compartments import Holder, PlainHolder
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.site_keys import SiteKeys


class CircleKind(StrEnum):
    """Which duty a circle shares."""

    COORDINATORS = "coordinators"
    STUDY = "study"
    RECALL = "recall"


class CircleError(HouseError):
    """A circle that cannot be opened or changed by this actor."""


@dataclass(frozen=True, slots=True)
class CircleView:
    """What the unsealed site knows of a circle."""

    id: uuid.UUID
    kind: CircleKind
    label: str
    public: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody to whom a circle's key is sealed."""

    id: uuid.UUID
    public: bytes = field(repr=False)


def create(
    kind: CircleKind,
    *,
    label: str = "",
    members: Iterable[Member],
    site: SiteKeys,
    pair: KeyPair | None = None,
) -> CircleView:
    """Create a circle whose private key is sealed to each first member."""
    circle, pair = uuid.uuid4(), pair or KeyPair.new()
    models.Circle.objects.create(
        id=circle,
        public_key=pair.public,
        head=_seal_head(site, CircleView(circle, kind, label, pair.public)),
    )
    for member in members:
        seal_to_member(pair.private, circle=circle, to=member, site=site)
    return CircleView(circle, kind, label, pair.public)


def of_kind(kind: CircleKind, *, site: SiteKeys) -> list[CircleView]:
    """Return every circle of a kind."""
    views = (view(row, site=site) for row in models.Circle.objects.all())
    return [found for found in views if found.kind is kind]


def the_one(kind: CircleKind, *, site: SiteKeys) -> CircleView | None:
    """Return the site's one circle of a kind, where there is one."""
    found = of_kind(kind, site=site)
    return found[0] if found else None


def get(circle: uuid.UUID, *, site: SiteKeys) -> CircleView | None:
    """Return a circle by its id."""
    row = models.Circle.objects.filter(pk=circle).first()
    return view(row, site=site) if row is not None else None


def members(circle: uuid.UUID) -> set[uuid.UUID]:
    """Return the ids of a circle's members."""
    return set(models.Wrap.objects.filter(circle=circle).values_list("holder", flat=True))


def open_circle(circle: uuid.UUID, *, holder: Holder) -> PlainHolder:
    """Open a circle's key with a member's.

    Raises
    ------
    CircleError
        If the holder is not a member.
    """
    row = models.Wrap.objects.filter(circle=circle, holder=holder.id).first()
    if row is None:
        raise CircleError(
            gettext_noop(
                "You are not a member of this circle, so you cannot use its key. "
                "Ask one of its members to add you."
            )
        )
    pair = KeyPair.of(compartments.unwrap(row, holder=holder))
    crypto.check_pair(pair, bytes(models.Circle.objects.get(pk=circle).public_key))
    return PlainHolder(circle, pair, holder.site)


def held_by(holder: Holder, *, kinds: Iterable[CircleKind] = ()) -> list[PlainHolder]:
    """Return the circles that this holder can open, as holders themselves."""
    wanted = set(kinds) or {CircleKind.COORDINATORS, CircleKind.STUDY}
    rows = models.Wrap.objects.filter(holder=holder.id, circle__isnull=False).select_related(
        "circle"
    )
    return [
        open_circle(row.circle.id, holder=holder)
        for row in rows
        if row.circle is not None and view(row.circle, site=holder.site).kind in wanted
    ]


def add(*, circle: uuid.UUID, member: Member, by: Actor, on: date) -> None:
    """Seal a circle's key to one more member; only a member can."""
    opened = open_circle(circle, holder=by)
    with act("circle.joined", by=by.id, on=on, site=by.site, detail=str(member.id)):
        seal_to_member(opened.pair.private, circle=circle, to=member, site=by.site)


def leave(
    *, circle: uuid.UUID, leaving: uuid.UUID, staying: Iterable[Member], by: Actor, on: date
) -> None:
    """Take a member out: delete their seal, rotate the pair, wrap everything anew.

    Whoever left may have kept the old private key; nothing is sealed to it any more. Nor
    does anybody get the new one who holds the old one only by a row put in by hand.
    """
    old = open_circle(circle, holder=by)
    publics = {member.id: member.public for member in staying if member.id != leaving}
    genuine = compartments.genuine_holders(circle, old.pair.private, publics=publics, site=by.site)
    with act("circle.left", by=by.id, on=on, site=by.site, detail=str(leaving)):
        models.Wrap.objects.filter(circle=circle).delete()
        new = rotate(old)
        for member in genuine:
            seal_to_member(
                new.pair.private, circle=circle, to=Member(member, publics[member]), site=by.site
            )
    persons.truncate_log()


def rotate(old: PlainHolder) -> PlainHolder:
    """Give a circle a new key pair and wrap everything to it that was wrapped to the old one.

    Call inside the act's transaction; the new private key is then sealed to the members.
    """
    new = PlainHolder(old.id, KeyPair.new(), old.site)
    row = models.Circle.objects.select_for_update().get(pk=old.id)
    known = view(row, site=old.site)
    row.public_key = new.pair.public
    row.head = _seal_head(old.site, CircleView(known.id, known.kind, known.label, new.pair.public))
    row.save(update_fields=["public_key", "head"])
    for wrap in models.Wrap.objects.filter(holder=old.id).select_for_update():
        rewrap(wrap, compartments.unwrap(wrap, holder=old), to=new)
    return new


def view(row: models.Circle, *, site: SiteKeys) -> CircleView:
    """Return what the unsealed site knows of a circle."""
    public = bytes(row.public_key)
    plain = crypto.open_sealed(site["shell"], bytes(row.head), bound_to=_place(row.id, public))
    kind, label = json.loads(plain)
    return CircleView(row.id, CircleKind(kind), label, public)


def rewrap(row: models.Wrap, key: bytes, *, to: PlainHolder) -> None:
    """Seal a wrap's key to a circle's new pair."""
    thing = compartments.thing_of(row)
    row.epoch, row.sealed = compartments.wrap(
        key, to=to.pair.public, bound_to=thing, holder=to.id, site=to.site
    )
    row.save(update_fields=["epoch", "sealed"])


def seal_to_member(private: bytes, *, circle: uuid.UUID, to: Member, site: SiteKeys) -> None:
    """Seal a circle's private key, or a share of it, to one member."""
    epoch, sealed = compartments.wrap(
        private, to=to.public, bound_to=circle, holder=to.id, site=site
    )
    models.Wrap.objects.update_or_create(
        circle_id=circle, holder=to.id, defaults={"epoch": epoch, "sealed": sealed}
    )


def _seal_head(site: SiteKeys, circle: CircleView) -> bytes:
    plain = json.dumps([circle.kind.value, circle.label], ensure_ascii=False).encode().ljust(128)
    return crypto.seal(site["shell"], plain, bound_to=_place(circle.id, circle.public))


def _place(circle: uuid.UUID, public: bytes) -> bytes:
    # With the public key in it: who changes that key in the database breaks the head.
    return b"circle" + circle.bytes + public
