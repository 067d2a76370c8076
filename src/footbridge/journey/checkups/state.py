"""Where a person stands in their check-ups, folded from their journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from footbridge.journey.checkups import schedules
from footbridge.journey.checkups.months import add_months
from footbridge.journey.checkups.records import (
    AppointmentGiven,
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
    ScheduleEnded,
    TrackingStepDone,
    UrineTested,
)
from footbridge.journey.checkups.rules import (
    Agreed,
    CheckupError,
    Due,
    EndReason,
    Need,
    Past,
    Schedule,
    Status,
    may_hold,
    need_of,
    next_due,
)
from footbridge.trust.decisions import Decision, RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened
from footbridge.trust.weeks import IsoWeek


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells at a check-up.

    Parameters
    ----------
    days_used : int or None
        Days of use since the last check-up; None where they do not say.
    symptoms : frozenset of str
        Codes of past-month symptoms.
    elsewhere : bool or None
        Their answer about another site, after two tosses of their own; None if not asked.
    """

    days_used: int | None
    symptoms: frozenset[str]
    says_need: bool
    elsewhere: bool | None = None


@dataclass(frozen=True, slots=True)
class CheckupState:
    """The schedule, what was held and missed under it, and every attempt and meeting.

    Parameters
    ----------
    past : tuple of Past
        Held and missed check-ups of the present schedule's start, by day.
    held : tuple of CheckupHeld
        By day; `timely` says of each whether it was in its window.
    tried : tuple of ContactAttempted
        All attempts, by day.
    appointment : date or None
        The day that was given last for meeting; None once the meeting was held or missed.
    ended : ScheduleEnded or None
        Where check-ups came to an end before their schedule did.
    """

    chosen: ScheduleChosen | None = None
    past: tuple[Past, ...] = ()
    held: tuple[CheckupHeld, ...] = ()
    timely: tuple[bool, ...] = ()
    missed: tuple[CheckupMissed, ...] = ()
    meetings: tuple[LinkageMeetingHeld, ...] = ()
    tried: tuple[ContactAttempted, ...] = ()
    urine: tuple[UrineTested, ...] = ()
    ticked: tuple[TrackingStepDone, ...] = ()
    appointment: date | None = None
    ended: ScheduleEnded | None = None

    @property
    def schedule(self) -> Schedule | None:
        """The schedule in use; None where none is, or where its site dropped it since."""
        if self.chosen is None or self.ended is not None:
            return None
        return schedules.schedules().get(self.chosen.schedule)

    @property
    def due(self) -> Due | None:
        """The next check-up; None before a schedule is chosen and after it has ended."""
        schedule = self.schedule
        if self.chosen is None or schedule is None:
            return None
        return next_due(schedule, self.chosen.starts_on, self.past)

    @property
    def in_window(self) -> int:
        """How many of the check-ups held were in their window."""
        return sum(self.timely)

    @property
    def last_on(self) -> date | None:
        """The day on which the last check-up was held or found to be missed."""
        days = [one.held_on for one in self.held] + [one.found_on for one in self.missed]
        return max(days, default=None)

    @property
    def attempts(self) -> tuple[ContactAttempted, ...]:
        """The attempts since the last check-up was held or found to be missed."""
        last = self.last_on
        return tuple(one for one in self.tried if last is None or one.attempted_on > last)

    def status(self, *, on: date) -> Status:
        """Return where the next check-up stands on a day."""
        due = self.due
        return Status.ENDED if due is None else due.status(on=on)

    def may_attempt(self, day: date) -> Decision:
        """Decide whether reaching out on a day can be noted: not after a death was noted."""
        if (
            self.ended is not None
            and self.ended.why is EndReason.DIED
            and day > self.ended.ended_on
        ):
            return Decision(
                False,
                gettext_noop(
                    "This person has died, so nobody reaches out to them. "
                    "If that was noted by mistake, take the adverse event back first."
                ),
            )
        return Decision(True, gettext_noop("Nothing stands against reaching out."))

    @property
    def need(self) -> Need:
        """What the last check-up that was held decided; NOT_KNOWN before the first."""
        return self.held[-1].need if self.held else Need.NOT_KNOWN

    def since(self, *, on: date) -> int | None:
        """Return the days since the last check-up held, or since the start."""
        before = [one.held_on for one in self.held if one.held_on <= on]
        if before:
            return (on - max(before)).days
        return None if self.chosen is None else (on - self.chosen.starts_on).days

    @property
    def attempt_counts(self) -> tuple[int, int]:
        """The attempts since the last check-up, and how many of them reached the person."""
        return len(self.attempts), sum(attempt.reached for attempt in self.attempts)


