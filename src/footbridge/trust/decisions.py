"""An answer that carries its reason, so that page and trail say the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed, and why."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed
