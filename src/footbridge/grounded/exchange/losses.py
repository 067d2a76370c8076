"""What an import or export could not keep, counted by the kind of thing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LossReport:
    """What a person must be told after an import or export.

    Attributes
    ----------
    dropped : dict
        Kind of element to how many were left out.
    tolerated : dict
        Kind of deviation from the standard to how often it was met and read anyway.
    positions : dict
        Document name to how its positions were understood, where that had to be found out.
    """

    dropped: dict[str, int] = field(default_factory=dict)
    tolerated: dict[str, int] = field(default_factory=dict)
    positions: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return not self.dropped

    def lines(self) -> list[str]:
        """Return the report as lines for a person."""
        return [
            *(f"left out: {n} x {kind}" for kind, n in self.dropped.items()),
            *(f"read anyway: {n} x {kind}" for kind, n in self.tolerated.items()),
            *(f"positions in {name}: {how}" for name, how in self.positions.items()),
        ]


class Losses:
    """Counts losses while a file is read or written."""

    def __init__(self) -> None:
        self._dropped: Counter[str] = Counter()
        self._tolerated: Counter[str] = Counter()
        self.positions: dict[str, str] = {}

    def drop(self, kind: str, count: int = 1) -> None:
        """Count things that are left out."""
        if count:
            self._dropped[kind] += count

    def tolerate(self, kind: str, count: int = 1) -> None:
        """Count deviations that are read anyway."""
        if count:
            self._tolerated[kind] += count

    def report(self) -> LossReport:
        """Return what was counted, in alphabetical order."""
        return LossReport(
            dict(sorted(self._dropped.items())),
            dict(sorted(self._tolerated.items())),
            dict(sorted(self.positions.items())),
        )
