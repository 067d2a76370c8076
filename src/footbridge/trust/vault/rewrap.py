"""Moving wraps to this month's epoch, and destroying the keys of months gone by."""

from __future__ import annotations

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
    # A key is destroyed `keep_days` after it was begun: with 28-day epochs that leaves an old
    # backup a week in which the wraps it holds still have their key.
    destroyed = site.destroy_epochs(before=on - timedelta(days=keep_days - 1))
    if destroyed:
        persons.truncate_log()
    return Turned(begun, moved, tuple(destroyed))


def move_wraps(site: SiteKeys) -> int:
    """Put every wrap of an older epoch under the current one; return how many moved."""
    current, moved = site.epoch.id, 0
    while True:
        with transaction.atomic():
            rows = list(Wrap.objects.exclude(epoch=current).select_for_update()[:BATCH])
            for row in rows:
                place = compartments.thing_of(row).bytes + row.holder.bytes
                box = crypto.open_sealed(
                    site.wrap_key(row.epoch), bytes(row.sealed), bound_to=place
                )
                row.sealed = crypto.seal(site.wrap_key(current), box, bound_to=place)
                row.epoch = current
            Wrap.objects.bulk_update(rows, ["epoch", "sealed"])
        moved += len(rows)
        if len(rows) < BATCH:
            return moved
