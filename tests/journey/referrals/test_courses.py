"""What a coordinator counts of referrals, in codes that a summary accepts."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.people.records import SummaryKept
from footbridge.journey.referrals.courses import course_of, courses, days_to_link
from footbridge.journey.referrals.handoffs import (
    Handoff,
    HandoffOutcome,
    HandoffWay,
    HandoffWho,
    is_warm,
)
from footbridge.journey.referrals.reasons import reasons
from footbridge.journey.referrals.rules import NeedOutcome, Referral
from footbridge.journey.referrals.table import ReferralState
from footbridge.journey.services.rules import Need, PriceCode
from footbridge.trust.weeks import IsoWeek

S = ReferralState
DAY = date(2026, 11, 2)
OFFERED = Referral(
    id=UUID(int=1),
    service=UUID(int=2),
    need=Need.DRUG_TREATMENT,
    state=S.OFFERED,
    since=DAY,
    drafted_on=DAY - timedelta(days=9),
    offered_on=DAY,
)


def a_handoff(**fields):
    usual = {
        "entry": UUID(int=3),
        "on": DAY,
        "way": HandoffWay.WENT_ALONG,
        "who": HandoffWho.WORKER,
        "agreed": frozenset(),
        "outcome": HandoffOutcome.RECEIVED,
    }
    return Handoff(**(usual | fields))


def linked(after):
    return replace(OFFERED, state=S.LINKED, linked_on=DAY + timedelta(days=after))


def test_a_course_counts_to_the_week_of_the_offer_and_before_that_to_the_draft():
    drafted = replace(OFFERED, state=S.DRAFT, offered_on=None)

    assert course_of(OFFERED).week == IsoWeek.of(DAY)
    assert course_of(drafted).week == IsoWeek.of(DAY - timedelta(days=9))


def test_an_offer_alone_links_nobody():
    course = course_of(OFFERED)

    assert course.codes == {"state-offered", "domain-drug-treatment", "treatment"}
    assert course.counts == {}


@pytest.mark.parametrize(("after", "quick"), [(0, True), (14, True), (15, False)])
def test_a_first_visit_is_quick_within_14_days_of_the_offer(after, quick):
    course = course_of(linked(after))

    assert ("linked-14" in course.codes) == quick
    assert "linked" in course.codes
    assert course.counts == {"days-to-link": after}


def test_engaged_and_retained_stay_true_after_the_end():
    over = replace(
        linked(3),
        state=S.ENDED,
        engaged_on=DAY + timedelta(days=17),
        retained_on=DAY + timedelta(days=93),
        outcome=NeedOutcome.NOT_MET,
    )

    codes = course_of(over).codes

    assert {"state-ended", "linked", "engaged", "retained", "outcome-not-met"} <= codes


def test_a_reason_counts_only_where_nobody_was_linked():
    missed = replace(OFFERED, state=S.NO_SHOW, reason="waiting_list")

    assert "reason-waiting-list" in course_of(missed).codes
    assert not any("reason" in code for code in course_of(replace(missed, linked_on=DAY)).codes)


@pytest.mark.parametrize(
    ("shown", "priced"),
    [
        (PriceCode.POLICE_BY_LAW, True),
        (PriceCode.NAME_ASKED, True),
        (PriceCode.NAME_UNKNOWN, False),
        (PriceCode.PAYMENT_TRACE, False),
    ],
)
def test_a_price_is_a_name_asked_or_the_police_told(shown, priced):
    offered = replace(OFFERED, price_shown=frozenset({shown}))

    assert ("priced" in course_of(offered).codes) == priced


@pytest.mark.parametrize(
    ("way", "outcome", "warm"),
    [
        (HandoffWay.WENT_ALONG, HandoffOutcome.RECEIVED, True),
        (HandoffWay.CALLED_TOGETHER, HandoffOutcome.EXPECTED, True),
        (HandoffWay.CALLED_TOGETHER, HandoffOutcome.NOT_REACHED, False),
        (HandoffWay.CALLED_BEFORE, HandoffOutcome.EXPECTED, False),
        (HandoffWay.WRITTEN, HandoffOutcome.RECEIVED, False),
    ],
)
def test_a_hand_off_is_warm_where_somebody_was_beside_and_somebody_answered(way, outcome, warm):
    handoff = a_handoff(way=way, outcome=outcome)

    assert is_warm(handoff) == warm
    assert ("warm" in course_of(replace(OFFERED, handoffs=(handoff,))).codes) == warm


def test_the_time_to_a_first_visit_is_unknown_without_an_offer_or_a_visit():
    assert days_to_link(OFFERED) is None
    assert days_to_link(replace(linked(3), offered_on=None)) is None


@given(
    st.builds(
        Referral,
        id=st.uuids(),
        service=st.uuids(),
        need=st.sampled_from(Need),
        state=st.sampled_from(S),
        since=st.dates(DAY, DAY + timedelta(days=400)),
        price_shown=st.none() | st.frozensets(st.sampled_from(PriceCode)),
        reason=st.none() | st.sampled_from(sorted(reasons())),
        outcome=st.none() | st.sampled_from(NeedOutcome),
        offered_on=st.none() | st.dates(DAY, DAY + timedelta(days=9)),
        linked_on=st.none() | st.dates(DAY, DAY + timedelta(days=90)),
    )
)
def test_a_summary_accepts_every_course(referral):
    kept = SummaryKept(courses=tuple(courses([referral])))

    assert len(kept.courses_of("referral")) == 1
