"""Tracking, assessment, linkage: each act writes its entry and tells the summary."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from footbridge.journey.checkups import rules, schedules
from footbridge.journey.checkups.courses import courses, ending
from footbridge.journey.checkups.queries import history, state_of
from footbridge.journey.checkups.records import (
    AppointmentGiven,
    CheckupEntryUndone,
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
    Conversion,
    EndReason,
    LinkageStep,
    Means,
    Urine,
)
from footbridge.journey.checkups.state import (
    CheckupState,
    Told,
    amended,
    apply,
    checkup,
    summary_changes,
)
from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people.actions import Writing, writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened, fold
from footbridge.trust.vault.records import Record


@dataclass(frozen=True, slots=True)
class Talk:
    """What a linkage meeting did, and what the person said: at first, and in the end."""

    steps: frozenset[LinkageStep]
    agreed: Agreed
    first: Agreed | None = None
    tried: frozenset[Conversion] = frozenset()


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to reach somebody, and the day that was given where it reached them."""

    means: Means
    attempted_on: date
    reached: bool
    next_on: date | None = None


def choose_schedule(record: OpenRecord, schedule: str, *, starts_on: date, on: date) -> None:
    """Agree on a schedule; months are counted from `starts_on`.

    Raises
    ------
    CheckupError
        If there is no such schedule, or it would start after today.
    """
    schedules.schedule(schedule)
    not_later(starts_on, on=on)
    _write("schedule.chosen", record, ScheduleChosen(schedule, starts_on), on=on)


def end_schedule(record: OpenRecord, why: EndReason, *, on: date) -> None:
    """End the check-ups before their schedule does; choosing a schedule begins them again.

    Raises
    ------
    CheckupError
        If there is no schedule that could end.
    """
    state = state_of(record)
    if state.chosen is None or state.ended is not None:
        raise CheckupError(
            gettext_noop("No check-ups are planned, so none can end. Agree on a schedule first.")
        )
    _write("schedule.ended", record, ScheduleEnded(on, why), on=on)


def end_quietly(doing: Writing, *, on: date) -> None:
    """End the check-ups of somebody who died, inside the act that notes the death."""
    state = state_of(doing.record)
    if state.chosen is None or state.ended is not None:
        return
    ended = ScheduleEnded(on, EndReason.DIED)
    doing.care(ended)
    tell(doing, _after(doing.record, ended))


def begin_again(doing: Writing, *, on: date) -> None:
    """Let check-ups go on that a death ended, where it was noted by mistake."""
    ended = [
        entry.id
        for entry in history(doing.record)
        if isinstance(entry.record, ScheduleEnded) and entry.record.why is EndReason.DIED
    ]
    for entry in ended:
        undone = CheckupEntryUndone(on)
        doing.care(undone, replaces=entry)
        tell(doing, _after(doing.record, undone, replaces=entry))


def hold(record: OpenRecord, told: Told, *, on: date, held_on: date | None = None) -> CheckupHeld:
    """Hold a check-up, today or on an earlier day: need is decided, and the next day set.

    Raises
    ------
    RefusedError
        If none may be held on that day.
    CheckupError
        If what was told cannot be right, or the day is to come.
    """
    day = held_on or on
    not_later(day, on=on)
    held = checkup(state_of(record), told, on=day)
    _write("checkup.held", record, held, on=on)
    return held


def note_missed(record: OpenRecord, *, on: date) -> None:
    """Note that a window closed without its check-up.

    Raises
    ------
    RefusedError
        If none is due, or its window is still open.
    """
    due = state_of(record).due
    decision = rules.may_miss(due, on=on)
    if due is None or not decision:
        raise RefusedError.by(decision)
    _write("checkup.missed", record, CheckupMissed(due.month, on), on=on)


def note_attempt(
    record: OpenRecord, attempt: Attempt, *, on: date, replaces: UUID | None = None
) -> None:
    """Note an attempt to reach somebody, in a way that they agreed to.

    Raises
    ------
    RefusedError
        If consent to contact did not stand on that day, the day given has passed, or the
        person has died.
    CheckupError
        If the day has not come yet.
    """
    not_later(attempt.attempted_on, on=on)
    decision = state_of(record).may_attempt(attempt.attempted_on)
    if not decision:
        raise RefusedError.by(decision)
    decision = consents_of(record).may(Purpose.CONTACT, on=attempt.attempted_on)
    if not decision:
        raise RefusedError.by(decision)
    given = attempt.next_on if attempt.reached else None
    if given is not None:
        _check_day(given, on=attempt.attempted_on)
    entry = ContactAttempted(attempt.attempted_on, attempt.means, attempt.reached, given)
    _write("contact.attempted", record, entry, on=on, replaces=replaces)


