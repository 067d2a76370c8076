"""A study's comparisons in words and as tables, in the reader's language."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from footbridge.evidence.comparisons import OutcomeComparison
from footbridge.evidence.labels import OUTCOMES, PUBLISHED_TESTS, TESTS
from footbridge.evidence.plots import ForestRow, ForestWords, Plot, Tokens, forest
from footbridge.evidence.proportions import ArmCount, Comparison, TestResult
from footbridge.evidence.rules import Arm

Arms = tuple[Arm, Arm]
Cells = list[str]
NONE = "–"

# For a picture that leaves the page and its tokens.
ON_PAPER = Tokens(ink="#1c2b2e", line="#4c5a5c", accent="#0d5f61")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a page shows it: its heads, and its cells as text."""

    columns: Cells
    rows: list[Cells]


def outcome_table(found: Sequence[OutcomeComparison], arms: Arms, *, filled: bool = False) -> Table:
    """Return every outcome compared, one a row.

    Parameters
    ----------
    filled : bool
        Count everybody, a missing answer as the worse one; else only known answers.
    """
    columns = [
        gettext("Outcome"),
        *(arm.label for arm in arms),
        gettext("Difference in points (95 % interval)"),
        gettext("Cohen's d, and in whose favour"),
        gettext("Two-sided test"),
    ]
    return Table(columns, [_row(one, arms, filled=filled) for one in found])


def missing_table(found: Sequence[OutcomeComparison], arms: Arms) -> Table:
    """Return how many answers are missing, and whether both ways of counting agree."""
    columns = [
        gettext("Outcome"),
        *(gettext("Missing: {arm}").format(arm=arm.label) for arm in arms),
        gettext("Do both ways of counting agree?"),
    ]
    yes, no = gettext("Yes, in direction and interval"), gettext("No: read both tables")
    rows = [
        [_name(one), str(one.missing[0]), str(one.missing[1]), yes if one.agree else no]
        for one in found
    ]
    return Table(columns, rows)


def published_table(
    found: Sequence[OutcomeComparison], published: Mapping[str, Any], arms: Arms
) -> Table:
    """Return the figures that were printed, beside ours from the same counts."""
    columns = [
        gettext("Outcome"),
        gettext("Published d"),
        gettext("Our d"),
        gettext("Published p"),
        gettext("Which test that was"),
        gettext("Our p"),
    ]
    ours = {one.question.id: one.complete_case for one in found}
    rows = []
    for printed in published["outcomes"]:
        here = ours.get(printed["id"])
        rows.append(
            [
                str(OUTCOMES[printed["id"]]),
                f"{printed['d']:.3f}",
                _size(here.d) if here else NONE,
                printed["p"] or NONE,
                str(PUBLISHED_TESTS[printed["p_is"]]) if printed["p_is"] else NONE,
                test_words(here.test) if here else NONE,
            ]
        )
    return Table(columns, rows)


def sentence(found: OutcomeComparison, arms: Arms) -> str:
    """Return one outcome in plain words: counts, difference, interval, and what it can say."""
    here = found.complete_case
    low, high = 100 * here.interval.low, 100 * here.interval.high
    said = gettext(
        "{outcome}: {first} with {arm1}, and {second} with {arm2}. That is a difference of "
        "{points} percentage points; 95 % of such intervals hold the true one, and this one "
        "goes from {low} to {high}."
    ).format(
        outcome=_name(found),
        first=_count(here.first),
        second=_count(here.second),
        arm1=arms[0].label,
        arm2=arms[1].label,
        points=signed(100 * here.difference),
        low=signed(low),
        high=signed(high),
    )
    return f"{said} {_verdict(here)} {_missing(found)}"


def favour(found: OutcomeComparison, here: Comparison, arms: Arms) -> str:
    """Return in whose favour a difference speaks."""
    if here.difference == 0:
        return gettext("in favour of neither")
    first = (here.difference > 0) == found.question.favourable
    return gettext("in favour of {arm}").format(arm=arms[0 if first else 1].label)


