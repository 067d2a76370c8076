"""Writing about people: the frame that every room's act uses, and the people room's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.people.records import Course, SummaryKept
from footbridge.trust.access import care_teams
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.staff import Profile
from footbridge.trust.audit.acts import Act, act
from footbridge.trust.vault import compartments, journal, persons
from footbridge.trust.vault.compartments import OpenCompartment
from footbridge.trust.vault.records import Compartment, Record


@dataclass(slots=True)
class Writing:
    """One act on one person's record: write entries, and bring the summary up to date."""

    record: OpenRecord
    _act: Act = field(repr=False)

    def care(self, entry: Record, *, replaces: UUID | None = None) -> UUID:
        """Seal a record into the care compartment."""
        return self._act.write(self.record.care, entry, replaces=replaces)

    def into(self, part: OpenCompartment, entry: Record) -> UUID:
        """Seal a record into another open compartment of the same person."""
        return self._act.write(part, entry)

    def research(self, entry: Record) -> bool:
        """Seal a coded record into the study's drop-box; False where no consent stands."""
        return self.letter(entry) is not None

    def letter(self, entry: Record, *, replaces: UUID | None = None) -> UUID | None:
        """Seal a coded record into the study's drop-box; return its id, None without consent.

        What lies in the box cannot be read here, so a correction has to name the letter
        that it replaces by the id that its writer remembered.
        """
        person, site = self.record.person.id, self.record.by.site
        try:
            box = compartments.open_for_writing(person, Compartment.RESEARCH, site=site)
        except compartments.NoWrapError:
            return None
        return self._act.write(box, entry, replaces=replaces)

    def summary(self, **changes: object) -> None:
        """Write the summary anew with some codes changed, and the shell's next window."""
        self._summarise(lambda before: before.merged(changes))

    def courses(self, kind: str, fresh: Iterable[Course]) -> None:
        """Write the summary anew with all courses of one kind replaced."""
        self._summarise(lambda before: before.merged({"courses": before.with_courses(kind, fresh)}))

    def _summarise(self, change: Callable[[SummaryKept], SummaryKept]) -> None:
        person, by = self.record.person.id, self.record.by
        opened = compartments.open_for(person, Compartment.SUMMARY, holders=[by])
        last = journal.latest(opened)
        before = last.record if last and isinstance(last.record, SummaryKept) else SummaryKept()
        after = change(before)
        if last is not None and after == before:
            return
        self._act.write(opened, after)
        window = str(after.next_window or "")
        if window != self.record.person.shell.next_window:
            persons.change_shell(person, site=by.site, next_window=window)


@contextmanager
def writing(action: str, record: OpenRecord, *, on: date, detail: str = "") -> Iterator[Writing]:
    """Run a block as one act on one person's record: all of it, or nothing."""
    by = record.by
    with act(
        action, by=by.id, on=on, site=by.site, log_key=record.person.log_key, detail=detail
    ) as doing:
        yield Writing(record, doing)


def note_opening(record: OpenRecord, *, on: date) -> None:
    """Note on the trail that somebody opened a record, so that the person can see it."""
    by = record.by
    with act("record.opened", by=by.id, on=on, site=by.site, log_key=record.person.log_key):
        pass


def add_to_team(*, record: OpenRecord, colleague: Profile, on: date, limit: int) -> None:
    """Add a colleague to a care team; the actor's own key is what makes it possible."""
    care_teams.grant(person=record.person, to=colleague, by=record.by, on=on, limit=limit)


def leave_team(*, record: OpenRecord, colleague: UUID, on: date, by: Actor) -> None:
    """Take a colleague, or oneself, out of a care team."""
    care_teams.revoke(person=record.person, from_staff=colleague, by=by, on=on)
