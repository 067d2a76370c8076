"""Finding a service: by need, open now, language and what it costs in anonymity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from footbridge.journey.services.directory import Listing
from footbridge.journey.services.hsds import ServiceStatus
from footbridge.journey.services.opening import Opening, opening
from footbridge.journey.services.rules import AnonymityPrice, Need, check_fresh
from footbridge.trust.decisions import Decision


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for; what is left out does not matter.

    `no_name` keeps only services of which it is *known* that they ask no real name and
    report nobody: an unknown is not good enough there.
    """

    needs: frozenset[Need] = frozenset()
    words: str = ""
    open_now: bool = False
    language: str | None = None
    no_name: bool = False
    code_only: bool = False
    warm_handoff: bool = False


@dataclass(frozen=True)
class Found:
    """One service that fits, with what has to be shown beside it."""

    listing: Listing
    opening: Opening
    price: AnonymityPrice
    fresh: Decision


def search(
    listings: Iterable[Listing], query: Query, *, at: datetime, reader: str = "en"
) -> tuple[Found, ...]:
    """Return the running services that fit: cheapest in anonymity first, then open ones.

    Parameters
    ----------
    listings : iterable of Listing
        The directory's services.
    query : Query
        What is looked for.
    at : datetime
        The moment, on the wall clock of the site unless it carries an offset.
    reader : str
        The language of the page, for names, papers and the order of equals.
    """
    found = [
        Found(
            listing=listing,
            opening=opening(listing.schedules, at),
            price=listing.price(reader),
            fresh=check_fresh(listing.service.assured_date, at.date()),
        )
        for listing in listings
        if _fits(listing, query)
    ]
    if query.open_now:
        found = [one for one in found if one.opening is Opening.OPEN]
    order = tuple(Opening)
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.price.level,
                order.index(one.opening),
                one.listing.text("name", reader),
            ),
        )
    )


def asks_no_name(listing: Listing) -> bool:
    """Whether it is known that this service asks no real name and reports nobody."""
    facts = listing.facts
    silent = facts.reports_to_police is False and not facts.methadone
    return facts.asks_real_name is False and silent and not listing.documents


def _fits(listing: Listing, query: Query) -> bool:
    facts = listing.facts
    return (
        listing.service.status is ServiceStatus.ACTIVE
        and (not query.needs or bool(query.needs & listing.needs))
        and (query.language is None or _speaks(listing, query.language))
        and (not query.no_name or asks_no_name(listing))
        and (not query.code_only or facts.accepts_code_only is True)
        and (not query.warm_handoff or facts.warm_handoff is True)
        and _mentions(listing, query.words)
    )


def _speaks(listing: Listing, language: str) -> bool:
    wanted = language.casefold()
    return any(
        (spoken.code or "").casefold().split("-")[0] == wanted
        or (spoken.name or "").casefold() == wanted
        for spoken in listing.languages
    )


def _mentions(listing: Listing, words: str) -> bool:
    texts = [
        listing.directory.text(row, column, language)
        for row in (listing.service, listing.organization)
        for column in ("name", "description")
        for language in ("en", "zh")
    ]
    shown = " ".join(texts).casefold()
    return all(word in shown for word in words.casefold().split())
