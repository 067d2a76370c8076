"""Where a person stands in their check-ups, folded from their journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from footbridge.journey.checkups import schedules
from footbridge.journey.checkups.records import (
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
)
from footbridge.journey.checkups.rules import Due, Need, Past, Status, next_due
from footbridge.trust.vault.folding import Opened


@dataclass(frozen=True, slots=True)
class CheckupState:
    """The schedule, what was held and missed under it, and the attempts since.

    Parameters
    ----------
    past : tuple of Past
        Held and missed check-ups of the present schedule's start.
    attempts : tuple of ContactAttempted
        Those since the last check-up was held or found to be missed.
    """

    chosen: ScheduleChosen | None = None
    past: tuple[Past, ...] = ()
    held: tuple[CheckupHeld, ...] = ()
    missed: tuple[CheckupMissed, ...] = ()
    meetings: tuple[LinkageMeetingHeld, ...] = ()
    attempts: tuple[ContactAttempted, ...] = ()

    @property
    def due(self) -> Due | None:
        """The next check-up; None before a schedule is chosen and after it has ended."""
        if self.chosen is None:
            return None
        schedule = schedules.schedule(self.chosen.schedule)
        return next_due(schedule, self.chosen.starts_on, self.past)

    def status(self, *, on: date) -> Status:
        """Return where the next check-up stands on a day."""
        due = self.due
        return Status.ENDED if due is None else due.status(on=on)

    @property
    def need(self) -> Need:
        """What the last check-up that was held decided; NOT_KNOWN before the first."""
        return self.held[-1].need if self.held else Need.NOT_KNOWN

    def since(self, *, on: date) -> int | None:
        """Return the days since the last check-up held, or since the start."""
        if self.held:
            return (on - self.held[-1].held_on).days
        return None if self.chosen is None else (on - self.chosen.starts_on).days

    @property
    def attempt_counts(self) -> tuple[int, int]:
        """The attempts since the last check-up, and how many of them reached the person."""
        return len(self.attempts), sum(attempt.reached for attempt in self.attempts)


def apply(state: CheckupState, entry: Opened) -> CheckupState:
    """Return the state after one entry; entries of other rooms change nothing."""
    match entry.record:
        case ScheduleChosen() as chosen:
            return _chosen(state, chosen)
        case CheckupHeld() as held:
            past = Past(held.month, held.held_on, held.need)
            return replace(state, past=(*state.past, past), held=(*state.held, held), attempts=())
        case CheckupMissed() as missed:
            past = Past(missed.month, missed.found_on, Need.NOT_KNOWN)
            return replace(
                state, past=(*state.past, past), missed=(*state.missed, missed), attempts=()
            )
        case ContactAttempted() as attempt:
            return replace(state, attempts=(*state.attempts, attempt))
        case LinkageMeetingHeld() as meeting:
            return replace(state, meetings=(*state.meetings, meeting))
    return state


def _chosen(state: CheckupState, chosen: ScheduleChosen) -> CheckupState:
    same_clock = state.chosen is not None and state.chosen.starts_on == chosen.starts_on
    return replace(state, chosen=chosen, past=state.past if same_clock else ())
