"""What is hidden, what comes with it, and what earlier releases make of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.disclosure.attack import hidden_widths
from footbridge.disclosure.errors import ContradictionError, DisclosureError, TableError
from footbridge.disclosure.protect import Detail, Why, protect
from footbridge.disclosure.rules import INSIDE, OUTSIDE, Rule
from footbridge.disclosure.sheets import CellKey, Count, Sheet, Sum, one_way, steps, two_way


def key(population="people", **where):
    return CellKey.of(population, where)


def grid(rows, population="people", names=("row", "column"), **options):
    counts = {(f"r{r}", f"c{c}"): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    return two_way(population, names, counts, **options)


def test_large_cells_are_shown_and_rounded_each_on_its_own():
    found = protect(grid([[52, 63], [71, 88]]), OUTSIDE)

    assert found.detail is Detail.FULL
    assert found.shown[key(row="r0", column="c0")] == 50
    assert found.shown[key(row="r0")] == 115
    assert found.shown[key()] == 275  # 274, although the rounded cells add up to 275 or not
    assert (found.why, found.narrowest) == ({}, None)


def test_a_small_cell_takes_others_with_it_until_no_sum_tells_it():
    found = protect(grid([[3, 40, 50], [60, 70, 80], [90, 30, 45], [33, 34, 35]]), INSIDE)

    assert found.why[key(row="r0", column="c0")] is Why.SMALL
    assert list(found.why.values()).count(Why.OTHERS) >= 3
    assert found.narrowest >= 5
    assert found.shown[key()] == 570


def test_a_cell_of_many_acts_by_few_people_is_small():
    acts = {"housing": Count(30, people=4), "work": Count(60, people=50), "law": Count(45, 40)}

    found = protect(one_way("people", "need", acts, total=Count(135, 80)), OUTSIDE)

    assert found.why[key(need="housing")] is Why.SMALL
    assert found.shown[key(need="housing")] is None


def test_a_zero_is_hidden_unless_it_is_one_by_definition():
    rows = [[0, 60, 30], [70, 50, 40], [90, 45, 33]]

    hidden = protect(grid(rows), INSIDE)
    by_definition = protect(grid(rows, structural=[("r0", "c0")]), INSIDE)

    assert hidden.shown[key(row="r0", column="c0")] is None
    assert by_definition.shown[key(row="r0", column="c0")] == 0
    assert by_definition.why == {}


def test_a_table_with_too_many_holes_shows_its_margins_only():
    found = protect(grid([[2, 3, 40], [4, 5, 30], [60, 50, 3]]), INSIDE)

    assert found.detail is Detail.MARGINS
    assert all(
        found.shown[key(row=f"r{r}", column=f"c{c}")] is None for r in range(3) for c in range(3)
    )
    assert found.shown[key(row="r0")] == 45
    assert Why.DETAIL in found.why.values()


def test_margins_that_would_tell_a_cell_are_hidden_too():
    # Nearly everybody stands in one column, so a row's total tells its cell there.
    found = protect(grid([[11, 1], [400, 3]]), OUTSIDE)

    widths = hidden_widths([found.published]) if found.published else {}
    assert all(one.width >= 11 for one in widths.values())


def test_a_tiny_programme_shows_nothing_at_all():
    found = protect(grid([[1, 2], [3, 1]]), OUTSIDE)

    assert found.detail is Detail.NOTHING
    assert set(found.shown.values()) == {None}
    assert found.published is None


def test_a_second_table_of_the_same_people_gives_way_to_the_first():
    by_need = protect(one_way("people", "need", {"yes": 43, "no": 57}), INSIDE)
    # 4 men in need: alone it could be hidden behind need; but need is out already.
    later = two_way(
        "people",
        ("need", "sex"),
        {("yes", "m"): 4, ("yes", "f"): 39, ("no", "m"): 36, ("no", "f"): 21},
    )

    found = protect(later, INSIDE, earlier=[by_need.published])

    assert found.shown[key(need="yes", sex="m")] is None
    both = hidden_widths([by_need.published, found.published], integer=True)
    assert min(one.width for one in both.values()) >= 5


def test_a_quarter_is_not_told_by_the_difference_of_two_sums_over_time():
    # Ever enrolled: 60, then 63; shown both, 3 people are told apart. Exact inside copies.
    first = one_way("ever 1", "sex", {"m": 30, "f": 30})
    before = protect(first, INSIDE)
    now = Sheet(
        {
            **first.counts,
            key("ever 2"): Count(63),
            key("new 2"): Count(3),
        },
        (*first.sums, Sum(key("ever 2"), (key("ever 1"), key("new 2")))),
    )

    found = protect(now, INSIDE, earlier=[before.published])

    assert found.shown[key("new 2")] is None
    assert found.shown[key("ever 2")] is None


def test_a_table_that_does_not_fit_an_earlier_release_is_refused():
    before = protect(one_way("people", "need", {"yes": 43, "no": 57}), INSIDE)

    with pytest.raises(ContradictionError):
        protect(one_way("people", "sex", {"m": 43, "f": 60}), INSIDE, earlier=[before.published])


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=6),
    st.lists(st.integers(0, 60), min_size=2, max_size=5),
    st.sampled_from([OUTSIDE, INSIDE, Rule(threshold=7, base=3)]),
)
def test_two_releases_of_one_population_keep_every_hidden_cell_wide(first, second, rule):
    # Both split the same people, so the grand total is shared.
    short = sum(first) - sum(second)
    first, second = [*first, max(0, -short)], [*second, max(0, short)]
    a = protect(one_way("p", "a", {f"a{n}": x for n, x in enumerate(first)}), rule)
    known = [a.published] if a.published else []
    b = protect(one_way("p", "b", {f"b{n}": x for n, x in enumerate(second)}), rule, earlier=known)

    held = [*known, *([b.published] if b.published else [])]
    if held:
        widths = hidden_widths(held, integer=True).values()
        assert min((one.width for one in widths), default=rule.threshold) >= rule.threshold


@settings(max_examples=40)
@given(st.lists(st.integers(0, 80), min_size=2, max_size=6))
def test_a_protected_cascade_keeps_every_drop_out_wide(furthest):
    sheet = steps("people", "step", [(f"s{at}", one) for at, one in enumerate(furthest)])

    found = protect(sheet, OUTSIDE)

    if found.published is not None:
        widths = hidden_widths([found.published]).values()
        assert min((one.width for one in widths), default=11) >= 11
    for cell, shown in found.shown.items():
        assert shown is None or abs(shown - sheet.counts[cell].value) <= 2


@pytest.mark.parametrize(
    ("counts", "sums", "words"),
    [
        ({}, (), "has no cell"),
        ({key(): Count(-1)}, (), "negative"),
        ({key(): Count(3), key(a="x"): Count(2)}, (Sum(key(), (key(a="x"),)),), "add up"),
        ({key(): Count(3)}, (Sum(key(), (key(a="x"),)),), "no count"),
        ({key(): Count(0)}, (Sum(key(), ()),), "no part"),
    ],
)
def test_counts_that_are_no_table_are_refused(counts, sums, words):
    with pytest.raises(TableError, match=words):
        Sheet(counts, sums)


def test_a_pair_without_a_count_and_a_false_zero_are_refused():
    with pytest.raises(TableError, match="pair of categories"):
        two_way("p", ("a", "b"), {("x", "1"): 3, ("y", "2"): 4})
    with pytest.raises(TableError, match="zero by definition"):
        grid([[5, 6], [7, 8]], structural=[("r0", "c0")])


def test_an_error_repeats_no_count():
    with pytest.raises(TableError) as told:
        Sheet({key(): Count(7391), key(a="x"): Count(2)}, (Sum(key(), (key(a="x"),)),))

    assert "7391" not in str(told.value)


@pytest.mark.parametrize("rule", [OUTSIDE, INSIDE, Rule(threshold=7, base=10)])
@given(count=st.integers(0, 10_000))
def test_a_count_lies_in_the_interval_that_its_rounding_tells(rule, count):
    low, high = rule.behind(rule.rounded(count))

    assert count < rule.threshold or low <= count <= high
    assert high - low < rule.base


def test_percentages_need_a_base_of_thirty_for_certain():
    assert OUTSIDE.percent(15, 30) is None  # 28 may stand behind a shown 30
    assert OUTSIDE.percent(15, 35) == 43
    assert INSIDE.percent(10, 30) == 33
    assert INSIDE.percent(None, 100) is None


def test_a_rule_that_protects_nobody_is_refused():
    with pytest.raises(DisclosureError, match="protects nobody"):
        Rule(threshold=1)


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y y", "only z"])))
def test_a_key_survives_being_written_and_read(where):
    made = CellKey.of("checked-up 2026-Q3", where)

    assert CellKey.parse(str(made)) == made
