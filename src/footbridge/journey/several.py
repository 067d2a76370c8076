"""Several values in one sentence: written in a row, and still apart for translation."""

from __future__ import annotations

from typing import TypeVar

V = TypeVar("V", covariant=True)


class Several(tuple[V, ...]):
    """Values that a decision names in a row; a page puts each into words first."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(str(value) for value in self)
