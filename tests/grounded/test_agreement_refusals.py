"""What agreement cannot be computed from is refused with the reason and the next step."""

from __future__ import annotations

import numpy as np
import pytest

from footbridge.grounded import agreement as ag
from footbridge.grounded.agreement import reference
from footbridge.grounded.agreement.unitizing import cu_alpha_of, ku_alpha_of, u_alpha_binary_of
from footbridge.grounded.errors import AgreementError

THREE = [[1, 2, 3], [1, 2, 2], [1, 3, 3]]
TWO = THREE[:2]
UNITS = ag.UnitArrays(np.array([0, 5]), np.array([3, 9]), np.array([0, 1], dtype=np.int32))


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: ag.krippendorff_alpha(TWO, level="cardinal"), "not known"),
        (lambda: ag.krippendorff_alpha([[-1, 2], [1, 2]], level="ratio"), "zero or more"),
        (lambda: ag.krippendorff_alpha([[1.5, np.inf], [1.5, 2]]), "infinite"),
        (lambda: ag.krippendorff_alpha([[[1], 2], [1, 2]]), "one number or one word"),
        (lambda: ag.cohen_kappa(THREE), "exactly two coders"),
        (lambda: ag.scott_pi(THREE), "exactly two coders"),
        (lambda: ag.cohen_kappa(TWO, weights="cubic"), "not known"),
        (lambda: ag.cohen_kappa(TWO, weights=[[1, 0], [0, 1]]), "shape"),
        (lambda: ag.brennan_prediger(TWO, categories=[1]), "were named as possible"),
        (lambda: ag.ratings_from_counts([[1, -1]]), "negative"),
        (lambda: ag.ratings_from_table([[1, 2]]), "square"),
        (lambda: ag.collapse(ag.read_ratings(TWO), 9), "No coder used the code 9"),
        (lambda: ag.add_tallies([]), "at least one"),
        (lambda: ag.add_overlaps([]), "at least one"),
        (lambda: ag.split_tallies(TWO, [1, 2]), "one interview for each unit"),
        (lambda: ag.u_alpha([[(0, 1, "a")]], length=2), "two coders"),
        (lambda: ag.u_alpha([UNITS, UNITS], length=9), "Pass codes"),
        (lambda: ag.u_alpha([UNITS, UNITS], length=9, codes=["a"]), "not a position"),
        (lambda: ag.u_alpha([[(0, 1, "z")], []], length=2, codes=["a"]), "are not in codes"),
        (lambda: ag.u_alpha([[(0, 0, "a")], []], length=2), "is empty"),
        (lambda: ag.u_alpha([[(0, 9, "a")], []], length=2), "leaves the text"),
        (lambda: ag.ku_alpha([[(0, 1, "a")], []], length=2, code="z"), "No coder used"),
        (lambda: ag.alpha_u_2004([[(0, 1, "a")]], length=2), "two coders"),
        (lambda: ag.alpha_u_2004([[(0, 5, "a"), (3, 6, "a")], []], length=9), "Join overlapping"),
    ],
)
def test_it_is_refused_with_the_reason(call, why):
    with pytest.raises(AgreementError, match=why):
        call()


def test_interviews_with_other_lists_of_codes_do_not_add_up():
    parts = [ag.measure_overlaps([[(0, 1, c)], []], length=3) for c in "ab"]

    with pytest.raises(AgreementError, match="different lists of codes"):
        ag.add_overlaps(parts)


@pytest.mark.parametrize(("draws", "confidence"), [(0, 0.95), (10, 1.0)])
def test_an_interval_of_nothing_is_refused(draws, confidence):
    parts = ag.split_tallies(TWO, [0, 1, 1])

    with pytest.raises(AgreementError, match="give no interval"):
        ag.bootstrap_interval(
            parts, add=ag.add_tallies, estimate=ag.krippendorff_alpha,
            rng=np.random.default_rng(0), draws=draws, confidence=confidence,
        )  # fmt: skip


def test_an_interval_that_is_mostly_undefined_says_so():
    parts = ag.split_tallies([[1] * 9 + [2], [1] * 9 + [2]], list(range(10)))

    def rare(tally):
        found = ag.krippendorff_alpha(tally)
        return found if tally.n_compared > 99 else ag.krippendorff_alpha([[1], [1]])

    found = ag.bootstrap_interval(
        parts, add=ag.add_tallies, estimate=rare, rng=np.random.default_rng(0), draws=20
    )

    assert found.low is None
    assert "too rare" in found.reason


