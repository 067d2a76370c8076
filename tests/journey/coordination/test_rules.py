"""Caseloads, supervision, follow-up and cost are decided from codes, counts and weeks."""

import pytest

from footbridge.journey.coordination import rules
from footbridge.journey.coordination.rules import Concern
from footbridge.journey.people.records import Course, SummaryKept
from footbridge.trust.weeks import IsoWeek

NOW = IsoWeek.parse("2026-W40")


def course(kind, *codes, week=NOW):
    return Course(kind, week, frozenset(codes))


def summary(*courses, **codes):
    kept = {"next_due": NOW + 4, "last_seen": NOW, **codes}
    return SummaryKept(courses=courses, **kept)


LONG_HERE = course("checkup", "held", week=NOW + -60)


@pytest.mark.parametrize(
    ("one", "weight"),
    [
        (summary(LONG_HERE), 1.0),
        (summary(), 1.5),
        (summary(LONG_HERE, in_need=True), 2.0),
        (summary(LONG_HERE, course("event", "overdose", "open"), in_need=True), 2.5),
        (summary(LONG_HERE, course("event", "overdose", "closed")), 1.0),
    ],
)
def test_need_newness_and_open_events_weigh_more(one, weight):
    assert rules.weight(one, week=NOW) == weight


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (summary(), []),
        (summary(course("event", "violence", "open")), [Concern.ALERT]),
        (summary(attempts=23), [Concern.NOT_FOUND]),
        (summary(attempts=22), []),
        (summary(next_due=NOW + -3), [Concern.OVERDUE]),
        (summary(next_due=NOW + -2), []),
        (summary(last_seen=NOW + -14), [Concern.UNSEEN]),
        (summary(consents_end=NOW + 4), [Concern.CONSENT_ENDS]),
        (summary(next_due=None), [Concern.NO_CHECKUP]),
    ],
)
def test_each_concern_has_its_edge(one, found):
    assert list(rules.concerns(one, week=NOW)) == found


def test_need_waits_for_a_first_attendance_after_two_weeks():
    need = course("checkup", "held", "need", week=NOW + -2)
    fresh = course("checkup", "held", "need", week=NOW + -1)
    linked = course("referral", "treatment", "linked", week=NOW + -1)
    before = course("referral", "treatment", "linked", week=NOW + -9)

    assert rules.concerns(summary(need, in_need=True), week=NOW) == (Concern.IN_NEED_WAITING,)
    assert rules.concerns(summary(fresh, in_need=True), week=NOW) == ()
    assert rules.concerns(summary(need, linked, in_need=True), week=NOW) == ()
    assert Concern.IN_NEED_WAITING in rules.concerns(summary(need, before, in_need=True), week=NOW)


def test_follow_up_counts_a_stay_once_its_days_are_over():
    stays = [
        course("stay", "completed", "follow-7", "follow-30", "initiated-14", week=NOW + -10),
        course("stay", "left-early", week=NOW + -10),
        course("stay", "completed", "follow-7", week=NOW + -2),
        course("stay", "completed", week=NOW),
        course("stay", "open", week=NOW + -10),
    ]

    found = rules.follow_up([stays], quarter=None, week=NOW)

    assert (found.within_7.count, found.within_7.of) == (2, 3)
    assert (found.within_30.count, found.within_30.of) == (1, 2)
    assert (found.initiated_14.count, found.initiated_14.of) == (1, 2)
    assert (found.engaged_34.count, found.engaged_34.of) == (0, 2)
    assert found.within_7.share is None


def test_cost_is_shared_out_and_nobody_costs_nothing_known():
    # The published template: 707 US dollars a person-year of monitoring (rmi-facts 2.17).
    found = rules.cost(70_700, checked=400, in_need=100, linked=0, stayed=0)

    assert found.per_checkup == 176.75  # published as 177 a quarter
    assert found.per_in_need == 707
    assert found.per_linked is None
    assert found.per_stayed is None
