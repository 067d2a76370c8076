"""When a urine test is due under a plan that a site chose; none is due unless it did.

How often the standard arm was tested differs between every report, so the rhythm is
data. A test is always the person's to decline, and no result changes what is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from footbridge.journey.checkups.months import add_months, months_passed
from footbridge.journey.checkups.rules import CheckupError
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop


@dataclass(frozen=True, slots=True)
class Phase:
    """Up to and with month `until`, one test every `every` months."""

    until: int
    every: int


@dataclass(frozen=True, slots=True)
class UrinePlan:
    """A rhythm of tests in phases; without a phase, no test is ever due."""

    id: str
    words: Mapping[Language, str]
    phases: tuple[Phase, ...]
    source: str

    def months(self) -> tuple[int, ...]:
        """Return every month in which a test falls due.

        Examples
        --------
        >>> UrinePlan("x", {}, (Phase(3, 1), Phase(9, 3)), "").months()
        (1, 2, 3, 6, 9)
        """
        found: list[int] = []
        begin = 0
        for phase in self.phases:
            found += range(begin + phase.every, phase.until + 1, phase.every)
            begin = phase.until
        return tuple(found)


def check_plan(plan: UrinePlan) -> None:
    """Refuse a plan whose phases do not follow on each other.

    Raises
    ------
    CheckupError
        If phases do not end later and later, or an interval is under a month.
    """
    ends = [phase.until for phase in plan.phases]
    rising = all(a < b for a, b in zip((0, *ends), ends, strict=False))
    if not rising or any(phase.every < 1 for phase in plan.phases):
        raise CheckupError(
            gettext_noop(
                "The urine plan {id} cannot work: each phase must end later than the one before, "
                "and its interval be 1 month or more. Correct its file."
            ),
            id=plan.id,
        )


def next_test(plan: UrinePlan, start: date, tested: Iterable[date], *, on: date) -> date | None:
    """Return the day on which the next test falls due; None where none is planned any more.

    A test answers the last month that has fallen due, so that tests which were left out do
    not pile up: only the newest of them is asked for.

    Parameters
    ----------
    tested : iterable of date
        The days of the tests so far, those that were declined too.
    """
    passed = months_passed(start, on)
    answered = max((months_passed(start, day) for day in tested), default=0)
    open_months = [month for month in plan.months() if month > answered]
    fallen = [month for month in open_months if month <= passed]
    chosen = fallen[-1:] or open_months[:1]
    return add_months(start, chosen[0]) if chosen else None
