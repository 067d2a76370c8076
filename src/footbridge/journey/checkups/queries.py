"""Reading check-ups: where a person stands, what the last one found, how tracking goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from footbridge.journey.checkups.records import CheckupHeld
from footbridge.journey.checkups.rules import (
    ALERT_ABOVE,
    BENCHMARKS,
    Need,
    NeedReason,
    guide,
    need_of,
)
from footbridge.journey.checkups.state import CheckupState, apply
from footbridge.journey.consents.records import ConsentGiven
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people.queries import OpenRecord
from footbridge.trust.decisions import Decision
from footbridge.trust.vault.folding import current, fold


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
    if state.need is not Need.IN_NEED:
        return False
    return not any(
        meeting.held_on >= state.held[-1].held_on and meeting.month == state.held[-1].month
        for meeting in state.meetings
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