def hold_meeting(record: OpenRecord, talk: Talk, *, on: date, replaces: UUID | None = None) -> None:
    """Note a talk about going to a service, after a check-up.

    Raises
    ------
    CheckupError
        If no check-up was held yet, or the talk had no step.
    RefusedError
        If a no was taken as an answer without anything that was tried.
    """
    state = state_of(record)
    if not state.held:
        raise CheckupError(
            gettext_noop(
                "No check-up was held yet, and a linkage meeting follows one. Hold a check-up."
            )
        )
    if not talk.steps:
        raise CheckupError(
            gettext_noop("Nothing is ticked, so nothing happened. Tick what the talk did.")
        )
    decision = rules.may_end_with(talk.agreed, talk.tried)
    if not decision:
        raise RefusedError.by(decision)
    old = standing(record).get(replaces) if replaces else None
    meeting = LinkageMeetingHeld(
        month=old.month if isinstance(old, LinkageMeetingHeld) else state.held[-1].month,
        held_on=old.held_on if isinstance(old, LinkageMeetingHeld) else on,
        steps=talk.steps,
        agreed=talk.agreed,
        first=talk.first,
        tried=talk.tried,
    )
    _write("linkage.held", record, meeting, on=on, replaces=replaces)


def give_day(record: OpenRecord, next_on: date, *, on: date, replaces: UUID | None = None) -> None:
    """Note the day that was given for the next meeting, at whatever contact.

    Raises
    ------
    RefusedError
        If that day has passed.
    """
    _check_day(next_on, on=on)
    _write("appointment.given", record, AppointmentGiven(on, next_on), on=on, replaces=replaces)


def note_urine(
    record: OpenRecord,
    result: Urine,
    *,
    tested_on: date,
    on: date,
    replaces: UUID | None = None,
) -> None:
    """Note a urine test, or that the person declined it.

    Raises
    ------
    CheckupError
        If the day has not come yet.
    """
    not_later(tested_on, on=on)
    _write("urine.noted", record, UrineTested(tested_on, result), on=on, replaces=replaces)


def tick(record: OpenRecord, step: str, *, on: date) -> None:
    """Tick off a step of the missed-contact sequence that is no attempt.

    Raises
    ------
    CheckupError
        If there is no such step, or no check-up is due to which it belongs.
    """
    due = state_of(record).due
    known = {one.id for one in schedules.protocol() if one.means is None}
    if due is None or step not in known:
        raise CheckupError(
            gettext_noop(
                "There is no such step to tick off, or no check-up is due. Look at the steps again."
            )
        )
    _write("tracking.step", record, TrackingStepDone(step, due.month, on), on=on)


def correct_held(record: OpenRecord, entry: UUID, told: Told, *, on: date) -> CheckupHeld:
    """Correct what was told at a check-up: need is decided again, as of its own day.

    Raises
    ------
    CheckupError
        If there is no such check-up, or what was told cannot be right.
    """
    old = standing(record).get(entry)
    if not isinstance(old, CheckupHeld):
        raise UnknownEntryError
    fresh = amended(old, told)
    after = _after(record, fresh, replaces=entry)
    if after.held[-1] is fresh:
        due = after.due
        fresh = replace(fresh, next_on=due.on if due else None)
    _write("checkup.corrected", record, fresh, on=on, replaces=entry)
    return fresh


def take_back(record: OpenRecord, entry: UUID, *, on: date) -> None:
    """Take an entry of this room back, for a slip: it stays, and does not count any more.

    Raises
    ------
    CheckupError
        If there is no such entry, or it is the schedule, which is chosen anew instead.
    """
    old = standing(record).get(entry)
    if old is None or isinstance(old, ScheduleChosen):
        raise UnknownEntryError
    _write("checkup.corrected", record, CheckupEntryUndone(on), on=on, replaces=entry)


def standing(record: OpenRecord) -> dict[UUID, Record]:
    """Return the entries of this room that still stand, by id."""
    return {entry.id: entry.record for entry in history(record)}


class UnknownEntryError(CheckupError):
    """There is no such entry in this record, or it cannot be mended so."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "This record holds no such entry any more. It may have been corrected already: "
                "look at the list again."
            )
        )


def tell(doing: Writing, state: CheckupState) -> None:
    """Tell the summary where check-ups stand, and how each one went."""
    changes = summary_changes(state)
    if changes["last_seen"] is None:
        del changes["last_seen"]  # the visit at which care was agreed to still stands
    doing.summary(**changes)
    doing.courses("checkup", courses(state))
    doing.courses("schedule", ending(state))


def not_later(day: date, *, on: date) -> None:
    """Refuse a day that has not come yet; raise CheckupError."""
    if day > on:
        raise CheckupError(
            gettext_noop("That day has not come yet. Enter today or an earlier day.")
        )


def _write(
    event: str, record: OpenRecord, entry: Record, *, on: date, replaces: UUID | None = None
) -> None:
    after = _after(record, entry, replaces=replaces)
    with writing(event, record, on=on) as doing:
        doing.care(entry, replaces=replaces)
        tell(doing, after)


def _after(record: OpenRecord, entry: Record, *, replaces: UUID | None = None) -> CheckupState:
    added = Opened(uuid4(), len(record.entries), entry, replaces=replaces)
    return fold((*record.entries, added), apply, CheckupState())


def _check_day(day: date, *, on: date) -> None:
    decision = rules.may_give_day(day, on=on)
    if not decision:
        raise RefusedError.by(decision)
