"""Reading outcomes: what is coded, what the journal already knows, the course of states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from uuid import UUID

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.queries import state_of as assessments_of
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.assessments.scoring import possible
from footbridge.journey.checkups.queries import started_on
from footbridge.journey.checkups.queries import state_of as checkups_of
from footbridge.journey.outcomes import suggesting
from footbridge.journey.outcomes.coding import NO_ARM
from footbridge.journey.outcomes.composites import Composite, composites
from footbridge.journey.outcomes.events import harm_of, is_late, is_open
from footbridge.journey.outcomes.records import AdverseEventNoted, OutcomeCoded
from footbridge.journey.outcomes.rules import (
    TIME_POINTS,
    Answer,
    CareerState,
    DaysUsed,
    Harm,
    career_state,
    days_used_band,
    time_point,
)
from footbridge.journey.outcomes.state import OutcomeState, apply
from footbridge.journey.outcomes.suggesting import Source, Suggestion
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.people.records import Course
from footbridge.journey.plans.queries import state_of as plan_of
from footbridge.journey.referrals.actions import state_of as referrals_of
from footbridge.journey.services.queries import directory
from footbridge.journey.stays.queries import state_of as stays_of
from footbridge.trust.access.actors import Actor
from footbridge.trust.vault.folding import current, fold
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.weeks import IsoWeek

MEASURE = "recovery-capital-check"
_FIRST_DAYS = 30
PICTURES: Mapping[CareerState, str] = {
    CareerState.USING: "using",
    CareerState.NOT_USING: "not_using",
    CareerState.IN_TREATMENT: "treatment",
    CareerState.DETAINED: "detained",
    CareerState.NOT_KNOWN: "unknown",
}
"""What each state is called in the picture of states."""


@dataclass(frozen=True, slots=True)
class Told:
    """One named composite over the time points that were coded."""

    composite: Composite
    answers: tuple[tuple[int, Answer], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One time point of the course, ready to be shown."""

    coded: OutcomeCoded
    state: CareerState
    use: DaysUsed
    favourable: Answer


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days spent in one state, both ends counted, as the picture of states takes them."""

    state: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Happened:
    """An adverse event, as the picture of states takes it."""

    on: date
    kind: str = "event"


def state_of(record: OpenRecord) -> OutcomeState:
    """Return the outcomes of a person over time."""
    return fold(record.entries, apply, OutcomeState())


def entry_of(record: OpenRecord, month: int) -> UUID | None:
    """Return the entry in which a time point was coded; None where it was not."""
    found = [
        entry.id
        for entry in current(record.entries)
        if isinstance(entry.record, OutcomeCoded) and entry.record.month == month
    ]
    return found[-1] if found else None


def entry_of_event(record: OpenRecord, event: UUID) -> UUID | None:
    """Return the entry in which an event stands; None where there is none."""
    found = [
        entry.id
        for entry in current(record.entries)
        if isinstance(entry.record, AdverseEventNoted) and entry.record.event == event
    ]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An adverse event that is not closed, as a summary tells of it.

    Parameters
    ----------
    mine : bool
        Whether the reader is in the person's care team, and so may open its page.
    """

    person: PersonView
    course: Course
    harm: Harm
    late: bool
    mine: bool

    @property
    def known(self) -> bool:
        """Whether the coordinator was told."""
        return "coordinator-knows" in self.course.codes


def open_events(*, by: Actor, on: date) -> list[OpenEvent]:
    """Return the open events of everybody whose summary the actor can open, the latest first.

    A coordinator's circle opens every summary of the site: kind, week and how it stands,
    never what happened. Those of their own caseload can be opened as well.
    """
    week = IsoWeek.of(on)
    mine = people.summaries(by=by)
    own = {person.id for person, _ in mine}
    others = [
        pair for pair in people.summaries(by=by, as_coordinator=True) if pair[0].id not in own
    ]
    found = [
        OpenEvent(person, course, harm, is_late(course, week=week), person.id in own)
        for person, summary in (*mine, *others)
        for course in summary.courses_of("event")
        if is_open(course) and (harm := harm_of(course)) is not None
    ]
    return sorted(found, key=lambda one: (not one.late, -one.course.week.monday.toordinal()))


