"""After a stay: what is due at the door and in the month after, and what counts as follow-up.

The month after care without medication carries about five times the risk of overdose, for
tolerance is gone; hence the bundle. Which source says what: docs/methods/stays.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from footbridge.journey.stays.codes import Answer, Step

FIRST_CONTACT = timedelta(hours=48)
LINKAGE_DAYS = 14
WEEKS = (7, 14, 21, 28)
ENGAGED_DAYS = 34
ENGAGED_VISITS = 2
RETURN_DAYS = (30, 90, 365)
_END_OF_DAY = time(23, 59)


class Part(StrEnum):
    """One part of the discharge bundle."""

    TOLERANCE = "tolerance"
    NALOXONE = "naloxone"
    FIRST_CONTACT = "first-contact"
    WEEK_1 = "week-1"
    WEEK_2 = "week-2"
    WEEK_3 = "week-3"
    WEEK_4 = "week-4"
    LINKAGE = "linkage"


class Clock(StrEnum):
    """How a part's clock stands at a moment."""

    DONE = "done"
    MISSED = "missed"
    LATE = "late"
    DUE = "due"
    RUNNING = "running"


WEEK_PARTS = (Part.WEEK_1, Part.WEEK_2, Part.WEEK_3, Part.WEEK_4)
_AT_THE_DOOR = {Part.TOLERANCE: Step.TOLERANCE, Part.NALOXONE: Step.NALOXONE}


@dataclass(frozen=True, slots=True)
class Item:
    """One part with its clock.

    Parameters
    ----------
    due : datetime
        Until when it is to be done.
    done_on : date or None
        The day that answers it.
    given_up : bool
        Whether its window has passed and a later one has taken its place.
    """

    part: Part
    due: datetime
    done_on: date | None = None
    given_up: bool = False

    def clock(self, now: datetime) -> Clock:
        """Return how the clock stands; due means within a day."""
        if self.done_on is not None:
            return Clock.DONE
        if self.given_up:
            return Clock.MISSED
        if now > self.due:
            return Clock.LATE
        return Clock.DUE if self.due - now <= timedelta(days=1) else Clock.RUNNING

    def late(self, now: datetime) -> bool:
        """Whether it is late."""
        return self.clock(now) is Clock.LATE

    @property
    def open(self) -> bool:
        """Whether it still asks to be done."""
        return self.done_on is None and not self.given_up


@dataclass(frozen=True, slots=True)
class Door:
    """How a step at the door went, and on which day."""

    answer: Answer
    on: date


def bundle(
    left: datetime,
    *,
    steps: Mapping[Step, Door],
    contacts: Iterable[date],
    visits: Iterable[date],
    on: date,
) -> tuple[Item, ...]:
    """Return the parts of a discharge bundle in the order in which they fall due.

    A step that was not possible stays open: the next contact makes it good. A weekly contact
    that its week went by without is missed, and the next week's takes its place; the first
    contact and the link to treatment stay open, however late, until they are done.
    """
    door = left.date()
    met = sorted(day for day in contacts if day >= door)
    seen = sorted(day for day in visits if day >= door)
    items = [
        Item(part, left, _answered(steps.get(step)), False) for part, step in _AT_THE_DOOR.items()
    ]
    items.append(Item(Part.FIRST_CONTACT, left + FIRST_CONTACT, met[0] if met else None))
    for part, days in zip(WEEK_PARTS, WEEKS, strict=True):
        last = door + timedelta(days=days)
        first = max(last - timedelta(days=6), door + timedelta(days=3))
        done = next((day for day in met if first <= day <= last), None)
        items.append(Item(part, datetime.combine(last, _END_OF_DAY), done, on > last))
    linked = datetime.combine(door + timedelta(days=LINKAGE_DAYS), _END_OF_DAY)
    items.append(Item(Part.LINKAGE, linked, seen[0] if seen else None))
    return tuple(sorted(items, key=lambda item: item.due))


def _answered(door: Door | None) -> date | None:
    return door.on if door is not None and door.answer is not Answer.NOT_POSSIBLE else None


def follow_codes(left: date, *, contacts: Iterable[date], visits: Iterable[date]) -> frozenset[str]:
    """Return the codes of follow-up that a stay earned, by days after the day of leaving.

    `follow-2`: a contact on days 0 to 2. `follow-7`, `follow-30` (HEDIS FUI): a visit to
    treatment on another day than that of leaving, up to day 7 or 30. `initiated-14`: a visit
    on days 0 to 14. `engaged-34` (HEDIS IET): initiated, and visits on two or more further
    days within 34 days of the first.

    Examples
    --------
    >>> left = date(2026, 11, 1)
    >>> sorted(follow_codes(left, contacts=[date(2026, 11, 3)], visits=[date(2026, 11, 8)]))
    ['follow-2', 'follow-30', 'follow-7', 'initiated-14']
    """
    met = [(day - left).days for day in contacts]
    seen = sorted({(day - left).days for day in visits if day >= left})
    found = {
        "follow-2": any(0 <= day <= FIRST_CONTACT.days for day in met),
        "follow-7": any(1 <= day <= 7 for day in seen),
        "follow-30": any(1 <= day <= 30 for day in seen),
        "initiated-14": bool(seen) and seen[0] <= LINKAGE_DAYS,
    }
    further = [day for day in seen[1:] if day - seen[0] <= ENGAGED_DAYS]
    found["engaged-34"] = found["initiated-14"] and len(further) >= ENGAGED_VISITS
    return frozenset(code for code, true in found.items() if true)


def return_codes(left: date, came_back: date | None) -> frozenset[str]:
    """Return the codes of a return to the ward within 30, 90 and 365 days.

    Examples
    --------
    >>> sorted(return_codes(date(2026, 1, 1), date(2026, 3, 1)))
    ['returned-365', 'returned-90']
    """
    if came_back is None:
        return frozenset()
    after = (came_back - left).days
    return frozenset(f"returned-{days}" for days in RETURN_DAYS if after <= days)
