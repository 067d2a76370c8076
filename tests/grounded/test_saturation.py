"""Saturation as Guest, Namey & Chen define it, and an advice that knows its limits."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.grounded.errors import SaturationError
from footbridge.grounded.saturation import (
    Setting,
    advise,
    permutation_band,
    saturation_point,
    saturation_table,
    theme_saturation,
    unseen_at_least,
)
from footbridge.grounded.saturation.sources import (
    codes_by_interview,
    dimensions_in,
    meanings_by_interview,
)
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span
from tests.grounded.coded_texts import study

# New codes: 10 in the base of four; then 2, 1, 0, 0, 0.
WORKED = [
    {*range(5)}, {*range(3, 8)}, {8}, {9, 1}, {2, 10, 11}, {12, 3}, {4, 5}, {1, 12}, {0},
]  # fmt: skip
series = st.lists(st.frozensets(st.integers(0, 12), max_size=6), min_size=1, max_size=10)


def test_the_worked_example_saturates_where_a_hand_count_says():
    five = saturation_point(WORKED, Setting(4, 2, 0.05))
    ten = saturation_point(WORKED, Setting(4, 2, 0.1))

    assert five.base_codes == 10
    assert five.ratios == pytest.approx((0.3, 0.1, 0.0, 0.0))
    assert (str(five), five.at) == ("6+2", 6)
    assert str(ten) == "5+2"


def test_every_base_run_and_threshold_is_answered():
    table = saturation_table(WORKED)

    assert [(r.setting.base, r.setting.run, r.setting.threshold, str(r)) for r in table] == [
        (4, 2, 0.05, "6+2"), (5, 2, 0.05, "6+2"), (6, 2, 0.05, "6+2"),
        (4, 3, 0.05, "6+3"), (5, 3, 0.05, "6+3"), (6, 3, 0.05, "6+3"),
        (4, 2, 0.0, "6+2"), (5, 2, 0.0, "6+2"), (6, 2, 0.0, "6+2"),
        (4, 3, 0.0, "6+3"), (5, 3, 0.0, "6+3"), (6, 3, 0.0, "6+3"),
    ]  # fmt: skip


@given(series, st.integers(1, 5), st.integers(1, 3), st.sampled_from([0.0, 0.05, 0.2]))
def test_ratios_equal_sets_counted_the_long_way(interviews, base, run, threshold):
    found = saturation_point(interviews, Setting(base, run, threshold))

    known = set().union(*interviews[:base])
    if len(interviews) < base + run or not known:
        assert found.at is None
        assert found.reason
        return
    for offset, ratio in enumerate(found.ratios):
        before = set().union(*interviews[: base + offset])
        fresh = set().union(*interviews[base + offset : base + offset + run]) - before
        assert ratio == pytest.approx(len(fresh) / len(known))
    met = [base + o for o, r in enumerate(found.ratios) if r <= threshold]
    assert found.at == (met[0] if met else None)


def test_the_band_equals_every_order_tried():
    small = [{1, 2}, {2, 3}, {3}, {1}]
    every = [
        saturation_point([small[i] for i in order], Setting(2, 1, 0.0)).at
        for order in permutations(range(4))
    ]

    band = permutation_band(small, Setting(2, 1, 0.0), rng=np.random.default_rng(2), orders=4000)

    for at, share in band.reached.items():
        assert share == pytest.approx(every.count(at) / len(every), abs=0.03)
    assert band.middle[-1] == band.low[-1] == band.high[-1] == 3


@given(series)
def test_the_band_never_falls_and_ends_at_all_codes(interviews):
    band = permutation_band(interviews, Setting(), rng=np.random.default_rng(1), orders=20)

    for curve in (band.low, band.middle, band.high):
        assert (np.diff(curve) >= 0).all()
        assert curve[-1] == len(set().union(*interviews))
    assert sum(band.reached.values()) == pytest.approx(1.0)


def test_codes_seen_once_suggest_more_that_were_not_seen():
    # 3 interviews, 4 codes once, 1 code twice: 2/3 * 4*3 / (2*2) = 2.
    assert unseen_at_least([{1, 2, 5}, {3, 5}, {4}]) == pytest.approx(2.0)
    assert unseen_at_least([{1}, {1}]) == 0.0


@pytest.mark.parametrize(("base", "run", "threshold"), [(0, 2, 0), (4, 0, 0), (4, 2, 1.0)])
def test_a_question_that_asks_nothing_is_refused(base, run, threshold):
    with pytest.raises(SaturationError, match="Use a base of 4"):
        Setting(base, run, threshold)


def test_too_few_interviews_are_said_to_be_too_few():
    found = saturation_point([{1}] * 5, Setting(4, 2))

    assert found.at is None
    assert "5 interviews are too few" in found.reason


def with_notes():
    project = study(
        ("A", "d1", 0, 5, "c0"), ("A", "d2", 0, 5, "c0"), ("B", "d1", 0, 5, "c1"),
        documents=("d1", "d2", "d3"),
    )  # fmt: skip
    noted = (
        Segment("n1", "d1", Span(0, 4), "c0", "A", None, "who = employer"),
        Segment("n2", "d2", Span(0, 4), "c0", "A", None, "who = employer; who = police."),
    )
    return project.__class__(
        project.name, project.coders, project.codebook, project.documents,
        (*project.segments, *noted),
    )  # fmt: skip


def test_codes_and_meanings_are_read_from_the_codings():
    project = with_notes()

    assert codes_by_interview(project) == [{"c0", "c1"}, {"c0"}, set()]
    assert codes_by_interview(project, coders=["B"]) == [{"c1"}, set(), set()]
    assert meanings_by_interview(project) == [
        {("c0", "who", "employer")}, {("c0", "who", "employer"), ("c0", "who", "police")}, set(),
    ]  # fmt: skip


def test_a_note_without_a_dimension_states_none():
    assert dimensions_in("He paused = ; = x. Then a = b") == [("Then a", "b")]


def test_a_theme_is_saturated_only_when_both_coders_find_so():
    (theme,) = theme_saturation(
        with_notes(), {"register": ["c0", "c1"]}, Setting(1, 1, 0.0), coders=["A", "B"]
    )
    (other,) = theme_saturation(
        with_notes(), {"register": ["c0"]}, Setting(1, 1, 0.0), coders=["A", "B"]
    )

    assert theme.by_all == 1
    assert theme.meanings["A"].at == 2
    assert other.codes["B"].reason == "The base interviews hold no code at all."
    assert other.by_all is None


def test_nine_interviews_support_a_claim_about_codes_and_not_about_meanings():
    meanings = [{(code, "p", "d") for code in codes} for codes in WORKED]
    band = permutation_band(WORKED, Setting(), rng=np.random.default_rng(1), orders=50)

    advice = advise(WORKED, meanings, band=band)

    assert advice.verdict == "codes and meanings have settled"
    assert any("16 to 24" in sentence for sentence in advice.cannot_know)
    assert any("not reached" in sentence for sentence in advice.cannot_know)
    assert any("random orders" in sentence for sentence in advice.because)


def test_growing_codes_are_advised_to_go_on():
    assert advise([{n} for n in range(9)], [set()] * 9).verdict == "go on"


def test_where_no_dimension_was_noted_nothing_is_said_of_meanings():
    advice = advise([{"a"}, {"b"}, {"a"}, {"a"}, {"a"}, {"a"}], [frozenset()] * 6)

    assert advice.verdict == "codes have settled"
    assert "No dimensions were noted" in advice.because[2]
