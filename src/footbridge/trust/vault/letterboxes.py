"""Letter boxes: where somebody outside, who knows a one-time code, leaves a few coded words.

A box belongs to nobody that its row could tell. Its id and its private key follow from a
care key and a number, so whoever opens that record reads its letters, and nobody else does.
A code is found by a keyed hash under the pepper, until the slip's last day is over.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto, models
from footbridge.trust.vault.compartments import NoWrapError, OpenCompartment
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.site_keys import SiteKeys

MOST = 100
"""Boxes that one record can have; a code beyond that works by telephone only."""
KEPT_DAYS = 60
"""How long letters that nobody read stay after the code has run out; a house default."""
MARK_BYTES = 16
_HEAD_BYTES = 256


class ShutBoxError(HouseError):
    """The code opens no box: mistyped, used up, run out, or never given; it says not which."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "This code opens nothing here. It may be mistyped, used up or past its last day. "
                "Read it again, or ask whoever gave you the slip."
            )
        )


@dataclass(frozen=True, slots=True)
class Box:
    """What the unsealed site knows of a box: what it is about, until when, what was said."""

    id: uuid.UUID
    about: str
    until: date
    public: bytes = field(repr=False)
    said: tuple[str, ...] = ()
    shut: bool = False

    def opens(self, on: date) -> bool:
        """Whether the code still opens it on a day."""
        return not self.shut and on <= self.until


def box_id(care: OpenCompartment, number: int) -> uuid.UUID:
    """Return the id of a record's box; without the care key it is one random id of many."""
    place = crypto.keyed_hash(_key(care), b"letter box", number.to_bytes(4, "big"), size=16)
    return uuid.UUID(bytes=place, version=4)


def _pair(care: OpenCompartment, number: int) -> KeyPair:
    secret = crypto.keyed_hash(_key(care), b"letter box key", number.to_bytes(4, "big"))
    return KeyPair.of(secret)


def _key(care: OpenCompartment) -> bytes:
    if care.key is None:
        raise NoWrapError
    return care.key


def set_up(
    care: OpenCompartment, number: int, *, code: str, about: str, until: date, site: SiteKeys
) -> None:
    """Put up a box that a code opens until a day; call inside the act's transaction."""
    if number > MOST:
        return
    box = Box(box_id(care, number), about, until, _pair(care, number).public)
    models.LetterBox.objects.create(
        id=box.id, lookup=_lookup(code, site=site), head=_seal_head(box, site=site)
    )


def find(code: str, *, site: SiteKeys) -> Box | None:
    """Return the box of a code, which may be shut by now; None where it is no code of ours."""
    row = models.LetterBox.objects.filter(lookup=_lookup(code, site=site)).first()
    return _box(row, site=site) if row is not None else None


def post(code: str, word: str, letter: bytes, *, last: bool, on: date, site: SiteKeys) -> None:
    """Leave a letter; each word can be said once, and the last one uses the code up.

    Raises
    ------
    ShutBoxError
        If the code opens no box, or this was said before.
    """
    with transaction.atomic():
        rows = models.LetterBox.objects.select_for_update()
        row = rows.filter(lookup=_lookup(code, site=site)).first()
        box = _box(row, site=site) if row is not None else None
        if row is None or box is None or not box.opens(on) or word in box.said:
            raise ShutBoxError
        said = (*box.said, word)
        row.head = _seal_head(replace(box, said=said, shut=last), site=site)
        row.save(update_fields=["head"])
        inner = crypto.seal_to(box.public, crypto.pad(_mark(code, letter) + letter))
        number = len(said)
        sealed = crypto.seal(site["outer"], inner, bound_to=_place(box.id, number))
        models.Letter.objects.create(box_id=box.id, number=number, sealed=sealed)


def waiting() -> frozenset[uuid.UUID]:
    """Return the ids of all boxes in which letters lie."""
    rows = models.LetterBox.objects.filter(letters__isnull=False)
    return frozenset(rows.values_list("id", flat=True))


