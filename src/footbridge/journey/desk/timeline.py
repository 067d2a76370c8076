"""A person's course as a picture and a table: weeks of use or none, and what happened.

The bands are those of `outcomes/career.py`: the four states week by week, from calendars,
check-ups, treatment and time points. A week of which nothing is known stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from footbridge.journey.assessments.state import AssessmentState
from footbridge.journey.checkups.state import CheckupState
from footbridge.journey.outcomes import career
from footbridge.journey.outcomes.career import Changes, Quarter, Sources
from footbridge.journey.outcomes.queries import PICTURES
from footbridge.journey.outcomes.rules import Harm
from footbridge.journey.outcomes.state import OutcomeState
from footbridge.journey.referrals.rules import Referral
from footbridge.journey.referrals.table import ReferralState
from footbridge.journey.services.rules import Need
from footbridge.journey.stays.state import StayState

_STAYING = (ReferralState.LINKED, ReferralState.ENGAGED, ReferralState.RETAINED)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of days in one state, both ends counted."""

    state: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on one day: its kind in the picture, and which value names it."""

    kind: str
    on: date
    what: object


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture's bands and marks, oldest first, and the state of each quarter."""

    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    starts: date
    ends: date
    quarters: tuple[Quarter, ...] = ()

    @property
    def changes(self) -> Changes:
        """How often the state changed from one quarter to the next."""
        return career.changes(self.quarters)


def timeline(
    assessments: AssessmentState,
    checkups: CheckupState,
    referrals: Iterable[Referral],
    outcomes: OutcomeState,
    *,
    on: date,
    stays: StayState,
) -> Timeline | None:
    """Return the course up to a day; None where there is nothing to draw yet."""
    referrals = tuple(referrals)
    on = min([on, *_deaths(outcomes)])
    marks = sorted(_marks(checkups, referrals, outcomes, stays), key=lambda mark: mark.on)
    known = career.days_of(sources(assessments, checkups, referrals, outcomes, on=on, stays=stays))
    weeks = career.weeks(known, until=on)
    bands = tuple(
        Band(PICTURES[week.state], week.starts, week.ends) for week in career.bands(weeks)
    )
    days = [band.starts for band in bands] + [mark.on for mark in marks]
    if not days or min(days) >= on:
        return None
    start = checkups.chosen.starts_on if checkups.chosen is not None else min(days)
    quarters = career.quarters(weeks, start=start)
    return Timeline(bands, tuple(marks), min(days), on, quarters)


def _deaths(outcomes: OutcomeState) -> list[date]:
    """Return the day of a death, where it is known: the course ends there."""
    return [
        one.happened_on
        for one in outcomes.events
        if one.harm is Harm.DEATH and one.happened_on is not None
    ]


def sources(
    assessments: AssessmentState,
    checkups: CheckupState,
    referrals: Iterable[Referral],
    outcomes: OutcomeState,
    *,
    on: date,
    stays: StayState,
) -> Sources:
    """Return what each room tells of the days of a person."""
    return Sources(
        calendars=tuple(assessments.calendars),
        held=checkups.held,
        coded=tuple(outcomes.outcomes.values()),
        treated=(*_treated(referrals, on=on), *_stayed(stays, on=on)),
    )


def _treated(referrals: Iterable[Referral], *, on: date) -> Iterator[tuple[date, date]]:
    """Yield the days of drug treatment from a first visit on, as far as they are known."""
    for one in referrals:
        if one.need is not Need.DRUG_TREATMENT or one.linked_on is None:
            continue
        if one.state in _STAYING:
            yield one.linked_on, on
        elif one.state is ReferralState.ENDED:
            yield one.linked_on, max(one.since, one.linked_on)


def _stayed(stays: StayState, *, on: date) -> Iterator[tuple[date, date]]:
    """Yield the days of each stay, the day of discharge counted."""
    for stay in stays.stays:
        yield stay.begun.begun_on, stay.ended.ended_on if stay.ended is not None else on


def _marks(
    checkups: CheckupState,
    referrals: Iterable[Referral],
    outcomes: OutcomeState,
    stays: StayState,
) -> Iterable[Mark]:
    yield from (Mark("stay", stay.begun.begun_on, stay.room) for stay in stays.stays)
    yield from (
        Mark("stay", stay.ended.ended_on, stay.ended.ending)
        for stay in stays.stays
        if stay.ended is not None
    )
    yield from (Mark("checkup", held.held_on, held.need) for held in checkups.held)
    yield from (Mark("referral", one.since, one.state) for one in referrals)
    yield from (
        Mark("event", event.happened_on, event.harm)
        for event in outcomes.events
        if event.happened_on is not None
    )
