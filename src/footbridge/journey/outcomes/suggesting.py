"""What the journal already knows of an outcome, before anybody is asked again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from footbridge.journey.assessments import calendar
from footbridge.journey.assessments.calendar import Mark
from footbridge.journey.assessments.records import UseCalendarTaken
from footbridge.journey.checkups.records import CheckupHeld, UrineTested
from footbridge.journey.checkups.rules import Urine as Result
from footbridge.journey.outcomes.records import AdverseEventNoted
from footbridge.journey.outcomes.rules import Answer, Harm, Justice, Place, Treatment, Urine
from footbridge.journey.referrals.rules import Referral
from footbridge.journey.referrals.table import ReferralState
from footbridge.journey.services.rules import Need
from footbridge.journey.stays.state import StayState

NEAR_DAYS = 14
_STAYING = (ReferralState.LINKED, ReferralState.ENGAGED, ReferralState.RETAINED)
_RESULTS = {
    Result.NEGATIVE: Urine.NEGATIVE,
    Result.POSITIVE: Urine.POSITIVE,
    Result.NOT_VALID: Urine.NOT_TESTED,
    Result.DECLINED: Urine.NOT_TESTED,
}


class Source(StrEnum):
    """Where in the record a suggestion comes from."""

    CALENDAR = "calendar"
    CHECKUP = "checkup"
    URINE = "urine"
    PLAN = "plan"
    REFERRALS = "referrals"
    STAYS = "stays"
    EVENTS = "events"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One answer that the record suggests, and where it comes from."""

    field: str
    value: object
    source: Source


def near(day: date, on: date) -> bool:
    """Whether a day lies in the two weeks up to another one."""
    return timedelta(0) <= on - day <= timedelta(days=NEAR_DAYS)


def of_use(
    taken: UseCalendarTaken | None, held: CheckupHeld | None, *, on: date
) -> Iterator[Suggestion]:
    """Yield days of use and use in the last 30 days: from a calendar, else from a check-up."""
    if taken is not None and near(taken.end_on, on):
        summary = calendar.summarise(taken.marks)
        yield Suggestion("days_used", summary.used, Source.CALENDAR)
        yield Suggestion("days_known", summary.used + summary.not_used, Source.CALENDAR)
        last = [mark for _, mark in calendar.dated(taken.end_on, taken.marks)][-30:]
        if Mark.USED in last:
            yield Suggestion("used_30", Answer.YES, Source.CALENDAR)
        elif all(mark is not Mark.NOT_KNOWN for mark in last):
            yield Suggestion("used_30", Answer.NO, Source.CALENDAR)
    elif held is not None and near(held.held_on, on) and held.days_used is not None:
        yield Suggestion("days_used", held.days_used, Source.CHECKUP)
        yield Suggestion("days_known", held.days, Source.CHECKUP)
        if held.days_used == 0 and held.days >= 30:
            yield Suggestion("used_30", Answer.NO, Source.CHECKUP)


def of_urine(tests: Iterable[UrineTested], *, on: date) -> Iterator[Suggestion]:
    """Yield the last test of the two weeks up to a day; one that was declined is not tested."""
    found = [test for test in tests if near(test.tested_on, on)]
    if found:
        yield Suggestion("urine", _RESULTS[found[-1].result], Source.URINE)


def of_services(
    referrals: Iterable[Referral], methadone: frozenset[object], *, since: date, on: date
) -> Iterator[Suggestion]:
    """Yield services with a first visit since the last time point, and treatment now.

    Nothing is suggested where there was no referral: services that somebody found for
    themself are not in the record.

    Parameters
    ----------
    methadone : frozenset of UUID
        The services that give methadone maintenance.
    """
    mine = list(referrals)
    if not mine:
        return
    begun = [one for one in mine if one.linked_on is not None and since <= one.linked_on <= on]
    yield Suggestion("services", len(begun), Source.REFERRALS)
    treated = [one for one in mine if one.need is Need.DRUG_TREATMENT and one.state in _STAYING]
    if treated:
        given = any(one.service in methadone for one in treated)
        kind = Treatment.METHADONE if given else Treatment.OTHER
        yield Suggestion("treatment", kind, Source.REFERRALS)


def of_stays(stays: StayState) -> Iterator[Suggestion]:
    """Yield treatment and place, while a stay goes on."""
    if any(stay.ended is None for stay in stays.stays):
        yield Suggestion("treatment", Treatment.OTHER, Source.STAYS)
        yield Suggestion("place", Place.TREATMENT, Source.STAYS)


def of_events(
    events: Iterable[AdverseEventNoted], *, since: date, on: date
) -> Iterator[Suggestion]:
    """Yield detention, where one was noted since the last time point."""
    days = [one.happened_on or one.noted_on for one in events if one.harm is Harm.DETENTION]
    if any(day is not None and since <= day <= on for day in days):
        yield Suggestion("justice", Justice.DETAINED, Source.EVENTS)
