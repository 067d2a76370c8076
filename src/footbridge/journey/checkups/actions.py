"""Tracking, assessment, linkage: each act writes its entry and tells the summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from footbridge.journey.checkups import rules, schedules
from footbridge.journey.checkups.queries import state_of
from footbridge.journey.checkups.records import (
    CheckupHeld,
    CheckupMissed,
    ContactAttempted,
    LinkageMeetingHeld,
    ScheduleChosen,
)
from footbridge.journey.checkups.rules import Agreed, CheckupError, LinkageStep, Means
from footbridge.journey.checkups.state import CheckupState, apply, checkup, summary_changes
from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people.actions import Writing, writing
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.decisions import RefusedError, gettext_noop
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.records import Record


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells at a check-up.

    Parameters
    ----------
    days_used : int or None
        Days of use since the last check-up; None where they do not say.
    symptoms : frozenset of str
        Codes of past-month symptoms.
    """

    days_used: int | None
    symptoms: frozenset[str]
    says_need: bool


def choose_schedule(record: OpenRecord, schedule: str, *, starts_on: date, on: date) -> None:
    """Agree on a schedule; months are counted from `starts_on`.

    Raises
    ------
    CheckupError
        If there is no such schedule, or it would start after today.
    """
    schedules.schedule(schedule)
    _not_later(starts_on, on=on)
    _write("schedule.chosen", record, ScheduleChosen(schedule, starts_on), on=on)


def hold(record: OpenRecord, told: Told, *, on: date) -> CheckupHeld:
    """Hold today's check-up: need is decided, and the next day set.

    Raises
    ------
    RefusedError
        If none may be held today.
    CheckupError
        If what was told cannot be right.
    """
    held = checkup(
        state_of(record),
        on=on,
        days_used=told.days_used,
        symptoms=told.symptoms,
        says_need=told.says_need,
    )
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
    record: OpenRecord, means: Means, *, reached: bool, attempted_on: date, on: date
) -> None:
    """Note an attempt to reach somebody, in a way that they agreed to.

    Raises
    ------
    RefusedError
        If consent to contact did not stand on that day.
    CheckupError
        If the day has not come yet.
    """
    _not_later(attempted_on, on=on)
    decision = consents_of(record).may(Purpose.CONTACT, on=attempted_on)
    if not decision:
        raise RefusedError.by(decision)
    attempt = ContactAttempted(attempted_on, means, reached)
    _write("contact.attempted", record, attempt, on=on)


def hold_meeting(
    record: OpenRecord, *, steps: frozenset[LinkageStep], agreed: Agreed, on: date
) -> None:
    """Note a talk about going to a service, after a check-up.

    Raises
    ------
    CheckupError
        If no check-up was held yet, or the talk had no step.
    """
    state = state_of(record)
    if not state.held:
        raise CheckupError(
            gettext_noop(
                "No check-up was held yet, and a linkage meeting follows one. Hold a check-up."
            )
        )
    if not steps:
        raise CheckupError(
            gettext_noop("Nothing is ticked, so nothing happened. Tick what the talk did.")
        )
    meeting = LinkageMeetingHeld(state.held[-1].month, on, steps, agreed)
    _write("linkage.held", record, meeting, on=on)


def _write(event: str, record: OpenRecord, entry: Record, *, on: date) -> None:
    after = apply(state_of(record), Opened(uuid4(), 0, entry))
    with writing(event, record, on=on) as doing:
        doing.care(entry)
        _summarise(doing, after)


def _summarise(doing: Writing, state: CheckupState) -> None:
    changes = summary_changes(state)
    if changes["last_seen"] is None:
        del changes["last_seen"]  # the visit at which care was agreed to still stands
    doing.summary(**changes)


def _not_later(day: date, *, on: date) -> None:
    if day > on:
        raise CheckupError(
            gettext_noop("That day has not come yet. Enter today or an earlier day.")
        )
