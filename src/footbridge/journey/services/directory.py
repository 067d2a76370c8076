"""A directory of services as one value, and each service joined into one listing.

Three taxonomies of ours travel as ordinary HSDS attribute rows, so that any other
tool can keep them: which need a service answers, the facts that matter for anonymity
(value yes or no; no row means that nobody has found out), and translations: the term
`zh.name` with the value `...` says what the column `name` reads in Chinese.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from footbridge.journey.services.hsds import (
    TABLES,
    Address,
    Attribute,
    CostOption,
    Language,
    Location,
    Organization,
    Phone,
    RequiredDocument,
    Row,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    Taxonomy,
    TaxonomyTerm,
    Unit,
)
from footbridge.journey.services.rules import (
    AnonymityPrice,
    Need,
    ServiceFacts,
    anonymity_price,
)
from footbridge.trust.decisions import HouseError, gettext_noop

NEEDS = "footbridge-needs"
FACTS = "footbridge-facts"
TRANSLATIONS = "footbridge-translations"
OURS = (NEEDS, FACTS, TRANSLATIONS)

YES, NO = "yes", "no"
FACT_CODES = tuple(field.name for field in fields(ServiceFacts))

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://footbridge.example/hsds")

R = TypeVar("R", bound=Row)


class DirectoryError(HouseError):
    """A directory that cannot be read, or that does not hold what was asked for."""


def term_id(taxonomy: str, code: str) -> UUID:
    """Return the id that Footbridge itself gives to one of its own terms."""
    return uuid.uuid5(_NAMESPACE, f"{taxonomy}/{code}")


@dataclass(frozen=True)
class Directory:
    """Everything that a set of HSDS files says, table by table."""

    organizations: tuple[Organization, ...] = ()
    services: tuple[Service, ...] = ()
    locations: tuple[Location, ...] = ()
    services_at_locations: tuple[ServiceAtLocation, ...] = ()
    addresses: tuple[Address, ...] = ()
    phones: tuple[Phone, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    languages: tuple[Language, ...] = ()
    cost_options: tuple[CostOption, ...] = ()
    required_documents: tuple[RequiredDocument, ...] = ()
    capacities: tuple[ServiceCapacity, ...] = ()
    units: tuple[Unit, ...] = ()
    taxonomies: tuple[Taxonomy, ...] = ()
    taxonomy_terms: tuple[TaxonomyTerm, ...] = ()
    attributes: tuple[Attribute, ...] = ()

    def rows(self) -> dict[str, tuple[Row, ...]]:
        """Return the rows by the standard's table names."""
        names = (table.name for table in TABLES)
        return dict(zip(names, (getattr(self, f.name) for f in fields(self)), strict=True))

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Directory:
        """Return the directory that holds these rows, each kind in the order given."""
        given = tuple(rows)
        return cls(
            organizations=_only(given, Organization),
            services=_only(given, Service),
            locations=_only(given, Location),
            services_at_locations=_only(given, ServiceAtLocation),
            addresses=_only(given, Address),
            phones=_only(given, Phone),
            schedules=_only(given, Schedule),
            languages=_only(given, Language),
            cost_options=_only(given, CostOption),
            required_documents=_only(given, RequiredDocument),
            capacities=_only(given, ServiceCapacity),
            units=_only(given, Unit),
            taxonomies=_only(given, Taxonomy),
            taxonomy_terms=_only(given, TaxonomyTerm),
            attributes=_only(given, Attribute),
        )

    def listing(self, service: UUID) -> Listing:
        """Return everything about one service; raise DirectoryError where there is none."""
        try:
            return self._listings[service]
        except KeyError as error:
            raise DirectoryError(
                gettext_noop(
                    "Service {service} is not in the directory. It was removed by an import, "
                    "or belongs to another site. Choose another service."
                ),
                service=service,
            ) from error

    def listings(self) -> tuple[Listing, ...]:
        """Return every service with all that belongs to it, in the order of the file."""
        return tuple(self._listings.values())

    def text(self, row: Row, column: str, language: str) -> str:
        """Return the text of a column in a language, or as the file has it."""
        code = f"{language}.{column}"
        translated = self._values.get((row.id, TRANSLATIONS), {}).get(code)
        return translated or getattr(row, column) or ""

    @cached_property
    def _values(self) -> Mapping[tuple[UUID, str], Mapping[str, str]]:
        """Our attributes: (row, taxonomy) to code to value."""
        terms = {term.id: term for term in self.taxonomy_terms}
        found: dict[tuple[UUID, str], dict[str, str]] = defaultdict(dict)
        for attribute in self.attributes:
            term = terms.get(attribute.taxonomy_term_id)
            if term is not None and term.taxonomy in OURS and term.code:
                found[attribute.link_id, term.taxonomy][term.code] = attribute.value or ""
        return found

    @cached_property
    def _listings(self) -> Mapping[UUID, Listing]:
        return {service.id: self._join(service) for service in self.services}

    @cached_property
    def _organizations(self) -> Mapping[UUID, Organization]:
        return {organization.id: organization for organization in self.organizations}

    @cached_property
    def _locations(self) -> Mapping[UUID, Location]:
        return {location.id: location for location in self.locations}

    def _join(self, service: Service) -> Listing:
        given = [at for at in self.services_at_locations if at.service_id == service.id]
        at_ids, location_ids = {at.id for at in given}, {at.location_id for at in given}
        values = self._values
        return Listing(
            directory=self,
            service=service,
            organization=self._organizations[service.organization_id],
            locations=tuple(self._locations[at.location_id] for at in given),
            addresses=tuple(a for a in self.addresses if a.location_id in location_ids),
            phones=_of(self.phones, service, at_ids) or self._desk_phones(service),
            schedules=_of(self.schedules, service, at_ids)
            or tuple(s for s in self.schedules if s.location_id in location_ids),
            languages=tuple(
                language
                for language in self.languages
                if language.service_id == service.id or language.location_id in location_ids
            ),
            costs=tuple(c for c in self.cost_options if c.service_id == service.id),
            documents=tuple(d for d in self.required_documents if d.service_id == service.id),
            capacities=tuple(c for c in self.capacities if c.service_id == service.id),
            needs=frozenset(
                Need(code) for code in values.get((service.id, NEEDS), {}) if code in set(Need)
            ),
            facts=_facts(values.get((service.id, FACTS), {})),
        )

    def _desk_phones(self, service: Service) -> tuple[Phone, ...]:
        return tuple(p for p in self.phones if p.organization_id == service.organization_id)


