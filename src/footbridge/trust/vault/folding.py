"""From a journal's entries to the state that they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from footbridge.trust.vault.records import Record

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Opened:
    """One entry of a journal, opened: the record and the envelope it was sealed in.

    In the research compartment `by` and `on` are None: it holds neither staff nor dates.
    """

    id: UUID
    sequence: int
    record: Record
    by: UUID | None = None
    on: date | None = None
    replaces: UUID | None = None


def current(entries: Iterable[Opened]) -> list[Opened]:
    """Return the entries that still stand, each correction in the place of its original."""
    place: dict[UUID, int] = {}
    standing: list[Opened] = []
    for entry in entries:
        at = place.get(entry.replaces) if entry.replaces is not None else None
        if at is None:
            at = len(standing)
            standing.append(entry)
        else:
            standing[at] = entry
        place[entry.id] = at
    return standing


def fold(entries: Iterable[Opened], apply: Callable[[S, Opened], S], start: S) -> S:
    """Return the state after every standing entry has been applied in order."""
    state = start
    for entry in current(entries):
        state = apply(state, entry)
    return state
