"""What is pressing on Today: one reason a person, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from footbridge.journey.checkups.courses import has_ended
from footbridge.journey.checkups.tracking import ALERT_ABOVE
from footbridge.journey.outcomes.events import died, is_open
from footbridge.journey.people.records import SummaryKept
from footbridge.trust.weeks import IsoWeek

SOON_WEEKS = 4
MANY_ATTEMPTS = 22


class Pressing(IntEnum):
    """Why somebody stands on Today; smaller is more pressing."""

    EVENT = 0
    RECOGNISED = 1
    IN_NEED = 2
    AFTER_STAY = 3
    OVERDUE = 4
    DUE = 5
    CONSENT_ENDS = 6
    NO_CHECKUP = 7
    LATER = 8
    REMEMBERED = 9


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line on Today."""

    pressing: Pressing
    next_due: IsoWeek | None
    attempts: int
    open_referrals: int
    weeks_late: int
    next_visit: IsoWeek | None = None
    handover: bool = False

    @property
    def too_many(self) -> bool:
        """Whether more was tried than reached nine in ten elsewhere: time to talk it over."""
        return self.attempts > ALERT_ABOVE


_OVER = frozenset({"ended", "cancelled", "rerouted"})


def line(summary: SummaryKept, *, state: str, on: date) -> Line:
    """Return a person's line: why they stand where they stand.

    Examples
    --------
    >>> line(SummaryKept(in_need=True), state="enrolled", on=date(2026, 11, 21)).pressing.name
    'IN_NEED'
    """
    week = IsoWeek.of(on)
    late = week - summary.next_due if summary.next_due is not None else 0
    return Line(
        pressing=_pressing(summary, state=state, week=week),
        next_due=summary.next_due,
        attempts=summary.attempts,
        open_referrals=sum(count for name, count in summary.referrals.items() if name not in _OVER),
        weeks_late=max(late, 0),
        next_visit=summary.next_visit,
        handover=bool(summary.courses_of("handover")),
    )


def after_stay(line: Line) -> Line:
    """Return a line on which something of a discharge bundle is due, or late.

    Examples
    --------
    >>> calm = line(SummaryKept(), state="enrolled", on=date(2026, 11, 21))
    >>> after_stay(calm).pressing.name
    'AFTER_STAY'
    """
    if line.pressing is Pressing.REMEMBERED:
        return line  # nothing falls due any more for somebody who has died
    return replace(line, pressing=min(line.pressing, Pressing.AFTER_STAY))


def _pressing(summary: SummaryKept, *, state: str, week: IsoWeek) -> Pressing:
    ends = summary.consents_end
    opens = summary.next_window
    if any(map(is_open, summary.courses)):
        return Pressing.EVENT
    if died(summary.courses):
        return Pressing.REMEMBERED
    if state == "recognised":
        return Pressing.RECOGNISED
    if summary.in_need:
        return Pressing.IN_NEED
    if summary.next_due is not None and week - summary.next_due > 2:
        return Pressing.OVERDUE
    if opens is not None and opens <= week:
        return Pressing.DUE
    if ends is not None and ends - week <= SOON_WEEKS:
        return Pressing.CONSENT_ENDS
    unplanned = summary.next_due is None and not has_ended(summary.courses)
    return Pressing.NO_CHECKUP if unplanned else Pressing.LATER
