"""What a calendar outside the house may say: how many visits open in a week, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from footbridge.trust.weeks import IsoWeek


class Word(StrEnum):
    """What the calendar calls everything in it; each could stand in anybody's calendar."""

    VISITS = "visits"
    MEETINGS = "meetings"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Style:
    """How one colleague wants their calendar to speak.

    Parameters
    ----------
    counted : bool
        Whether it says how many; without it only that there is something in a week.
    remind : bool
        Whether it asks the phone to ring on the Monday of the week.
    language : str
        Language code of its words: a phone that asks says nothing about its reader.
    """

    word: Word = Word.VISITS
    counted: bool = True
    remind: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Due:
    """How many people's windows open in a week, or have opened and still wait."""

    week: IsoWeek
    visits: int


def due_weeks(windows: Iterable[str], *, on: date, ahead: int) -> tuple[Due, ...]:
    """Return how many visits each week holds, from this week on, empty weeks left out.

    Parameters
    ----------
    windows : iterable of str
        The ISO week in which each person's next window opens; empty where none is planned.
    on : date
        The day on which the calendar is read.
    ahead : int
        How many weeks are told, this one included.

    Notes
    -----
    A window that opened earlier still waits, so it counts to this week. Nothing is told of
    weeks that are over: a calendar would keep them.

    Examples
    --------
    >>> found = due_weeks(["2026-W40", "2026-W47", "2026-W49", ""], on=date(2026, 11, 21), ahead=8)
    >>> [(str(one.week), one.visits) for one in found]
    [('2026-W47', 2), ('2026-W49', 1)]
    """
    this = IsoWeek.of(on)
    weeks = (max(IsoWeek.parse(text), this) for text in windows if text)
    counted = Counter(week for week in weeks if week - this < ahead)
    return tuple(Due(week, counted[week]) for week in sorted(counted))
