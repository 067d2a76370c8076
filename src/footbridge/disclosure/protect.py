"""From a table of counts to what may be shown of it: hide, hide more, or show less.

Small cells are hidden first; then others, until a reader who knows every earlier release,
the sums, the rounding rule and the threshold can pin no hidden cell down to a range
narrower than the threshold. Reading and attacking is in `attack`; this module only
decides what to hide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from footbridge.disclosure.attack import Attacker, Published, Range
from footbridge.disclosure.rules import Rule
from footbridge.disclosure.sheets import CellKey, Sheet


class Detail(StrEnum):
    """How much of a table is shown."""

    FULL = "full"
    MARGINS = "margins"
    NOTHING = "nothing"


class Why(StrEnum):
    """Why a cell is hidden; for whoever may see the counts, never for a reader."""

    SMALL = "small"
    OTHERS = "others"
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be shown of a table.

    Parameters
    ----------
    detail : Detail
    shown : mapping of CellKey to int or None
        Rounded counts; None for a hidden cell.
    why : mapping of CellKey to Why
        The reason for each hidden cell. Do not publish it: it tells small cells apart.
    published : Published or None
        What a reader holds, to audit later tables against; None where nothing is shown.
    narrowest : int or None
        The smallest width among hidden cells. None where nothing is hidden, or shown.
    """

    detail: Detail
    shown: Mapping[CellKey, int | None]
    why: Mapping[CellKey, Why]
    published: Published | None
    narrowest: int | None


def protect(sheet: Sheet, rule: Rule, *, earlier: Iterable[Published] = ()) -> Protected:
    """Hide what has to be hidden, given everything that was released before.

    Parameters
    ----------
    sheet : Sheet
        The true counts.
    rule : Rule
        How careful this copy is.
    earlier : iterable of Published
        What the readers of this copy hold already. It cannot be taken back, so only this
        table gives way.

    Returns
    -------
    Protected
        The whole table, its margins only, or nothing.

    Raises
    ------
    ContradictionError
        If the counts do not fit an earlier release.
    """
    search = _Search(sheet, rule, tuple(earlier))
    search.check()
    inner = sheet.interior - sheet.structural
    tries = [(Detail.FULL, frozenset[CellKey]())]
    if sheet.totals - sheet.grand:
        tries.append((Detail.MARGINS, inner))
    for detail, left_out in tries:
        # With margins to fall back on, a table full of holes is not worth its risk.
        most = rule.limit if detail is Detail.FULL and len(tries) > 1 else 1.0
        hidden = search.complete(left_out, most=most * len(inner))
        if hidden is None or hidden >= frozenset(sheet.counts) - sheet.structural:
            continue
        return search.outcome(detail, hidden, left_out)
    nothing = dict.fromkeys(sheet.counts)
    why = {key: Why.SMALL if key in search.small else Why.DETAIL for key in sheet.counts}
    return Protected(Detail.NOTHING, nothing, why, None, None)


def publish(sheet: Sheet, rule: Rule, *, hidden: Collection[CellKey]) -> Published:
    """Return what readers hold of a table some cells of which are hidden."""
    cells = {
        key: (0, 0)
        if key in sheet.structural
        else None
        if key in hidden
        else rule.behind(rule.rounded(one.value))
        for key, one in sheet.counts.items()
    }
    return Published(cells, sheet.sums)


@dataclass(frozen=True, slots=True)
class _Search:
    """One table's way to a safe set of hidden cells."""

    sheet: Sheet
    rule: Rule
    before: tuple[Published, ...]

    @property
    def small(self) -> frozenset[CellKey]:
        """The cells of too few people; a zero tells as much as a one."""
        return frozenset(
            key
            for key, one in self.sheet.counts.items()
            if one.heads < self.rule.threshold and key not in self.sheet.structural
        )

    def reader(self, hidden: Collection[CellKey]) -> Attacker:
        """Return whoever holds this table and all earlier ones."""
        return Attacker([*self.before, publish(self.sheet, self.rule, hidden=hidden)])

    def check(self) -> None:
        """Raise ContradictionError if these counts do not fit what is out already."""
        self.reader(self.small).ranges(list(self.sheet.counts)[:1])

    def complete(self, left_out: frozenset[CellKey], *, most: float) -> frozenset[CellKey] | None:
        """Return what to hide so that all that is hidden is wide.

        None where nothing would do, or more than `most` inner cells would have to go.
        """
        start, inner = self.small | left_out, self.sheet.interior
        hidden = set(start)
        asked: dict[CellKey, int] = {}
        while len(hidden & inner) <= most:
            reader = self.reader(hidden)
            exposed = self.exposed(reader)
            if not exposed:
                return self.tidied(hidden, start)
            key = min(exposed, key=lambda one: (exposed[one].width, one))
            # Whole counts can be narrower than the programme thinks; then ask for more room.
            asked[key] = asked.get(key, 0) + self.rule.threshold
            more = reader.openings(key, width=asked[key], closable=self.weights(hidden))
            if more is None or (not more and asked[key] > 4 * self.rule.threshold):
                return None
            hidden.update(more)
        return None

    def tidied(self, hidden: Collection[CellKey], start: frozenset[CellKey]) -> frozenset[CellKey]:
        """Show again what need not be hidden after all, the largest first."""
        kept = set(hidden)
        for key in sorted(kept - start, key=lambda one: (-self.sheet.counts[one].value, one)):
            if not self.exposed(self.reader(kept - {key})):
                kept.discard(key)
        return frozenset(kept)

    def exposed(self, reader: Attacker) -> dict[CellKey, Range]:
        """Return the hidden cells, also of earlier tables, that are too narrow now."""
        enough, wanted = self.rule.threshold, sorted(reader.hidden)
        found = reader.ranges(wanted, enough=enough)
        narrow = {key: one for key, one in found.items() if one.width < enough}
        if narrow or not self.before:
            return narrow
        found = reader.ranges(wanted, enough=enough, integer=True)
        return {key: one for key, one in found.items() if one.width < enough}

    def weights(self, hidden: Collection[CellKey]) -> dict[CellKey, float]:
        """Return what hiding each shown cell costs: readers need margins most."""
        totals, grand = self.sheet.totals, self.sheet.grand
        return {
            key: (1 + one.value**0.5) * (20 if key in grand else 4 if key in totals else 1)
            for key, one in self.sheet.counts.items()
            if key not in hidden and key not in self.sheet.structural
        }

    def outcome(
        self, detail: Detail, hidden: frozenset[CellKey], left_out: frozenset[CellKey]
    ) -> Protected:
        """Return the table as it may be shown, each hidden cell with its reason."""
        shown = {
            key: None if key in hidden else self.rule.rounded(one.value)
            for key, one in self.sheet.counts.items()
        }
        small = self.small
        why = {
            key: Why.SMALL if key in small else Why.DETAIL if key in left_out else Why.OTHERS
            for key in hidden
        }
        reader = self.reader(hidden)
        widths = [one.width for one in reader.ranges(sorted(hidden)).values()]
        published = publish(self.sheet, self.rule, hidden=hidden)
        return Protected(detail, shown, why, published, min(widths, default=None))
