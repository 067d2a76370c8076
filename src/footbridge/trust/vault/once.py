"""Things that work once: remembered as used, by a keyed hash, until their last day is over."""

from __future__ import annotations

import uuid
from datetime import date

from footbridge.trust.vault import crypto, models
from footbridge.trust.vault.site_keys import SiteKeys


def use(thing: bytes, *, until: date, site: SiteKeys) -> bool:
    """Note that something was used; False where it was used before.

    Call inside the transaction of what it is used for, so that both happen or neither.
    """
    lookup = crypto.keyed_hash(site["lookup"], b"once", thing)
    row = uuid.uuid4()
    head = crypto.seal(site["shell"], until.isoformat().encode(), bound_to=b"once" + row.bytes)
    _, fresh = models.Spent.objects.get_or_create(lookup=lookup, defaults={"id": row, "head": head})
    return fresh


def sweep(site: SiteKeys, *, on: date) -> int:
    """Forget what has run out by itself since; return how many."""
    over = [row.pk for row in models.Spent.objects.all() if _is_over(row, site=site, on=on)]
    deleted, _ = models.Spent.objects.filter(pk__in=over).delete()
    return deleted


def _is_over(row: models.Spent, *, site: SiteKeys, on: date) -> bool:
    try:
        until = crypto.open_sealed(site["shell"], bytes(row.head), bound_to=b"once" + row.pk.bytes)
    except crypto.SealError:  # put in or changed by hand
        return False
    return on > date.fromisoformat(until.decode())
