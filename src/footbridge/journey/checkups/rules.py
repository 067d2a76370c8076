"""When the next check-up is due, whether somebody is in need, and how tracking goes.

Sources and the readings chosen: docs/methods/checkup-schedules.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from footbridge.journey.checkups.months import add_months, months_passed
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import Decision, HouseError, gettext_noop

LINKED_WITHIN = 14
"""Days within which somebody in need should come to a first visit."""


class CheckupError(HouseError):
    """A schedule, a check-up or an answer that cannot be right."""


class Need(StrEnum):
    """What the need rule found at a check-up."""

    IN_NEED = "in-need"
    NOT_IN_NEED = "not-in-need"
    NOT_KNOWN = "not-known"


class NeedReason(StrEnum):
    """The parts of the need rule; any one of the first three is enough."""

    WEEKLY_USE = "weekly-use"
    SYMPTOM = "symptom"
    SAYS_SO = "says-so"
    NOT_TOLD = "not-told"


class Status(StrEnum):
    """Where the next check-up stands on a day."""

    NOT_YET = "not-yet"
    DUE = "due"
    OVERDUE = "overdue"
    MISSED = "missed"
    ENDED = "ended"


class Means(StrEnum):
    """How contact was attempted: codes only, and only ways that the person agreed to."""

    AGREED_PLACE = "agreed-place"
    AGREED_MESSAGE = "agreed-message"
    DROP_IN = "drop-in"
    AT_A_SERVICE = "at-a-service"
    OTHER_AGREED = "other-agreed"


class LinkageStep(StrEnum):
    """What a linkage meeting did."""

    FEEDBACK = "feedback"
    AMBIVALENCE = "ambivalence"
    BARRIERS = "barriers"
    BOOKING = "booking"
    ACCOMPANIMENT = "accompaniment"
    REFUSAL_CONVERSION = "refusal-conversion"


class Agreed(StrEnum):
    """What the person said at the end of a linkage meeting."""

    YES = "yes"
    NOT_YET = "not-yet"
    NO = "no"


class Conversion(StrEnum):
    """What may be tried, with leave, before a no is taken as an answer."""

    ASKED_LEAVE = "asked-leave"
    HEARD_REASON = "heard-reason"
    OWN_WORDS = "own-words"
    SMALLER_STEP = "smaller-step"
    OTHER_SERVICE = "other-service"
    BARRIER_REMOVED = "barrier-removed"
    LATER_DAY = "later-day"
    LEFT_IT = "left-it"


class Urine(StrEnum):
    """The result of a urine test."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    NOT_VALID = "not-valid"
    DECLINED = "declined"


