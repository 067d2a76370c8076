"""A service as a page shows it: its texts in one language, price and opening in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext

from footbridge.journey.services.directory import Listing
from footbridge.journey.services.hours import hours
from footbridge.journey.services.hsds import Address, CostOption, Row, ServiceStatus
from footbridge.journey.services.labels import FACTS, LANGUAGES, NEEDS, OPENINGS, PRICE_LEVELS
from footbridge.journey.services.opening import Opening, opening
from footbridge.journey.services.rules import (
    AnonymityPrice,
    PriceLevel,
    ServiceFacts,
    check_capacity,
    check_fresh,
)
from footbridge.trust.decisions import Decision

PRICE_LOOKS: Mapping[PriceLevel, tuple[str, str]] = {
    PriceLevel.NONE: ("check", "success"),
    PriceLevel.UNKNOWN: ("question", "plain"),
    PriceLevel.NAME: ("person", "caution"),
    PriceLevel.REGISTER: ("caution", "danger"),
}
OPENING_LOOKS: Mapping[Opening, tuple[str, str]] = {
    Opening.OPEN: ("check", "success"),
    Opening.CLOSED: ("clock", "plain"),
    Opening.UNKNOWN: ("question", "plain"),
}
_TEXTS = (
    "description",
    "eligibility_description",
    "application_process",
    "fees_description",
    "wait_time",
    "alert",
)


@dataclass(frozen=True, slots=True)
class Look:
    """A state as word, icon and tone."""

    word: object
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Places:
    """Free places of one kind, and whether the number can still be counted on."""

    what: str
    free: int
    told: datetime
    fresh: Decision


@dataclass(frozen=True)
class Card:
    """One service, ready to be shown in one language at one moment."""

    listing: Listing
    reader: str
    at: datetime

    @property
    def name(self) -> str:
        """The service's name."""
        return self.listing.text("name", self.reader)

    @property
    def organization(self) -> str:
        """Who gives it."""
        return self._text(self.listing.organization, "name")

    @property
    def texts(self) -> dict[str, str]:
        """The service's longer texts by column, without the empty ones."""
        found = {column: self.listing.text(column, self.reader) for column in _TEXTS}
        return {column: text for column, text in found.items() if text}

    @cached_property
    def price(self) -> AnonymityPrice:
        """What it costs in anonymity."""
        return self.listing.price(self.reader)

    @property
    def price_lines(self) -> tuple[str, ...]:
        """The price in sentences."""
        return self.price.say(gettext)

    @property
    def price_look(self) -> Look:
        """The price in a word."""
        level = self.price.level
        return Look(PRICE_LEVELS[level], *PRICE_LOOKS[level])

    @property
    def opening_look(self) -> Look:
        """Whether it is open at the moment."""
        found = opening(self.listing.schedules, self.at)
        return Look(OPENINGS[found], *OPENING_LOOKS[found])

    @property
    def hours(self) -> list[str]:
        """When it is open."""
        return hours(self.listing.schedules)

    @property
    def fresh(self) -> Decision:
        """Whether the entry was checked recently enough."""
        return check_fresh(self.listing.service.assured_date, self.at.date())

    @property
    def running(self) -> bool:
        """Whether the service is running."""
        return self.listing.service.status is ServiceStatus.ACTIVE

    @property
    def needs(self) -> list[object]:
        """What it is for."""
        return [NEEDS[need] for need in NEEDS if need in self.listing.needs]

    @property
    def addresses(self) -> list[str]:
        """Where it is, in lines."""
        return [self._address(one) for one in self.listing.addresses]

    @property
    def ways_there(self) -> list[str]:
        """How to get there."""
        found = (self._text(place, "transportation") for place in self.listing.locations)
        return [text for text in found if text]

    @property
    def phones(self) -> list[str]:
        """Numbers of the service."""
        return [phone.number for phone in self.listing.phones]

    @property
    def languages(self) -> list[str]:
        """What is spoken there."""
        return list(dict.fromkeys(self._spoken()))

    @property
    def costs(self) -> list[str]:
        """What it costs in money."""
        return [self._cost(cost) for cost in self.listing.costs]

    @property
    def places_free(self) -> list[Places]:
        """What is free, how many, and when that was said."""
        return [
            Places(
                self._text(one, "description"),
                int(one.available),
                one.updated,
                check_capacity(one.updated.date(), self.at.date()),
            )
            for one in self.listing.capacities
        ]

    @property
    def capacity_fresh(self) -> bool:
        """Whether every number of free places is recent enough, or there is none."""
        return all(places.fresh for places in self.places_free)

    @property
    def facts(self) -> list[tuple[object, bool | None]]:
        """What Footbridge asks of a service: words, and yes, no or None for not known."""
        values = self.listing.facts
        return [(FACTS[one.name], getattr(values, one.name)) for one in fields(ServiceFacts)]

    def _spoken(self) -> Iterator[str]:
        for spoken in self.listing.languages:
            code = (spoken.code or "").split("-")[0]
            yield str(LANGUAGES.get(code) or spoken.name or spoken.code or "")

    def _cost(self, cost: CostOption) -> str:
        """Return a price as the reader writes it: 300 CNY a day, or 300元（每天）."""
        columns = ("amount_description", "option")
        described = [text for text in (self._text(cost, one) for one in columns) if text]
        currency = (cost.currency or "").upper()
        if self.reader != "zh":
            amount = [f"{cost.amount:g}", currency] if cost.amount is not None else []
            return " ".join(part for part in (*amount, *described) if part)
        if cost.amount is None:
            return "，".join(described)
        unit = {"CNY": "元", "": ""}.get(currency, f" {currency}")
        return f"{cost.amount:g}{unit}" + (f"（{'，'.join(described)}）" if described else "")

    def _address(self, address: Address) -> str:
        columns = ("address_1", "address_2", "region", "city")
        parts = [self._text(address, column) for column in columns]
        known = [part for part in parts if part]
        return "".join(reversed(known)) if self.reader == "zh" else ", ".join(known)

    def _text(self, row: Row, column: str) -> str:
        return self.listing.directory.text(row, column, self.reader)
