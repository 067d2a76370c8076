"""The fixed list of what an extract may hold, and how each knowable part gets coarser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from footbridge.disclosure.microdata import Ladder
from footbridge.journey.outcomes.records import OutcomeBands
from footbridge.journey.outcomes.rules import favourable

MOST_KNOWABLE = 4
ARM = "arm"


@dataclass(frozen=True, slots=True)
class Variable:
    """One coded column.

    Parameters
    ----------
    code : str
    read : callable
        Returns the column's value of somebody's coded outcome.
    ladder : Ladder or None
        How it gets coarser, where an outsider may know it of somebody; None where it is
        what they would learn.
    """

    code: str
    read: Callable[[OutcomeBands], str]
    ladder: Ladder | None = None

    @property
    def knowable(self) -> bool:
        """Whether an outsider may know this of somebody."""
        return self.ladder is not None


def _favourable(bands: OutcomeBands) -> str:
    return favourable(
        used_30=bands.used_30, crime_30=bands.crime_30, community_30=bands.community_30
    ).value


_PAID = {"regular": "paid", "occasional": "paid"}
_HOUSED = {
    "settled": "housed",
    "temporary": "housed",
    "institution": "not-housed",
    "none": "not-housed",
}
_TREATED = {"methadone": "in-treatment", "other": "in-treatment"}
_AWAY = {"treatment": "away", "detained": "away"}
_JUSTICE = {"arrested": "something", "detained": "something", "compulsory": "something"}

VARIABLES: Mapping[str, Variable] = {
    one.code: one
    for one in (
        Variable(ARM, lambda bands: bands.arm, Ladder()),
        Variable("employment", lambda bands: bands.employment.value, Ladder((_PAID,))),
        Variable("housing", lambda bands: bands.housing.value, Ladder((_HOUSED,))),
        Variable("treatment", lambda bands: bands.treatment.value, Ladder((_TREATED,))),
        Variable("place", lambda bands: bands.place.value, Ladder((_AWAY,))),
        Variable("justice", lambda bands: bands.justice.value, Ladder((_JUSTICE,))),
        Variable("days_used", lambda bands: bands.days_used.value),
        Variable("urine", lambda bands: bands.urine.value),
        Variable("services", lambda bands: bands.services.value),
        Variable("objectives", lambda bands: bands.objectives.value),
        Variable("recovery_capital", lambda bands: bands.recovery_capital.value),
        Variable("used_30", lambda bands: bands.used_30.value),
        Variable("crime_30", lambda bands: bands.crime_30.value),
        Variable("community_30", lambda bands: bands.community_30.value),
        Variable("favourable", _favourable),
    )
}
