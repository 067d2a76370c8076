"""Quarters of a year, cut at ISO weeks: the only periods that reports and counts know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from footbridge.trust.weeks import IsoWeek

_PATTERN = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter; a week belongs to the quarter that holds its Thursday.

    Examples
    --------
    >>> Quarter.of(date(2026, 11, 21)), str(Quarter(2026, 3).before())
    (Quarter(year=2026, number=4), '2026-Q2')
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter whose weeks hold a day."""
        thursday = IsoWeek.of(day).monday + timedelta(days=3)
        return cls(thursday.year, (thursday.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Return the quarter written as ``2026-Q3``; raise ValueError for anything else."""
        found = _PATTERN.fullmatch(text)
        if found is None:
            raise ValueError("This is not a quarter. Write it as 2026-Q3.")
        return cls(int(found[1]), int(found[2]))

    def holds(self, week: IsoWeek) -> bool:
        """Whether a week is counted to this quarter."""
        return Quarter.of(week.monday) == self

    def before(self, steps: int = 1) -> Quarter:
        """Return the quarter so many steps earlier."""
        year, number = divmod(self.year * 4 + self.number - 1 - steps, 4)
        return Quarter(year, number + 1)

    @property
    def last_day(self) -> date:
        """The Sunday of its last week."""
        month = 3 * self.number
        after = date(self.year + month // 12, month % 12 + 1, 1)
        # The last Thursday before the next quarter's first day, and the Sunday after it.
        thursday = after - timedelta(days=(after.weekday() - 4) % 7 + 1)
        return thursday + timedelta(days=3)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def closed(on: date, *, last: int = 4) -> list[Quarter]:
    """Return the last quarters whose every week is over, newest first."""
    quarter = Quarter.of(on)
    found: list[Quarter] = []
    while len(found) < last:
        quarter = quarter.before()
        found.append(quarter)
    return found
