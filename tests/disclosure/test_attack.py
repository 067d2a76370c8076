"""Nobody who computes gets closer to a hidden cell than the threshold."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.disclosure.attacker import HIDDEN, RULES, narrowest, printed, random_counts
from footbridge.disclosure.attack import Attacker, Published, Range, hidden_widths
from footbridge.disclosure.errors import ContradictionError, TableError
from footbridge.disclosure.protect import Detail, protect, publish
from footbridge.disclosure.rules import INSIDE, OUTSIDE, Rule
from footbridge.disclosure.sheets import CellKey, Sum, one_way, steps, two_way

TINY = Rule(threshold=2, base=1, percent_base=4)


def key(**where):
    return CellKey.of("people", where)


def table(rows):
    counts = {(f"r{r}", f"c{c}"): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    return two_way("people", ("row", "column"), counts)


def by_enumeration(tables, *, most):
    """Return each cell's range by trying every whole table: the plain twin of the programmes."""
    keys = sorted({cell for one in tables for cell in one.cells})
    sums = {one.total: one.parts for found in tables for one in found.sums}
    inner = [cell for cell in keys if cell not in sums]
    seen = {cell: set() for cell in keys}
    ends = [
        [one.cells[cell] for one in tables if one.cells.get(cell) is not None] for cell in inner
    ]
    choices = [
        range(max([0, *(low for low, _ in end)]), min([most, *(high for _, high in end)]) + 1)
        for end in ends
    ]
    for values in product(*choices):
        found = dict(zip(inner, values, strict=True))
        total = lambda cell: found[cell] if cell in found else sum(map(total, sums[cell]))  # noqa: B023, E731
        whole = {cell: total(cell) for cell in keys}
        every = ((s.total, s.parts) for one in tables for s in one.sums)
        if all(whole[t] == sum(whole[p] for p in parts) for t, parts in every) and all(
            one.cells[cell] is None or one.cells[cell][0] <= whole[cell] <= one.cells[cell][1]
            for one in tables
            for cell in one.cells
        ):
            for cell in keys:
                seen[cell].add(whole[cell])
    return {cell: Range(min(found), max(found)) for cell, found in seen.items()}


@pytest.mark.parametrize("copy", RULES)
def test_twenty_five_random_tables_withstand_a_reader_written_apart(copy):
    _, threshold, _ = RULES[copy]
    seen = set()
    for number in range(25):
        detail, grid = printed(random_counts(np.random.default_rng(90_000 + number)), copy)
        seen.add(detail)
        width = None if grid is None else narrowest(grid, copy)
        assert width is None or width >= threshold, number
    assert len(seen) > 1


def test_the_reader_written_apart_does_break_what_is_only_hidden_once():
    # One hidden cell and exact margins: it can be computed. This is what the attack is for.
    grid = np.array([[HIDDEN, "20", "23"], ["20", "30", "50"], ["23", "50", "73"]], dtype=object)

    assert narrowest(grid, "inside") == 0


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=2, max_size=2),
    st.sampled_from([TINY, Rule(threshold=3, base=3)]),
    st.randoms(use_true_random=False),
)
def test_the_programmes_find_what_trying_every_table_finds(rows, rule, chance):
    sheet = table(rows)
    hidden = {one for one in sheet.counts if chance.random() < 0.5 or sheet.counts[one].value < 3}
    hidden -= sheet.grand if sheet.counts[key()].value >= 3 else set()
    tables = [publish(sheet, rule, hidden=hidden)]
    most = 6

    found = Attacker([*tables, Published(dict.fromkeys(sheet.interior, (0, most)))]).ranges(
        sorted(sheet.counts)
    )

    assert found == by_enumeration(tables, most=most)


def test_whole_counts_can_be_narrower_than_the_linear_programme_and_are_found():
    # Three people, each pair of cells adds up to 1, 1 and hidden: an odd cycle of sums.
    x, y, z = (key(cell=name) for name in "xyz")
    cells = {x: None, y: None, z: None, key(sum="a"): (1, 1), key(sum="b"): (1, 1)}
    cells[key(sum="c")] = (1, 2)
    sums = (
        Sum(key(sum="a"), (x, y)),
        Sum(key(sum="b"), (y, z)),
        Sum(key(sum="c"), (x, z)),
    )
    reader = Attacker([Published(cells, sums)])

    assert reader.ranges([x])[x] == Range(1, 1) == reader.ranges([x], integer=True)[x]
    assert by_enumeration([Published(cells, sums)], most=3)[x] == Range(1, 1)


def test_the_reader_knows_the_rounding_rule_and_the_threshold():
    sheet = one_way("people", "need", {"yes": 12, "no": 40})
    shown = publish(sheet, OUTSIDE, hidden=[])

    assert shown.cells[key(need="yes")] == (11, 12)
    assert Attacker([shown]).ranges([key()])[key()] == Range(49, 52)


def test_tables_that_contradict_each_other_are_refused_with_a_reason():
    first = publish(one_way("people", "need", {"yes": 20, "no": 40}), INSIDE, hidden=[])
    later = publish(one_way("people", "age", {"old": 30, "young": 40}), INSIDE, hidden=[])

    with pytest.raises(ContradictionError, match="Do not release a table that contradicts"):
        Attacker([first, later])


def test_a_contradiction_that_only_the_sums_show_is_refused_too():
    sums = (Sum(key(), (key(need="yes"), key(need="no"))),)
    cells = {key(): (10, 10), key(need="yes"): (20, 20), key(need="no"): None}

    with pytest.raises(ContradictionError, match="No counts fit"):
        hidden_widths([Published(cells, sums)])


def test_a_sum_of_an_unknown_cell_is_refused():
    with pytest.raises(TableError, match="which no table holds"):
        Attacker([Published({key(): None}, (Sum(key(), (key(need="yes"),)),))])


def test_nothing_known_leaves_every_cell_wide_open():
    sheet = table([[20, 30], [40, 50]])

    found = hidden_widths([publish(sheet, OUTSIDE, hidden=list(sheet.counts))])

    assert min(one.width for one in found.values()) >= 1000


def test_a_cascade_hides_a_step_whose_difference_would_tell_a_drop_out():
    # 40 agreed, 38 showed: shown both, they say that 2 people stayed away.
    sheet = steps("people", "step", [("met", 30), ("agreed", 2), ("showed", 20), ("stayed", 18)])

    found = protect(sheet, INSIDE)

    assert found.shown[key(step="only agreed")] is None
    assert None in {found.shown[key(step="agreed")], found.shown[key(step="showed")]}
    assert min(one.width for one in hidden_widths([found.published]).values()) >= 5
    assert found.detail is not Detail.NOTHING