class EndReason(StrEnum):
    """Why check-ups came to an end before their schedule did."""

    WISH = "wish"
    MOVED_AWAY = "moved-away"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When check-ups fall due, in calendar months from the start.

    Parameters
    ----------
    opening : tuple of int
        Due months that stand whatever happens.
    every : int
        Months between later check-ups; with `adaptive`, between those in need.
    adaptive : bool
        Whether each check-up without need, in a row, adds a month to the next interval.
    until : int
        The last month in which a check-up may fall due.
    window : int
        Days before and after the due day in which it counts as on time.
    """

    id: str
    words: Mapping[Language, str]
    opening: tuple[int, ...]
    every: int
    adaptive: bool
    until: int
    window: int
    source: str


@dataclass(frozen=True, slots=True)
class Past:
    """One check-up that was held or missed.

    Parameters
    ----------
    month : int
        The due month it answers.
    on : date
        The day it was held, or found to be missed.
    need : Need
        NOT_KNOWN where it was missed.
    """

    month: int
    on: date
    need: Need


@dataclass(frozen=True, slots=True)
class Due:
    """The next check-up: its month from the start, its day and its window."""

    month: int
    on: date
    opens: date
    closes: date

    def status(self, *, on: date) -> Status:
        """Return where this check-up stands on a day; both ends of the window are in it."""
        if on < self.opens:
            return Status.NOT_YET
        if on <= self.on:
            return Status.DUE
        return Status.OVERDUE if on <= self.closes else Status.MISSED

    def in_window(self, *, on: date) -> bool:
        """Return whether a check-up held on a day is on time."""
        return self.opens <= on <= self.closes


@dataclass(frozen=True, slots=True)
class NeedFound:
    """What the need rule says, and through which of its parts."""

    need: Need
    reasons: frozenset[NeedReason]


def need_of(*, days_used: int | None, days: int, symptoms: int, says_need: bool) -> NeedFound:
    """Return whether somebody is in need: any one of three criteria.

    Weekly use or more since the last check-up, a past-month symptom, or the person
    says so. Where days of use were not told and nothing else applies, need is not known.

    Parameters
    ----------
    days_used : int or None
        Days of use since the last check-up; None where the person does not say.
    days : int
        Days since the last check-up.
    symptoms : int
        Number of past-month symptoms.

    Raises
    ------
    CheckupError
        If `days_used` is negative or more than `days`.

    Examples
    --------
    >>> need_of(days_used=12, days=90, symptoms=0, says_need=False).need
    <Need.NOT_IN_NEED: 'not-in-need'>
    >>> need_of(days_used=13, days=90, symptoms=0, says_need=False).need
    <Need.IN_NEED: 'in-need'>
    """
    if days < 1 or (days_used is not None and not 0 <= days_used <= days):
        raise CheckupError(
            gettext_noop(
                "{used} days of use in {days} days cannot be. Enter a number from 0 to {days}, "
                "or leave it empty if it is not known."
            ),
            used=days_used,
            days=days,
        )
    parts = {
        NeedReason.WEEKLY_USE: days_used is not None and days_used > 0 and days_used * 7 >= days,
        NeedReason.SYMPTOM: symptoms > 0,
        NeedReason.SAYS_SO: says_need,
    }
    met = frozenset(reason for reason, true in parts.items() if true)
    if met:
        return NeedFound(Need.IN_NEED, met)
    if days_used is None:
        return NeedFound(Need.NOT_KNOWN, frozenset({NeedReason.NOT_TOLD}))
    return NeedFound(Need.NOT_IN_NEED, met)


def next_month(schedule: Schedule, start: date, past: Sequence[Past]) -> int | None:
    """Return the month in which the next check-up is due; None after the last one.

    A check-up held late never leaves the next one due in the past: the clock goes on
    from the month it was held in.
    """
    done = max((max(p.month, months_passed(start, p.on)) for p in past), default=0)
    opening = [month for month in schedule.opening if month > done]
    if opening:
        return opening[0]
    if schedule.adaptive:
        month = done + max(schedule.every, _without_need(past))
    else:
        last = schedule.opening[-1] if schedule.opening else 0
        month = last + ((done - last) // schedule.every + 1) * schedule.every
    return month if month <= schedule.until else None


def _without_need(past: Sequence[Past]) -> int:
    """Count the check-ups without need in a row, from the last one back."""
    count = 0
    for checkup in reversed(past):
        if checkup.need is not Need.NOT_IN_NEED:  # a missed one tells nothing: stay close
            break
        count += 1
    return count


def next_due(schedule: Schedule, start: date, past: Sequence[Past]) -> Due | None:
    """Return the next check-up; None once the schedule has ended.

    Parameters
    ----------
    start : date
        The day from which months are counted: enrolment.
    past : sequence of Past
        In the order in which they were held or missed.
    """
    month = next_month(schedule, start, past)
    if month is None:
        return None
    day, margin = add_months(start, month), timedelta(days=schedule.window)
    return Due(month, day, day - margin, day + margin)


def may_hold(due: Due | None, *, on: date) -> Decision:
    """Decide whether a check-up may be held on a day: early is too soon, late is welcome."""
    if due is None:
        return Decision(
            False,
            gettext_noop(
                "The schedule has ended, so no check-up is due. "
                "Agree on a new schedule with the person first."
            ),
        )
    if on < due.opens:
        return Decision(
            False,
            gettext_noop(
                "The next check-up cannot be held before {opens}. "
                "Note a visit or a contact instead, or wait for that day."
            ),
            {"opens": due.opens},
        )
    if on > due.closes:
        return Decision(
            True,
            gettext_noop("The check-up is after its window, which closed on {closes}."),
            {"closes": due.closes},
        )
    return Decision(True, gettext_noop("The check-up is in its window."))


def may_miss(due: Due | None, *, on: date) -> Decision:
    """Decide whether a check-up may be noted as missed: only once its window has closed."""
    if due is None:
        return Decision(
            False,
            gettext_noop("No check-up is due, so none was missed. Agree on a schedule first."),
        )
    if on <= due.closes:
        return Decision(
            False,
            gettext_noop(
                "The window is open until {closes}, so nothing is missed yet. "
                "Go on trying in the ways that were agreed."
            ),
            {"closes": due.closes},
        )
    return Decision(True, gettext_noop("The window closed on {closes}."), {"closes": due.closes})


def may_end_with(agreed: Agreed, tried: frozenset[Conversion]) -> Decision:
    """Decide whether a linkage meeting may end with an answer.

    A no is always an answer. Before it is written down, something was tried with the
    person's leave, or they did not want to go on and that was respected.
    """
    if agreed is Agreed.NO and not tried:
        return Decision(
            False,
            gettext_noop(
                "A no is an answer once something was tried with their leave, or they did not "
                "want to go on. Tick which of these it was."
            ),
        )
    return Decision(True, gettext_noop("The answer can be kept."))


def may_give_day(day: date, *, on: date) -> Decision:
    """Decide whether a day may be given for the next meeting: not one that has passed."""
    if day < on:
        return Decision(
            False, gettext_noop("That day has passed. Give today or a day that is still to come.")
        )
    return Decision(True, gettext_noop("The day can be given."))
