"""Outcomes as codes and bands, the composite built from them, and what counts as harm.

Definitions and sources: docs/methods/outcome-coding.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from footbridge.journey.checkups.months import add_months, months_passed
from footbridge.trust.decisions import HouseError, gettext_noop

TIME_POINTS = (0, 3, 6, 9, 12, 18, 24)
"""Months at which outcomes are coded, unless a study plans others."""


class OutcomeError(HouseError):
    """An outcome that cannot be right."""


class Answer(StrEnum):
    """Yes, no, or not known; not known is never read as either."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not-known"


class Employment(StrEnum):
    """Paid work now."""

    REGULAR = "regular"
    OCCASIONAL = "occasional"
    NONE = "none"
    NOT_KNOWN = "not-known"


class Urine(StrEnum):
    """The urine test of this time point, for the drugs that the programme is about."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    NOT_TESTED = "not-tested"
    NOT_KNOWN = "not-known"


class Justice(StrEnum):
    """The gravest thing since the last time point."""

    NOTHING = "nothing"
    ARRESTED = "arrested"
    DETAINED = "detained"
    COMPULSORY = "compulsory"
    NOT_KNOWN = "not-known"


class Treatment(StrEnum):
    """Drug treatment now."""

    METHADONE = "methadone"
    OTHER = "other"
    NONE = "none"
    NOT_KNOWN = "not-known"


class Housing(StrEnum):
    """Where the person sleeps now."""

    SETTLED = "settled"
    TEMPORARY = "temporary"
    NONE = "none"
    INSTITUTION = "institution"
    NOT_KNOWN = "not-known"


class Place(StrEnum):
    """Whether the person lives in the community now."""

    COMMUNITY = "community"
    TREATMENT = "treatment"
    DETAINED = "detained"
    NOT_KNOWN = "not-known"


class DaysUsed(StrEnum):
    """Days of use, as a share of the days asked about."""

    NONE = "none"
    UNDER_WEEKLY = "under-weekly"
    WEEKLY = "weekly"
    MOST_DAYS = "most-days"
    NOT_KNOWN = "not-known"


class Count(StrEnum):
    """A number of services or objectives."""

    NONE = "0"
    ONE_OR_TWO = "1-2"
    THREE_TO_FIVE = "3-5"
    SIX_OR_MORE = "6+"
    NOT_KNOWN = "not-known"


class Third(StrEnum):
    """A third of a scale's possible range: a way to coarsen, with no clinical meaning."""

    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"
    NOT_KNOWN = "not-known"


class CareerState(StrEnum):
    """The four states of the check-up studies, and not known."""

    USING = "in-community-using"
    NOT_USING = "in-community-not-using"
    IN_TREATMENT = "in-treatment"
    DETAINED = "detained"
    NOT_KNOWN = "not-known"


class Harm(StrEnum):
    """The adverse events that are always noted."""

    DEATH = "death"
    OVERDOSE = "overdose"
    SUICIDE_ATTEMPT = "suicide-attempt"
    DETENTION = "detention-after-disclosure"
    BREACH = "breach-of-confidentiality"
    VIOLENCE = "violence"
    HOSPITAL = "hospital"


class Related(StrEnum):
    """Whether the programme may have brought it about."""

    NO = "no"
    POSSIBLY = "possibly"
    PROBABLY = "probably"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class OutcomeValues:
    """What was found at one time point.

    Parameters
    ----------
    days_used : int or None
        Days of use, out of the `days_known` before the day of measurement.
    days_known : int
        Days on which use or no use is known; as a rule up to 90.
    services, objectives : int or None
        Services received and objectives completed since the last time point.
    recovery_capital : float or None
        The total of the recovery capital measure in use.
    used_30, crime_30, community_30 : Answer
        In the last 30 days: any drug use, any crime, living in the community throughout.
    """

    employment: Employment = Employment.NOT_KNOWN
    days_used: int | None = None
    days_known: int = 0
    urine: Urine = Urine.NOT_KNOWN
    justice: Justice = Justice.NOT_KNOWN
    services: int | None = None
    objectives: int | None = None
    treatment: Treatment = Treatment.NOT_KNOWN
    housing: Housing = Housing.NOT_KNOWN
    place: Place = Place.NOT_KNOWN
    recovery_capital: float | None = None
    used_30: Answer = Answer.NOT_KNOWN
    crime_30: Answer = Answer.NOT_KNOWN
    community_30: Answer = Answer.NOT_KNOWN


