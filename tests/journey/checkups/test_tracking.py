"""How tracking goes: shares with what they are counted from, beside published guide lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.checkups import tracking
from footbridge.journey.checkups.tracking import Place, place, quality
from footbridge.journey.people.records import Course
from footbridge.trust.weeks import IsoWeek

WEEK = IsoWeek(2026, 40)
codes = st.frozensets(
    st.sampled_from(["in-window", "need", "met", "agreed", "refused", "doubted", "used"])
)
ends = st.sampled_from(["held", "missed"])


def course(*found, attempts=0):
    return Course("checkup", WEEK, frozenset(found), {"attempts": attempts, "month": 1})


courses = st.lists(
    st.builds(
        lambda end, found, attempts: course(end, *found, attempts=attempts),
        ends,
        codes,
        st.integers(0, 60),
    )
)


def test_the_guide_lines_are_the_published_ones():
    # Facts 2.9: 22 contacts reach 70 %, 33 to 38 reach 90 %; more than 90 % in the window.
    marks = [(mark.contacts, mark.share) for mark in tracking.BENCHMARKS]

    assert marks == [(22, 0.70), (33, 0.90), (38, 0.90)]
    assert tracking.WINDOW_SHARE == 0.90


def test_nine_in_ten_in_the_window_is_not_yet_more_than_nine_in_ten():
    ten = [course("held", "in-window")] * 9 + [course("held")]

    assert not quality(ten).reaches_window
    assert quality([course("held", "in-window")] * 10).reaches_window


def test_a_missed_check_up_is_never_counted_as_reached_however_few_the_attempts():
    found = quality([course("held", attempts=22), course("missed", attempts=1)])

    assert [reach.held.whole_percent for reach in found.reach] == [50, 50, 50]
    assert all(reach.short for reach in found.reach)


def test_a_yes_after_a_first_no_is_told_apart_from_a_plain_yes():
    # Facts 2.21: the pilot counted those who first said no.
    found = quality(
        [
            course("held", "need", "met", "agreed"),
            course("held", "need", "met", "agreed", "doubted"),
            course("held", "need", "met", "refused", "doubted"),
            course("held", "need"),
        ]
    )

    assert (found.converted.count, found.converted.base) == (1, 2)
    assert (found.agreed.whole_percent, found.met.whole_percent, found.need.whole_percent) == (
        67,
        75,
        100,
    )


def test_nothing_is_claimed_where_there_is_nothing_to_count():
    found = quality([Course("referral", WEEK)])

    assert found.held.whole_percent is None
    assert found.mean_attempts is None
    assert not found.reaches_window


@given(courses)
def test_every_check_up_stands_in_exactly_one_band_of_attempts(mine):
    bands = quality(mine).attempts

    assert sum(held + missed for *_, held, missed in bands) == len(mine)


@given(courses)
def test_no_share_counts_more_than_its_base_and_more_contacts_never_reach_fewer(mine):
    found = quality(mine)

    shares = [found.held, found.in_window, found.need, found.met, found.agreed, found.converted]
    assert all(0 <= share.count <= share.base for share in shares)
    reached = [reach.held.count for reach in found.reach]
    assert reached == sorted(reached)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [(-3, Place.BEFORE), (-2, Place.IN), (0, Place.IN), (2, Place.IN), (3, Place.OUT)],
)
def test_a_week_lies_before_in_or_after_the_window(weeks, expected):
    assert place(WEEK + -2, WEEK, week=WEEK + weeks) is expected


def test_without_a_schedule_nobody_is_out_of_a_window():
    assert place(None, None, week=WEEK) is Place.NONE
