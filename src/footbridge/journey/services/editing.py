"""What a coordinator brings up to date of one service, as a change of the whole directory."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from uuid import UUID

from footbridge.journey.services.directory import (
    FACT_CODES,
    FACTS,
    NO,
    TRANSLATIONS,
    YES,
    Directory,
    Listing,
    term_id,
)
from footbridge.journey.services.hsds import (
    Attribute,
    Service,
    ServiceCapacity,
    ServiceStatus,
    TaxonomyTerm,
    Unit,
)
from footbridge.journey.services.phrases import in_chinese
from footbridge.journey.services.rules import ServiceFacts

_TEXTS = ("alert", "wait_time")
# What is counted where a directory knows no unit; HSDS 3.1 asks for one.
_PLACE = term_id("footbridge-units", "place")


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of an entry that changes from week to week.

    Parameters
    ----------
    available : int or None
        Places that are free; None where nobody counts them.
    updated : datetime or None
        When that was told.
    """

    status: ServiceStatus
    alert: str | None
    wait_time: str | None
    assured_date: date | None
    facts: ServiceFacts
    available: int | None = None
    updated: datetime | None = None


def standing(listing: Listing) -> Standing:
    """Return what an entry says now of what changes from week to week."""
    service = listing.service
    capacity = next(iter(listing.capacities), None)
    return Standing(
        status=service.status,
        alert=service.alert,
        wait_time=service.wait_time,
        assured_date=service.assured_date,
        facts=listing.facts,
        available=int(capacity.available) if capacity else None,
        updated=capacity.updated if capacity else None,
    )


def edited(directory: Directory, service: UUID, to: Standing) -> Directory:
    """Return the directory with one entry brought up to date.

    A text that changes loses its translations, which would say something older; a phrase
    of ours brings its own.

    Raises
    ------
    DirectoryError
        If there is no such service.
    """
    before = standing(directory.listing(service))
    stale = {
        column
        for column in ("alert", "wait_time")
        if getattr(before, column) != getattr(to, column)
    }
    terms = _with_fact_terms(directory.taxonomy_terms)
    if stale:
        terms = _with_translations(terms)
    facts = tuple(_facts(service, to.facts, terms=terms))
    translated = tuple(_translated(service, to, stale, terms=terms))
    units = directory.units or (Unit(_PLACE, "place"),)
    capacities = tuple(_capacities(directory.capacities, service, to, unit=units[0].id))
    gone = {one.id for one in directory.capacities} - {one.id for one in capacities}
    codes = {term.id: term for term in terms}
    kept = (
        one
        for one in directory.attributes
        if one.link_id not in gone and not _superseded(one, service, terms=codes, stale=stale)
    )
    return replace(
        directory,
        services=tuple(
            _service(one, to) if one.id == service else one for one in directory.services
        ),
        capacities=capacities,
        units=units if capacities else directory.units,
        taxonomy_terms=terms,
        attributes=(*kept, *facts, *translated),
    )


def as_text(told: Standing) -> dict[str, object]:
    """Return what an entry says as plain values, for keeping beside a change."""
    values: dict[str, object] = {
        "status": told.status.value,
        "alert": told.alert,
        "wait_time": told.wait_time,
        "assured_date": told.assured_date.isoformat() if told.assured_date else None,
        "available": told.available,
        "updated": told.updated.isoformat() if told.updated else None,
    }
    return values | {code: getattr(told.facts, code) for code in FACT_CODES}


def from_text(values: Mapping[str, object]) -> Standing:
    """Return what `as_text` wrote."""
    assured, updated = values["assured_date"], values["updated"]
    available = values["available"]
    return Standing(
        status=ServiceStatus(str(values["status"])),
        alert=_text(values["alert"]),
        wait_time=_text(values["wait_time"]),
        assured_date=date.fromisoformat(str(assured)) if assured else None,
        facts=ServiceFacts(**{code: _known(values[code]) for code in FACT_CODES}),
        available=available if isinstance(available, int) else None,
        updated=datetime.fromisoformat(str(updated)) if updated else None,
    )


