"""Moving wraps to this month's epoch, and destroying the keys of months gone by."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from footbridge.trust.vault import compartments, crypto, persons
from footbridge.trust.vault.models import Wrap
from footbridge.trust.vault.site_keys import SiteKeys

MONTH_DAYS = 28
BATCH = 500


@dataclass(frozen=True, slots=True)
class Turned:
    """What turning the epoch did."""

    begun: str | None
    moved: int
    destroyed: tuple[str, ...]


def turn(site: SiteKeys, *, on: date, keep_days: int, force: bool = False) -> Turned:
    """Begin a new epoch where one is due, move every wrap to it, destroy keys past their time.

    Needs no holder's key: the inner box stays shut. Safe to repeat after a crash, since a
    key is destroyed only once no wrap needs it.
    """
    begun = None
    if force or on - site.epoch.begun_on >= timedelta(days=MONTH_DAYS):
        begun = site.begin_epoch(on=on).id
    moved = move_wraps(site)
    if moved:
        persons.truncate_log()  # the log would still hold the wraps under the old key
    # A key is destroyed `keep_days` after it was begun: with 28-day epochs that leaves an old
    # backup a week in which the wraps it holds still have their key.
    destroyed = site.destroy_epochs(before=on - timedelta(days=keep_days - 1))
    if destroyed:
        persons.truncate_log()
    return Turned(begun, moved, tuple(destroyed))


def move_wraps(site: SiteKeys) -> int:
    """Put every wrap of an older epoch under the current one; return how many moved.

    A wrap that does not open (put in by hand, or from an old backup) stays as it is: it must
    keep neither the others from moving nor an old key alive.
    """
    current, moved, last = site.epoch.id, 0, uuid.UUID(int=0)
    while True:
        with transaction.atomic():
            older = Wrap.objects.exclude(epoch=current).filter(pk__gt=last).order_by("pk")
            rows = list(older.select_for_update()[:BATCH])
            done = [row for row in rows if _moved(row, site)]
            Wrap.objects.bulk_update(done, ["epoch", "sealed"])
        moved += len(done)
        if len(rows) < BATCH:
            return moved
        last = rows[-1].pk


def _moved(row: Wrap, site: SiteKeys) -> bool:
    current, place = site.epoch.id, compartments.thing_of(row).bytes + row.holder.bytes
    try:
        plain = crypto.open_sealed(site.wrap_key(row.epoch), bytes(row.sealed), bound_to=place)
    except crypto.SealError:
        return False
    row.epoch, row.sealed = current, crypto.seal(site.wrap_key(current), plain, bound_to=place)
    return True
