"""From a counted table to a release, given everything that was released before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from footbridge.disclosure.attack import Attacker, Published
from footbridge.disclosure.errors import ContradictionError
from footbridge.disclosure.noise import Draws, margin, noisy
from footbridge.disclosure.protect import Detail, Protected, protect
from footbridge.disclosure.rules import INSIDE
from footbridge.disclosure.sheets import CellKey, Sheet
from footbridge.evidence.reports.catalogue import Report
from footbridge.evidence.reports.content import Content, Copy
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.quarters import Quarter

EPSILON = Fraction(1, 2)


class ReleaseError(HouseError):
    """A table that cannot be released."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A table as it would be released, for those who may see its counts.

    Parameters
    ----------
    content : Content or None
        What would be released; None where nothing can be shown.
    protected : Protected
        With the reason for each hidden cell.
    sheet : Sheet
        The counts themselves; never stored.
    """

    content: Content | None
    protected: Protected
    sheet: Sheet


def draft(
    report: Report, quarter: Quarter, copy: Copy, *, sheet: Sheet, earlier: Iterable[Content]
) -> Draft:
    """Protect a table against whoever holds every earlier release of the same people.

    A reader inside holds copies of both kinds, one outside holds those made for outside.

    Raises
    ------
    ReleaseError
        If the counts contradict an earlier release, or would open one of its cells to
        readers inside.
    """
    rule, before = copy.rule, list(earlier)
    mine = [one for one in before if copy is Copy.INSIDE or one.copy == Copy.OUTSIDE]
    try:
        found = protect(sheet, rule, earlier=linked(sheet, mine))
        if found.published is not None and len(mine) < len(before):
            _check_inside([*linked(sheet, before), found.published])
    except ContradictionError as error:
        raise ReleaseError(
            gettext_noop(
                "These counts do not fit a table of the same people that was released before: "
                "records were corrected since. A released table stays as it is, so this one "
                "cannot be released for this quarter. Release the tables of a quarter together."
            )
        ) from error
    if found.published is None:
        return Draft(None, found, sheet)
    content = Content(
        report=report.code,
        quarter=str(quarter),
        copy=copy.value,
        detail=found.detail.value,
        cells={str(key): value for key, value in found.shown.items()},
        sums=[[str(one.total), [str(part) for part in one.parts]] for one in sheet.sums],
        structural=sorted(str(key) for key in sheet.structural),
        rule={"threshold": rule.threshold, "base": rule.base, "percent_base": rule.percent_base},
    )
    return Draft(content, found, sheet)


def headline(report: Report, quarter: Quarter, count: int, *, draws: Draws) -> Content:
    """Return a number with noise, drawn once."""
    value = noisy(count, EPSILON, draws=draws)
    return Content(
        report=report.code,
        quarter=str(quarter),
        copy=Copy.OUTSIDE.value,
        detail="noise",
        cells={str(CellKey(f"{report.population} {quarter}")): value},
        noise={"epsilon": str(EPSILON), "margin": margin(EPSILON)},
    )


def linked(sheet: Sheet, earlier: Sequence[Content]) -> list[Published]:
    """Return the earlier tables that share people with this one, directly or by others."""
    waiting = [found for one in earlier if (found := one.published()) is not None]
    reached = {key.population for key in sheet.counts}
    joined: list[Published] = []
    while True:
        new = [one for one in waiting if reached & {key.population for key in one.cells}]
        if not new:
            return joined
        joined += new
        waiting = [one for one in waiting if one not in new]
        reached |= {key.population for one in new for key in one.cells}


def nothing_to_show(found: Draft) -> bool:
    """Whether so few people are counted that not even a total can be shown."""
    return found.protected.detail is Detail.NOTHING


def _check_inside(tables: list[Published]) -> None:
    reader = Attacker(tables)
    found = reader.ranges(sorted(reader.hidden), enough=INSIDE.threshold, integer=True)
    if any(one.width < INSIDE.threshold for one in found.values()):
        raise ReleaseError(
            gettext_noop(
                "Beside the copies for the team that were released before, this copy would let "
                "the team work out a hidden number. Use the copy for the team instead."
            )
        )