def checkup(state: CheckupState, told: Told, *, on: date) -> CheckupHeld:
    """Return the record of a check-up held today: need decided, next day set.

    Raises
    ------
    RefusedError
        If none may be held on this day.
    CheckupError
        If a symptom's code is unknown, or if the days of use cannot be right.
    """
    due, schedule = state.due, state.schedule
    decision = may_hold(due, on=on)
    if due is None or schedule is None or state.chosen is None or not decision:
        raise RefusedError.by(decision)
    check_symptoms(told.symptoms)
    days = max(1, state.since(on=on) or 1)
    need = _need(told, days=days)
    past = (*state.past, Past(due.month, on, need))
    following = next_due(schedule, state.chosen.starts_on, past)
    return CheckupHeld(
        month=due.month,
        held_on=on,
        days_used=told.days_used,
        days=days,
        symptoms=told.symptoms,
        says_need=told.says_need,
        need=need,
        next_on=following.on if following else None,
        elsewhere=told.elsewhere,
    )


def _need(told: Told, *, days: int) -> Need:
    return need_of(
        days_used=told.days_used,
        days=days,
        symptoms=len(told.symptoms),
        says_need=told.says_need,
    ).need


def amended(held: CheckupHeld, told: Told) -> CheckupHeld:
    """Return a check-up with what was told corrected, and need decided again.

    Raises
    ------
    CheckupError
        If a symptom's code is unknown, or if the days of use cannot be right.
    """
    check_symptoms(told.symptoms)
    return replace(
        held,
        days_used=told.days_used,
        symptoms=told.symptoms,
        says_need=told.says_need,
        need=_need(told, days=held.days),
        elsewhere=told.elsewhere,
    )


def check_symptoms(symptoms: frozenset[str]) -> None:
    """Refuse a symptom that is not on the list; raise CheckupError."""
    unknown = sorted(symptoms - set(schedules.symptoms()))
    if unknown:
        raise CheckupError(
            gettext_noop("There is no symptom {unknown}. Choose from {known}."),
            unknown=", ".join(unknown),
            known=", ".join(schedules.symptoms()),
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
        "next_visit": IsoWeek.of(state.appointment) if state.appointment else None,
        "last_seen": IsoWeek.of(state.held[-1].held_on) if state.held else None,
    }


def apply(state: CheckupState, entry: Opened) -> CheckupState:
    """Return the state after one entry; entries of other rooms change nothing."""
    match entry.record:
        case ScheduleChosen() as chosen:
            return _chosen(state, chosen)
        case ScheduleEnded() as ended:
            return replace(state, ended=ended, appointment=None)
        case CheckupHeld() as held:
            return _held(state, held)
        case CheckupMissed() as missed:
            past = Past(missed.month, missed.found_on, Need.NOT_KNOWN)
            return replace(
                state,
                past=_by_day(state.past, past),
                missed=tuple(sorted((*state.missed, missed), key=lambda one: one.found_on)),
                appointment=None,
            )
        case LinkageMeetingHeld() as meeting:
            meetings = sorted((*state.meetings, meeting), key=lambda one: one.held_on)
            return replace(state, meetings=tuple(meetings))
    return _between(state, entry)


def _between(state: CheckupState, entry: Opened) -> CheckupState:
    """Return the state after an entry about what happens between check-ups."""
    match entry.record:
        case ContactAttempted() as attempt:
            tried = sorted((*state.tried, attempt), key=lambda one: one.attempted_on)
            given = attempt.next_on or state.appointment
            return replace(state, tried=tuple(tried), appointment=given)
        case AppointmentGiven() as given_now:
            return replace(state, appointment=given_now.next_on)
        case UrineTested() as test:
            tests = sorted((*state.urine, test), key=lambda one: one.tested_on)
            return replace(state, urine=tuple(tests))
        case TrackingStepDone() as step:
            return replace(state, ticked=(*state.ticked, step))
    return state


def _chosen(state: CheckupState, chosen: ScheduleChosen) -> CheckupState:
    same_clock = state.chosen is not None and state.chosen.starts_on == chosen.starts_on
    return replace(state, chosen=chosen, ended=None, past=state.past if same_clock else ())


def _held(state: CheckupState, held: CheckupHeld) -> CheckupState:
    pairs = [*zip(state.held, state.timely, strict=True), (held, _on_time(state, held))]
    pairs.sort(key=lambda pair: pair[0].held_on)
    return replace(
        state,
        past=_by_day(state.past, Past(held.month, held.held_on, held.need)),
        held=tuple(one for one, _ in pairs),
        timely=tuple(timely for _, timely in pairs),
        appointment=held.next_on,
    )


def _by_day(past: tuple[Past, ...], fresh: Past) -> tuple[Past, ...]:
    # One that is written down later, or corrected, still stands where its day stands.
    return tuple(sorted((*past, fresh), key=lambda one: one.on))


def _on_time(state: CheckupState, held: CheckupHeld) -> bool:
    # Judged by the schedule of that day: a later one must not rewrite how tracking went.
    schedule = state.schedule
    if state.chosen is None or schedule is None:
        return False
    due_on = add_months(state.chosen.starts_on, held.month)
    return abs((held.held_on - due_on).days) <= schedule.window