@dataclass(frozen=True)
class Listing:
    """One service with all that belongs to it, as a page of the directory shows it."""

    directory: Directory
    service: Service
    organization: Organization
    locations: tuple[Location, ...]
    addresses: tuple[Address, ...]
    phones: tuple[Phone, ...]
    schedules: tuple[Schedule, ...]
    languages: tuple[Language, ...]
    costs: tuple[CostOption, ...]
    documents: tuple[RequiredDocument, ...]
    capacities: tuple[ServiceCapacity, ...]
    needs: frozenset[Need]
    facts: ServiceFacts

    @property
    def id(self) -> UUID:
        """The id of the service."""
        return self.service.id

    def text(self, column: str, language: str) -> str:
        """Return a column of the service in a language, or as the file has it."""
        return self.directory.text(self.service, column, language)

    def price(self, language: str = "en") -> AnonymityPrice:
        """Return what this service costs in anonymity."""
        asked = tuple(self.directory.text(d, "document", language) for d in self.documents)
        costs_money = any(cost.amount for cost in self.costs)
        return anonymity_price(
            self.facts,
            documents=asked,
            costs_money=costs_money,
            between="、" if language == "zh" else "; ",
        )


def _only(rows: tuple[Row, ...], kind: type[R]) -> tuple[R, ...]:
    return tuple(row for row in rows if isinstance(row, kind))


def _of(rows: tuple[R, ...], service: Service, at_ids: set[UUID]) -> tuple[R, ...]:
    return tuple(
        row
        for row in rows
        if getattr(row, "service_id", None) == service.id
        or getattr(row, "service_at_location_id", None) in at_ids
    )


def _facts(values: Mapping[str, str]) -> ServiceFacts:
    known = {YES: True, NO: False}
    return ServiceFacts(**{code: known.get(values.get(code, "")) for code in FACT_CODES})
