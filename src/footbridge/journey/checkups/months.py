"""Calendar months from enrolment, with the end of a short month standing for later days."""

from __future__ import annotations

import calendar
from datetime import date


def add_months(start: date, months: int) -> date:
    """Return the day that many calendar months after `start`.

    Always counted from `start`, never from the day before in a series: after a short
    month the day of the month comes back.

    Examples
    --------
    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), 2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def months_passed(start: date, on: date) -> int:
    """Return the whole calendar months from `start` to `on`: the most that do not go past it.

    Examples
    --------
    >>> months_passed(date(2026, 1, 31), date(2026, 2, 28))
    1
    """
    months = (on.year - start.year) * 12 + on.month - start.month
    return months if add_months(start, months) <= on else months - 1
