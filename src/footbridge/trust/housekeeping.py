"""What a running, unsealed site does by itself: only deleting, never opening.

Nothing here holds a person's key. It turns the epoch, deletes contact details past
their day, buries whoever has a tombstone, and seals the site at night if so asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from footbridge.trust import places
from footbridge.trust.audit.acts import act
from footbridge.trust.vault import compartments, crypto, persons, rewrap
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Person, Site
from footbridge.trust.vault.site_keys import SiteKeys
from footbridge.trust.weeks import IsoWeek


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round of housekeeping did."""

    expired: int
    buried: int
    turned: rewrap.Turned


def sweep(site: SiteKeys, *, on: date, epoch_days: int) -> Swept:
    """Do everything that is due on a day; harmless to repeat."""
    buried = persons.replay(places.tombstones())
    expired = expire_contacts(site, on=on)
    turned = rewrap.turn(site, on=on, keep_days=epoch_days)
    if turned.begun:
        with act("epoch.turned", by=site.site, on=on, site=site):
            pass
    # Whatever was replaced or deleted since yesterday leaves SQLite's log, too.
    persons.truncate_log()
    return Swept(expired, buried, turned)


def expire_contacts(site: SiteKeys, *, on: date) -> int:
    """Delete every contact compartment whose last week is over; return how many.

    A row that does not open was put in or changed by hand; it must not keep the others here.
    """
    due = [row for row in Row.objects.iterator(chunk_size=500) if _is_over(row, site, on=on)]
    for row in due:
        log_key = _log_key(row.person_id, site)
        with act("contact.expired", by=site.site, on=on, site=site, log_key=log_key):
            row.delete()
    return len(due)


def _is_over(row: Row, site: SiteKeys, *, on: date) -> bool:
    try:
        head = compartments.open_head(site, row)
    except crypto.SealError:
        return False
    return head.expires is not None and IsoWeek.of(on) > head.expires


def _log_key(person: UUID, site: SiteKeys) -> bytes | None:
    try:
        view = persons.get(person, site=site)
    except crypto.SealError:
        return None
    return view.log_key if view else None


def is_sealing_time(now: datetime, *, at: str, last: date | None) -> bool:
    """Whether the nightly sealing is due: `at` is ``23:30`` or empty for never."""
    if not at:
        return False
    hour, _, minute = at.partition(":")
    due = now.replace(hour=int(hour), minute=int(minute or 0), second=0, microsecond=0)
    return now >= due and last != now.date()


def counts() -> dict[str, int]:
    """Return what a page about the site's health may show: counts only."""
    return {"sites": Site.objects.count(), "people": Person.objects.count()}
