"""The parameter table: the one structure that says what a model is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

RELATIONS = frozenset({":=", "==", "<", ">"})
COLUMNS = ("lhs", "op", "rhs", "user", "block", "group", "free", "ustart", "exo", "label", "plabel")


class Row(NamedTuple):
    """One parameter, definition or constraint, in lavaan's columns.

    `free` counts from 1; 0 means fixed at `ustart` (or taken from the data where `exo`).
    A named tuple, for a table copies its rows often and a dataclass takes three times as long.
    """

    lhs: str
    op: str
    rhs: str
    user: int = 1
    group: int = 1
    free: int = 0
    ustart: float | None = None
    exo: int = 0
    label: str = ""
    plabel: str = ""
    level: int = 1
    lower: float | None = None
    upper: float | None = None
    block: int = 1
    start: float | None = None

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What identifies the row within a model."""
        return (self.lhs, self.op, self.rhs, self.group)


@dataclass(frozen=True)
class ParameterTable:
    """Frozen rows in order, with the questions that everybody asks of them."""

    rows: tuple[Row, ...]
    #: What others compiled from this table, by who and for what; it goes where the table goes.
    compiled: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def n_free(self) -> int:
        """How many rows are free (before equality constraints)."""
        return max((row.free for row in self.rows), default=0)

    @cached_property
    def parameters(self) -> tuple[Row, ...]:
        """Rows that are parameters, not definitions or constraints."""
        return tuple(row for row in self.rows if row.op not in RELATIONS)

    @property
    def relations(self) -> tuple[Row, ...]:
        """Rows that are constraints."""
        return tuple(row for row in self.rows if row.op in {"==", "<", ">"})

    @property
    def definitions(self) -> tuple[Row, ...]:
        """Rows that define new parameters."""
        return tuple(row for row in self.rows if row.op == ":=")

    @cached_property
    def free_rows(self) -> tuple[Row, ...]:
        """Free rows in the order of the parameter vector."""
        return tuple(sorted((r for r in self.rows if r.free), key=lambda r: r.free))

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return max((row.group for row in self.rows), default=1)

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a pandas table, to look at or to edit."""
        return pd.DataFrame(
            [[getattr(row, name) for name in COLUMNS] for row in self.rows], columns=list(COLUMNS)
        )

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> "ParameterTable":
        """Read back a table that was edited."""
        rows = []
        for record in frame.to_dict("records"):
            value = record["ustart"]
            record["ustart"] = None if value is None or np.isnan(value) else float(value)
            rows.append(Row(**{str(k): v for k, v in record.items()}))
        return number(rows)


def number(rows: Iterable[Row]) -> ParameterTable:
    """Give every free row its number and every parameter its `plabel`."""
    free, out = 0, []
    for position, row in enumerate(rows, start=1):
        counts = row.op not in RELATIONS
        numbered = row.free and counts
        free += bool(numbered)
        out.append(
            row._replace(
                free=free if numbered else 0,
                plabel=f".p{position}." if counts else "",
                block=row.group if counts else 0,
            )
        )
    return ParameterTable(tuple(out))
