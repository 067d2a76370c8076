"""Caseloads weighted by intensity, whom to talk about in supervision, follow-up and cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from footbridge.journey.checkups.courses import has_ended
from footbridge.journey.coordination.cascade import percent_if_enough
from footbridge.journey.outcomes.events import died
from footbridge.journey.people.records import Course, SummaryKept
from footbridge.trust.quarters import Quarter
from footbridge.trust.weeks import IsoWeek

# Weights of one person in a caseload. No published norm exists (rmi-facts 3.2: caseload is
# adjusted to need), so these are the house's own: need and newness cost visits.
PLAIN, NEW, IN_NEED, ALERT = 1.0, 1.5, 2.0, 2.5
NEW_WEEKS = 13

WAITING_WEEKS = 2  # in need and not linked after 14 days
MANY_ATTEMPTS = 22  # reach 70 % (rmi-facts 2.9)
TOO_MANY_ATTEMPTS = 38
SOON_WEEKS = 4
LONG_UNSEEN_WEEKS = 13

# The published cost of one person found in a return to use, and of one found, linked and
# retained, in 2011 US dollars (rmi-facts 2.17).
PUBLISHED_FOUND, PUBLISHED_RETAINED = 834, 2_699


class Concern(IntEnum):
    """Why somebody is talked about in supervision; smaller is more pressing."""

    ALERT = 0
    IN_NEED_WAITING = 1
    NOT_FOUND = 2
    OVERDUE = 3
    UNSEEN = 4
    CONSENT_ENDS = 5
    NO_CHECKUP = 6


def weight(summary: SummaryKept, *, week: IsoWeek) -> float:
    """Return how much work one person is, against somebody who only comes to check-ups.

    An open adverse event weighs most, then need, then the first quarter in care.
    """
    if open_alerts(summary):
        return ALERT
    if summary.in_need:
        return IN_NEED
    first = min((one.week for one in summary.courses_of("checkup")), default=week)
    return NEW if week - first < NEW_WEEKS else PLAIN


def open_alerts(summary: SummaryKept) -> tuple[Course, ...]:
    """Return the adverse events that nobody has closed."""
    return tuple(one for one in summary.courses_of("event") if "open" in one.codes)


def concerns(summary: SummaryKept, *, week: IsoWeek) -> tuple[Concern, ...]:
    """Return every reason to talk about somebody, the most pressing first."""
    if died(summary.courses) and not open_alerts(summary):
        return ()  # nothing is asked any more
    late = week - summary.next_due if summary.next_due is not None else 0
    unseen = week - summary.last_seen if summary.last_seen is not None else 0
    ends = summary.consents_end
    found = {
        Concern.ALERT: bool(open_alerts(summary)),
        Concern.IN_NEED_WAITING: _waits(summary, week=week),
        Concern.NOT_FOUND: summary.attempts > MANY_ATTEMPTS,
        Concern.OVERDUE: late > WAITING_WEEKS,
        Concern.UNSEEN: unseen > LONG_UNSEEN_WEEKS,
        Concern.CONSENT_ENDS: ends is not None and ends - week <= SOON_WEEKS,
        Concern.NO_CHECKUP: summary.next_due is None and not has_ended(summary.courses),
    }
    return tuple(concern for concern in Concern if found[concern])


def _waits(summary: SummaryKept, *, week: IsoWeek) -> bool:
    """Whether somebody was found in need two weeks ago or more, and is not linked since."""
    needs = [one.week for one in summary.courses_of("checkup") if "need" in one.codes]
    if not summary.in_need or not needs:
        return False
    linked = [one for one in summary.courses_of("referral") if "linked" in one.codes]
    since = max(needs)
    return week - since >= WAITING_WEEKS and not any(one.week >= since for one in linked)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; the percentage only where the base is 30 or more."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """Percent, to one decimal."""
        return percent_if_enough(self.count, self.of)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What followed a stay, and being found in need, in time.

    Parameters
    ----------
    within_7, within_30 : Rate
        Treatment contact within 7 and 30 days of discharge (FUI, rmi-facts 3.23).
    initiated_14, engaged_34 : Rate
        Treatment begun within 14 days, and two more services within 34 (IET).
    linked_14 : Rate
        Referrals to treatment whose first attendance came within 14 days of the offer.
    """

    within_7: Rate
    within_30: Rate
    initiated_14: Rate
    engaged_34: Rate
    linked_14: Rate


def within(people: Iterable[Sequence[Course]], quarter: Quarter | None) -> list[Course]:
    """Return everybody's courses of a quarter, or of all time."""
    courses = [one for every in people for one in every]
    return [one for one in courses if quarter is None or quarter.holds(one.week)]


def follow_up(
    people: Iterable[Sequence[Course]], *, quarter: Quarter | None, week: IsoWeek
) -> FollowUp:
    """Count follow-up of the stays that ended, and referrals made, in a quarter.

    A stay counts for a measure once its days are over, so that the newest do not look lost.
    """
    courses = within(people, quarter)
    stays = [one for one in courses if one.kind == "stay" and "open" not in one.codes]
    offered = [one for one in courses if one.kind == "referral" and "treatment" in one.codes]

    def rate(found: Sequence[Course], code: str, *, days: int) -> Rate:
        due = [one for one in found if (week - one.week) * 7 > days]
        return Rate(sum(code in one.codes for one in due), len(due))

    return FollowUp(
        within_7=rate(stays, "follow-7", days=7),
        within_30=rate(stays, "follow-30", days=30),
        initiated_14=rate(stays, "initiated-14", days=14),
        engaged_34=rate(stays, "engaged-34", days=34),
        linked_14=rate(offered, "linked-14", days=14),
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What a quarter's spending comes to, for each check-up and each person so far linked.

    Each is None where there was nobody.
    """

    per_checkup: float | None
    per_in_need: float | None
    per_linked: float | None
    per_stayed: float | None


def cost(spent: float, *, checked: int, in_need: int, linked: int, stayed: int) -> Cost:
    """Share a sum out, as the published estimates do (rmi-facts 2.17).

    Examples
    --------
    >>> cost(9000, checked=90, in_need=30, linked=10, stayed=0)
    Cost(per_checkup=100.0, per_in_need=300.0, per_linked=900.0, per_stayed=None)
    """
    counts = (checked, in_need, linked, stayed)
    return Cost(*(round(spent / count, 2) if count else None for count in counts))
