"""The outcomes of a person over time, folded from their journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from footbridge.journey.outcomes import events
from footbridge.journey.outcomes.events import Act, Line
from footbridge.journey.outcomes.records import (
    AdverseEventNoted,
    ArmAssigned,
    EventClosed,
    EventStepDone,
    OutcomeCoded,
    ResearchTold,
)
from footbridge.journey.outcomes.rules import Answer, CareerState, Harm, career_state, favourable
from footbridge.journey.people.records import Course
from footbridge.trust.vault.folding import Opened

K = TypeVar("K")
V = TypeVar("V")
_NOTHING: Mapping[Act, date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OutcomeState:
    """The outcome of each time point, the arm in each study, and every adverse event.

    Parameters
    ----------
    done : mapping
        The steps that were seen to, with their day, by event.
    letters : mapping
        The last letter that research was sent, by time point or event.
    """

    outcomes: Mapping[int, OutcomeCoded] = field(default_factory=lambda: MappingProxyType({}))
    arms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    events: tuple[AdverseEventNoted, ...] = ()
    done: Mapping[UUID, Mapping[Act, date]] = field(default_factory=lambda: MappingProxyType({}))
    closed: Mapping[UUID, EventClosed] = field(default_factory=lambda: MappingProxyType({}))
    letters: Mapping[int | UUID, UUID] = field(default_factory=lambda: MappingProxyType({}))

    def career(self) -> list[tuple[int, CareerState]]:
        """Return the state at each time point that was coded, in the order of months."""
        return [
            (month, career_state(self.outcomes[month].values)) for month in sorted(self.outcomes)
        ]

    def favourable(self, month: int) -> Answer:
        """Return the composite at a time point; not known where nothing was coded."""
        if month not in self.outcomes:
            return Answer.NOT_KNOWN
        values = self.outcomes[month].values
        return favourable(
            used_30=values.used_30, crime_30=values.crime_30, community_30=values.community_30
        )

    @property
    def open_events(self) -> tuple[AdverseEventNoted, ...]:
        """The events that are not closed."""
        return tuple(one for one in self.events if one.event not in self.closed)

    @property
    def died(self) -> bool:
        """Whether a death was noted."""
        return any(one.harm is Harm.DEATH for one in self.events)

    def event(self, event: UUID) -> AdverseEventNoted | None:
        """Return one event by its id; None where there is none."""
        return next((one for one in self.events if one.event == event), None)

    def done_of(self, event: UUID) -> Mapping[Act, date]:
        """Return the steps of an event that were seen to."""
        return self.done.get(event, _NOTHING)

    def path(self, event: AdverseEventNoted) -> tuple[Line, ...]:
        """Return what follows on an event, step by step."""
        begins = event.noted_on or event.happened_on or date.min
        return events.path(event.harm, begins, self.done_of(event.event))


def courses(state: OutcomeState) -> list[Course]:
    """Return one course of the kind ``event`` for each adverse event."""
    return [
        events.course_of(
            event.harm,
            event.noted_on or event.happened_on or date.min,
            state.path(event),
            closed=event.event in state.closed,
            related=event.related.value,
        )
        for event in state.events
    ]


def apply(state: OutcomeState, entry: Opened) -> OutcomeState:
    """Return the state after one entry; entries of other rooms change nothing.

    A time point that is coded twice keeps the later coding. An arm, once assigned, stays:
    whoever is allocated twice is analysed as allocated first.
    """
    match entry.record:
        case OutcomeCoded() as coded:
            return replace(state, outcomes=_with(state.outcomes, coded.month, coded))
        case ArmAssigned() as assigned if assigned.study not in state.arms:
            return replace(state, arms=_with(state.arms, assigned.study, assigned.arm))
        case ResearchTold() as told:
            about = told.month if told.month is not None else told.event
            if about is None:
                return state
            return replace(state, letters=_with(state.letters, about, told.letter))
    return _events(state, entry)


def _events(state: OutcomeState, entry: Opened) -> OutcomeState:
    match entry.record:
        case AdverseEventNoted() as event:
            noted = event if event.noted_on else replace(event, noted_on=entry.on)
            return replace(state, events=(*state.events, noted))
        case EventStepDone() as step:
            done = _with(state.done_of(step.event), step.act, step.done_on)
            return replace(state, done=_with(state.done, step.event, done))
        case EventClosed() as closed:
            return replace(state, closed=_with(state.closed, closed.event, closed))
    return state


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})
