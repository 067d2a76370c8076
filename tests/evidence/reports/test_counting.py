"""Each person once: what the reports count, from what summaries tell."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.disclosure.sheets import CellKey
from footbridge.evidence.reports import counting
from footbridge.evidence.reports.catalogue import CATALOGUE
from footbridge.trust.quarters import Quarter, closed
from footbridge.trust.weeks import IsoWeek
from tests.evidence.reports.lives import LATE, OTHER, Q3, checkup, course, crowd, referral


def counts(sheet, population, **where):
    return sheet.counts[CellKey.of(f"{population} {Q3}", where)]


def test_the_published_cascade_is_drawn_by_the_same_count():
    # Fact 2.18: 915 check-ups, 429 in need, 271 agreed, 149 showed, 48 stayed two weeks or more.
    lives = crowd(held=915 - 429, need=429 - 271, agreed=271 - 149, showed=149 - 48, stayed=48)

    sheet = counting.cascade(lives, Q3)

    reached = [counts(sheet, "care", step=step).value for step in counting.CASCADE]
    assert reached == [915, 429, 271, 149, 48]


def test_a_step_counts_only_after_the_steps_before_it():
    # Linked without having agreed: in need, and no further.
    sheet = counting.cascade([[checkup("need"), referral("linked", "engaged")]], Q3)

    assert counts(sheet, "care", step="only need").value == 1
    assert counts(sheet, "care", step="showed").value == 0


def test_need_and_cascade_share_the_cells_that_count_the_same_people():
    lives = [*crowd(), [referral()], [], [checkup(week=OTHER)]]

    need, cascade = counting.care(lives, Q3), counting.cascade(lives, Q3)

    shared = set(need.counts) & set(cascade.counts)
    assert {dict(key.where).get("step") for key in shared} == {"need", "only held"}
    assert all(need.counts[key] == cascade.counts[key] for key in shared)
    assert counts(need, "care", step="no-checkup").value == 1
    assert counts(need, "care").value == counting.in_care(lives, Q3) == 151


def test_somebody_with_several_referrals_is_counted_once_a_row_at_the_furthest():
    life = [
        referral("linked"),
        referral("state-expired"),
        referral("linked", "engaged", domain="housing"),
        referral("state-sent", domain="food"),
    ]

    sheet = counting.referrals([life], Q3)

    assert counts(sheet, "referred", need="treatment", reached="linked").value == 1
    assert counts(sheet, "referred", need="home", reached="engaged").value == 1
    assert (counts(sheet, "referred").value, counts(sheet, "referred").people) == (2, 1)


def test_the_last_reason_is_the_one_that_counts():
    count = counting.reasons({"too-far": "system", "stigma": "internal"})
    life = [referral("reason-too-far"), referral("reason-stigma", week=LATE)]

    sheet = count([life, [referral("reason-stigma", "linked")]], Q3)

    assert counts(sheet, "not-linked", reason="internal").value == 1
    assert counts(sheet, "not-linked").value == 1


@pytest.mark.parametrize(
    ("life", "where"),
    [
        ([checkup(), checkup(week=LATE)], "in-window"),
        ([checkup(), course("checkup", "held")], "late"),
        ([checkup(), course("checkup", "missed")], "missed"),
    ],
)
def test_one_missed_check_up_tells_more_than_many_held(life, where):
    assert counts(counting.tracking([life], Q3), "due", tracked=where).value == 1


def test_the_last_stay_of_the_quarter_is_counted_with_what_followed():
    life = [
        course("stay", "left-early"),
        course("stay", "completed", "follow-7", "follow-30", "returned-90", week=LATE),
        course("stay", "open", week=LATE),
    ]

    stays, returns = counting.stays([life], Q3), counting.returns([life], Q3)

    assert counts(stays, "left", ended="completed", seen="week").value == 1
    assert counts(returns, "left", returned="90").value == 1
    assert counts(stays, "left") == counts(returns, "left")


def test_harm_is_counted_by_person_and_kind():
    count = counting.events(("overdose", "violence"))
    life = [course("event", "overdose"), course("event", "overdose"), course("event", "violence")]

    sheet = count([life], Q3)

    assert counts(sheet, "harmed", harm="overdose").value == 1
    assert (counts(sheet, "harmed").value, counts(sheet, "harmed").people) == (2, 1)


@pytest.mark.parametrize("report", [one for one in CATALOGUE if one.count], ids=lambda r: r.code)
def test_every_report_counts_nobody_where_there_is_nobody(report):
    sheet = report.count([[checkup(week=OTHER)], []], Q3)

    assert {one.value for one in sheet.counts.values()} == {0}
    shown = {dict(key.where).get(report.axes[0][0]) for key in sheet.counts}
    assert set(report.axes[0][1]) <= shown


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_every_week_belongs_to_one_quarter_and_ends_within_it(day):
    quarter = Quarter.of(day)

    assert quarter.holds(IsoWeek.of(day))
    assert IsoWeek.of(day).monday + timedelta(days=6) <= quarter.last_day
    assert Quarter.of(quarter.last_day) == quarter
    assert Quarter.of(quarter.last_day + timedelta(days=1)).before() == quarter
    assert Quarter.parse(str(quarter)) == quarter


def test_only_quarters_that_are_over_are_closed():
    assert [str(one) for one in closed(date(2026, 11, 21), last=3)] == [
        "2026-Q3",
        "2026-Q2",
        "2026-Q1",
    ]


@pytest.mark.parametrize("text", ["2026", "2026-Q5", "Q3-2026", ""])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse(text)


def test_the_last_answer_about_another_place_counts_once_for_each_person():
    lives = [
        [checkup("elsewhere-yes"), checkup("elsewhere-no", week=LATE)],
        [checkup("elsewhere-yes")],
        [checkup("need")],
    ]

    sheet = counting.elsewhere(lives, Q3)

    assert counts(sheet, "asked", elsewhere="yes").value == 1
    assert counts(sheet, "asked", elsewhere="no").value == 1
