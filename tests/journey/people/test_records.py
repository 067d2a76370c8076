"""The summary holds codes, counts and weeks, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people.records import SummaryKept
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