def test_words(result: TestResult) -> str:
    """Return a p-value with the name of its test and its sidedness."""
    p = "p < 0.001" if result.p < 0.001 else f"p = {result.p:.3f}"
    name = TESTS.get(result.name, result.name)
    sides = gettext("two-sided") if result.sides == 2 else gettext("one-sided")
    return f"{p} ({name}, {sides})"


test_words.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test


def signed(points: float) -> str:
    """Return percentage points with their sign, and a true minus."""
    return f"{points:+.1f}".replace("-", "\N{MINUS SIGN}")


def plot(found: Sequence[OutcomeComparison], arms: Arms, *, tokens: Tokens | None = None) -> Plot:
    """Return the forest plot of the known answers, in the page's colours or given ones."""
    first, second = (arm.label for arm in arms)
    words = ForestWords(
        title=gettext("Differences between the arms, with 95 % intervals"),
        description=gettext(
            "One line for each outcome: the difference of {first} minus {second} in percentage "
            "points, with its interval. The table beside it holds the same numbers."
        ).format(first=first, second=second),
        axis=gettext("Difference in percentage points"),
        left=gettext("fewer with {arm}").format(arm=first),
        right=gettext("more with {arm}").format(arm=first),
    )
    rows = [ForestRow(_name(one), one.complete_case) for one in found]
    return forest(rows, words, name="outcomes", tokens=tokens)


def as_csv(found: Sequence[OutcomeComparison]) -> str:
    """Return the comparisons as CSV: one row an outcome and way of counting missing answers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for one in found:
        ways = (("known", one.complete_case), ("missing-as-worse", one.missing_unfavourable))
        for way, here in ways:
            writer.writerow(
                [
                    one.question.id,
                    way,
                    *(here.first.events, here.first.total),
                    *(here.second.events, here.second.total),
                    *(f"{x:.6f}" for x in (here.difference, here.interval.low, here.interval.high)),
                    here.interval.method,
                    "" if here.d is None else f"{here.d:.6f}",
                    f"{here.test.p:.6g}",
                    here.test.name,
                    here.test.sides,
                ]
            )
    return out.getvalue()


_CSV_COLUMNS = (
    *("outcome", "counted", "events_1", "total_1", "events_2", "total_2"),
    *("difference", "low_95", "high_95", "interval", "d", "p", "test", "sides"),
)


def _row(found: OutcomeComparison, arms: Arms, *, filled: bool) -> Cells:
    here = found.missing_unfavourable if filled else found.complete_case
    low, high = (signed(100 * end) for end in (here.interval.low, here.interval.high))
    size = NONE if here.d is None else f"{_size(here.d)}, {favour(found, here, arms)}"
    return [
        _name(found),
        _count(here.first),
        _count(here.second),
        gettext("{points} ({low} to {high})").format(
            points=signed(100 * here.difference), low=low, high=high
        ),
        size,
        test_words(here.test),
    ]


def _name(found: OutcomeComparison) -> str:
    return str(OUTCOMES[found.question.id])


def _count(count: ArmCount) -> str:
    said = gettext("{events} of {total} ({percent} %)").format(
        events=count.events, total=count.total, percent=f"{count.percent:.1f}"
    )
    return said.replace(" %", "\N{NO-BREAK SPACE}%")


def _size(d: float | None) -> str:
    return NONE if d is None else f"{abs(d):.3f}"


def _verdict(here: Comparison) -> str:
    if here.interval.low <= 0 <= here.interval.high:
        return gettext(
            "It holds zero, so this outcome alone does not tell whether the arms differ."
        )
    return gettext("It leaves out zero, so chance alone is an unlikely reason.")


def _missing(found: OutcomeComparison) -> str:
    if not any(found.missing):
        return gettext("No answer is missing.")
    if found.agree:
        return gettext("Counting missing answers as the worse one says the same.")
    return gettext("Counting missing answers as the worse one says something else: read both.")
