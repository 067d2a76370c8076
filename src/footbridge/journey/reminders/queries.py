"""Reading a calendar: by its owner, and by whatever holds its secret address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import translation

from footbridge.journey.reminders import ics, labels, rules
from footbridge.journey.reminders.models import CalendarFeed
from footbridge.journey.reminders.rules import Due, Style, Word
from footbridge.trust.access import care_teams, staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability, check_capability
from footbridge.trust.vault import crypto
from footbridge.trust.vault.site_keys import SiteKeys
from footbridge.trust.weeks import IsoWeek


@dataclass(frozen=True, slots=True)
class Feed:
    """One colleague's calendar, as the unsealed site knows it."""

    id: UUID
    owner: UUID
    style: Style


def mine(*, by: Actor) -> Feed | None:
    """Return the actor's calendar, if there is one."""
    row = CalendarFeed.objects.filter(owner=owner_hash(by.id, site=by.site)).first()
    return _open(row, site=by.site) if row is not None else None


def preview(*, by: Actor, on: date) -> tuple[Due, ...]:
    """Return what the actor's calendar says today, or would say."""
    return _due(by.id, site=by.site, on=on)


def text_at(address: str, *, site: SiteKeys, on: date) -> bytes | None:
    """Return the calendar behind a secret address, with the site's keys alone.

    None where there is none, where calendars are switched off, or where its owner has left
    or works with nobody any more: the three cannot be told apart.
    """
    if not settings.FOOTBRIDGE_CALENDAR:
        return None
    row = CalendarFeed.objects.filter(lookup=address_hash(address, site=site)).first()
    if row is None:
        return None
    feed = _open(row, site=site)
    owner = staff.profile_of(feed.owner, site=site)
    if owner is None or not owner.active:
        return None
    if not check_capability(owner.role, Capability.WORK_WITH_PEOPLE):
        return None
    with translation.override(feed.style.language):
        return ics.write(
            _due(feed.owner, site=site, on=on),
            name=str(labels.WORDS[feed.style.word]),
            title=lambda visits: labels.title(feed.style, visits),
            mark=lambda week: _mark(feed, week, site=site),
            on=on,
            remind=feed.style.remind,
        )


def owner_hash(owner: UUID, *, site: SiteKeys) -> bytes:
    """Return under what a colleague's calendar is found."""
    return crypto.keyed_hash(site["lookup"], b"calendar owner", owner.bytes)


def address_hash(address: str, *, site: SiteKeys) -> bytes:
    """Return all that is kept of a secret address."""
    return crypto.keyed_hash(site["lookup"], b"calendar address", address.encode())


def sealed(feed: Feed, *, site: SiteKeys) -> bytes:
    """Return a calendar's row as it is kept: all rows are of one length."""
    style = feed.style
    plain = [str(feed.owner), style.word, style.counted, style.remind, style.language]
    return crypto.seal(
        site["shell"], crypto.pad(json.dumps(plain).encode()), bound_to=_place(feed.id)
    )


def _open(row: CalendarFeed, *, site: SiteKeys) -> Feed:
    plain = crypto.open_sealed(site["shell"], bytes(row.sealed), bound_to=_place(row.id))
    owner, word, counted, remind, language = json.loads(crypto.unpad(plain))
    return Feed(row.id, UUID(owner), Style(Word(word), counted, remind, language))


def _due(owner: UUID, *, site: SiteKeys, on: date) -> tuple[Due, ...]:
    """Count windows from the shells: they need no key but the site's, and hold no day."""
    shells = (view.shell for view in care_teams.caseload(owner, site=site))
    ahead = settings.FOOTBRIDGE_CALENDAR_WEEKS
    return rules.due_weeks((shell.next_window for shell in shells), on=on, ahead=ahead)


def _mark(feed: Feed, week: IsoWeek, *, site: SiteKeys) -> UUID:
    marked = crypto.keyed_hash(
        site["lookup"], b"calendar event", feed.id.bytes, str(week).encode(), size=16
    )
    return UUID(bytes=marked, version=4)


def _place(feed: UUID) -> bytes:
    return b"calendar" + feed.bytes
