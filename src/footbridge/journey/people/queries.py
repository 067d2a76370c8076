"""Reading people, always for somebody: what they hold no key to, they do not get."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from footbridge.journey.people.records import SummaryKept
from footbridge.trust.access import care_teams, circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.care_teams import Team
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.decisions import AbsentError, gettext_noop
from footbridge.trust.recognition import phrases
from footbridge.trust.vault import bulk, compartments, journal, persons
from footbridge.trust.vault.compartments import OpenCompartment
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.vault.records import Compartment


class NobodyError(AbsentError):
    """There is nobody with this id or handle here."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Nobody with this handle is known here. Check the two words with the person; "
                "they may also have started again under another handle."
            )
        )


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """One person's care record, open for one actor during one request."""

    person: PersonView
    by: Actor
    care: OpenCompartment = field(repr=False)
    entries: tuple[Opened, ...] = field(repr=False)

    @property
    def handle(self) -> str:
        """The two public words."""
        return self.person.handle


def shell_of(person: uuid.UUID, *, by: Actor) -> PersonView:
    """Return what any of the staff may know of a person; raise NobodyError where there is none."""
    found = persons.get(person, site=by.site)
    if found is None:
        raise NobodyError
    return found


def find(handle: str, *, by: Actor) -> PersonView:
    """Return whoever has a handle; raise NobodyError where nobody has it."""
    found = persons.find(phrases.normalised_handle(handle), site=by.site)
    if found is None:
        raise NobodyError
    return found


def open_record(person: uuid.UUID, *, by: Actor) -> OpenRecord:
    """Open a person's care record.

    Raises
    ------
    NobodyError
        If there is nobody with this id.
    NoWrapError
        If the actor holds no key to it.
    """
    view = shell_of(person, by=by)
    care = compartments.open_for(person, Compartment.CARE, holders=[by])
    return OpenRecord(view, by, care, tuple(journal.entries(care)))


def caseload(*, by: Actor) -> list[PersonView]:
    """Return the people in whose care team the actor is, by handle."""
    return care_teams.caseload(by.id, site=by.site)


def team(person: uuid.UUID, *, by: Actor) -> Team:
    """Return a person's care team."""
    return care_teams.team_of(person, site=by.site)


def summaries(*, by: Actor, as_coordinator: bool = False) -> list[tuple[PersonView, SummaryKept]]:
    """Return the newest summary of everybody whose summary the actor can open, by handle."""
    kept = _summaries(by=by, as_coordinator=as_coordinator)
    views = persons.several(kept, site=by.site)
    found = [(views[person], summary) for person, summary in kept.items() if person in views]
    return sorted(found, key=lambda pair: pair[0].handle)


def counted(*, by: Actor) -> list[SummaryKept]:
    """Return everybody's newest summary for a coordinator to count, and whose it is not at all."""
    return list(_summaries(by=by, as_coordinator=True).values())


def _summaries(*, by: Actor, as_coordinator: bool) -> dict[uuid.UUID, SummaryKept]:
    holders = circles.held_by(by, kinds=[CircleKind.COORDINATORS]) if as_coordinator else [by]
    if not holders:
        return {}
    opened = bulk.open_many(Compartment.SUMMARY, holders=holders)
    newest = bulk.latest_of(opened.values())
    return {person: _kept(newest.get(person)) for person in opened}


def summary_of(person: uuid.UUID, *, by: Actor) -> SummaryKept:
    """Return a person's newest summary, or an empty one."""
    opened = compartments.open_for(person, Compartment.SUMMARY, holders=[by])
    return _kept(journal.latest(opened))


def _kept(last: Opened | None) -> SummaryKept:
    """Return a summary; an empty one after a recovery, until something is written."""
    record = last.record if last is not None else None
    return record if isinstance(record, SummaryKept) else SummaryKept()