def test_a_masked_table_and_one_with_nan_are_the_same():
    table = np.array([[1.0, 2, 3, 9], [1, 2, 2, 3]])
    masked = np.ma.masked_equal(table, 9)
    with_nan = np.where(table == 9, np.nan, table)

    assert ag.krippendorff_alpha(masked).value == pytest.approx(
        ag.krippendorff_alpha(with_nan).value
    )


@pytest.mark.parametrize("codes", [(True, False), ("yes", "no"), (("a", 1), ("b", 2)), (1, "x")])
def test_codes_may_be_anything_that_stays_the_same(codes):
    table = [[codes[0], codes[1], codes[0]], [codes[0], codes[0], codes[1]]]
    plain = [[0, 1, 0], [0, 0, 1]]

    for measure in (ag.krippendorff_alpha, ag.cohen_kappa, ag.gwet_ac1, ag.fleiss_kappa):
        assert measure(table).value == pytest.approx(measure(plain).value)
    with pytest.raises(AgreementError, match="need"):
        ag.krippendorff_alpha(table, level="interval")


def test_numbers_of_numpy_in_a_list_are_numbers():
    table = [[np.int64(1), np.int64(2), None], [np.int64(1), np.float32(3), 2]]

    assert ag.krippendorff_alpha(table, level="interval").value == pytest.approx(
        ag.krippendorff_alpha([[1, 2, None], [1, 3, 2]], level="interval").value
    )


def test_many_different_numbers_agree_with_the_plain_twin():
    rng = np.random.default_rng(2)
    truth = rng.uniform(1, 100, 300).round(2)
    table = np.stack([truth, truth + rng.normal(0, 3, 300).round(2)]).clip(0.5)

    for level in ("nominal", "interval", "ratio"):  # ordinal takes the plain twin minutes
        fast = ag.krippendorff_alpha(table, level=level).value
        assert fast == pytest.approx(reference.krippendorff_alpha(table.tolist(), level))


def test_units_as_arrays_and_as_lists_are_the_same():
    listed = [(0, 3, "a"), (5, 9, "b")]
    other = [(1, 4, "a"), (5, 8, "b")]
    arrays = ag.UnitArrays(np.array([1, 5]), np.array([4, 8]), np.array([0, 1], dtype=np.int32))

    assert ag.u_alpha([UNITS, arrays], length=12, codes=["a", "b"]) == ag.u_alpha(
        [listed, other], length=12
    )


def test_one_unit_that_covers_everything_is_undefined():
    overlaps = ag.measure_overlaps([[(0, 9, "a")], [(0, 9, "a")]], length=9)

    assert ag.u_alpha([[(0, 9, "a")], [(0, 9, "a")]], length=9).value is None
    assert u_alpha_binary_of(overlaps).value is None
    assert ku_alpha_of(overlaps, "a")[0].value is None


def test_codes_that_never_meet_cannot_be_compared():
    overlaps = ag.measure_overlaps([[(0, 3, "a")], [(5, 9, "a")]], length=9)

    assert "coded by two coders" in cu_alpha_of(overlaps).reason
    assert ku_alpha_of(overlaps, "a") == (ku_alpha_of(overlaps, "a")[0], 0.0)


def test_words_are_weighted_by_their_order():
    words = [["a", "b", "c", "c"], ["a", "c", "c", "b"]]
    numbers = [[1, 2, 3, 3], [1, 3, 3, 2]]

    for weights in ("linear", "quadratic"):
        assert ag.cohen_kappa(words, weights=weights).value == pytest.approx(
            ag.cohen_kappa(numbers, weights=weights).value
        )


def test_codes_that_were_possible_and_not_used_lower_chance():
    used = ag.brennan_prediger([[1, 1, 2], [1, 2, 2]]).value
    possible = ag.brennan_prediger([[1, 1, 2], [1, 2, 2]], categories=[1, 2, 3]).value

    assert possible == pytest.approx((2 / 3 - 1 / 3) / (1 - 1 / 3))
    assert possible > used


def test_an_empty_comparison_is_undefined_everywhere():
    nothing = [[None, None], [None, None]]

    for measure in (ag.percent_agreement, ag.holsti, ag.cohen_kappa, ag.cohen_kappa_maximum,
                    ag.scott_pi, ag.krippendorff_alpha, ag.gwet_ac1, ag.fleiss_kappa):  # fmt: skip
        assert measure(nothing).value is None


def test_a_result_reads_as_a_sentence():
    assert str(ag.krippendorff_alpha([[1, 2], [1, 2]])) == "Krippendorff's alpha (nominal): 1.000"
    assert "undefined" in str(ag.krippendorff_alpha([[1], [1]]))
