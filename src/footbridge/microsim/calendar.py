"""Months of the model: 0 is January 1984, 623 is December 2035."""

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR = 1984
LAST_YEAR = 2035
N_YEARS = LAST_YEAR - FIRST_YEAR + 1
N_MONTHS = 12 * N_YEARS
NEVER = 32767  # a month that does not come; fits int16


def month_of(year: int, month: int = 1) -> int:
    """Return the index of a calendar month.

    Parameters
    ----------
    year : int
        Calendar year.
    month : int
        1 to 12.

    Examples
    --------
    >>> month_of(1984), month_of(2008, 6), month_of(2035, 12)
    (0, 293, 623)
    """
    return (year - FIRST_YEAR) * 12 + month - 1


LAW_OF_2008 = month_of(2008, 6)  # Anti-Drug Law in force, 1 June 2008


def end_of(year: float) -> int:
    """Return the month whose end a target's year means.

    A whole year means its December; a fraction means that part of the year has passed.

    Examples
    --------
    >>> end_of(2009) == month_of(2009, 12), end_of(2013.25) == month_of(2013, 3)
    (True, True)
    """
    whole = int(year)
    part = year - whole
    return month_of(whole, 12) if part == 0 else month_of(whole, max(1, round(part * 12)))


def years_axis() -> NDArray[np.float64]:
    """Return the calendar time of each month's start, in years."""
    return FIRST_YEAR + np.arange(N_MONTHS) / 12.0


def between_knots(
    years: tuple[float, ...], values: tuple[float, ...], *, log: bool = False
) -> NDArray[np.float64]:
    """Interpolate knots to months, flat outside, linear or log-linear between.

    Examples
    --------
    >>> path = between_knots((1990, 2000), (1.0, 4.0), log=True)
    >>> round(float(path[month_of(1995)]), 6)
    2.0
    """
    heights = np.log(values) if log else np.asarray(values, dtype=np.float64)
    path = np.interp(years_axis(), years, heights)
    return np.asarray(np.exp(path) if log else path)
