"""The sittings of a person, folded from their journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from footbridge.journey.assessments.records import AssessmentTaken, UseCalendarTaken
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.assessments.scoring import Score, score
from footbridge.trust.vault.folding import Opened


@dataclass(frozen=True, slots=True)
class AssessmentState:
    """Every sitting, by instrument, and every calendar; each in the order of its day."""

    sittings: Mapping[str, tuple[AssessmentTaken, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    calendars: tuple[UseCalendarTaken, ...] = ()

    def of(self, instrument: Instrument) -> tuple[AssessmentTaken, ...]:
        """Return the sittings of one version of an instrument: only those compare."""
        return tuple(
            sitting
            for sitting in self.sittings.get(instrument.id, ())
            if sitting.version == instrument.version
        )

    def course(self, instrument: Instrument) -> list[tuple[date, dict[str, Score]]]:
        """Return the scores of every sitting, oldest first."""
        return [
            (sitting.taken_on, score(instrument, sitting.answers))
            for sitting in self.of(instrument)
        ]

    def before(self, instrument: Instrument, taken: AssessmentTaken) -> AssessmentTaken | None:
        """Return the sitting that came before one of the kept; None where it is the first."""
        course = self.of(instrument)
        at = next((at for at, one in enumerate(course) if one is taken), 0)
        return course[at - 1] if at else None

    @property
    def last_calendar(self) -> UseCalendarTaken | None:
        """The calendar with the latest end, if there is one."""
        return self.calendars[-1] if self.calendars else None


def apply(state: AssessmentState, entry: Opened) -> AssessmentState:
    """Return the state after one entry; entries of other rooms change nothing."""
    match entry.record:
        case AssessmentTaken() as taken:
            sittings = [*state.sittings.get(taken.instrument, ()), taken]
            sittings.sort(key=lambda sitting: sitting.taken_on)
            changed = {**state.sittings, taken.instrument: tuple(sittings)}
            return replace(state, sittings=MappingProxyType(changed))
        case UseCalendarTaken() as taken:
            calendars = sorted([*state.calendars, taken], key=lambda one: one.end_on)
            return replace(state, calendars=tuple(calendars))
    return state
