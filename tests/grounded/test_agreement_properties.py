"""What must hold for every coding: twins, symmetry, identity and honest undefinedness."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.grounded import agreement as ag
from footbridge.grounded.agreement import kernels, reference
from footbridge.grounded.errors import AgreementError

LEVELS = ("nominal", "ordinal", "interval", "ratio")
COEFFICIENTS = (
    ag.percent_agreement, ag.fleiss_kappa, ag.gwet_ac1, ag.gwet_ac2, ag.brennan_prediger,
    *(lambda t, at=level: ag.krippendorff_alpha(t, level=at) for level in LEVELS),
)  # fmt: skip


@st.composite
def tables(draw, coders=(2, 4)):
    n_coders = draw(st.integers(*coders))
    n_units = draw(st.integers(1, 12))
    cell = st.one_of(st.none(), st.integers(0, 4))
    row = st.lists(cell, min_size=n_units, max_size=n_units)
    return draw(st.lists(row, min_size=n_coders, max_size=n_coders))


@st.composite
def codings(draw, codes="abc", unit_length=None):
    length = draw(st.integers(1, 40))
    coders = []
    for _ in range(draw(st.integers(2, 3))):
        units, at = [], 0
        while at < length and draw(st.booleans()):
            start = draw(st.integers(at, length - 1))
            end = start + 1 if unit_length else draw(st.integers(start + 1, length))
            units.append((start, end, draw(st.sampled_from(codes))))
            at = end
        coders.append(units)
    return coders, length


def same(a, b):
    return a is b is None or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


@given(tables())
def test_fast_alpha_agrees_with_its_plain_twin(table):
    for level in LEVELS:
        assert same(
            ag.krippendorff_alpha(table, level=level).value,
            reference.krippendorff_alpha(table, level),
        )


@given(st.integers(0, 2**32 - 1), st.integers(2, 3), st.integers(1, 4))
def test_counting_by_patterns_equals_counting_unit_by_unit(seed, n_coders, n_codes):
    rng = np.random.default_rng(seed)
    codes = rng.integers(-1, n_codes, (n_coders, 5_000)).astype(np.int32)

    fast = kernels.tally(codes, n_codes)
    plain = kernels._count(codes, np.empty(0, dtype=np.int64), n_codes)

    for a, b in zip(fast, plain, strict=True):
        assert (a == b).all()


def test_fast_coefficients_agree_with_their_plain_twins_on_a_long_table():
    rng = np.random.default_rng(3)
    truth = rng.integers(1, 5, 3_000)
    made = np.where(rng.random((3, 3_000)) < 0.7, truth, rng.integers(1, 5, (3, 3_000)))
    table = [
        [None if gone else int(v) for v, gone in zip(row, hidden, strict=True)]
        for row, hidden in zip(made, rng.random((3, 3_000)) < 0.1, strict=True)
    ]

    for level in ("nominal", "interval", "ratio"):
        fast = ag.krippendorff_alpha(table, level=level).value
        assert fast == pytest.approx(reference.krippendorff_alpha(table, level), abs=1e-12)
    assert ag.gwet_ac1(table).value == pytest.approx(reference.gwet_ac1(table), abs=1e-12)
    assert ag.fleiss_kappa(table).value == pytest.approx(reference.fleiss_kappa(table), abs=1e-12)


@given(tables())
def test_alpha_without_a_table_of_pairs_agrees_with_its_plain_twin(table):
    from footbridge.grounded.agreement.alpha import _from_units

    for level in LEVELS:
        direct = _from_units(ag.read_ratings(table), level, "alpha")
        assert same(direct.value, reference.krippendorff_alpha(table, level))


@given(tables())
def test_fast_ac1_agrees_with_its_plain_twin(table):
    assert same(ag.gwet_ac1(table).value, reference.gwet_ac1(table))


@given(codings())
def test_fast_u_alpha_agrees_with_its_plain_twin(coding):
    coders, length = coding

    assert same(ag.u_alpha(coders, length=length).value, reference.u_alpha(coders, length))


@given(codings())
def test_the_rest_of_the_unitizing_family_agrees_with_its_plain_twins(coding):
    coders, length = coding

    binary = ag.u_alpha_binary(coders, length=length)
    assert same(binary.value, reference.u_alpha_binary(coders, length))
    assert same(ag.cu_alpha(coders, length=length).value, reference.cu_alpha(coders, length))
    for code in {code for units in coders for _, _, code in units}:
        alpha, coverage = ag.ku_alpha(coders, length=length, code=code)
        plain, share = reference.ku_alpha(coders, length, code)
        assert same(alpha.value, plain)
        assert same(coverage, share)


@given(tables())
def test_fast_kappas_agree_with_their_plain_twins(table):
    assert same(ag.fleiss_kappa(table).value, reference.fleiss_kappa(table))
    assert same(ag.cohen_kappa(table[:2]).value, reference.cohen_kappa(*table[:2]))


@given(codings(unit_length=1))
def test_units_of_one_character_give_nominal_alpha_by_character(coding):
    coders, length = coding
    table = [["-"] * length for _ in coders]
    for row, units in zip(table, coders, strict=True):
        for start, _, code in units:
            row[start] = code

    unitized = ag.u_alpha(coders, length=length)

    assert same(unitized.value, ag.krippendorff_alpha(table, level="nominal").value)


@given(tables(), st.randoms(use_true_random=False))
def test_order_and_names_change_nothing(table, random):
    names = dict(zip((None, 0, 1, 2, 3, 4), (None, *random.sample("pqrst", 5)), strict=True))
    columns = list(range(len(table[0])))
    random.shuffle(columns)
    rows = random.sample(table, len(table))
    shuffled = [[row[at] for at in columns] for row in rows]
    renamed = [[names[cell] for cell in row] for row in shuffled]

    for coefficient in COEFFICIENTS:
        assert same(coefficient(table).value, coefficient(shuffled).value)
    for coefficient in (ag.percent_agreement, ag.fleiss_kappa, ag.gwet_ac1, ag.krippendorff_alpha):
        assert same(coefficient(table).value, coefficient(renamed).value)


@given(codings(), st.randoms(use_true_random=False))
def test_the_order_of_coders_and_units_and_the_names_of_codes_change_nothing(coding, random):
    coders, length = coding
    names = dict(zip("abc", random.sample("xyz", 3), strict=True))
    other = [
        random.sample([(s, e, names[c]) for s, e, c in units], len(units))
        for units in random.sample(coders, len(coders))
    ]

    for coefficient in (ag.u_alpha, ag.u_alpha_binary, ag.cu_alpha):
        assert same(
            coefficient(coders, length=length).value, coefficient(other, length=length).value
        )


@given(st.lists(st.integers(0, 3), min_size=2, max_size=10).filter(lambda row: len(set(row)) > 1))
def test_identical_codings_give_one(row):
    table = [row, row, row]

    for coefficient in COEFFICIENTS:
        assert coefficient(table).value == pytest.approx(1.0)
    for coefficient in (ag.cohen_kappa, ag.scott_pi):
        assert coefficient([row, row]).value == pytest.approx(1.0)


@given(codings())
def test_identical_unitizations_give_one_or_are_undefined_with_a_reason(coding):
    coders, length = coding
    twice = [coders[0], coders[0]]

    for coefficient in (ag.u_alpha, ag.u_alpha_binary, ag.cu_alpha):
        found = coefficient(twice, length=length)
        assert (found.value is None and found.reason) or found.value == pytest.approx(1.0)


@pytest.mark.parametrize("table", [[[1, 1, 1], [1, 1, 1]], [["x"], ["x"]], [[None, 1], [1, None]]])
def test_data_without_variation_are_undefined_and_say_why(table):
    chance_corrected = (
        ag.krippendorff_alpha, ag.fleiss_kappa, ag.gwet_ac1, ag.cohen_kappa, ag.scott_pi,
        ag.brennan_prediger,
    )  # fmt: skip

    for coefficient in chance_corrected:
        found = coefficient(table)
        assert found.value is None
        assert found.reason
        with pytest.raises(AgreementError, match="undefined"):
            found.required()


def test_a_code_that_nobody_used_is_undefined():
    found = ag.u_alpha([[], []], length=100)

    assert found.value is None
    assert "nobody" in found.reason


def test_overlapping_units_of_one_coder_are_refused_with_their_place():
    with pytest.raises(AgreementError, match="5-9"):
        ag.u_alpha([[(0, 6, "a"), (5, 9, "b")], []], length=10)


def test_words_cannot_be_compared_at_interval_level():
    with pytest.raises(AgreementError, match="nominal"):
        ag.krippendorff_alpha([["a", "b"], ["a", "b"]], level="interval")


@pytest.mark.parametrize("table", [[1, 2, 3], [[1, 2]], [[1], [1, 2]], np.zeros((2, 2, 2))])
def test_a_table_of_the_wrong_shape_is_refused(table):
    with pytest.raises(AgreementError):
        ag.krippendorff_alpha(table, level="nominal")


@given(tables(), st.data())
def test_tallies_of_interviews_add_up_to_the_whole(table, data):
    n = len(table[0])
    interviews = data.draw(st.lists(st.sampled_from("pqr"), min_size=n, max_size=n))

    whole = ag.add_tallies(ag.split_tallies(table, interviews))

    assert same(
        ag.krippendorff_alpha(whole, level="ordinal").value,
        ag.krippendorff_alpha(table, level="ordinal").value,
    )


@given(tables(coders=(2, 2)), st.data())
def test_counts_of_two_coders_add_up_to_the_whole(table, data):
    n = len(table[0])
    interviews = data.draw(st.lists(st.sampled_from("pqr"), min_size=n, max_size=n))

    whole = ag.add_pairs(ag.split_pairs(table, interviews))

    for coefficient in (ag.cohen_kappa, ag.scott_pi, ag.holsti, ag.cohen_kappa_maximum):
        assert same(coefficient(whole).value, coefficient(table).value)


def test_the_interval_covers_the_estimate_and_repeats_with_its_draws():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 3, 180)
    table = np.stack(
        [np.where(rng.random(180) < 0.8, truth, rng.integers(0, 3, 180)) for _ in "ab"]
    )
    parts = ag.split_tallies(table, np.repeat(np.arange(9), 20))

    intervals = [
        ag.bootstrap_interval(
            parts, add=ag.add_tallies, estimate=ag.krippendorff_alpha,
            rng=np.random.default_rng(5), draws=300,
        )
        for _ in range(2)
    ]  # fmt: skip

    assert intervals[0] == intervals[1]
    assert intervals[0].low < ag.krippendorff_alpha(table).value < intervals[0].high


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(60):
        truth = rng.integers(0, 2, 600)
        flip = rng.random((2, 600)) < 0.1
        parts = ag.split_tallies(truth ^ flip, np.repeat(np.arange(30), 20))
        found = ag.bootstrap_interval(
            parts, add=ag.add_tallies, estimate=ag.krippendorff_alpha, rng=rng, draws=200
        )
        covered += found.low <= 0.64 <= found.high  # (1 - 2 * 0.1)^2

    assert covered >= 50


def test_one_interview_has_no_interval():
    parts = ag.split_tallies([[1, 2], [1, 2]], [0, 0])

    found = ag.bootstrap_interval(
        parts, add=ag.add_tallies, estimate=ag.krippendorff_alpha, rng=np.random.default_rng(0)
    )

    assert found.low is None
    assert "two interviews" in found.reason
