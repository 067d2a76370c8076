"""What a ward can say of itself: counted from the coded courses of stays, weeks and no days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from footbridge.journey.people.records import Course
from footbridge.journey.stays.after import ENGAGED_DAYS, LINKAGE_DAYS, RETURN_DAYS
from footbridge.journey.stays.codes import Ending
from footbridge.journey.stays.returns import Range, Returns, returns
from footbridge.trust.weeks import IsoWeek

FOLLOW = {
    "follow-2": 2,
    "follow-7": 7,
    "follow-30": 30,
    "initiated-14": LINKAGE_DAYS,
    "engaged-34": LINKAGE_DAYS + ENGAGED_DAYS,
}
"""Codes of follow-up with the days after which it is known whether they were earned."""
MATCHES: Mapping[int, Range] = {
    30: Range(0.88, 1.0),
    90: Range(0.88, 1.0),
    365: Range(0.50, 1.0),
}
"""Published match rates of codes without a name: 88 to 100 in 100 within four months, 50 to 75
after 12 to 18; returns within a year lie between, so the widest is taken."""


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of the stays that ended long enough ago."""

    code: str
    count: int
    base: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The metrics of a ward.

    Parameters
    ----------
    days, peak, peak_day : float or None
        Medians over ended stays, and over stays with a chart.
    prepaid, refunded : int
        Days over ended stays.
    """

    admissions: int
    open: int
    endings: Mapping[Ending, int]
    days: float | None
    peak: float | None
    peak_day: float | None
    prepaid: int
    refunded: int
    follow: tuple[Share, ...]
    returns: Mapping[int, Returns]

    @property
    def ended(self) -> int:
        """Stays that have ended."""
        return sum(self.endings.values())


def figures(
    courses: Iterable[Course], *, week: IsoWeek, matches: Mapping[int, Range] = MATCHES
) -> Figures:
    """Return the metrics of a ward from the courses of its stays, up to a week."""
    every = list(courses)
    ended = [course for course in every if "open" not in course.codes]
    endings = Counter(
        ending for course in ended for ending in Ending if ending.value in course.codes
    )
    return Figures(
        admissions=len(every),
        open=len(every) - len(ended),
        endings={ending: endings[ending] for ending in Ending},
        days=_median(ended, "days"),
        peak=_median(every, "cows-peak"),
        peak_day=_median(every, "cows-day"),
        prepaid=sum(course.counts.get("prepaid", 0) for course in ended),
        refunded=sum(course.counts.get("refunded", 0) for course in ended),
        follow=tuple(
            Share(code, *_counted(ended, code, days=days, week=week))
            for code, days in FOLLOW.items()
        ),
        returns={
            days: returns(
                *_counted(ended, f"returned-{days}", days=days, week=week), match=matches[days]
            )
            for days in RETURN_DAYS
        },
    )


def weeks_needed(days: int) -> int:
    """Return after how many weeks a window of days has surely closed.

    The summary tells a week and no day; somebody who left on a Sunday has their full window
    only when that many days after the Sunday have passed.

    Examples
    --------
    >>> weeks_needed(7), weeks_needed(30)
    (2, 6)
    """
    return -(-days // 7) + 1


def _counted(ended: Iterable[Course], code: str, *, days: int, week: IsoWeek) -> tuple[int, int]:
    base = [course for course in ended if week - course.week >= weeks_needed(days)]
    return sum(code in course.codes for course in base), len(base)


def _median(courses: Iterable[Course], count: str) -> float | None:
    found = [course.counts[count] for course in courses if count in course.counts]
    return float(median(found)) if found else None
