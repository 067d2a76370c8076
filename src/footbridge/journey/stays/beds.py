"""Rooms and beds: adding, closing, taking and setting free.

A bed knows whether it is taken, so that no two people are sent to one. Its state and what
it is called are sealed under the site's key with a fresh nonce: a seized disk does not tell
how full the ward is, nor what somebody typed. By whom a bed is taken stands in that
person's record only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from footbridge.journey.stays.codes import RoomKind
from footbridge.journey.stays.models import WardBed, WardRoom
from footbridge.journey.stays.rules import StayError
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import gettext_noop
from footbridge.trust.vault import crypto
from footbridge.trust.vault.site_keys import SiteKeys

LABEL_BYTES = 160
_STATES = {False: b"free.", True: b"taken"}  # of one length, so that a seal tells nothing


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed as the ward knows it."""

    id: UUID
    room: str
    label: str
    kind: RoomKind
    taken: bool
    closed: bool

    def __str__(self) -> str:
        return f"{self.room} · {self.label}"


def every(*, site: SiteKeys) -> list[Bed]:
    """Return every bed by room and label."""
    found = [_bed(row, site) for row in WardBed.objects.select_related("room")]
    return sorted(found, key=lambda bed: (bed.room, bed.label))


def free(*, site: SiteKeys) -> list[Bed]:
    """Return the beds that somebody can be sent to."""
    return [bed for bed in every(site=site) if not (bed.taken or bed.closed)]


def find(bed: UUID, *, among: Iterable[Bed]) -> Bed | None:
    """Return a bed by its id; None where it is of another site, or gone."""
    return next((one for one in among if one.id == bed), None)


def add(room: str, labels: Iterable[str], kind: RoomKind, *, by: Actor, on: date) -> int:
    """Add beds to a room, which is made where there is none; return how many were added."""
    by.check(Capability.MANAGE_WARD)
    with act("ward.changed", by=by.id, on=on, site=by.site):
        place = _room(room, kind, site=by.site)
        known = {bed.label for bed in every(site=by.site) if bed.room == room}
        fresh = [label for label in dict.fromkeys(labels) if label not in known]
        for label in fresh:
            bed = uuid4()
            WardBed.objects.create(
                id=bed,
                room=place,
                sealed_label=_seal_label(bed, label, by.site),
                sealed_state=_seal(bed, taken=False, site=by.site),
            )
    return len(fresh)


def close(bed: UUID, *, closed: bool, by: Actor, on: date) -> None:
    """Take a bed out of use, or back into it."""
    by.check(Capability.MANAGE_WARD)
    with act("ward.changed", by=by.id, on=on, site=by.site):
        row = _row(bed)
        if closed and _taken(row, by.site):
            raise StayError(
                gettext_noop(
                    "Somebody lies in this bed, so it cannot be closed. Wait until the stay ends, "
                    "or move the person first."
                )
            )
        row.closed = closed
        row.save(update_fields=["closed"])


def set_free(bed: UUID, *, by: Actor, on: date) -> None:
    """Say that a bed is empty, where its stay can no longer be ended from a record.

    A person who was forgotten, or took back their consent to care, leaves no record from
    which the bed could be given back.
    """
    by.check(Capability.MANAGE_WARD)
    with act("ward.changed", by=by.id, on=on, site=by.site):
        give_back(bed, site=by.site)


def take(bed: UUID, *, site: SiteKeys) -> Bed:
    """Mark a bed as taken, inside an act.

    Raises
    ------
    StayError
        If there is no such bed, or it is closed or taken.
    """
    row = _row(bed)
    if row.closed or _taken(row, site):
        raise StayError(
            gettext_noop("This bed was taken or closed meanwhile. Choose one of those left.")
        )
    _mark(row, taken=True, site=site)
    return _bed(row, site)


def give_back(bed: UUID, *, site: SiteKeys) -> None:
    """Mark a bed as free, inside an act; a bed that is gone needs nothing."""
    row = WardBed.objects.filter(id=bed).first()
    if row is not None:
        _mark(row, taken=False, site=site)


def _room(label: str, kind: RoomKind, *, site: SiteKeys) -> WardRoom:
    """Return the room that is called so; a new one where there is none."""
    for row in WardRoom.objects.all():
        if _open_label(row.id, bytes(row.sealed_label), site) == label:
            return row
    room = uuid4()
    sealed = _seal_label(room, label, site)
    return WardRoom.objects.create(id=room, kind=kind.value, sealed_label=sealed)


def _row(bed: UUID) -> WardBed:
    row = WardBed.objects.select_for_update().select_related("room").filter(id=bed).first()
    if row is None:
        raise StayError(gettext_noop("There is no such bed here. Choose one from the list."))
    return row


def _mark(row: WardBed, *, taken: bool, site: SiteKeys) -> None:
    row.sealed_state = _seal(row.id, taken=taken, site=site)
    row.save(update_fields=["sealed_state"])


def _seal(bed: UUID, *, taken: bool, site: SiteKeys) -> bytes:
    return crypto.seal(site["shell"], _STATES[taken], bound_to=b"bed" + bed.bytes)


def _taken(row: WardBed, site: SiteKeys) -> bool:
    plain = crypto.open_sealed(
        site["shell"], bytes(row.sealed_state), bound_to=b"bed" + row.id.bytes
    )
    return plain == _STATES[True]


def _bed(row: WardBed, site: SiteKeys) -> Bed:
    kind = RoomKind(row.room.kind)
    room = _open_label(row.room.id, bytes(row.room.sealed_label), site)
    label = _open_label(row.id, bytes(row.sealed_label), site)
    return Bed(row.id, room, label, kind, _taken(row, site), row.closed)


def _seal_label(which: UUID, label: str, site: SiteKeys) -> bytes:
    plain = label.encode().ljust(LABEL_BYTES)
    return crypto.seal(site["shell"], plain, bound_to=b"label" + which.bytes)


def _open_label(which: UUID, sealed: bytes, site: SiteKeys) -> str:
    plain = crypto.open_sealed(site["shell"], sealed, bound_to=b"label" + which.bytes)
    return plain.decode().rstrip()
