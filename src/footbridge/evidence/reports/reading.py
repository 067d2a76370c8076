"""Reports as tables and files, in the reader's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from footbridge.disclosure.distinct import Coin, share_of_yes
from footbridge.disclosure.protect import Detail, Why
from footbridge.disclosure.rules import Rule
from footbridge.disclosure.sheets import CellKey
from footbridge.evidence.reports.catalogue import BY_CODE, Report, Shape
from footbridge.evidence.reports.content import Content
from footbridge.evidence.reports.labels import COPIES, COUNTED, DIMENSIONS, TITLES, category
from footbridge.evidence.reports.protecting import Draft
from footbridge.trust.quarters import Quarter

NONE = "–"
Say = Callable[[CellKey], str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a page shows it."""

    columns: list[str]
    rows: list[list[str]]


def title(report: Report) -> str:
    """Return what a report is called."""
    return str(TITLES[report.code])


def period(quarter: Quarter | str) -> str:
    """Return a quarter in words."""
    held = quarter if isinstance(quarter, Quarter) else Quarter.parse(quarter)
    return gettext("quarter {number} of {year}").format(number=held.number, year=held.year)


def released_grid(content: Content) -> Grid:
    """Return a released table."""

    def say(key: CellKey) -> str:
        value = content.shown(key)
        return gettext("hidden") if value is None else str(value)

    return _grid(BY_CODE[content.report], content, say)


def preview_grid(report: Report, quarter: Quarter, found: Draft, rule: Rule) -> Grid:
    """Return a table as it would be released, each hidden cell with its reason."""
    reasons = {
        Why.SMALL: gettext("hidden: fewer than {n} people").format(n=rule.threshold),
        Why.OTHERS: gettext("hidden: else another could be computed"),
        Why.DETAIL: gettext("not shown: too much would be hidden"),
    }

    def say(key: CellKey) -> str:
        why = found.protected.why.get(key)
        return str(found.protected.shown[key]) if why is None else reasons[why]

    content = found.content or Content(report.code, str(quarter), "", Detail.NOTHING, {})
    return _grid(report, content, say)


def notes(content: Content) -> list[str]:
    """Return what somebody who reads a released table has to know."""
    report = BY_CODE[content.report]
    said = [str(COUNTED[report.code])]
    said += [_truth_note(content)] if report.code == "elsewhere" else []
    return [*said, _noise_note(content)] if content.noise else [*said, *_rule_notes(content)]


def _truth_note(content: Content) -> str:
    """Say what the forced answers leave: a share, and how to count people of several places."""
    population = f"asked {content.quarter}"
    yes, no = (content.shown(CellKey.of(population, {"elsewhere": x})) for x in ("yes", "no"))
    if yes is None or no is None or not yes + no:
        return gettext("Too few were asked to say how many were seen at another place too.")
    share, low, high = (round(100 * one) for one in share_of_yes(yes, yes + no, Coin()))
    return gettext(
        "Without the forced answers, {share} % were seen at another place too (95 % interval "
        "{low} to {high} %). “footbridge distinct” makes of the reports of several places how "
        "many different people they saw."
    ).format(share=share, low=low, high=high)


def _noise_note(content: Content) -> str:
    return gettext(
        "Chance added or took away a little (discrete Laplace noise, epsilon "
        "{epsilon}): the true number lies within {margin} of this one 95 times in 100. "
        "So the presence of any one person cannot be told from it."
    ).format(**content.noise)


def _rule_notes(content: Content) -> list[str]:
    rule = Rule(**content.rule)
    said = []
    said.append(
        gettext(
            "Numbers of fewer than {threshold} people are hidden, zeros too, and so is whatever "
            "would let them be computed from this and every earlier report of the same people."
        ).format(threshold=rule.threshold)
    )
    if rule.base > 1:
        said.append(
            gettext(
                "Each number is rounded to the nearest {base}, totals on their own, so parts "
                "need not add up to their total. Shares are made of the rounded numbers."
            ).format(base=rule.base)
        )
    if content.detail == Detail.MARGINS:
        said.append(
            gettext("Only totals are shown, because too many of the inner numbers are small.")
        )
    if content.hidden:
        said.append(
            ngettext("{n} number is hidden.", "{n} numbers are hidden.", content.hidden).format(
                n=content.hidden
            )
        )
    said.append(
        gettext("A share is given only where it is of {base} people or more.").format(
            base=rule.percent_base
        )
    )
    return said


def as_csv(content: Content) -> str:
    """Return a released table as CSV, its explanations in the last rows."""
    grid = released_grid(content)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(grid.columns)
    writer.writerows(grid.rows)
    writer.writerow([])
    report = BY_CODE[content.report]
    writer.writerow([title(report), period(content.quarter), str(COPIES[content.copy])])
    writer.writerows([note] for note in notes(content))
    writer.writerow(["SHA-256", content.digest])
    return out.getvalue()


def _grid(report: Report, content: Content, say: Say) -> Grid:
    build = {
        Shape.LIST: _as_list,
        Shape.GRID: _as_grid,
        Shape.STEPS: _as_steps,
        Shape.NUMBER: _as_number,
    }[report.shape]
    return build(report, content, say)


def _as_list(report: Report, content: Content, say: Say) -> Grid:
    ((dimension, codes),) = report.axes
    population = f"{report.population} {content.quarter}"
    total = CellKey(population)
    keys = {code: CellKey.of(population, {dimension: code}) for code in codes}
    rows = [
        [category(dimension, code), say(key), _share(content, key, total)]
        for code, key in keys.items()
    ]
    rows.append([gettext("All"), say(total), NONE])
    return Grid([str(DIMENSIONS[dimension]), gettext("People"), gettext("Share of all")], rows)


def _as_grid(report: Report, content: Content, say: Say) -> Grid:
    (first, down), (second, across) = report.axes
    population = f"{report.population} {content.quarter}"

    def key(row: str | None, column: str | None) -> CellKey:
        where = {first: row, second: column}
        return CellKey.of(population, {name: one for name, one in where.items() if one})

    columns = [str(DIMENSIONS[first]), *(category(second, one) for one in across), gettext("All")]
    rows = [
        [
            category(first, row) if row else gettext("All"),
            *(say(key(row, column)) for column in (*across, None)),
        ]
        for row in (*down, None)
    ]
    return Grid(columns, rows)


def _as_steps(report: Report, content: Content, say: Say) -> Grid:
    ((dimension, codes),) = report.axes
    population = f"{report.population} {content.quarter}"
    columns = [
        gettext("Step"),
        gettext("Reached it"),
        gettext("Share of the step before"),
        gettext("Went no further"),
    ]
    rows: list[list[str]] = []
    before: CellKey | None = None
    for code in codes:
        reached = CellKey.of(population, {dimension: code})
        only = CellKey.of(population, {dimension: f"only {code}"})
        share = NONE if before is None else _share(content, reached, before)
        rows.append([category(dimension, code), say(reached), share, say(only)])
        before = reached
    return Grid(columns, rows)


def _as_number(report: Report, content: Content, say: Say) -> Grid:
    key = CellKey(f"{report.population} {content.quarter}")
    width = content.noise["margin"]
    return Grid(
        [gettext("Number"), gettext("With noise"), gettext("Right within, 95 times in 100")],
        [[title(report), say(key), f"± {width}"]],
    )


def _share(content: Content, part: CellKey, whole: CellKey) -> str:
    if not content.rule:
        return NONE
    percent = Rule(**content.rule).percent(content.shown(part), content.shown(whole))
    return NONE if percent is None else f"{percent}\N{NO-BREAK SPACE}%"
