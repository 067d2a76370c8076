"""Reading the directory: parsed once for as long as its files stay the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language

from footbridge.journey.services import editing
from footbridge.journey.services.directory import Directory, DirectoryError
from footbridge.journey.services.hsds import ServiceStatus
from footbridge.journey.services.labels import CHANGED
from footbridge.journey.services.models import DirectoryChange, DirectoryFile
from footbridge.journey.services.reading import read_csv_set
from footbridge.journey.services.search import Query, search
from footbridge.journey.services.showing import Card
from footbridge.trust.access import staff
from footbridge.trust.vault.site_keys import SiteKeys


def directory() -> Directory:
    """Return the site's directory; an empty one where none was loaded."""
    digests = tuple(DirectoryFile.objects.order_by("name").values_list("name", "digest"))
    return _parsed(digests) if digests else Directory()


def name_of(service: UUID, *, directory: Directory) -> str:
    """Return a service's name in the reader's language; its id's end where it is gone."""
    try:
        listing = directory.listing(service)
    except DirectoryError:
        return f"… {str(service)[-6:]}"
    return listing.text("name", reader_language())


def card(service: UUID, *, at: datetime) -> Card:
    """Return one service as a page shows it; raise DirectoryError where there is none."""
    return Card(directory().listing(service), reader_language(), at)


def found(query: Query, *, at: datetime) -> list[Card]:
    """Return the services that fit, cheapest in anonymity first, then open ones."""
    reader = reader_language()
    results = search(directory().listings(), query, at=at, reader=reader)
    return [Card(one.listing, reader, at) for one in results]


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of an entry: by whom, when, and the words for what changed."""

    id: UUID
    by: str
    on: date
    what: tuple[object, ...]


def changes(service: UUID, *, site: SiteKeys) -> list[Changed]:
    """Return the changes of an entry, newest first."""
    rows = DirectoryChange.objects.filter(service=service).order_by("-sequence")
    names = {profile.id: profile.name for profile in staff.everybody(site=site)}
    return [
        Changed(
            row.id,
            names.get(row.by, ""),
            row.on,
            tuple(
                CHANGED[name]
                for name in editing.differences(
                    editing.from_text(row.before), editing.from_text(row.after)
                )
            ),
        )
        for row in rows
    ]


def last_change(service: UUID) -> DirectoryChange | None:
    """Return the newest change of an entry."""
    return DirectoryChange.objects.filter(service=service).order_by("-sequence").first()


def stale(*, at: datetime) -> list[Card]:
    """Return the running services whose entry or free places are out of date, oldest first."""
    cards = (Card(one, reader_language(), at) for one in directory().listings())
    found = [
        card
        for card in cards
        if card.listing.service.status is not ServiceStatus.DEFUNCT
        and not (card.fresh and card.capacity_fresh)
    ]
    return sorted(
        found, key=lambda card: (card.listing.service.assured_date or date.min, card.name)
    )


def languages() -> list[str]:
    """Return the codes of the languages that are spoken at any service."""
    codes = (spoken.code or "" for spoken in directory().languages)
    return sorted({code.split("-")[0].casefold() for code in codes if code})


def reader_language() -> str:
    """Return the reader's language as the directory names it."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


@lru_cache(maxsize=4)
def _parsed(digests: tuple[tuple[str, str], ...]) -> Directory:
    del digests  # only the key of the cache
    return read_csv_set({row.name: bytes(row.content) for row in DirectoryFile.objects.all()})