def differences(before: Standing, after: Standing) -> list[str]:
    """Return the names of what changed, in the order in which a page tells them."""
    columns = [field.name for field in fields(Standing) if field.name not in ("facts", "updated")]
    found = [name for name in columns if getattr(before, name) != getattr(after, name)]
    if before.updated != after.updated and "available" not in found:
        found.append("available")
    changed = [
        code for code in FACT_CODES if getattr(before.facts, code) != getattr(after.facts, code)
    ]
    return found + changed


def _service(service: Service, to: Standing) -> Service:
    return replace(
        service,
        status=to.status,
        alert=to.alert,
        wait_time=to.wait_time,
        assured_date=to.assured_date,
    )


def _capacities(
    rows: Iterable[ServiceCapacity], service: UUID, to: Standing, *, unit: UUID
) -> Iterator[ServiceCapacity]:
    """Yield all capacities, the first of this service told anew, or all of its own gone."""
    available, updated = to.available, to.updated
    told = False
    for row in rows:
        if row.service_id != service:
            yield row
        elif available is not None and updated is not None:
            # Only the first is edited here; further units keep what was told of them.
            yield row if told else replace(row, available=float(available), updated=updated)
            told = True
    if not told and available is not None and updated is not None:
        new = uuid.uuid5(service, "capacity")
        yield ServiceCapacity(new, service, float(available), updated, unit)


def _with_fact_terms(terms: tuple[TaxonomyTerm, ...]) -> tuple[TaxonomyTerm, ...]:
    """Return the terms with those of every fact, as another tool may not have them."""
    known = {term.code for term in terms if term.taxonomy == FACTS}
    missing = (
        TaxonomyTerm(term_id(FACTS, code), code, "A fact: yes or no.", code=code, taxonomy=FACTS)
        for code in FACT_CODES
        if code not in known
    )
    return (*terms, *missing)


def _with_translations(terms: tuple[TaxonomyTerm, ...]) -> tuple[TaxonomyTerm, ...]:
    known = {term.code for term in terms if term.taxonomy == TRANSLATIONS}
    codes = [f"zh.{column}" for column in _TEXTS if f"zh.{column}" not in known]
    return (
        *terms,
        *(
            TaxonomyTerm(
                term_id(TRANSLATIONS, code),
                code,
                "A column in another language.",
                code=code,
                taxonomy=TRANSLATIONS,
            )
            for code in codes
        ),
    )


def _translated(
    service: UUID, to: Standing, stale: set[str], *, terms: tuple[TaxonomyTerm, ...]
) -> Iterator[Attribute]:
    """Yield the Chinese of the phrases that are told anew."""
    ids = {term.code: term.id for term in terms if term.taxonomy == TRANSLATIONS}
    for column in sorted(stale):
        chinese = in_chinese(getattr(to, column))
        if chinese is not None:
            yield Attribute(
                id=uuid.uuid5(service, f"{TRANSLATIONS}/zh.{column}"),
                link_id=service,
                taxonomy_term_id=ids[f"zh.{column}"],
                link_entity="service",
                link_type="translation",
                value=chinese,
            )


def _facts(
    service: UUID, facts: ServiceFacts, *, terms: tuple[TaxonomyTerm, ...]
) -> Iterator[Attribute]:
    ids = {term.code: term.id for term in terms if term.taxonomy == FACTS}
    for code in FACT_CODES:
        value = getattr(facts, code)
        if value is not None:
            yield Attribute(
                id=uuid.uuid5(service, f"{FACTS}/{code}"),
                link_id=service,
                taxonomy_term_id=ids[code],
                link_entity="service",
                link_type="fact",
                value=YES if value else NO,
            )


def _superseded(
    row: Attribute, service: UUID, *, terms: Mapping[UUID, TaxonomyTerm], stale: set[str]
) -> bool:
    """Whether an attribute of this service says what is told anew."""
    term = terms.get(row.taxonomy_term_id)
    if row.link_id != service or term is None:
        return False
    if term.taxonomy == FACTS:
        return True
    column = (term.code or "").partition(".")[2]
    return term.taxonomy == TRANSLATIONS and column in stale


def _text(value: object) -> str | None:
    return str(value) if value else None


def _known(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
