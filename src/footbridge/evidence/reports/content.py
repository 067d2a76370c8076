"""What a release holds: protected numbers only, in a form that never changes again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from footbridge.disclosure.attack import Published
from footbridge.disclosure.rules import INSIDE, OUTSIDE, Rule
from footbridge.disclosure.sheets import CellKey, Sum


class Copy(StrEnum):
    """For whom a copy is made."""

    OUTSIDE = "outside"
    INSIDE = "inside"

    @property
    def rule(self) -> Rule:
        """How careful this copy is."""
        return OUTSIDE if self is Copy.OUTSIDE else INSIDE


@dataclass(frozen=True, slots=True)
class Content:
    """One released table.

    Parameters
    ----------
    report, quarter, copy : str
    detail : str
        ``full``, ``margins`` or ``noise``.
    cells : mapping of str to int or None
        Shown numbers by cell key; None for hidden.
    sums : list of [str, list of str]
        Total and parts, by cell key.
    structural : list of str
        Cells that are zero by definition.
    rule : mapping of str to int
        The numbers of the rule in force at the release.
    noise : mapping
        For a noisy number: its epsilon and its margin.
    """

    report: str
    quarter: str
    copy: str
    detail: str
    cells: Mapping[str, int | None]
    sums: list[list[Any]] = field(default_factory=list)
    structural: list[str] = field(default_factory=list)
    rule: Mapping[str, int] = field(default_factory=dict)
    noise: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Content:
        """Return the content of what was stored."""
        return cls(**stored)

    @property
    def digest(self) -> str:
        """SHA-256 of the content, written one way only."""
        return digest_of(self.as_json())

    @property
    def hidden(self) -> int:
        """How many cells are hidden."""
        return sum(value is None for value in self.cells.values())

    def shown(self, key: CellKey) -> int | None:
        """Return a cell's number; None where it is hidden."""
        return self.cells.get(str(key))

    def published(self) -> Published | None:
        """Return what this release tells a reader; None where it is a noisy number."""
        if self.noise:
            return None
        rule = Rule(**self.rule)
        zero = set(self.structural)
        cells = {
            CellKey.parse(text): (0, 0)
            if text in zero
            else None
            if value is None
            else rule.behind(value)
            for text, value in self.cells.items()
        }
        sums = tuple(
            Sum(CellKey.parse(total), tuple(CellKey.parse(part) for part in parts))
            for total, parts in self.sums
        )
        return Published(cells, sums)


def digest_of(stored: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a stored content, written one way only."""
    text = json.dumps(stored, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
