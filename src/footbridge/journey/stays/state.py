"""The stays of a person, folded from their journal; whatever is written belongs to the last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from footbridge.journey.people.records import Course
from footbridge.journey.stays import after, rules, signs
from footbridge.journey.stays.after import Door, Item
from footbridge.journey.stays.codes import Happened, RoomKind, Session, Step
from footbridge.journey.stays.records import (
    AftercareClosed,
    BedChanged,
    DischargeStepDone,
    DoseRecorded,
    FollowUpMade,
    SessionNoted,
    StayBegun,
    StayEnded,
    StayExtended,
    TreatmentVisited,
    WithdrawalCharted,
)
from footbridge.journey.stays.signs import Sitting
from footbridge.trust.vault.folding import Opened
from footbridge.trust.weeks import IsoWeek

KIND = "stay"


@dataclass(frozen=True, slots=True)
class Payment:
    """Days that were paid, or given back, under one random receipt number."""

    receipt: str
    days: int
    per_day: int
    back: bool = False

    @property
    def total(self) -> int:
        """The sum in yuan."""
        return self.days * self.per_day


@dataclass(frozen=True, slots=True)
class Given:
    """Of one kind of session: promised, held, and not held by whose absence."""

    session: Session
    promised: int
    held: int
    person_absent: int
    ward_absent: int

    @property
    def left(self) -> int:
        """How many are still owed."""
        return max(0, self.promised - self.held)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay; `written` holds its correctable entries by id, oldest first."""

    begun: StayBegun
    entry: UUID
    bed: UUID
    room: RoomKind
    extended: tuple[StayExtended, ...] = ()
    written: Mapping[UUID, object] = field(default_factory=dict)
    ended: StayEnded | None = None
    steps: Mapping[Step, Door] = field(default_factory=dict)
    closed: AftercareClosed | None = None

    @property
    def begun_at(self) -> datetime:
        """When the stay began."""
        return rules.moment(self.begun.begun_on, self.begun.at_minute)

    @property
    def left_at(self) -> datetime | None:
        """When it ended; None while it goes on."""
        ended = self.ended
        return rules.moment(ended.ended_on, ended.at_minute) if ended is not None else None

    @property
    def planned(self) -> int:
        """Days that were agreed, with all that were added."""
        return self.begun.planned_days + sum(one.days for one in self.extended)

    @property
    def prepaid(self) -> int:
        """Days that were paid ahead."""
        return self.begun.prepaid + sum(one.prepaid for one in self.extended)

    @property
    def planned_end(self) -> date:
        """The day on which the agreed days are over."""
        return self.begun.begun_on + timedelta(days=self.planned)

    @property
    def charts(self) -> tuple[WithdrawalCharted, ...]:
        """Sittings of the withdrawal chart, oldest first."""
        found = [one for one in self.written.values() if isinstance(one, WithdrawalCharted)]
        return tuple(sorted(found, key=lambda one: (one.taken_on, one.at_minute)))

    @property
    def sittings(self) -> tuple[Sitting, ...]:
        """The moments and sums of the chart, oldest first."""
        return tuple(
            Sitting(rules.moment(one.taken_on, one.at_minute), signs.score(one.points))
            for one in self.charts
        )

    @property
    def doses(self) -> tuple[DoseRecorded, ...]:
        """Doses that were given, oldest first."""
        found = [one for one in self.written.values() if isinstance(one, DoseRecorded)]
        return tuple(sorted(found, key=lambda one: (one.given_on, one.at_minute)))

    @property
    def contacts(self) -> tuple[date, ...]:
        """Days of contacts after the stay."""
        return tuple(one.made_on for one in self.written.values() if isinstance(one, FollowUpMade))

    @property
    def visits(self) -> tuple[date, ...]:
        """Days of visits to treatment after the stay, as they were told."""
        found = (one for one in self.written.values() if isinstance(one, TreatmentVisited))
        return tuple(one.visited_on for one in found)

    @property
    def peak(self) -> signs.Peak | None:
        """The highest sum of the chart, and its day."""
        return signs.peak(self.sittings, begun=self.begun_at)

    def next_chart(self, *, hours: int | None) -> datetime | None:
        """Return when the chart is due next; None after the stay or where nothing is set."""
        if self.ended is not None:
            return None
        doses = self.doses
        first = rules.moment(doses[0].given_on, doses[0].at_minute) if doses else None
        return signs.next_sitting(
            [one.at for one in self.sittings], begun=self.begun_at, first_dose=first, hours=hours
        )

    def given(self) -> list[Given]:
        """Return promised and given care, by kind of session."""
        noted = Counter(
            (one.session, one.happened)
            for one in self.written.values()
            if isinstance(one, SessionNoted)
        )
        return [
            Given(
                session,
                self.begun.promised.get(session, 0),
                noted[session, Happened.HELD],
                noted[session, Happened.PERSON_ABSENT],
                noted[session, Happened.WARD_ABSENT],
            )
            for session in Session
            if self.begun.promised.get(session, 0) or any(one[0] is session for one in noted)
        ]

    def payments(self) -> list[Payment]:
        """Return what was paid ahead and given back, each under its own receipt."""
        per_day = self.begun.per_day
        if per_day is None:
            return []
        rows = [(self.begun.receipt, self.begun.prepaid, False)]
        rows += [(one.receipt, one.prepaid, False) for one in self.extended]
        if self.ended is not None:
            rows.append((self.ended.receipt, self.ended.refunded, True))
        return [
            Payment(receipt, days, per_day, back)
            for receipt, days, back in rows
            if receipt and days
        ]

    def items(self, *, linked: Iterable[date] = (), on: date) -> tuple[Item, ...]:
        """Return the discharge bundle; empty while the stay goes on.

        Parameters
        ----------
        linked : iterable of date
            First attendances at drug treatment that referrals tell of.
        """
        left = self.left_at
        if left is None:
            return ()
        visits = [*self.visits, *linked]
        return after.bundle(left, steps=self.steps, contacts=self.contacts, visits=visits, on=on)


