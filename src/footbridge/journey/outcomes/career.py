"""A person's course in the four states of the check-up studies, week by week and by quarter.

The states: in the community using, in the community not using, in treatment, detained
(PubMed 15797640). Nothing is guessed: a week of which nothing is known stays unknown.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from footbridge.journey.assessments import calendar
from footbridge.journey.assessments.calendar import Mark
from footbridge.journey.assessments.records import UseCalendarTaken
from footbridge.journey.checkups.months import add_months
from footbridge.journey.checkups.records import CheckupHeld
from footbridge.journey.outcomes.records import OutcomeCoded
from footbridge.journey.outcomes.rules import CareerState, career_state

S = CareerState
# Detained goes before in treatment, and in treatment before use.
ORDER = (S.DETAINED, S.IN_TREATMENT, S.USING, S.NOT_USING)
ASKED_DAYS = 30
_MARKS = {
    Mark.USED: S.USING,
    Mark.NOT_USED: S.NOT_USING,
    Mark.PROTECTED: S.IN_TREATMENT,
}
Span = tuple[date, date]
Days = Mapping[date, CareerState]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the journal tells of the days of a person.

    Parameters
    ----------
    treated : tuple of (first, last)
        Stays, and drug treatment from a first visit on, both days counted.
    """

    calendars: tuple[UseCalendarTaken, ...] = ()
    held: tuple[CheckupHeld, ...] = ()
    coded: tuple[OutcomeCoded, ...] = ()
    treated: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, or fewer at the end, and the state that they tell."""

    starts: date
    ends: date
    state: CareerState


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months from the start: the state of most of its known weeks."""

    number: int
    starts: date
    ends: date
    state: CareerState


@dataclass(frozen=True, slots=True)
class Changes:
    """How often the state changed between one quarter and the next, both known."""

    changed: int
    pairs: int


def days_of(sources: Sources) -> Days:
    """Return the state of every day of which something is known.

    What was asked about a stretch of days (a time point, a check-up) gives way to a
    calendar, which was asked day by day; and treatment or detention to neither, since
    somebody in a ward or a cell is not in the community.
    """
    known: dict[date, CareerState] = {}
    for days, state in itertools.chain(_asked(sources), _day_by_day(sources), _away(sources)):
        known.update(dict.fromkeys(days, state))
    return known


def _asked(sources: Sources) -> Iterator[tuple[Iterable[date], CareerState]]:
    """Yield what was asked about stretches of days in the community."""
    for coded in sorted(sources.coded, key=lambda one: one.measured_on):
        state = career_state(coded.values)
        if state in (S.USING, S.NOT_USING):
            yield _before(coded.measured_on, ASKED_DAYS), state
    for held in sorted(sources.held, key=lambda one: one.held_on):
        if held.days_used is not None:
            yield _before(held.held_on, held.days), S.USING if held.days_used else S.NOT_USING


def _day_by_day(sources: Sources) -> Iterator[tuple[Iterable[date], CareerState]]:
    """Yield what calendars tell of single days."""
    for taken in sources.calendars:
        for day, mark in calendar.dated(taken.end_on, taken.marks):
            if mark in _MARKS:
                yield [day], _MARKS[mark]


def _away(sources: Sources) -> Iterator[tuple[Iterable[date], CareerState]]:
    """Yield treatment, then detention."""
    for first, last in sources.treated:
        yield _between(first, last), S.IN_TREATMENT
    for away in (S.IN_TREATMENT, S.DETAINED):
        for coded in sources.coded:
            if career_state(coded.values) is away:
                yield _before(coded.measured_on, ASKED_DAYS), away


def weeks(known: Days, *, until: date) -> tuple[Week, ...]:
    """Return every week from the first known day up to a day, each with its state.

    A week with any day detained is a week detained, else with any day in treatment one
    in treatment, else with any day of use one of use.
    """
    found = []
    first = min(known, default=until + timedelta(days=1))
    while first <= until:
        last = min(first + timedelta(days=6), until)
        told = {known.get(day, S.NOT_KNOWN) for day in _between(first, last)}
        found.append(Week(first, last, next((one for one in ORDER if one in told), S.NOT_KNOWN)))
        first = last + timedelta(days=1)
    return tuple(found)


def bands(found: Iterable[Week]) -> tuple[Week, ...]:
    """Return the weeks with neighbours of the same state joined."""
    joined: list[Week] = []
    for week in found:
        if joined and joined[-1].state is week.state:
            joined[-1] = Week(joined[-1].starts, week.ends, week.state)
        else:
            joined.append(week)
    return tuple(joined)


def quarters(found: Sequence[Week], *, start: date) -> tuple[Quarter, ...]:
    """Return the state of each quarter: that of most of its known weeks.

    A week belongs to the quarter in which it begins; of as many weeks in two states, the
    one that goes before in `ORDER` stands.

    Parameters
    ----------
    start : date
        The day from which quarters are counted: enrolment.
    """
    told = []
    last = max((week.ends for week in found), default=start)
    for number in itertools.count(1):
        begins, next_one = add_months(start, 3 * number - 3), add_months(start, 3 * number)
        if begins > last:
            break
        counted = Counter(week.state for week in found if begins <= week.starts < next_one)
        state = max(ORDER, key=lambda one: counted[one])
        told.append(
            Quarter(
                number,
                begins,
                next_one - timedelta(days=1),
                state if counted[state] else S.NOT_KNOWN,
            )
        )
    return tuple(told)


def changes(found: Sequence[Quarter]) -> Changes:
    """Return how often the state changed from one quarter to the next.

    Elsewhere about one in three people changed state each quarter, and four in five did at
    least once in two years (PubMed 15797640).

    Examples
    --------
    >>> day = date(2026, 1, 1)
    >>> told = [S.USING, S.IN_TREATMENT, S.NOT_KNOWN, S.NOT_USING, S.NOT_USING]
    >>> changes([Quarter(n, day, day, state) for n, state in enumerate(told)])
    Changes(changed=1, pairs=2)
    """
    pairs = [
        (before.state, after.state)
        for before, after in itertools.pairwise(found)
        if S.NOT_KNOWN not in (before.state, after.state)
    ]
    return Changes(sum(before is not after for before, after in pairs), len(pairs))


def _before(last: date, days: int) -> Iterator[date]:
    return _between(last - timedelta(days=days - 1), last)


def _between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
