"""What coordinators may count of referrals: codes, a week, and days to a first visit."""

from __future__ import annotations

from collections.abc import Iterable

from footbridge.journey.people.records import Course
from footbridge.journey.referrals.handoffs import was_warm
from footbridge.journey.referrals.rules import Referral
from footbridge.journey.services.rules import PRICES, Need, PriceLevel
from footbridge.trust.weeks import IsoWeek

KIND = "referral"
LINKED_DAYS = 14
"""Linked within so many days of the offer counts as quick [initiation of treatment: 14 days]."""


def courses(referrals: Iterable[Referral]) -> list[Course]:
    """Return one course for each referral."""
    return [course_of(each) for each in referrals]


def course_of(referral: Referral) -> Course:
    """Return how one referral went, counted to the week of its first offer."""
    begun = referral.offered_on or referral.drafted_on or referral.since
    days = days_to_link(referral)
    return Course(
        KIND,
        IsoWeek.of(begun),
        frozenset(_codes(referral)),
        {} if days is None else {"days-to-link": days},
    )


def days_to_link(referral: Referral) -> int | None:
    """Return the days from the first offer to the first visit; None where there was none."""
    if referral.linked_on is None or referral.offered_on is None:
        return None
    return max((referral.linked_on - referral.offered_on).days, 0)


def _codes(referral: Referral) -> Iterable[str]:
    yield f"state-{_code(referral.state)}"
    yield f"domain-{_code(referral.need)}"
    days = days_to_link(referral)
    told = {
        "treatment": referral.need is Need.DRUG_TREATMENT,
        "linked": referral.linked_on is not None,
        "linked-14": days is not None and days <= LINKED_DAYS,
        "engaged": referral.engaged_on is not None,
        "retained": referral.retained_on is not None,
        "warm": was_warm(referral.handoffs),
        "priced": _is_priced(referral),
    }
    yield from (code for code, is_so in told.items() if is_so)
    if referral.reason is not None and referral.linked_on is None:
        yield f"reason-{_code(referral.reason)}"
    if referral.outcome is not None:
        yield f"outcome-{_code(referral.outcome)}"


def _is_priced(referral: Referral) -> bool:
    """Whether the service that was offered asks who somebody is, or tells the police."""
    shown = referral.price_shown or frozenset()
    return any(PRICES[code][0] >= PriceLevel.NAME for code in shown)


def _code(value: str) -> str:
    return str(value).replace("_", "-")
