"""The outcomes of a person over time, folded from their journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from footbridge.journey.outcomes.records import AdverseEventNoted, ArmAssigned, OutcomeCoded
from footbridge.journey.outcomes.rules import Answer, CareerState, career_state, favourable
from footbridge.trust.vault.folding import Opened


@dataclass(frozen=True, slots=True)
class OutcomeState:
    """The outcome of each time point, the arm in each study, and every adverse event."""

    outcomes: Mapping[int, OutcomeCoded] = field(default_factory=lambda: MappingProxyType({}))
    arms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    events: tuple[AdverseEventNoted, ...] = ()

    def career(self) -> list[tuple[int, CareerState]]:
        """Return the state at each time point that was coded, in the order of months."""
        return [
            (month, career_state(self.outcomes[month].values)) for month in sorted(self.outcomes)
        ]

    def favourable(self, month: int) -> Answer:
        """Return the composite at a time point; not known where nothing was coded."""
        if month not in self.outcomes:
            return Answer.NOT_KNOWN
        values = self.outcomes[month].values
        return favourable(
            used_30=values.used_30, crime_30=values.crime_30, community_30=values.community_30
        )


def apply(state: OutcomeState, entry: Opened) -> OutcomeState:
    """Return the state after one entry; entries of other rooms change nothing.

    A time point that is coded twice keeps the later coding. An arm, once assigned, stays:
    whoever is allocated twice is analysed as allocated first.
    """
    match entry.record:
        case OutcomeCoded() as coded:
            outcomes = MappingProxyType({**state.outcomes, coded.month: coded})
            return replace(state, outcomes=outcomes)
        case ArmAssigned() as assigned if assigned.study not in state.arms:
            arms = MappingProxyType({**state.arms, assigned.study: assigned.arm})
            return replace(state, arms=arms)
        case AdverseEventNoted() as event:
            return replace(state, events=(*state.events, event))
    return state
