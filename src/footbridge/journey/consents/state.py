"""The consents that stand, folded from a person's journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from footbridge.journey.consents.records import ConsentGiven, ConsentWithdrawn
from footbridge.journey.consents.rules import (
    OPENS,
    REQUIRES,
    AskAgain,
    ConsentText,
    Level,
    Opening,
    Purpose,
    Terms,
    asks_again,
    ended_by,
    may_use,
)
from footbridge.trust.decisions import Decision
from footbridge.trust.vault.folding import Opened
from footbridge.trust.weeks import IsoWeek


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The latest terms for each purpose, and whether the person asked to be forgotten."""

    terms: Mapping[Purpose, Terms] = field(default_factory=lambda: MappingProxyType({}))
    forgotten_on: date | None = None

    def may(self, purpose: Purpose, *, on: date) -> Decision:
        """Decide whether a purpose is allowed on a day, with the purpose that it needs."""
        decision = may_use(self.terms.get(purpose), on=on)
        needed = REQUIRES.get(purpose)
        if decision and needed is not None:
            first = self.may(needed, on=on)
            return decision if first else first
        return decision

    def held(self, *, on: date) -> frozenset[Purpose]:
        """Return the purposes that are allowed on a day."""
        return frozenset(purpose for purpose in Purpose if self.may(purpose, on=on))

    def opens(self, *, on: date) -> frozenset[Opening]:
        """Return every compartment, with its holder, that stands open on a day."""
        return frozenset[Opening]().union(*(OPENS[purpose] for purpose in self.held(on=on)))

    def to_ask(
        self, newest: Mapping[Purpose, ConsentText], *, on: date, notice: int = 28
    ) -> dict[Purpose, AskAgain]:
        """Return the purposes to ask about at the next visit, each with its reason."""
        if self.forgotten_on is not None:
            return {}
        found = {
            purpose: asks_again(self.terms.get(purpose), text, on=on, notice=notice)
            for purpose, text in newest.items()
        }
        return {purpose: why for purpose, why in found.items() if why is not None}


def summary_changes(state: ConsentState, *, on: date) -> dict[str, object]:
    """Return what the summary is told: which purposes stand, and the week the first ends."""
    held = state.held(on=on)
    ends = [state.terms[purpose].expires_on for purpose in held]
    return {
        "consents": frozenset(purpose.value for purpose in held),
        "consents_end": IsoWeek.of(min(ends)) if ends else None,
    }


def apply(state: ConsentState, entry: Opened) -> ConsentState:
    """Return the state after one entry; entries of other rooms change nothing."""
    match entry.record:
        case ConsentGiven() as given if state.forgotten_on is None:
            return _given(state, given)
        case ConsentWithdrawn() as withdrawn:
            return _withdrawn(state, withdrawn)
    return state


def _given(state: ConsentState, given: ConsentGiven) -> ConsentState:
    fresh = {
        purpose: Terms(
            purpose=purpose,
            text=given.text,
            language=given.language,
            given_on=given.given_on,
            lasts=given.lasts,
        )
        for purpose in given.purposes
    }
    return replace(state, terms=MappingProxyType({**state.terms, **fresh}))


def _withdrawn(state: ConsentState, withdrawn: ConsentWithdrawn) -> ConsentState:
    ended = ended_by(withdrawn.level, withdrawn.purposes)
    terms = {
        purpose: replace(held, withdrawn_on=_earlier(held.withdrawn_on, withdrawn.withdrawn_on))
        if purpose in ended
        else held
        for purpose, held in state.terms.items()
    }
    forgotten = withdrawn.withdrawn_on if withdrawn.level is Level.FORGET_ME else None
    return ConsentState(terms=MappingProxyType(terms), forgotten_on=state.forgotten_on or forgotten)


def _earlier(before: date | None, now: date) -> date:
    # A second withdrawal must never re-open the days that the first one closed.
    return now if before is None else min(before, now)
