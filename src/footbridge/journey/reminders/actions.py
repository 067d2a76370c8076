"""Making, renewing and deleting a colleague's calendar address."""

from __future__ import annotations

import secrets
import uuid
from datetime import date

from footbridge.journey.reminders import queries
from footbridge.journey.reminders.models import CalendarFeed
from footbridge.journey.reminders.queries import Feed
from footbridge.journey.reminders.rules import Style
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.vault import persons

ADDRESS_BYTES = 32


def make(style: Style, *, by: Actor, on: date) -> str:
    """Return a new secret address; whatever address the actor had before is dead.

    It is returned once and kept nowhere. The row is new as well, so that no event of the
    old calendar has the mark of one in the new.
    """
    by.check(Capability.WORK_WITH_PEOPLE)
    address = secrets.token_urlsafe(ADDRESS_BYTES)
    feed = Feed(uuid.uuid4(), by.id, style)
    with act("calendar.made", by=by.id, on=on, site=by.site):
        _drop(by)
        CalendarFeed.objects.create(
            id=feed.id,
            owner=queries.owner_hash(by.id, site=by.site),
            lookup=queries.address_hash(address, site=by.site),
            sealed=queries.sealed(feed, site=by.site),
        )
    persons.truncate_log()
    return address


def delete(*, by: Actor, on: date) -> bool:
    """Delete the actor's calendar; return whether there was one."""
    if queries.mine(by=by) is None:
        return False
    with act("calendar.deleted", by=by.id, on=on, site=by.site):
        _drop(by)
    persons.truncate_log()
    return True


def _drop(by: Actor) -> None:
    CalendarFeed.objects.filter(owner=queries.owner_hash(by.id, site=by.site)).delete()
