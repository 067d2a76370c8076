"""Reading the directory: parsed once for as long as its files stay the same."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language

from footbridge.journey.services.directory import Directory, DirectoryError
from footbridge.journey.services.models import DirectoryFile
from footbridge.journey.services.reading import read_csv_set
from footbridge.journey.services.search import Query, search
from footbridge.journey.services.showing import Card


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