def arm_of(state: OutcomeState) -> str:
    """Return the arm of the first study that the person was allocated in."""
    return next(iter(state.arms.values()), NO_ARM)


def measure() -> Instrument:
    """Return the recovery capital measure in use: its newest version."""
    found = [one for one in instruments.packaged().values() if one.id == MEASURE]
    return max(found, key=lambda one: one.version)


def measure_range() -> tuple[float, float]:
    """Return the lowest and the highest total of the measure in use."""
    found = measure()
    return possible(found, found.scales[0])


def suggestions(record: OpenRecord, *, on: date) -> list[Suggestion]:
    """Return what the journal already knows of the outcome of a day, to be checked together.

    Only from what lies near that day (a calendar, a check-up, a test or a sitting of the
    last two weeks), and what happened since the last time point.
    """
    start = started_on(record, on=on)
    state, checkups, assessed = state_of(record), checkups_of(record), assessments_of(record)
    earlier = [one.measured_on for one in state.outcomes.values() if one.measured_on < on]
    since = max(earlier, default=start)
    held = checkups.held[-1] if checkups.held else None
    done = plan_of(record).completed(since=since, until=on)
    referred = referrals_of(record).referrals
    found = [
        Suggestion("objectives", done, Source.PLAN),
        *suggesting.of_use(assessed.last_calendar, held, on=on),
        *suggesting.of_urine(checkups.urine, on=on),
        *suggesting.of_services(referred, _methadone(), since=since, on=on),
        *suggesting.of_stays(stays_of(record)),
        *suggesting.of_events(state.events, since=since, on=on),
    ]
    course = assessed.course(measure())
    if course and suggesting.near(course[-1][0], on):
        score = course[-1][1][measure().scales[0].id].value
        if score is not None:
            found.append(Suggestion("recovery_capital", score, Source.ASSESSMENT))
    return found


def suggested(record: OpenRecord, *, on: date) -> dict[str, object]:
    """Return the form's first answers: today, the time point near it, what the record knows."""
    found: dict[str, object] = {"measured_on": on}
    found["month"] = time_point(started_on(record, on=on), on)
    for one in suggestions(record, on=on):
        found[one.field] = one.value.value if isinstance(one.value, Enum) else one.value
    return found


def _methadone() -> frozenset[object]:
    return frozenset(one.id for one in directory().listings() if one.facts.methadone)


def lines(state: OutcomeState) -> list[Line]:
    """Return the course, one line a time point, in the order of months."""
    return [
        Line(
            coded,
            career_state(coded.values),
            days_used_band(coded.values.days_used, coded.values.days_known),
            state.favourable(month),
        )
        for month, coded in sorted(state.outcomes.items())
    ]


def composed(state: OutcomeState) -> list[Told]:
    """Return every named composite at each time point that was coded."""
    return [
        Told(
            composite,
            tuple(
                (month, composite.of(coded.values))
                for month, coded in sorted(state.outcomes.items())
            ),
        )
        for composite in composites().values()
    ]


def stretches(state: OutcomeState) -> list[Stretch]:
    """Return the course as stretches that touch, for its picture.

    What was found at a time point is drawn over the days since the one before, and for
    the first one over the 30 days that its questions are about.
    """
    found: list[Stretch] = []
    for coded in sorted(state.outcomes.values(), key=lambda one: one.measured_on):
        ends = coded.measured_on
        starts = found[-1].ends + timedelta(days=1) if found else ends - timedelta(_FIRST_DAYS)
        if starts <= ends:
            found.append(Stretch(PICTURES[career_state(coded.values)], starts, ends))
    return found


def happened(state: OutcomeState) -> list[Happened]:
    """Return the adverse events whose day is known."""
    return [Happened(event.happened_on) for event in state.events if event.happened_on]


def months() -> tuple[int, ...]:
    """Return the time points that can be coded."""
    return TIME_POINTS
