"""How tracking goes: attempts beside what others needed, and shares over many check-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from footbridge.journey.people.records import Course
from footbridge.trust.decisions import Decision, gettext_noop
from footbridge.trust.weeks import IsoWeek


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A share of check-ups that others reached with so many contacts: a guide, not a target."""

    contacts: int
    share: float


# Scott (2004), PubMed 15072804: 22 contacts reach 70 %, 33 to 38 reach 90 %.
BENCHMARKS = (Benchmark(22, 0.70), Benchmark(33, 0.90), Benchmark(38, 0.90))
ALERT_ABOVE = 38


def guide(attempts: int) -> Decision:
    """Return what others had reached after so many attempts, and when to stop and think.

    Not allowed means only: talk it over with the coordinator before trying again.
    """
    if attempts > ALERT_ABOVE:
        return Decision(
            False,
            gettext_noop(
                "Attempts so far: {attempts}, beyond the {most} with which others reached "
                "90 in 100. Talk with your coordinator before trying again."
            ),
            {"attempts": attempts, "most": ALERT_ABOVE},
        )
    ahead = next(mark for mark in BENCHMARKS if attempts <= mark.contacts)
    return Decision(
        True,
        gettext_noop("Attempts so far: {attempts}. Others reached {share} in 100 with {contacts}."),
        {"attempts": attempts, "share": round(100 * ahead.share), "contacts": ahead.contacts},
    )


WINDOW_SHARE = 0.90
"""Others held more than this share of interviews within 14 days of the day (Scott 2004)."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with what it is counted from; None where there is nothing to count."""

    count: int
    base: int

    @property
    def value(self) -> float | None:
        """The share, from 0 to 1."""
        return self.count / self.base if self.base else None

    @property
    def whole_percent(self) -> int | None:
        """The share in whole percent, however small its base; the base stands beside it."""
        return None if self.value is None else round(100 * self.value)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many check-ups were held with at most so many contacts, beside what others reached."""

    contacts: int
    others: float
    held: Share

    @property
    def short(self) -> bool:
        """Whether the share lies under that of others."""
        return self.held.value is not None and self.held.value < self.others


@dataclass(frozen=True, slots=True)
class Quality:
    """Tracking over many check-ups.

    Parameters
    ----------
    held : Share
        Check-ups held, of those that fell due.
    in_window : Share
        Held in their window, of those held.
    need, met, agreed : Share
        Found in need, of those held; talked with about linkage, of those in need; agreed
        to go, of those talked with.
    converted : Share
        Yes in the end, of those who said no or not yet at first.
    attempts : tuple of (low, high, held, missed)
        How many check-ups took so many attempts; `high` is None for the last, open band.
    mean_attempts : float or None
        Attempts for each check-up that fell due.
    """

    held: Share
    in_window: Share
    need: Share
    met: Share
    agreed: Share
    converted: Share
    reach: tuple[Reach, ...]
    attempts: tuple[tuple[int, int | None, int, int], ...]
    mean_attempts: float | None

    @property
    def reaches_window(self) -> bool:
        """Whether more than nine in ten of those held were in their window."""
        value = self.in_window.value
        return value is not None and value > WINDOW_SHARE


_BANDS: tuple[tuple[int, int | None], ...] = (
    (0, 0),
    (1, 5),
    (6, 10),
    (11, 22),
    (23, 33),
    (34, 38),
    (39, None),
)


def quality(courses: Iterable[Course]) -> Quality:
    """Return how tracking went over courses of the kind ``checkup``; others are passed over.

    Examples
    --------
    >>> week = IsoWeek(2026, 40)
    >>> seen = Course("checkup", week, frozenset({"held", "in-window"}), {"attempts": 3})
    >>> late = Course("checkup", week, frozenset({"held"}), {"attempts": 25})
    >>> gone = Course("checkup", week, frozenset({"missed"}), {"attempts": 12})
    >>> found = quality([seen, late, gone])
    >>> found.held.whole_percent, found.in_window.whole_percent, found.reach[0].held.whole_percent
    (67, 50, 33)
    """
    mine = [course for course in courses if course.kind == "checkup"]
    held = [course for course in mine if "held" in course.codes]
    need = [course for course in held if "need" in course.codes]
    met = [course for course in need if "met" in course.codes]
    doubted = [course for course in met if "doubted" in course.codes]
    total = sum(map(_attempts, mine))
    return Quality(
        held=Share(len(held), len(mine)),
        in_window=Share(_with(held, "in-window"), len(held)),
        need=Share(len(need), len(held)),
        met=Share(len(met), len(need)),
        agreed=Share(_with(met, "agreed"), len(met)),
        converted=Share(_with(doubted, "agreed"), len(doubted)),
        reach=tuple(
            Reach(
                mark.contacts,
                mark.share,
                Share(sum(_attempts(course) <= mark.contacts for course in held), len(mine)),
            )
            for mark in BENCHMARKS
        ),
        attempts=tuple(_band(mine, low, high) for low, high in _BANDS),
        mean_attempts=total / len(mine) if mine else None,
    )


def _attempts(course: Course) -> int:
    return course.counts.get("attempts", 0)


def _with(courses: Iterable[Course], code: str) -> int:
    return sum(code in course.codes for course in courses)


def _band(
    courses: Iterable[Course], low: int, high: int | None
) -> tuple[int, int | None, int, int]:
    inside = [
        course
        for course in courses
        if low <= _attempts(course) and (high is None or _attempts(course) <= high)
    ]
    return low, high, _with(inside, "held"), _with(inside, "missed")


class Place(StrEnum):
    """Where somebody stands towards the window of their next check-up, by weeks."""

    OUT = "out"
    IN = "in"
    BEFORE = "before"
    NONE = "none"


def place(next_window: IsoWeek | None, next_due: IsoWeek | None, *, week: IsoWeek) -> Place:
    """Return where a week lies towards a window of two weeks on each side of its due week.

    Weeks are all that a summary tells, so this may be a few days off at both ends.

    Examples
    --------
    >>> due = IsoWeek(2026, 40)
    >>> [place(due + -2, due, week=due + n).value for n in (-3, 0, 2, 3)]
    ['before', 'in', 'in', 'out']
    """
    if next_window is None or next_due is None:
        return Place.NONE
    if week < next_window:
        return Place.BEFORE
    return Place.OUT if week > next_due + (next_due - next_window) else Place.IN
