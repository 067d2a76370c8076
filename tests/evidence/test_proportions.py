"""Two proportions compared, against published numbers, R and counting by hand."""

import json
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from footbridge.evidence.proportions import (
    ArmCount,
    ComparisonError,
    cohens_d,
    compare,
    fisher_two_sided,
    newcombe_interval,
    wilson_interval,
)

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared" / "reference" / "rmi-published-numbers.json"

# Hser et al. (2013), J. Subst. Abuse Treat. 44, 78-83: |d| as published; the counts are
# derived from its percentages.
PILOT = [((0, 50), (3, 50), 0.354), ((4, 48), (0, 46), 0.417), ((16, 48), (1, 46), 0.876)]

# Newcombe (1998), Statistics in Medicine 17, 873-890, Table II, method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]

# R 4.2.2: fisher.test(matrix)$p.value, and the limits put together from
# prop.test(x, n, correct = FALSE)$conf.int of each arm.
R_VALUES = [
    ((0, 50), (3, 50), 0.2424242424, -0.1621709169, 0.0214963831),
    ((4, 48), (0, 46), 0.1173191942, -0.0087834073, 0.1955330179),
    ((16, 48), (1, 46), 0.0000747071, 0.1633356011, 0.4539882299),
    ((4, 47), (4, 46), 1.0000000000, -0.1290385999, 0.1238981325),
    ((122, 222), (87, 230), 0.0003280836, 0.0794104273, 0.2591826782),
    ((73, 148), (115, 152), 0.0000028484, -0.3636361091, -0.1545856367),
]


def arms(first: tuple[int, int], second: tuple[int, int]) -> tuple[ArmCount, ArmCount]:
    return ArmCount("first", *first), ArmCount("second", *second)


@st.composite
def counts(draw, largest=40):
    total = draw(st.integers(1, largest))
    return draw(st.integers(0, total)), total


@pytest.mark.parametrize(("first", "second", "published"), PILOT)
def test_the_published_effect_sizes_come_out_to_three_decimals(first, second, published):
    assert round(abs(cohens_d(*arms(first, second))), 3) == published


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the shared reference folder is not here")
def test_the_worked_example_is_that_of_the_reference_folder():
    trial = json.loads(PUBLISHED.read_text())["rmi_shanghai"]
    derived = trial["reconstructed_counts"]

    for outcome in ("relapse_recidivism", "mmt_participation", "employment"):
        first, second = derived[outcome]["rmi"], derived[outcome]["sc"]
        (published,) = (o["d"] for o in trial["outcomes"] if o["name"] == outcome)
        assert round(abs(cohens_d(*arms(first, second))), 3) == published


@pytest.mark.parametrize(("first", "second", "low", "high"), NEWCOMBE)
def test_intervals_are_those_of_newcombe_s_own_table(first, second, low, high):
    interval = newcombe_interval(*arms(first, second))

    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize(("first", "second", "p", "low", "high"), R_VALUES)
def test_r_gives_the_same_p_and_the_same_interval(first, second, p, low, high):
    found = compare(*arms(first, second))

    assert found.test.p == pytest.approx(p, abs=6e-11)
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=6e-11)


@given(counts())
def test_one_proportion_has_the_score_interval_of_scipy(count):
    ours = wilson_interval(ArmCount("arm", *count))

    theirs = binomtest(*count).proportion_ci(method="wilson")

    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(counts(), counts())
def test_fisher_adds_up_every_table_that_is_no_likelier(first, second):
    (a, m), (b, n) = first, second
    hits = a + b
    ways = {k: comb(m, k) * comb(n, hits - k) for k in range(max(0, hits - n), min(m, hits) + 1)}
    exact = Fraction(sum(w for w in ways.values() if w <= ways[a]), comb(m + n, hits))

    assert fisher_two_sided(*arms(first, second)).p == pytest.approx(float(exact), rel=1e-9)


@given(counts(), counts())
def test_d_is_that_of_two_columns_of_zeros_and_ones(first, second):
    d = cohens_d(*arms(first, second))
    columns = [[1] * events + [0] * (total - events) for events, total in (first, second)]
    means = [Fraction(sum(c), len(c)) for c in columns]
    squares = sum((x - mean) ** 2 for c, mean in zip(columns, means) for x in c)

    if squares == 0 or len(columns[0]) + len(columns[1]) == 2:
        assert d is None
    else:
        pooled = float(squares / (len(columns[0]) + len(columns[1]) - 2)) ** 0.5
        assert d == pytest.approx(float(means[0] - means[1]) / pooled, abs=1e-12)


@given(counts(), counts())
def test_swapping_the_arms_turns_every_number_round(first, second):
    one, other = compare(*arms(first, second)), compare(*arms(second, first))

    assert one.difference == -other.difference
    assert one.interval.low == pytest.approx(-other.interval.high, abs=1e-12)
    assert one.test.p == pytest.approx(other.test.p, rel=1e-9)
    assert one.d is other.d is None or one.d == pytest.approx(-other.d)


@given(counts(), counts(), st.floats(0.5, 0.99))
def test_an_interval_holds_its_difference_and_stays_possible(first, second, level):
    found = compare(*arms(first, second), level=level)

    assert -1 <= found.interval.low <= found.difference <= found.interval.high <= 1
    assert found.interval.low < found.interval.high


def test_a_p_is_printed_with_its_test_and_its_sidedness():
    rare = fisher_two_sided(*arms((16, 48), (1, 46)))
    common = fisher_two_sided(*arms((0, 50), (3, 50)))

    assert rare.text == "p < 0.001 (Fisher exact test, two-sided)"
    assert common.text == "p = 0.242 (Fisher exact test, two-sided)"


@pytest.mark.parametrize(
    ("events", "total", "reason"),
    [(0, 0, "is empty"), (-1, 5, "negative"), (1, -5, "negative"), (6, 5, "more events")],
)
def test_counts_that_cannot_be_are_refused_with_the_reason(events, total, reason):
    with pytest.raises(ComparisonError, match=reason):
        ArmCount("arm", events, total)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_is_a_share(level):
    with pytest.raises(ComparisonError, match=r"such as 0\.95"):
        wilson_interval(ArmCount("arm", 1, 2), level=level)