def filled(care: OpenCompartment, among: frozenset[uuid.UUID]) -> list[int]:
    """Return the numbers of a record's boxes that are among some boxes."""
    if not among:
        return []
    return [number for number in range(1, MOST + 1) if box_id(care, number) in among]


def take(care: OpenCompartment, number: int, *, code: str, site: SiteKeys) -> list[bytes]:
    """Take the letters out of a record's box, oldest first; call inside the act's transaction.

    A letter that was not written by whoever knew the code is thrown away: a person with the
    keys of the running site but without the code could have put it there.
    """
    box, pair = box_id(care, number), _pair(care, number)
    found = []
    models.LetterBox.objects.select_for_update().filter(pk=box).first()
    rows = list(models.Letter.objects.filter(box=box).order_by("number"))
    for row in rows:
        inner = crypto.open_sealed(
            site["outer"], bytes(row.sealed), bound_to=_place(box, row.number)
        )
        plain = crypto.unpad(crypto.open_from(pair, inner))
        mark, letter = plain[:MARK_BYTES], plain[MARK_BYTES:]
        if crypto.same(mark, _mark(code, letter)):
            found.append(letter)
    models.Letter.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return found


def close(care: OpenCompartment, number: int, *, site: SiteKeys) -> None:
    """Let a box's code open nothing any more; letters that lie in it stay."""
    _shut([box_id(care, number)], site=site)


def shut_every(care: OpenCompartment, *, site: SiteKeys) -> None:
    """Let no code of a record open anything any more: nobody is left to read the answers."""
    _shut(_every_id(care), site=site)


def _shut(ids: list[uuid.UUID], *, site: SiteKeys) -> None:
    for row in models.LetterBox.objects.select_for_update().filter(pk__in=ids):
        row.head = _seal_head(replace(_box(row, site=site), shut=True), site=site)
        row.save(update_fields=["head"])


def drop_all(care: OpenCompartment) -> None:
    """Delete every box of a record, and what lies in them: the person is being forgotten."""
    models.LetterBox.objects.filter(pk__in=_every_id(care)).delete()


def close_all() -> None:
    """Let no code open anything: after a restore, one that was used since would work again."""
    models.LetterBox.objects.update(lookup=None)


def sweep(site: SiteKeys, *, on: date) -> int:
    """Delete boxes past their last day; those with letters after the time these are kept."""
    over = [row.pk for row in models.LetterBox.objects.all() if _is_over(row, site=site, on=on)]
    deleted, _ = models.LetterBox.objects.filter(pk__in=over).delete()
    return deleted


def _is_over(row: models.LetterBox, *, site: SiteKeys, on: date) -> bool:
    try:
        until = _box(row, site=site).until
    except crypto.SealError:  # put in or changed by hand: it must not keep the others here
        return False
    late = timedelta(days=KEPT_DAYS) if row.letters.exists() else timedelta()
    return on > until + late


def _every_id(care: OpenCompartment) -> list[uuid.UUID]:
    return [box_id(care, number) for number in range(1, MOST + 1)]


def _lookup(code: str, *, site: SiteKeys) -> bytes:
    return crypto.keyed_hash(site["pepper"], b"letter box", code.encode())


def _mark(code: str, letter: bytes) -> bytes:
    return crypto.keyed_hash(crypto.plain_hash(code.encode()), letter, size=MARK_BYTES)


def _place(box: uuid.UUID, number: int) -> bytes:
    return b"letter" + box.bytes + number.to_bytes(4, "big")


def _seal_head(box: Box, *, site: SiteKeys) -> bytes:
    until, public = box.until.isoformat(), box.public.hex()
    plain = json.dumps([box.about, until, public, list(box.said), box.shut])
    return crypto.seal(
        site["shell"], plain.encode().ljust(_HEAD_BYTES), bound_to=b"letter box" + box.id.bytes
    )


def _box(row: models.LetterBox, *, site: SiteKeys) -> Box:
    plain = crypto.open_sealed(
        site["shell"], bytes(row.head), bound_to=b"letter box" + row.id.bytes
    )
    about, until, public, said, shut = json.loads(plain)
    day = date.fromisoformat(until)
    return Box(row.id, about, day, bytes.fromhex(public), tuple(said), shut)
