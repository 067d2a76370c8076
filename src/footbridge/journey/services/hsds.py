"""The rows of the Human Services Data Specification 3.0 that the directory keeps.

Field names are the standard's own, so a row type is also the list of its columns.
Three columns that the standard knows are left out on purpose, because they name a
person who works at a service; `LEFT_OUT` says which, and reading a set tells so.

References
----------
Open Referral, Human Services Data Specification 3.0, https://docs.openreferral.org
(service_capacity and unit: 3.1, tolerated).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID


class ServiceStatus(StrEnum):
    """Whether a service runs."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class LocationType(StrEnum):
    """How a place, or an address, is reached."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class Frequency(StrEnum):
    """The two recurrence rules of HSDS."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Weekday(StrEnum):
    """Days as iCalendar writes them."""

    MO = "MO"
    TU = "TU"
    WE = "WE"
    TH = "TH"
    FR = "FR"
    SA = "SA"
    SU = "SU"


def _refers(table: str) -> dict[str, str]:
    return {"refers": table}


_WEB = {"pattern": re.compile(r"https?://[^\s<>\"']+"), "example": "https://service.example"}
_EMAIL = {"pattern": re.compile(r"[^@\s]+@[^@\s]+"), "example": "desk@service.example"}
_COUNTRY = {"pattern": re.compile(r"[A-Z]{2}"), "example": "CN"}
_DAYS = {
    "pattern": re.compile(
        r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*"
    ),
    "example": "MO,WE or 2MO",
}
_NUMBERS = {"pattern": re.compile(r"-?\d{1,3}(,-?\d{1,3})*"), "example": "1,15,-1"}


@dataclass(frozen=True, slots=True)
class Organization:
    """Who runs services."""

    TABLE: ClassVar[str] = "organization"
    id: UUID
    name: str
    description: str
    alternate_name: str | None = None
    email: str | None = dataclasses.field(default=None, metadata=_EMAIL)
    website: str | None = dataclasses.field(default=None, metadata=_WEB)
    year_incorporated: int | None = None
    legal_status: str | None = None
    uri: str | None = dataclasses.field(default=None, metadata=_WEB)
    parent_organization_id: UUID | None = dataclasses.field(
        default=None, metadata=_refers("organization")
    )


@dataclass(frozen=True, slots=True)
class Service:
    """What somebody can be linked to."""

    TABLE: ClassVar[str] = "service"
    id: UUID
    organization_id: UUID = dataclasses.field(metadata=_refers("organization"))
    name: str
    status: ServiceStatus
    alternate_name: str | None = None
    description: str | None = None
    url: str | None = dataclasses.field(default=None, metadata=_WEB)
    email: str | None = dataclasses.field(default=None, metadata=_EMAIL)
    interpretation_services: str | None = None
    application_process: str | None = None
    fees_description: str | None = None
    wait_time: str | None = None
    accreditations: str | None = None
    eligibility_description: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    assured_date: date | None = None
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A place, or a line or page, where services are given."""

    TABLE: ClassVar[str] = "location"
    id: UUID
    location_type: LocationType
    url: str | None = dataclasses.field(default=None, metadata=_WEB)
    organization_id: UUID | None = dataclasses.field(default=None, metadata=_refers("organization"))
    name: str | None = None
    alternate_name: str | None = None
    description: str | None = None
    transportation: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class ServiceAtLocation:
    """That a service is given at a place."""

    TABLE: ClassVar[str] = "service_at_location"
    id: UUID
    service_id: UUID = dataclasses.field(metadata=_refers("service"))
    location_id: UUID = dataclasses.field(metadata=_refers("location"))
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a place is; of a service, never of a person."""

    TABLE: ClassVar[str] = "address"
    id: UUID
    location_id: UUID = dataclasses.field(metadata=_refers("location"))
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str = dataclasses.field(metadata=_COUNTRY)
    address_type: LocationType
    address_2: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A number of a service, an organisation or a place."""

    TABLE: ClassVar[str] = "phone"
    id: UUID
    number: str
    location_id: UUID | None = dataclasses.field(default=None, metadata=_refers("location"))
    service_id: UUID | None = dataclasses.field(default=None, metadata=_refers("service"))
    organization_id: UUID | None = dataclasses.field(default=None, metadata=_refers("organization"))
    service_at_location_id: UUID | None = dataclasses.field(
        default=None, metadata=_refers("service_at_location")
    )
    extension: int | None = None
    type: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a service or a place is open: an RFC 5545 rule in columns."""

    TABLE: ClassVar[str] = "schedule"
    id: UUID
    service_id: UUID | None = dataclasses.field(default=None, metadata=_refers("service"))
    location_id: UUID | None = dataclasses.field(default=None, metadata=_refers("location"))
    service_at_location_id: UUID | None = dataclasses.field(
        default=None, metadata=_refers("service_at_location")
    )
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    timezone: float | None = None
    until: date | None = None
    count: int | None = None
    wkst: Weekday | None = None
    freq: Frequency | None = None
    interval: int | None = None
    byday: str | None = dataclasses.field(default=None, metadata=_DAYS)
    byweekno: str | None = dataclasses.field(default=None, metadata=_NUMBERS)
    bymonthday: str | None = dataclasses.field(default=None, metadata=_NUMBERS)
    byyearday: str | None = dataclasses.field(default=None, metadata=_NUMBERS)
    description: str | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    schedule_link: str | None = dataclasses.field(default=None, metadata=_WEB)
    attending_type: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A language that is spoken at a service, a place or a number."""

    TABLE: ClassVar[str] = "language"
    id: UUID
    service_id: UUID | None = dataclasses.field(default=None, metadata=_refers("service"))
    location_id: UUID | None = dataclasses.field(default=None, metadata=_refers("location"))
    phone_id: UUID | None = dataclasses.field(default=None, metadata=_refers("phone"))
    name: str | None = None
    code: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CostOption:
    """What a service costs, in money."""

    TABLE: ClassVar[str] = "cost_option"
    id: UUID
    service_id: UUID = dataclasses.field(metadata=_refers("service"))
    valid_from: date | None = None
    valid_to: date | None = None
    option: str | None = None
    currency: str | None = None
    amount: float | None = None
    amount_description: str | None = None


@dataclass(frozen=True, slots=True)
class RequiredDocument:
    """A paper that a service asks for."""

    TABLE: ClassVar[str] = "required_document"
    id: UUID
    service_id: UUID | None = dataclasses.field(default=None, metadata=_refers("service"))
    document: str | None = None
    uri: str | None = dataclasses.field(default=None, metadata=_WEB)


@dataclass(frozen=True, slots=True)
class ServiceCapacity:
    """How many places are free (HSDS 3.1)."""

    TABLE: ClassVar[str] = "service_capacity"
    id: UUID
    service_id: UUID = dataclasses.field(metadata=_refers("service"))
    available: float
    updated: datetime
    unit_id: UUID | None = dataclasses.field(default=None, metadata=_refers("unit"))
    maximum: float | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What a capacity counts: beds, places, hours (HSDS 3.1)."""

    TABLE: ClassVar[str] = "unit"
    id: UUID
    name: str
    scheme: str | None = None
    identifier: str | None = None
    uri: str | None = dataclasses.field(default=None, metadata=_WEB)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A list of terms."""

    TABLE: ClassVar[str] = "taxonomy"
    id: UUID
    name: str
    description: str
    uri: str | None = dataclasses.field(default=None, metadata=_WEB)
    version: str | None = None


@dataclass(frozen=True, slots=True)
class TaxonomyTerm:
    """One term; `code` says which, whatever its id."""

    TABLE: ClassVar[str] = "taxonomy_term"
    id: UUID
    name: str
    description: str
    code: str | None = None
    parent_id: UUID | None = dataclasses.field(default=None, metadata=_refers("taxonomy_term"))
    taxonomy: str | None = None
    language: str | None = None
    taxonomy_id: UUID | None = dataclasses.field(default=None, metadata=_refers("taxonomy"))
    term_uri: str | None = dataclasses.field(default=None, metadata=_WEB)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One fact about a row of another table: a term, and a value where it has one."""

    TABLE: ClassVar[str] = "attribute"
    id: UUID
    link_id: UUID
    taxonomy_term_id: UUID = dataclasses.field(metadata=_refers("taxonomy_term"))
    link_entity: str
    link_type: str | None = None
    value: str | None = None
    label: str | None = None


