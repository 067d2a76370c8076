"""What a running, unsealed site does by itself: only deleting, never opening.

Nothing here holds a person's key. It turns the epoch, deletes what a consent that ran out
had opened and letters that nobody read, buries whoever has a tombstone, and seals the site
at night if so asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from footbridge.trust import places
from footbridge.trust.audit.acts import act
from footbridge.trust.vault import (
    ceremony,
    compartments,
    crypto,
    letterboxes,
    once,
    persons,
    rewrap,
)
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Person, Site
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.site_keys import SiteKeys
from footbridge.trust.weeks import IsoWeek

# What the trail calls the end of a whole compartment.
EXPIRED = {Compartment.CONTACT: "contact.expired"}


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round of housekeeping did."""

    expired: int
    lapsed: int
    buried: int
    turned: rewrap.Turned


def sweep(site: SiteKeys, *, on: date, epoch_days: int) -> Swept:
    """Do everything that is due on a day; harmless to repeat."""
    buried = persons.replay(places.tombstones())
    expired, lapsed = end_by_calendar(site, on=on)
    letterboxes.sweep(site, on=on)
    once.sweep(site, on=on)
    turned = rewrap.turn(site, on=on, keep_days=epoch_days)
    if turned.begun:
        with act("epoch.turned", by=site.site, on=on, site=site):
            pass
    # Whatever was replaced or deleted since yesterday leaves SQLite's log, too.
    persons.truncate_log()
    return Swept(expired, lapsed, buried, turned)


def end_by_calendar(site: SiteKeys, *, on: date) -> tuple[int, int]:
    """Delete compartments, and keys to them, whose last week is over.

    Returns how many compartments were deleted, and of how many keys were.
    """
    expired = lapsed = 0
    for row in Row.objects.iterator(chunk_size=500):
        try:
            head = compartments.open_head(site, row)
        except crypto.SealError:
            # Put in or changed by hand; it must not keep the others here.
            continue
        if _is_over(head.expires, on=on):
            name = EXPIRED.get(head.kind, "consent.lapsed")
            with act(name, by=site.site, on=on, site=site, log_key=_log_key(row.person_id, site)):
                row.delete()
            expired += 1
        else:
            lapsed += _lapse(row, head, site=site, on=on)
    return expired, lapsed


def _lapse(row: Row, head: compartments.Head, *, site: SiteKeys, on: date) -> bool:
    """Delete the wraps that ended; what the person holds themself never does."""
    recovery = ceremony.recovery_holder_id(site.site)
    ended = row.wraps.none()
    if _is_over(head.lapses, on=on):
        ended = row.wraps.exclude(holder__in=[row.person_id, recovery])
    if _is_over(head.recovery, on=on):
        ended = ended | row.wraps.filter(holder=recovery)
    if not ended.exists():
        return False
    log_key = _log_key(row.person_id, site)
    with act("consent.lapsed", by=site.site, on=on, site=site, log_key=log_key):
        ended.delete()
    return True


def _is_over(last: IsoWeek | None, *, on: date) -> bool:
    return last is not None and IsoWeek.of(on) > last


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
