"""The summary holds codes, counts and weeks, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people.records import Course, SummaryKept
from footbridge.trust.vault import codec
from footbridge.trust.vault.records import Compartment, RecordError
from footbridge.trust.weeks import IsoWeek

FULL = SummaryKept(
    in_need=True,
    agreed=False,
    referrals={"linked": 1, "no-show": 2},
    next_window=IsoWeek(2026, 48),
    next_due=IsoWeek(2026, 50),
    held=3,
    in_window=2,
    missed=1,
    attempts=7,
    last_seen=IsoWeek(2026, 40),
    consents=frozenset(map(str, Purpose)),
    consents_end=IsoWeek(2027, 1),
)


def test_a_new_summary_says_nothing():
    empty = SummaryKept()

    assert empty.in_need is None
    assert empty.referrals == {}
    assert empty.consents == frozenset()


@given(held=st.integers(0, 100), need=st.none() | st.booleans())
def test_merging_changes_what_is_named_and_keeps_the_rest(held, need):
    after = FULL.merged({"held": held, "in_need": need})

    assert (after.held, after.in_need) == (held, need)
    assert after.merged({"held": FULL.held, "in_need": FULL.in_need}) == FULL


def test_merging_nothing_changes_nothing():
    assert FULL.merged({}) == FULL


def test_a_field_that_is_not_there_is_refused_by_name():
    with pytest.raises(RecordError, match="has no notes"):
        FULL.merged({"notes": "x"})


@pytest.mark.parametrize(
    "changes",
    [
        {"consents": frozenset({"Met her at the market"})},
        {"consents": frozenset({"老王"})},
        {"referrals": {"went to the clinic": 1}},
        {"referrals": {"linked": -1}},
        {"referrals": {"linked": True}},
        {"attempts": "seven"},
        {"attempts": 1.5},
        {"next_window": "2026-W48"},
        {"in_need": "yes"},
    ],
)
def test_words_and_other_things_are_refused_and_not_repeated(changes):
    with pytest.raises(RecordError, match="codes, counts and weeks only") as refused:
        FULL.merged(changes)

    assert "market" not in str(refused.value)
    assert "老王" not in str(refused.value)


def test_the_summary_lies_in_the_summary_compartment():
    assert SummaryKept.COMPARTMENT is Compartment.SUMMARY


def course(week: str = "2026-W40", kind: str = "checkup", **more) -> Course:
    return Course(kind, IsoWeek.parse(week), **more)


def test_a_course_holds_codes_counts_and_a_week_only():
    for wrong in ({"codes": frozenset({"Tells me a lot"})}, {"counts": {"days": -1}}):
        with pytest.raises(RecordError, match="codes, counts and weeks only"):
            course(**wrong)
    with pytest.raises(RecordError, match="codes, counts and weeks only"):
        Course("Check up", IsoWeek.parse("2026-W40"))


def test_courses_of_one_kind_are_replaced_and_the_others_stay():
    summary = SummaryKept(courses=(course(), course(kind="stay")))

    after = summary.with_courses("checkup", [course("2026-W44"), course("2026-W36")])

    assert [(one.kind, str(one.week)) for one in after] == [
        ("stay", "2026-W40"),
        ("checkup", "2026-W36"),
        ("checkup", "2026-W44"),
    ]
    assert summary.merged({"courses": after}).courses_of("stay") == (course(kind="stay"),)


def test_a_course_of_another_kind_is_refused():
    with pytest.raises(RecordError, match="kind checkup"):
        SummaryKept().with_courses("checkup", [course(kind="stay")])


def test_courses_survive_being_sealed():
    summary = SummaryKept(courses=(course(codes=frozenset({"in-need"}), counts={"attempts": 3}),))
    assert codec.decode(SummaryKept, codec.encode(summary)) == summary