Row = (
    Organization
    | Service
    | Location
    | ServiceAtLocation
    | Address
    | Phone
    | Schedule
    | Language
    | CostOption
    | RequiredDocument
    | ServiceCapacity
    | Unit
    | Taxonomy
    | TaxonomyTerm
    | Attribute
)


@dataclass(frozen=True, slots=True)
class Table:
    """One file of a set: the row type it holds and the file names that are accepted."""

    row: type[Row]
    files: tuple[str, ...]
    needed: bool = False

    @property
    def name(self) -> str:
        """The standard's name of this table."""
        return self.row.TABLE

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read and written, in order."""
        return tuple(field.name for field in dataclasses.fields(self.row))

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that no row may leave empty."""
        missing = dataclasses.MISSING
        return tuple(f.name for f in dataclasses.fields(self.row) if f.default is missing)

    def rule(self, column: str) -> Mapping[str, Any]:
        """Return what the row type says of a column: its pattern, or the table it refers to."""
        (found,) = (f for f in dataclasses.fields(self.row) if f.name == column)
        return found.metadata


TABLES: tuple[Table, ...] = (
    Table(Organization, ("organizations.csv", "organization.csv"), needed=True),
    Table(Service, ("services.csv", "service.csv"), needed=True),
    Table(Location, ("locations.csv", "location.csv")),
    Table(
        ServiceAtLocation,
        ("service_at_location.csv", "service_at_locations.csv", "services_at_location.csv"),
    ),
    Table(Address, ("addresses.csv", "address.csv")),
    Table(Phone, ("phones.csv", "phone.csv")),
    Table(Schedule, ("schedules.csv", "schedule.csv")),
    Table(Language, ("languages.csv", "language.csv")),
    Table(CostOption, ("cost_options.csv", "cost_option.csv")),
    Table(RequiredDocument, ("required_documents.csv", "required_document.csv")),
    Table(ServiceCapacity, ("service_capacity.csv", "service_capacities.csv")),
    Table(Unit, ("units.csv", "unit.csv")),
    Table(Taxonomy, ("taxonomies.csv", "taxonomy.csv")),
    Table(TaxonomyTerm, ("taxonomy_terms.csv", "taxonomy_term.csv")),
    Table(Attribute, ("attributes.csv", "attribute.csv")),
)

_PERSON = "it names a person who works there"
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("service", "assurer_email"): _PERSON,
    **{(table, "contacts"): _PERSON for table in ("service", "organization", "location")},
    ("address", "attention"): _PERSON,
    ("phone", "contact_id"): "it points to a person who works there",
}