@dataclass(frozen=True, slots=True)
class StayState:
    """Every stay of a person, oldest first."""

    stays: tuple[Stay, ...] = ()

    @property
    def last(self) -> Stay | None:
        """The newest stay."""
        return self.stays[-1] if self.stays else None

    @property
    def now(self) -> Stay | None:
        """The stay that goes on."""
        last = self.last
        return last if last is not None and last.ended is None else None

    @property
    def behind(self) -> Stay | None:
        """The stay that has ended last, where none has begun since."""
        last = self.last
        return last if last is not None and last.ended is not None else None

    def running(self, *, linked: Iterable[date] = (), on: date) -> tuple[Item, ...]:
        """Return the open parts of the bundle that still runs."""
        behind = self.behind
        if behind is None or behind.closed is not None:
            return ()
        return tuple(item for item in behind.items(linked=linked, on=on) if item.open)

    def courses(self, *, linked: Iterable[date] = (), on: date) -> list[Course]:
        """Return what a coordinator may count: codes, counts and a week for each stay."""
        attended, following = tuple(linked), [*self.stays, None][1:]
        return [
            _course(
                stay,
                nxt,
                attended,
                runs=bool(stay is self.behind and self.running(linked=attended, on=on)),
            )
            for stay, nxt in zip(self.stays, following, strict=True)
        ]


def apply(state: StayState, entry: Opened) -> StayState:
    """Return the state after one entry; entries of other rooms change nothing."""
    record = entry.record
    if isinstance(record, StayBegun):
        return StayState((*state.stays, Stay(record, entry.id, record.bed, record.room)))
    if state.last is None:
        return state
    return StayState((*state.stays[:-1], _written(state.last, entry)))


def _written(stay: Stay, entry: Opened) -> Stay:
    match entry.record:
        case StayExtended() as more:
            written = {**stay.written, entry.id: more}
            return replace(stay, extended=(*stay.extended, more), written=written)
        case BedChanged() as moved:
            return replace(stay, bed=moved.bed, room=moved.room)
        case StayEnded() as ended:
            return replace(stay, ended=ended, written={**stay.written, entry.id: ended})
        case DischargeStepDone() as done:
            steps = {**stay.steps, done.step: Door(done.answer, done.done_on)}
            return replace(stay, steps=steps)
        case AftercareClosed() as closed:
            return replace(stay, closed=closed, written={**stay.written, entry.id: closed})
        case (
            WithdrawalCharted() | DoseRecorded() | SessionNoted() | FollowUpMade()
            | TreatmentVisited()
        ) as written:  # fmt: skip
            return replace(stay, written={**stay.written, entry.id: written})
    return stay


def _course(stay: Stay, following: Stay | None, linked: Iterable[date], *, runs: bool) -> Course:
    counts = {"prepaid": stay.prepaid}
    found = stay.peak
    if found is not None:
        counts |= {"cows-peak": found.total, "cows-day": found.day}
    ended = stay.ended
    if ended is None:
        return Course(KIND, IsoWeek.of(stay.begun.begun_on), frozenset({"open"}), counts)
    left = ended.ended_on
    back = following.begun.begun_on if following is not None else None
    # What was told after the next stay began belongs to that one.
    visits = [*stay.visits, *(day for day in linked if back is None or day < back)]
    codes = {ended.ending.value} | after.return_codes(left, back)
    codes |= after.follow_codes(left, contacts=stay.contacts, visits=visits)
    if runs:
        codes.add("bundle")
    counts["days"] = rules.nights(stay.begun.begun_on, left)
    counts["refunded"] = ended.refunded
    return Course(KIND, IsoWeek.of(left), frozenset(codes), counts)