def check_values(values: OutcomeValues) -> None:
    """Refuse values that no person can have.

    Raises
    ------
    OutcomeError
        If a count is negative, if more days of use than days are given, or if the days
        of use and the answer about the last 30 days contradict each other.
    """
    counts = (values.services, values.objectives, values.days_known)
    if any(count is not None and count < 0 for count in counts):
        raise OutcomeError(
            gettext_noop("A count is below 0. Enter 0 or more, or leave it empty if not known.")
        )
    used, known = values.days_used, values.days_known
    if used is None:
        return
    if not 0 <= used <= known:
        raise OutcomeError(
            gettext_noop(
                "{used} days of use in {known} known days cannot be. "
                "Count the calendar again, or leave the days of use empty."
            ),
            used=used,
            known=known,
        )
    free = used == 0 and known >= 30 and values.used_30 is Answer.YES
    full = known > 0 and used == known and values.used_30 is Answer.NO
    if free or full:
        raise OutcomeError(
            gettext_noop(
                "{used} days of use in {known} days contradict the answer about the last 30 days. "
                "Ask again, and correct one of the two."
            ),
            used=used,
            known=known,
        )


def days_used_band(used: int | None, known: int) -> DaysUsed:
    """Return the band of days of use out of the days that are known.

    Weekly means one day in seven or more; most days means more than half of them.

    Examples
    --------
    >>> days_used_band(12, 90), days_used_band(13, 90), days_used_band(46, 90)
    (<DaysUsed.UNDER_WEEKLY: 'under-weekly'>, <DaysUsed.WEEKLY: 'weekly'>, <DaysUsed.MOST_DAYS: 'most-days'>)
    """  # noqa: E501 - one result, as Python prints it
    if used is None or known == 0:
        return DaysUsed.NOT_KNOWN
    if used == 0:
        return DaysUsed.NONE
    if used * 7 < known:
        return DaysUsed.UNDER_WEEKLY
    return DaysUsed.WEEKLY if used * 2 <= known else DaysUsed.MOST_DAYS


def count_band(count: int | None) -> Count:
    """Return the band of a number of services or objectives."""
    if count is None:
        return Count.NOT_KNOWN
    if count == 0:
        return Count.NONE
    if count <= 2:
        return Count.ONE_OR_TWO
    return Count.THREE_TO_FIVE if count <= 5 else Count.SIX_OR_MORE


def third_of(value: float | None, *, low: float, high: float) -> Third:
    """Return the third of a scale's range that a score lies in; a border counts upwards.

    Raises
    ------
    OutcomeError
        If the score lies outside the range.
    """
    if value is None:
        return Third.NOT_KNOWN
    if not low <= value <= high or low == high:
        raise OutcomeError(
            gettext_noop(
                "A score lies outside its scale, which runs from {low} to {high}. "
                "Check which instrument it is from."
            ),
            low=low,
            high=high,
        )
    place = 3 * (value - low) / (high - low)
    return Third.LOWER if place < 1 else Third.MIDDLE if place < 2 else Third.UPPER


def favourable(*, used_30: Answer, crime_30: Answer, community_30: Answer) -> Answer:
    """Return the composite "favourable": no use, no crime, in the community for 30 days.

    Any part that is known to fail makes it no; otherwise any part not known leaves it
    not known.

    References
    ----------
    The composite of an earlier study of the same group: Psychiatr. Serv. 2004;55:767.
    """
    parts = (used_30 is Answer.YES, crime_30 is Answer.YES, community_30 is Answer.NO)
    if any(parts):
        return Answer.NO
    if Answer.NOT_KNOWN in (used_30, crime_30, community_30):
        return Answer.NOT_KNOWN
    return Answer.YES


def career_state(values: OutcomeValues) -> CareerState:
    """Return which of the four states the person is in; detention goes before treatment."""
    if values.place is Place.DETAINED:
        return CareerState.DETAINED
    treated = values.treatment in (Treatment.METHADONE, Treatment.OTHER)
    if treated or values.place is Place.TREATMENT:
        return CareerState.IN_TREATMENT
    if Place.NOT_KNOWN is values.place or Answer.NOT_KNOWN is values.used_30:
        return CareerState.NOT_KNOWN
    return CareerState.USING if values.used_30 is Answer.YES else CareerState.NOT_USING


def time_point(
    start: date, on: date, *, planned: tuple[int, ...] = TIME_POINTS, window: int = 14
) -> int | None:
    """Return the planned month whose window holds a day; None where none does.

    Parameters
    ----------
    planned : tuple of int
        Months from the start.
    window : int
        Days before and after, both included.
    """
    margin = timedelta(days=window)
    found = [month for month in planned if abs(add_months(start, month) - on) <= margin]
    return min(found, key=lambda month: abs(add_months(start, month) - on), default=None)


def interval(start: date, on: date, *, planned: tuple[int, ...] = TIME_POINTS) -> int | None:
    """Return the planned month that ends the interval a day lies in.

    An event is told to research only as "between two time points", never by its day.
    None before the start and after the last month.
    """
    if on < start:
        return None
    passed = months_passed(start, on)
    return next((month for month in planned if passed < month), None)
