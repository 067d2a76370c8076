"""Reading stays, always for somebody: the board is made of the records its reader can open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.people.records import SummaryKept
from footbridge.journey.referrals import state as referrals
from footbridge.journey.referrals.state import Referrals
from footbridge.journey.services.rules import Need
from footbridge.journey.stays import beds, rules, ward
from footbridge.journey.stays.after import Clock, Item
from footbridge.journey.stays.beds import Bed
from footbridge.journey.stays.models import WardBed
from footbridge.journey.stays.records import DoseRecorded
from footbridge.journey.stays.state import KIND, Given, Stay, StayState, apply
from footbridge.trust.access import staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Role
from footbridge.trust.access.staff import Profile
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.persons import PersonView

NEXT = 2


@dataclass(frozen=True, slots=True)
class InBed:
    """One line of the ward board.

    Parameters
    ----------
    chart_late : bool
        Whether the moment of the next sitting has passed.
    """

    person: PersonView
    stay: Stay
    bed: Bed | None
    day: int
    leaves_on: date
    chart_at: datetime | None
    chart_late: bool
    last_total: int | None
    doses: tuple[DoseRecorded, ...]
    given: tuple[Given, ...]

    @property
    def sessions_left(self) -> int:
        """How many promised sessions are still owed."""
        return sum(one.left for one in self.given)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """One person whose discharge bundle runs."""

    person: PersonView
    items: tuple[Item, ...]
    late: bool
    due: bool

    @property
    def next_items(self) -> tuple[Item, ...]:
        """The parts that fall due first, as far as a board has room."""
        return self.items[:NEXT]

    @property
    def more(self) -> int:
        """How many parts there are besides."""
        return max(0, len(self.items) - NEXT)


@dataclass(frozen=True, slots=True)
class Board:
    """The ward at a moment, as far as its reader holds keys.

    Parameters
    ----------
    others : int
        Beds that are taken by people whose records the reader cannot open; a number only.
    """

    rows: tuple[InBed, ...]
    after: tuple[Afterwards, ...]
    beds: int
    taken: int
    others: int


def state_of(record: OpenRecord) -> StayState:
    """Return the stays of a person."""
    return fold(record.entries, apply, StayState())


def linked_days(entries: Iterable[Opened]) -> tuple[date, ...]:
    """Return the days of first attendance at drug treatment that referrals tell of."""
    return linked_in(fold(tuple(entries), referrals.apply, Referrals()))


def linked_in(found: Referrals) -> tuple[date, ...]:
    """Return the same from referrals that are folded already."""
    return tuple(
        one.linked_on
        for one in found.referrals
        if one.need is Need.DRUG_TREATMENT and one.linked_on is not None
    )


def in_bed(
    person: PersonView, stay: Stay, *, ward_beds: Sequence[Bed], hours: int | None, now: datetime
) -> InBed:
    """Return the board's line of a stay that goes on."""
    chart_at = stay.next_chart(hours=hours)
    totals = [one.total for one in stay.sittings if one.total is not None]
    on = now.date()
    return InBed(
        person=person,
        stay=stay,
        bed=beds.find(stay.bed, among=ward_beds),
        day=rules.day_of(stay.begun.begun_on, on),
        leaves_on=stay.planned_end,
        chart_at=chart_at,
        chart_late=chart_at is not None and chart_at < now,
        last_total=totals[-1] if totals else None,
        doses=tuple(dose for dose in stay.doses if dose.given_on == on),
        given=tuple(stay.given()),
    )


def board(*, by: Actor, now: datetime) -> Board:
    """Return the ward board: one line for each open stay the actor holds a key to."""
    ward_beds, hours = beds.every(site=by.site), ward.protocol().chart_hours
    rows: list[InBed] = []
    after: list[Afterwards] = []
    for record in _records(by=by):
        state = state_of(record)
        if state.now is not None:
            rows.append(in_bed(record.person, state.now, ward_beds=ward_beds, hours=hours, now=now))
        found = _afterwards(record, state, now=now)
        if found is not None:
            after.append(found)
    taken = sum(bed.taken for bed in ward_beds)
    mine = {row.stay.bed for row in rows}
    return Board(
        rows=tuple(sorted(rows, key=lambda row: (str(row.bed or "~"), row.person.handle))),
        after=tuple(sorted(after, key=lambda one: (not one.late, one.items[0].due))),
        beds=sum(not bed.closed for bed in ward_beds),
        taken=taken,
        others=sum(bed.taken and bed.id not in mine for bed in ward_beds),
    )


def running_of(summary: SummaryKept) -> bool:
    """Whether a summary tells of a stay that goes on, or of a bundle that runs."""
    return any({"open", "bundle"} & course.codes for course in summary.courses_of(KIND))


def afterwards(summary: SummaryKept, person: UUID, *, by: Actor, on: date) -> Afterwards | None:
    """Return a person's running bundle for Today, in days; None where none runs.

    Their record is opened only where the summary says that a bundle runs.
    """
    if not any("bundle" in course.codes for course in summary.courses_of(KIND)):
        return None
    try:
        record = people.open_record(person, by=by)
    except NoWrapError:
        return None
    return _afterwards(record, state_of(record), now=datetime.combine(on, time()))


def colleagues(record: OpenRecord) -> list[Profile]:
    """Return ward colleagues who work here and are not in the person's care team yet."""
    team = people.team(record.person.id, by=record.by)
    return [
        profile
        for profile in staff.everybody(site=record.by.site)
        if profile.role is Role.NURSE and not team.has(profile.id) and profile.id != record.by.id
    ]


def granted(record: OpenRecord, stay: Stay) -> list[Profile]:
    """Return the colleagues who were given a key for this stay and still hold it."""
    team = people.team(record.person.id, by=record.by)
    return [member for member in team.members if member.id in stay.begun.granted]


def has_ward() -> bool:
    """Whether this site has a ward at all."""
    return WardBed.objects.exists()


def _afterwards(record: OpenRecord, state: StayState, *, now: datetime) -> Afterwards | None:
    items = state.running(linked=linked_days(record.entries), on=now.date())
    clocks = {item.clock(now) for item in items}
    if not items:
        return None
    return Afterwards(record.person, items, Clock.LATE in clocks, Clock.DUE in clocks)


def _records(*, by: Actor) -> Iterator[OpenRecord]:
    for person, summary in people.summaries(by=by):
        if running_of(summary):
            # A summary may be open to somebody whose key to the care record was taken back.
            with suppress(NoWrapError):
                yield people.open_record(person.id, by=by)
