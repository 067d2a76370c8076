"""Calendar quarters, told from ISO weeks: the finest time that a summary holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from footbridge.trust.weeks import IsoWeek

_WRITTEN = re.compile(r"(\d{4})-Q([1-4])")
_THURSDAY = 3  # as ISO 8601 does for years: a week belongs to where most of its days lie


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a calendar year.

    Examples
    --------
    >>> Quarter.holding(IsoWeek.parse("2026-W40"))
    Quarter(year=2026, number=4)
    >>> str(Quarter(2026, 1).before())
    '2025-Q4'
    """

    year: int
    number: int

    @classmethod
    def holding(cls, week: IsoWeek) -> Quarter:
        """Return the quarter in which most days of a week lie."""
        return cls.on(week.monday + timedelta(days=_THURSDAY))

    @classmethod
    def on(cls, day: date) -> Quarter:
        """Return the quarter of a day."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Return the quarter written as ``2026-Q4``; raise ValueError for anything else."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a quarter. Write it as 2026-Q4.")
        return cls(int(found[1]), int(found[2]))

    def before(self, steps: int = 1) -> Quarter:
        """Return the quarter so many steps earlier."""
        years, number = divmod(self.year * 4 + self.number - 1 - steps, 4)
        return Quarter(years, number + 1)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    def __contains__(self, week: IsoWeek) -> bool:
        return Quarter.holding(week) == self

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
