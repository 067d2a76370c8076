"""Opening one compartment of many people at once: the newest entry, or those of some kinds."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from django.db.models import F

from footbridge.trust.vault import compartments, journal, models
from footbridge.trust.vault.compartments import DROP_BOXES, Head, Holder, OpenCompartment
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.models import Entry, Wrap
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.site_keys import SiteKeys


def open_many(
    kind: Compartment, *, holders: Sequence[Holder], people: Iterable[uuid.UUID] | None = None
) -> dict[uuid.UUID, OpenCompartment]:
    """Open one kind of compartment of everybody whom these holders have a wrap of.

    The heads of all but drop-boxes stay shut: the slot tells the kind, and to read takes no more.
    """
    by_id = {holder.id: holder for holder in holders}
    site = holders[0].site
    rows = Wrap.objects.filter(holder__in=list(by_id), compartment__isnull=False)
    if people is not None:
        rows = rows.filter(compartment__person__in=list(people))
    found: dict[uuid.UUID, OpenCompartment] = {}
    for person, slot, part, holder, epoch, sealed in rows.values_list(
        "compartment__person", "compartment__slot", "compartment", "holder", "epoch", "sealed"
    ):
        if person in found or bytes(slot) != compartments.slot(site, person, kind):
            continue
        key = compartments.unwrap_at((part, holder), epoch, bytes(sealed), holder=by_id[holder])
        found[person] = OpenCompartment(part, person, Head(kind), key)
    return _with_heads(found, site) if kind in DROP_BOXES else found


def _with_heads(
    found: dict[uuid.UUID, OpenCompartment], site: SiteKeys
) -> dict[uuid.UUID, OpenCompartment]:
    rows = models.Compartment.objects.in_bulk([part.id for part in found.values()])
    return {
        person: replace(part, head=compartments.open_head(site, rows[part.id]))
        for person, part in found.items()
    }


def entries_of(
    opened: Iterable[OpenCompartment], *, kinds: Container[str]
) -> dict[uuid.UUID, list[Opened]]:
    """Return the entries of some kinds of each open compartment, oldest first, by person.

    What an entry is stands in a head of its own, so the others stay shut.

    Raises
    ------
    SealError
        If a row was altered, or is missing from the middle.
    """
    by_id = {part.id: part for part in opened}
    rows: dict[uuid.UUID, list[Entry]] = {part: [] for part in by_id}
    for row in Entry.objects.filter(compartment__in=list(by_id)).order_by("sequence"):
        rows[row.compartment_id].append(row)
    found = {}
    for compartment, part in by_id.items():
        journal.check_whole(rows[compartment])
        found[part.person] = [
            journal.open_entry(part, row)
            for row in rows[compartment]
            if journal.kind_of(part, row).name in kinds
        ]
    return found


def latest_of(opened: Iterable[OpenCompartment]) -> dict[uuid.UUID, Opened]:
    """Return the newest entry of each open compartment, by person."""
    by_id = {part.id: part for part in opened}
    rows = Entry.objects.filter(compartment__in=list(by_id), sequence=F("compartment__length"))
    return {
        by_id[row.compartment_id].person: journal.open_entry(by_id[row.compartment_id], row)
        for row in rows
    }
