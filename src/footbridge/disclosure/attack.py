"""What a reader can work out: the feasible range of each cell, by two linear programmes.

The reader knows every released table, the sums, the rounding rule and the threshold. All
programmes of one audit are solved in one call of HiGHS, side by side, since they share
no variable; each solution found is also a witness for every other cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from footbridge.disclosure.errors import ContradictionError, TableError
from footbridge.disclosure.rules import Interval
from footbridge.disclosure.sheets import CellKey, Sum

Floats = NDArray[np.float64]
Matrix = sparse.csr_array[np.float64]
SLACK = 1e-6
AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Published:
    """What readers hold of one table: an interval for each shown cell, None for a hidden one.

    Parameters
    ----------
    cells : mapping of CellKey to (int, int) or None
        Every cell that the table's sums name.
    sums : tuple of Sum
    """

    cells: Mapping[CellKey, Interval | None]
    sums: tuple[Sum, ...] = ()

    @property
    def hidden(self) -> frozenset[CellKey]:
        """The cells of which no number is shown."""
        return frozenset(key for key, shown in self.cells.items() if shown is None)


@dataclass(frozen=True, slots=True)
class Range:
    """The counts that a cell may hold, as far as a reader can tell."""

    low: int
    high: int

    @property
    def width(self) -> int:
        """How many steps lie between the ends."""
        return self.high - self.low


class Attacker:
    """A reader of several tables who computes.

    Parameters
    ----------
    tables : iterable of Published
        Everything that this reader holds.

    Raises
    ------
    ContradictionError
        If two tables show one cell in intervals that do not meet.
    TableError
        If a sum names a cell that no table holds.
    """

    def __init__(self, tables: Iterable[Published]) -> None:
        self.tables = tuple(tables)
        self.keys = sorted({key for table in self.tables for key in table.cells})
        self.at = {key: number for number, key in enumerate(self.keys)}
        shown = [one for t in self.tables for one in t.cells.values() if one is not None]
        # Wide enough to mean "no bound", small enough for exact arithmetic.
        self.cap = 1000 + 2 * sum(high for _, high in shown)
        self.low, self.high = np.zeros(len(self.keys)), np.full(len(self.keys), float(self.cap))
        for table in self.tables:
            for key, bound in table.cells.items():
                if bound is not None:
                    self._narrow(key, bound)
        self.sums = tuple(dict.fromkeys(one for table in self.tables for one in table.sums))
        self.matrix = self._matrix()

    @property
    def hidden(self) -> frozenset[CellKey]:
        """Every cell of which no table shows a number."""
        shown = {key for t in self.tables for key, bound in t.cells.items() if bound is not None}
        return frozenset(self.keys) - shown

    def ranges(
        self, cells: Iterable[CellKey], *, enough: int | None = None, integer: bool = False
    ) -> dict[CellKey, Range]:
        """Return the feasible range of each cell.

        Parameters
        ----------
        enough : int, optional
            A width at which a cell is left alone: its range is then only known to be at
            least as wide as the one returned. None computes every range exactly.
        integer : bool
            Ask for whole counts (integer programmes). Ranges of a single table of one or
            two dimensions are the same either way; those of linked tables may be narrower.

        Raises
        ------
        ContradictionError
            If no counts fit what is shown.
        """
        wanted = list(cells)
        low, high = np.full(len(self.keys), np.inf), np.full(len(self.keys), -np.inf)
        for start in range(0, len(wanted), AT_ONCE):
            part = [
                self.at[key]
                for key in wanted[start : start + AT_ONCE]
                if enough is None or high[self.at[key]] - low[self.at[key]] < enough - SLACK
            ]
            if part:
                found = self._solve_side_by_side(part, integer=integer)
                low, high = np.minimum(low, found.min(axis=0)), np.maximum(high, found.max(axis=0))
        return {key: _range(low[self.at[key]], high[self.at[key]]) for key in wanted}

    def openings(
        self, cell: CellKey, *, width: int, closable: Mapping[CellKey, float]
    ) -> list[CellKey] | None:
        """Return which shown cells to hide so that a hidden one becomes wide enough.

        Two tables of counts that differ by `width` in the cell are sought, both of which
        fit everything but the cells that may still be hidden; leaving a shown interval
        costs by the cell's weight, and the cheapest way says which to hide.

        Parameters
        ----------
        closable : mapping of CellKey to float
            The shown cells that may be hidden, with what hiding one unit costs.

        Returns
        -------
        list of CellKey or None
            None where not even hiding all of them would do.

        References
        ----------
        Kelly, Golden and Assad 1992, Networks 22:397-417 (cell suppression by flows);
        Fischetti and Salazar 2001, Management Science 47:1008-1027.
        """
        free = list(closable)
        n, m = len(self.keys), len(free)
        at = np.array([self.at[key] for key in free], dtype=int)
        low, high = self.low.copy(), self.high.copy()
        low[at], high[at] = 0.0, float(self.cap)
        pick = sparse.csr_array((np.ones(m), (np.arange(m), at)), shape=(m, n))
        nothing, own = sparse.csr_array((m, n)), sparse.eye_array(m, format="csr")
        target = sparse.csr_array(
            ([1.0, -1.0], ([0, 0], [self.at[cell], n + self.at[cell]])), shape=(1, 2 * n + m)
        )
        rows = self.matrix.shape[0]
        within = sparse.block_array(
            [
                [self.matrix, sparse.csr_array((rows, n)), sparse.csr_array((rows, m))],
                [sparse.csr_array((rows, n)), self.matrix, sparse.csr_array((rows, m))],
                [pick, nothing, -own],
                [nothing, pick, -own],
                [pick, nothing, own],
                [nothing, pick, own],
            ]
        )
        none = np.full(2 * m, -np.inf)
        lower = np.concatenate([np.zeros(2 * rows), none, self.low[at], self.low[at], [width]])
        upper = np.concatenate([np.zeros(2 * rows), self.high[at], self.high[at], -none, [np.inf]])
        cost = np.concatenate([np.zeros(2 * n), np.array([closable[key] for key in free])])
        ends = np.full(m, float(self.cap))
        bounds = (np.concatenate([low, low, np.zeros(m)]), np.concatenate([high, high, ends]))
        found = _programme(cost, sparse.vstack([within, target]), (lower, upper), bounds)
        if found is None:
            return None
        return [key for key, moved in zip(free, found[2 * n :], strict=True) if moved > SLACK]

    def _solve_side_by_side(self, cells: Sequence[int], *, integer: bool) -> Floats:
        """Return the solutions of the lowest and highest programme of each cell, one a row."""
        n, blocks = len(self.keys), 2 * len(cells)
        cost = np.zeros((blocks, n))
        for number, cell in enumerate(cells):
            cost[2 * number, cell], cost[2 * number + 1, cell] = 1.0, -1.0
        matrix = sparse.kron(sparse.eye_array(blocks), self.matrix, format="csr")
        zero = np.zeros(matrix.shape[0])
        bounds = (np.tile(self.low, blocks), np.tile(self.high, blocks))
        found = _programme(cost.ravel(), matrix, (zero, zero), bounds, integer=integer)
        if found is None:
            raise ContradictionError(
                "No counts fit what these tables show.",
                "One of them was counted when the records said something else.",
                "Do not release a table that contradicts an earlier one.",
            )
        return found.reshape(blocks, n)

    def _narrow(self, key: CellKey, bound: Interval) -> None:
        at = self.at[key]
        self.low[at], self.high[at] = max(self.low[at], bound[0]), min(self.high[at], bound[1])
        if self.low[at] > self.high[at]:
            raise ContradictionError(
                f"Two tables contradict each other about {key}.",
                "One of them was counted when the records said something else.",
                "Do not release a table that contradicts an earlier one.",
            )

    def _matrix(self) -> Matrix:
        rows, columns, values = [], [], []
        for number, one in enumerate(self.sums):
            for key, sign in [(one.total, -1.0), *((part, 1.0) for part in one.parts)]:
                if key not in self.at:
                    raise TableError(
                        f"A sum names {key}, which no table holds.",
                        "An audit has to know each cell of a sum.",
                        "Give the cell, hidden if need be.",
                    )
                rows.append(number)
                columns.append(self.at[key])
                values.append(sign)
        return sparse.csr_array((values, (rows, columns)), shape=(len(self.sums), len(self.keys)))


def hidden_widths(tables: Collection[Published], *, integer: bool = False) -> dict[CellKey, Range]:
    """Return the exact feasible range of every hidden cell of some tables."""
    reader = Attacker(tables)
    return reader.ranges(sorted(reader.hidden), integer=integer)


def _programme(
    cost: Floats,
    matrix: Matrix,
    within: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    *,
    integer: bool = False,
) -> Floats | None:
    """Return the solution of one programme; None where there is none."""
    constraints = [optimize.LinearConstraint(matrix, *within)] if matrix.shape[0] else []
    solved = optimize.milp(
        cost,
        constraints=constraints,
        bounds=optimize.Bounds(*bounds),
        integrality=np.full(cost.shape, int(integer)),
    )
    if solved.status == 2:
        return None
    if solved.x is None:
        raise ContradictionError(
            "An audit did not end.",
            f"The solver said: {solved.message}",
            "Release nothing of this table; report the table's shape to the maintainers.",
        )
    found: Floats = solved.x
    return found


def _range(low: float, high: float) -> Range:
    return Range(int(np.ceil(low - SLACK)), int(np.floor(high + SLACK)))
