"""Tables of counts as cells with names, and the sums that tie them together.

A cell's name says whom it counts, never in which table it stands. So two tables of the
same people share the cells that they have in common, and an audit of both sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from footbridge.disclosure.errors import TableError


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """Whom a cell counts.

    Parameters
    ----------
    population : str
        Whose table this is, with its period, such as ``checked-up 2026-Q3``.
    where : tuple of (str, str)
        Dimension and category pairs that narrow it down; none for the grand total.
    """

    population: str
    where: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, population: str, where: Mapping[str, str] | None = None) -> CellKey:
        """Return the key with its pairs in their one order."""
        return cls(population, tuple(sorted((where or {}).items())))

    def __str__(self) -> str:
        return "|".join([self.population, *(f"{name}={value}" for name, value in self.where)])

    @classmethod
    def parse(cls, text: str) -> CellKey:
        """Return the key that `str` wrote."""
        population, *pairs = text.split("|")
        return cls.of(population, dict(pair.split("=", 1) for pair in pairs))


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and how many different people stand behind it.

    Parameters
    ----------
    value : int
        The count.
    people : int or None
        Distinct people; None where each one counted is another person.
    """

    value: int
    people: int | None = None

    @property
    def heads(self) -> int:
        """The number that the threshold is held against."""
        return self.value if self.people is None else min(self.value, self.people)


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others."""

    total: CellKey
    parts: tuple[CellKey, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table before protection: counts by key, and the sums among them.

    Parameters
    ----------
    counts : mapping of CellKey to Count
    sums : tuple of Sum
    structural : frozenset of CellKey
        Cells that are zero by definition, which may be shown as zero.

    Raises
    ------
    TableError
        If a sum does not hold, a count is negative, a key of a sum has no count, or a
        structural zero is none.
    """

    counts: Mapping[CellKey, Count]
    sums: tuple[Sum, ...]
    structural: frozenset[CellKey] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not self.counts:
            raise _table_error("The table has no cell.", "Give it at least one category.")
        if any(one.value < 0 or one.heads < 0 for one in self.counts.values()):
            raise _table_error("A count is negative.", "Count again.")
        for one in self.sums:
            if one.total not in self.counts or not set(one.parts) <= set(self.counts):
                raise _table_error("A sum names a cell that has no count.", "Name every cell.")
            if not one.parts:
                raise _table_error("A sum has no part.", "Name its parts.")
            if self.counts[one.total].value != sum(self.counts[p].value for p in one.parts):
                raise _table_error(
                    f"The parts of {one.total} do not add up to it.",
                    "Count total and parts from the same people.",
                )
        if any(self.counts[key].value for key in self.structural if key in self.counts):
            raise _table_error(
                "A cell that is zero by definition holds a count.", "Mend the definition."
            )

    @property
    def totals(self) -> frozenset[CellKey]:
        """The cells that are sums of others."""
        return frozenset(one.total for one in self.sums)

    @property
    def interior(self) -> frozenset[CellKey]:
        """The cells that are no sum of others."""
        return frozenset(self.counts) - self.totals

    @property
    def grand(self) -> frozenset[CellKey]:
        """The totals that are part of no further sum."""
        parts = {part for one in self.sums for part in one.parts}
        return self.totals - parts


def one_way(
    population: str,
    dimension: str,
    counts: Mapping[str, Count | int],
    *,
    total: Count | None = None,
) -> Sheet:
    """Return a table of one dimension with its grand total.

    Parameters
    ----------
    counts : mapping of str to Count or int
        By category, in the order of the table.
    total : Count, optional
        Needed where people may stand in several categories.
    """
    cells = {CellKey.of(population, {dimension: name}): _count(one) for name, one in counts.items()}
    grand = CellKey.of(population)
    return Sheet({**cells, grand: total or _added(cells.values())}, (Sum(grand, tuple(cells)),))


def two_way(
    population: str,
    dimensions: tuple[str, str],
    counts: Mapping[tuple[str, str], Count | int],
    *,
    structural: Iterable[tuple[str, str]] = (),
    totals: Mapping[CellKey, Count] | None = None,
) -> Sheet:
    """Return a table of two dimensions with row, column and grand totals.

    Parameters
    ----------
    dimensions : tuple of str
        Names of rows and columns.
    counts : mapping of (str, str) to Count or int
        By row and column category; every pair has to be there.
    structural : iterable of (str, str)
        Pairs that are zero by definition.
    totals : mapping of CellKey to Count, optional
        Totals whose people are not the sum of their parts' people.
    """
    first, second = dimensions
    rows, columns = (list(dict.fromkeys(pair[at] for pair in counts)) for at in (0, 1))
    if len(counts) != len(rows) * len(columns):
        raise _table_error("A pair of categories has no count.", "Give every pair one, also 0.")

    def key(row: str | None = None, column: str | None = None) -> CellKey:
        where = {first: row, second: column}
        return CellKey.of(population, {name: at for name, at in where.items() if at is not None})

    cells = {key(*pair): _count(counts[pair]) for pair in product(rows, columns)}
    sums = [Sum(key(row), tuple(key(row, column) for column in columns)) for row in rows]
    sums += [Sum(key(None, one), tuple(key(row, one) for row in rows)) for one in columns]
    for one in tuple(sums):
        cells[one.total] = _added(cells[part] for part in one.parts)
    sums.append(Sum(key(), tuple(key(row) for row in rows)))
    sums.append(Sum(key(), tuple(key(None, column) for column in columns)))
    cells[key()] = _added(cells[key(row)] for row in rows)
    cells.update(totals or {})
    return Sheet(cells, tuple(sums), frozenset(key(*pair) for pair in structural))


def steps(population: str, dimension: str, furthest: Sequence[tuple[str, Count | int]]) -> Sheet:
    """Return a cascade: at each step who reached it, and who went no further.

    Parameters
    ----------
    furthest : sequence of (str, Count or int)
        In the order of the steps: how many reached this one and none after it.

    Notes
    -----
    A step's drop-out is the difference of two numbers of a cascade, so it is a cell of
    its own here: where it is small, one of the two has to be hidden.
    """
    if len({name for name, _ in furthest}) != len(furthest):
        raise _table_error("Two steps have one name.", "Name each step once.")
    only = {name: _count(one) for name, one in furthest}
    cells: dict[CellKey, Count] = {}
    sums: list[Sum] = []
    after: CellKey | None = None
    for name in reversed(list(only)):
        stopped = CellKey.of(population, {dimension: f"only {name}"})
        reached = CellKey.of(population, {dimension: name})
        parts = (stopped,) if after is None else (stopped, after)
        cells[stopped] = only[name]
        cells[reached] = _added(cells[part] for part in parts)
        sums.append(Sum(reached, parts))
        after = reached
    return Sheet(cells, tuple(sums))


def _count(given: Count | int) -> Count:
    return given if isinstance(given, Count) else Count(given)


def _added(counts: Iterable[Count]) -> Count:
    found = list(counts)
    told = [one.people for one in found]
    people = sum(one.heads for one in found) if any(one is not None for one in told) else None
    return Count(sum(one.value for one in found), people)


def _table_error(what: str, todo: str) -> TableError:
    return TableError(what, "Only a table whose sums hold can be audited.", todo)
