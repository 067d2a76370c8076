"""Reading check-ups: where a person stands, what the last one found, how tracking goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from footbridge.journey.checkups import protocol, schedules
from footbridge.journey.checkups.courses import meetings_about
from footbridge.journey.checkups.records import (
    AppointmentGiven,
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
    ScheduleEnded,
    UrineTested,
)
from footbridge.journey.checkups.rules import LINKED_WITHIN, Need, NeedReason, need_of
from footbridge.journey.checkups.state import CheckupState, apply
from footbridge.journey.checkups.tracking import (
    ALERT_ABOVE,
    BENCHMARKS,
    Place,
    Quality,
    guide,
    place,
    quality,
)
from footbridge.journey.checkups.urine import next_test
from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.records import ConsentGiven
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.people.records import SummaryKept
from footbridge.trust.access.actors import Actor
from footbridge.trust.decisions import Decision
from footbridge.trust.vault.folding import Opened, current, fold
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.weeks import IsoWeek

KINDS = (
    ScheduleChosen,
    ScheduleEnded,
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    AppointmentGiven,
    UrineTested,
)
"""The records of this room that a page lists and can mend."""


@dataclass(frozen=True, slots=True)
class Line:
    """A benchmark as a line across the attempts' bar, in percent of its width."""

    contacts: int
    share: int
    left: str


@dataclass(frozen=True, slots=True)
class Tracking:
    """Attempts since the last check-up beside what others needed."""

    attempts: int
    reached: int
    filled: str
    lines: tuple[Line, ...]
    advice: Decision


def state_of(record: OpenRecord) -> CheckupState:
    """Return where a person stands in their check-ups."""
    return fold(record.entries, apply, CheckupState())


def started_on(record: OpenRecord, *, on: date) -> date:
    """Return the day from which to count months: of the schedule, or of the first care.

    Parameters
    ----------
    on : date
        Today; stands where nothing has begun yet.
    """
    chosen = state_of(record).chosen
    if chosen is not None:
        return chosen.starts_on
    given = [
        entry.record.given_on
        for entry in current(record.entries)
        if isinstance(entry.record, ConsentGiven) and Purpose.CARE in entry.record.purposes
    ]
    return min(given, default=on)


def reasons(held: CheckupHeld) -> list[NeedReason]:
    """Return through which parts of the need rule a check-up found need."""
    found = need_of(
        days_used=held.days_used,
        days=held.days,
        symptoms=len(held.symptoms),
        says_need=held.says_need,
    )
    return [reason for reason in NeedReason if reason in found.reasons]


def wants_meeting(state: CheckupState) -> bool:
    """Return whether the last check-up found need and nobody has talked about linkage since."""
    return state.need is Need.IN_NEED and not meetings_about(state.held[-1], state)


def came_back(state: CheckupState) -> bool:
    """Return whether the last check-up caught a return to use: some days of use after none."""
    if len(state.held) < 2:
        return False
    before, now = state.held[-2:]
    return before.days_used == 0 and bool(now.days_used)


def link_by(state: CheckupState) -> date | None:
    """Return the day by which a first visit is aimed at; None where nobody is in need."""
    if state.need is not Need.IN_NEED or state.ended is not None:
        return None
    return state.held[-1].held_on + timedelta(days=LINKED_WITHIN)


def history(record: OpenRecord) -> list[Opened]:
    """Return the entries of this room that still stand, newest first."""
    found = [entry for entry in current(record.entries) if isinstance(entry.record, KINDS)]
    return list(reversed(found))


def steps(record: OpenRecord, *, on: date) -> tuple[protocol.Line, ...]:
    """Return the missed-contact sequence of the check-up that is due next."""
    state = state_of(record)
    due = state.due
    if due is None or state.chosen is None:
        return ()
    return protocol.lines(
        schedules.protocol(),
        due,
        so_far=protocol.SoFar(
            since=state.last_on or state.chosen.starts_on,
            tried=tuple((one.attempted_on, one.means) for one in state.attempts),
            ticked=frozenset(one.step for one in state.ticked if one.month == due.month),
        ),
        may_contact=bool(consents_of(record).may(Purpose.CONTACT, on=on)),
        on=on,
    )


def urine_due(record: OpenRecord, *, on: date) -> date | None:
    """Return when the next urine test falls due under the site's plan; None where none does."""
    state = state_of(record)
    if state.chosen is None or state.ended is not None:
        return None
    days = [one.tested_on for one in state.urine]
    return next_test(schedules.urine_plan(), state.chosen.starts_on, days, on=on)


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a caseload, as their summary tells of the next check-up."""

    person: PersonView
    summary: SummaryKept
    place: Place

    @property
    def too_many(self) -> bool:
        """Whether more was tried than reached nine in ten elsewhere: time to talk it over."""
        return self.summary.attempts > ALERT_ABOVE


@dataclass(frozen=True, slots=True)
class Caseload:
    """How tracking goes for the people of one worker."""

    quality: Quality
    rows: tuple[Row, ...]

    @property
    def out(self) -> list[Row]:
        """The people whose window has closed without a check-up."""
        return [row for row in self.rows if row.place is Place.OUT]

    @property
    def open(self) -> list[Row]:
        """The people whose window is open."""
        return [row for row in self.rows if row.place is Place.IN]


def caseload(*, by: Actor, on: date) -> Caseload:
    """Return how tracking goes for the actor's own people, from their summaries alone."""
    week = IsoWeek.of(on)
    rows = tuple(
        Row(person, summary, place(summary.next_window, summary.next_due, week=week))
        for person, summary in people.summaries(by=by)
    )
    return Caseload(
        quality=quality(course for row in rows for course in row.summary.courses), rows=rows
    )


def tracking(state: CheckupState) -> Tracking:
    """Return the attempts since the last check-up, beside the benchmarks."""
    attempts, reached = state.attempt_counts
    most = max(attempts, ALERT_ABOVE) + 2
    return Tracking(
        attempts=attempts,
        reached=reached,
        filled=f"{100 * attempts / most:.1f}%",
        lines=tuple(
            Line(mark.contacts, round(100 * mark.share), f"{100 * mark.contacts / most:.1f}%")
            for mark in BENCHMARKS
        ),
        advice=guide(attempts),
    )
