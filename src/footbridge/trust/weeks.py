"""ISO weeks: the finest time that a shell or a metadata column may tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_PATTERN = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """One ISO 8601 week, Monday to Sunday.

    Examples
    --------
    >>> IsoWeek.of(date(2026, 11, 21))
    IsoWeek(year=2026, week=47)
    >>> str(IsoWeek.parse("2026-W47") + 6)
    '2026-W53'
    """

    year: int
    week: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.week, 1)

    @classmethod
    def of(cls, day: date) -> IsoWeek:
        """Return the week that holds a day."""
        year, week, _ = day.isocalendar()
        return cls(year, week)

    @classmethod
    @lru_cache(maxsize=2048)  # a page that counts reads the same few hundred weeks again and again
    def parse(cls, text: str) -> IsoWeek:
        """Return the week written as ``2026-W47``; raise ValueError for anything else."""
        found = _PATTERN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not an ISO week. Write it as 2026-W47.")
        return cls(int(found[1]), int(found[2]))

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return date.fromisocalendar(self.year, self.week, 1)

    def __add__(self, weeks: int) -> IsoWeek:
        return IsoWeek.of(self.monday + timedelta(weeks=weeks))

    def __sub__(self, other: IsoWeek) -> int:
        return (self.monday - other.monday).days // 7

    def __str__(self) -> str:
        return f"{self.year}-W{self.week:02d}"
