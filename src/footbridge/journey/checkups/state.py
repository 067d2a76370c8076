"""Where a person stands in their check-ups, folded from their journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from footbridge.journey.checkups import schedules
from footbridge.journey.checkups.months import add_months
from footbridge.journey.checkups.records import (
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
)
from footbridge.journey.checkups.rules import (
    Agreed,
    CheckupError,
    Due,
    Need,
    Past,
    Status,
    may_hold,
    need_of,
    next_due,
)
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened
from footbridge.trust.weeks import IsoWeek


@dataclass(frozen=True, slots=True)
class CheckupState:
    """The schedule, what was held and missed under it, and the attempts since.

    Parameters
    ----------
    past : tuple of Past
        Held and missed check-ups of the present schedule's start.
    attempts : tuple of ContactAttempted
        Those since the last check-up was held or found to be missed.
    in_window : int
        How many of the check-ups held were in their window.
    """

    chosen: ScheduleChosen | None = None
    past: tuple[Past, ...] = ()
    held: tuple[CheckupHeld, ...] = ()
    missed: tuple[CheckupMissed, ...] = ()
    meetings: tuple[LinkageMeetingHeld, ...] = ()
    attempts: tuple[ContactAttempted, ...] = ()
    in_window: int = 0

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


def checkup(
    state: CheckupState,
    *,
    on: date,
    days_used: int | None,
    symptoms: frozenset[str],
    says_need: bool,
) -> CheckupHeld:
    """Return the record of a check-up held today: need decided, next day set.

    Raises
    ------
    RefusedError
        If none may be held on this day.
    CheckupError
        If a symptom's code is unknown, or if the days of use cannot be right.
    """
    due = state.due
    decision = may_hold(due, on=on)
    if due is None or state.chosen is None or not decision:
        raise RefusedError.by(decision)
    unknown = sorted(symptoms - set(schedules.symptoms()))
    if unknown:
        raise CheckupError(
            gettext_noop("There is no symptom {unknown}. Choose from {known}."),
            unknown=", ".join(unknown),
            known=", ".join(schedules.symptoms()),
        )
    days = max(1, state.since(on=on) or 1)
    found = need_of(days_used=days_used, days=days, symptoms=len(symptoms), says_need=says_need)
    schedule = schedules.schedule(state.chosen.schedule)
    past = (*state.past, Past(due.month, on, found.need))
    following = next_due(schedule, state.chosen.starts_on, past)
    return CheckupHeld(
        month=due.month,
        held_on=on,
        days_used=days_used,
        days=days,
        symptoms=symptoms,
        says_need=says_need,
        need=found.need,
        next_on=following.on if following else None,
    )


def summary_changes(state: CheckupState) -> dict[str, object]:
    """Return what the summary is told: codes, counts and weeks, for `SummaryKept.merged`."""
    due, need = state.due, state.need
    asked = state.meetings[-1] if state.meetings else None
    # An agreement belongs to the check-up before it; a newer check-up asks anew.
    fresh = asked is not None and (not state.held or asked.held_on >= state.held[-1].held_on)
    return {
        "in_need": None if need is Need.NOT_KNOWN else need is Need.IN_NEED,
        "agreed": asked.agreed is Agreed.YES if asked is not None and fresh else None,
        "next_window": IsoWeek.of(due.opens) if due else None,
        "next_due": IsoWeek.of(due.on) if due else None,
        "held": len(state.held),
        "in_window": state.in_window,
        "missed": len(state.missed),
        "attempts": len(state.attempts),
        "last_seen": IsoWeek.of(state.held[-1].held_on) if state.held else None,
    }


def apply(state: CheckupState, entry: Opened) -> CheckupState:
    """Return the state after one entry; entries of other rooms change nothing."""
    match entry.record:
        case ScheduleChosen() as chosen:
            return _chosen(state, chosen)
        case CheckupHeld() as held:
            return _held(state, held)
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


def _held(state: CheckupState, held: CheckupHeld) -> CheckupState:
    past = Past(held.month, held.held_on, held.need)
    return replace(
        state,
        past=(*state.past, past),
        held=(*state.held, held),
        attempts=(),
        in_window=state.in_window + _on_time(state, held),
    )


def _on_time(state: CheckupState, held: CheckupHeld) -> bool:
    # Judged by the schedule of that day: a later one must not rewrite how tracking went.
    if state.chosen is None:
        return False
    due_on = add_months(state.chosen.starts_on, held.month)
    window = schedules.schedule(state.chosen.schedule).window
    return abs((held.held_on - due_on).days) <= window
