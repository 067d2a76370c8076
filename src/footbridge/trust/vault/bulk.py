"""Opening one compartment of many people at once: the newest entry, or those of some kinds."""

from __future__ import annotations

import uuid
from collections.abc import Container, Iterable, Sequence

from django.db.models import F

from footbridge.trust.vault import compartments, journal
from footbridge.trust.vault.compartments import Holder, OpenCompartment
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.models import Entry, Wrap
from footbridge.trust.vault.records import Compartment


def open_many(
    kind: Compartment, *, holders: Sequence[Holder], people: Iterable[uuid.UUID] | None = None
) -> dict[uuid.UUID, OpenCompartment]:
    """Open one kind of compartment of everybody whom these holders have a wrap of."""
    by_id = {holder.id: holder for holder in holders}
    site = holders[0].site
    rows = Wrap.objects.filter(holder__in=list(by_id), compartment__isnull=False)
    if people is not None:
        rows = rows.filter(compartment__person__in=list(people))
    found: dict[uuid.UUID, OpenCompartment] = {}
    for row in rows.select_related("compartment"):
        part = row.compartment
        if part is None or part.person_id in found:
            continue
        if bytes(part.slot) != compartments.slot(site, part.person_id, kind):
            continue
        key = compartments.unwrap(row, holder=by_id[row.holder])
        head = compartments.open_head(site, part)
        found[part.person_id] = OpenCompartment(part.id, part.person_id, head, key)
    return found


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
