"""A release is safe beside everything that was released before, and says what it hides."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from footbridge.disclosure.attack import hidden_widths
from footbridge.evidence.reports import counting, reading
from footbridge.evidence.reports.catalogue import BY_CODE
from footbridge.evidence.reports.content import Content, Copy
from footbridge.evidence.reports.protecting import ReleaseError, draft, headline
from tests.evidence.reports.lives import Q3, checkup, crowd


def drafted(code, lives, copy=Copy.OUTSIDE, earlier=()):
    report = BY_CODE[code]
    return draft(report, Q3, copy, sheet=report.count(lives, Q3), earlier=earlier)


def cell(grid, row, column=1):
    return next(line[column] for line in grid.rows if line[0] == row)


def test_a_large_quarter_is_shown_rounded_with_shares_of_what_is_shown():
    content = drafted("cascade", crowd()).content

    grid = reading.released_grid(content)

    assert cell(grid, "Checked up") == "150"
    assert cell(grid, "In need") == "110"
    assert cell(grid, "In need", 2) == "73\N{NO-BREAK SPACE}%"
    assert "hidden" not in str(grid.rows)


def test_a_small_drop_out_is_hidden_and_cannot_be_computed():
    found = drafted("cascade", crowd(agreed=2))

    grid = reading.released_grid(found.content)

    assert cell(grid, "Agreed to go to a service", 3) == "hidden"
    widths = hidden_widths([found.content.published()])
    assert min(one.width for one in widths.values()) >= 11
    assert any("11" in note for note in reading.notes(found.content))


def test_the_second_table_of_a_quarter_hides_for_what_the_first_one_told():
    lives = crowd(held=3)
    need = drafted("need", [*lives, *([[checkup()]] * 40)])
    cascade = drafted("cascade", [*lives, *([[checkup()]] * 40)], earlier=[need.content])

    held = [need.content.published(), cascade.content.published()]

    assert min((w.width for w in hidden_widths(held, integer=True).values()), default=11) >= 11


@pytest.mark.parametrize("first", ["need", "cascade"])
def test_whichever_of_two_linked_tables_comes_first_no_cell_is_told(first):
    second = {"need": "cascade", "cascade": "need"}[first]
    lives = crowd(held=4, need=22, agreed=3, showed=2, stayed=30)
    contents = []
    for code in (first, second):
        made = drafted(code, lives, earlier=contents).content
        contents += [made] if made else []

    held = [one.published() for one in contents]
    widths = hidden_widths(held, integer=True) if held else {}

    assert all(one.width >= 11 for one in widths.values())


def test_records_that_changed_since_an_earlier_release_are_noticed():
    before = drafted("need", crowd()).content

    with pytest.raises(ReleaseError, match="records were corrected since"):
        drafted("cascade", crowd(held=70), earlier=[before])


def test_readers_inside_hold_both_copies_and_still_cannot_compute():
    lives = crowd(need=7, agreed=9)
    inside = drafted("cascade", lives, Copy.INSIDE).content
    try:
        outside = drafted("cascade", lives, Copy.OUTSIDE, earlier=[inside]).content
    except ReleaseError:
        return
    widths = hidden_widths([inside.published(), outside.published()], integer=True)
    assert all(one.width >= 5 for one in widths.values())


def test_a_tiny_programme_is_told_that_nothing_can_be_shown():
    found = drafted("cascade", crowd(1, 1, 1, 1, 1))

    assert found.content is None
    grid = reading.preview_grid(BY_CODE["cascade"], Q3, found, Copy.OUTSIDE.rule)
    assert all("hidden" in row[1] for row in grid.rows)


def test_what_is_stored_can_be_read_again_and_its_hash_sees_every_change():
    content = drafted("referrals", crowd()).content

    again = Content.of(content.as_json())
    cells = dict(content.cells)
    first = sorted(cells)[0]
    changed = Content.of({**content.as_json(), "cells": {**cells, first: (cells[first] or 0) + 5}})

    assert again.digest == content.digest != changed.digest
    assert again.published() == content.published()


def test_a_stored_release_holds_no_count_and_no_reason():
    found = drafted("cascade", crowd(agreed=2))

    text = str(found.content.as_json())

    assert "small" not in text
    assert found.sheet.counts[min(found.sheet.counts)] is not None
    assert all(value is None or value % 5 == 0 for value in found.content.cells.values())


def test_the_headline_bears_noise_and_says_how_much():
    content = headline(BY_CODE["in-care"], Q3, 8, draws=Random(1).randrange)

    (note,) = [one for one in reading.notes(content) if "noise" in one]

    assert Fraction(content.noise["epsilon"]) == Fraction(1, 2)
    assert "within 6" in note
    assert content.published() is None


@pytest.mark.parametrize("code", [code for code, one in BY_CODE.items() if one.count])
@pytest.mark.parametrize("copy", Copy)
def test_every_report_can_be_laid_out_in_every_state(code, copy):
    report = BY_CODE[code]
    for lives in ([], crowd(3, 2, 12, 4, 30)):
        found = drafted(code, lives, copy)
        grid = reading.preview_grid(report, Q3, found, copy.rule)
        if found.content is not None:
            assert len(reading.released_grid(found.content).rows) == len(grid.rows)
            assert "SHA-256" in reading.as_csv(found.content)
        assert all(len(row) == len(grid.columns) for row in grid.rows)


def test_categories_of_one_table_are_all_in_the_words_of_pages():
    for report in BY_CODE.values():
        for dimension, codes in report.axes:
            assert all(reading.category(dimension, code) for code in codes)
    assert counting.CASCADE[-1] == "stayed"
