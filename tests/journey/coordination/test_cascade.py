"""The cascade counts each step within the one before it, as the published one does."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.coordination.cascade import (
    PUBLISHED,
    Step,
    cascade,
    counted,
    percent_if_enough,
)
from footbridge.journey.people.records import Course
from footbridge.trust.quarters import Quarter
from footbridge.trust.weeks import IsoWeek

WEEK = IsoWeek.parse("2026-W10")


def checkup(*codes, week=WEEK):
    return Course("checkup", week, frozenset({"held", *codes}))


def treatment(*codes, week=WEEK):
    return Course("referral", week, frozenset({"treatment", *codes}))


def published_interviews():
    """915 interviews as rmi-facts 2.18 counts them, one for each invented person."""
    reached = [0] * 915
    for step in list(Step)[1:]:
        for who in range(PUBLISHED[step]):
            reached[who] += 1
    for depth in reached:
        codes = {1: {"met"}, 2: {"met", "need"}}.get(depth, {"met", "need", "agreed"})
        if depth == 0:
            codes = {"need"}  # found in need, and gone before it was talked over
        courses = [checkup(*codes)]
        if depth >= 4:
            courses.append(treatment("linked", *(["engaged"] if depth == 5 else [])))
        yield courses


def test_the_published_cascade_comes_out_of_the_code_that_draws_the_page():
    found = cascade(published_interviews())

    assert [line.count for line in found] == [915, 885, 429, 271, 149, 48]
    assert [line.share for line in found][1:] == [96.7, 48.5, 63.2, 55.0, 32.2]


def test_what_began_after_the_next_checkup_belongs_to_that_one():
    courses = [
        checkup("need", "met", "agreed"),
        checkup("need", "met", "agreed", week=WEEK + 13),
        treatment("linked", "engaged", week=WEEK + 14),
    ]

    assert [line.count for line in cascade([courses])] == [2, 2, 2, 2, 1, 1]


def test_a_referral_that_is_no_drug_treatment_counts_for_nothing_here():
    housing = Course("referral", WEEK, frozenset({"domain-housing", "linked", "engaged"}))
    found = cascade([[checkup("need", "met", "agreed"), housing]])

    assert found[-1].count == found[-2].count == 0


def test_a_missed_checkup_is_no_checkup():
    missed = Course("checkup", WEEK, frozenset({"missed"}))

    assert cascade([[missed]])[0].count == 0


def test_a_quarter_counts_its_own_checkups_only():
    courses = [checkup(), checkup(week=WEEK + 13)]

    assert cascade([courses], quarter=Quarter(2026, 1))[0].count == 1
    assert cascade([courses], quarter=Quarter(2025, 1))[0].count == 0


codes = st.frozensets(st.sampled_from(["need", "met", "agreed"]))
weeks = st.integers(0, 60).map(lambda more: WEEK + more)
lives = st.lists(
    st.lists(
        st.builds(lambda found, week: checkup(*found, week=week), codes, weeks)
        | st.builds(
            lambda found, week: treatment(*found, week=week),
            st.frozensets(st.sampled_from(["linked", "engaged"])),
            weeks,
        ),
        max_size=8,
    ),
    max_size=6,
)


@given(lives)
def test_no_step_counts_more_than_the_one_before(people):
    counts = [line.count for line in cascade(people)]

    assert all(later <= earlier for earlier, later in pairwise(counts))


@given(lives)
def test_quarters_add_up_to_all_time(people):
    quarters = [Quarter(year, number) for year in (2026, 2027) for number in (1, 2, 3, 4)]
    parts = [[line.count for line in cascade(people, quarter=each)] for each in quarters]

    assert [sum(each) for each in zip(*parts, strict=True)] == [
        line.count for line in cascade(people)
    ]


def test_a_percentage_needs_a_base_of_thirty():
    assert percent_if_enough(15, 30) == 50.0
    assert percent_if_enough(15, 29) is None
    assert percent_if_enough(0, 0) is None


def test_counts_of_somebody_else_are_shared_out_alike():
    assert [line.share for line in counted(PUBLISHED)][1:] == [96.7, 48.5, 63.2, 55.0, 32.2]


@pytest.mark.parametrize(
    ("week", "quarter"), [("2026-W01", "2026-Q1"), ("2026-W14", "2026-Q2"), ("2026-W53", "2026-Q4")]
)
def test_a_week_belongs_to_the_quarter_of_its_thursday(week, quarter):
    assert str(Quarter.of(IsoWeek.parse(week).monday)) == quarter
    assert Quarter.parse(quarter).holds(IsoWeek.parse(week))


@pytest.mark.parametrize("wrong", ["2026", "2026-Q5", "Q1-2026", ""])
def test_what_is_no_quarter_is_refused(wrong):
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse(wrong)
