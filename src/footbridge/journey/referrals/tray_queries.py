"""Reading the in-trays: the actor's own caseload, opened at once, and nothing beyond it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from footbridge.journey.referrals.labels import NEXT_ACTIONS
from footbridge.journey.referrals.trays import KINDS, Item, Tray, in_order, items
from footbridge.journey.services import queries as services
from footbridge.trust.access.actors import Actor
from footbridge.trust.vault import bulk, persons
from footbridge.trust.vault.records import Compartment


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tray."""

    item: Item
    handle: str
    service: str
    next_action: object


def trays(*, by: Actor, on: date) -> dict[Tray, list[Line]]:
    """Return the open referrals of everybody in the actor's care, tray by tray."""
    opened = bulk.open_many(Compartment.CARE, holders=[by])
    read = bulk.entries_of(opened.values(), kinds={kind.KIND.name for kind in KINDS})
    views = persons.several(read, site=by.site)
    directory = services.directory()
    found = [
        item
        for person, entries in read.items()
        if person in views
        for item in items(person, entries, reader=by.id, on=on)
    ]
    lines: dict[Tray, list[Line]] = {tray: [] for tray in Tray}
    for item in in_order(found):
        line = Line(
            item,
            views[item.person].handle,
            services.name_of(item.referral.service, directory=directory),
            NEXT_ACTIONS.get(item.referral.state, ""),
        )
        lines[item.tray].append(line)
    return lines
