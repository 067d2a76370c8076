"""The published pilot's outcomes as coded values, one for each of its hundred people.

Only the marginal counts of the pilot are known. Who of its people had which outcomes
together is invented here, and so is everything else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from footbridge.evidence.rules import Arm
from footbridge.journey.outcomes.rules import (
    Answer,
    Employment,
    Housing,
    Justice,
    OutcomeValues,
    Place,
    Treatment,
    Urine,
)

MONTH = 3
RMI = Arm("rmi", "Recovery management")
STANDARD = Arm("standard", "Standard care")


@cache
def published() -> Mapping[str, Any]:
    """Return the numbers of the publication, with their source."""
    text = (files("footbridge.evidence") / "data" / "pilot.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def pilot_outcomes() -> list[tuple[str, OutcomeValues]]:
    """Return (arm, values) of a hundred invented people whose counts are the published ones."""
    return [
        (arm, _values(arm, number))
        for arm in (RMI.code, STANDARD.code)
        for number in range(published()["randomised"][arm])
    ]


def _values(arm: str, number: int) -> OutcomeValues:
    counts = {outcome["id"]: outcome[arm] for outcome in published()["outcomes"]}
    interviewed = number < published()["interviewed"][arm]
    # Whoever was sent back was not interviewed where that fits: counted from the end.
    from_end = published()["randomised"][arm] - 1 - number
    returned = from_end < counts["returned"][0]
    justice = Justice.COMPULSORY if returned else Justice.NOTHING
    if not interviewed:
        return OutcomeValues(justice=justice, place=Place.DETAINED if returned else Place.NOT_KNOWN)
    positive = number < counts["urine"][0]
    used = (number * 7 % 40 + 2) if positive else (3 if number % 6 == 5 else 0)
    return OutcomeValues(
        employment=_employment(number, counts["employed"][0], offset=counts["urine"][0]),
        days_used=used,
        days_known=88,
        urine=_urine(number, counts["urine"], positive=positive),
        justice=justice,
        services=(number % 5 + 2) if arm == RMI.code else number % 3,
        objectives=(number % 4 + 1) if arm == RMI.code else number % 2,
        treatment=Treatment.METHADONE if number < counts["methadone"][0] else Treatment.NONE,
        housing=(Housing.SETTLED, Housing.TEMPORARY, Housing.SETTLED)[number % 3],
        place=Place.COMMUNITY,
        recovery_capital=float(14 + number * 5 % 22),
        used_30=Answer.YES if used else Answer.NO,
        crime_30=Answer.NO,
        community_30=Answer.YES,
    )


def _employment(number: int, employed: int, *, offset: int) -> Employment:
    if offset <= number < offset + employed:
        return Employment.REGULAR if number % 2 else Employment.OCCASIONAL
    return Employment.NONE


def _urine(number: int, count: list[int], *, positive: bool) -> Urine:
    if number >= count[1]:
        return Urine.NOT_TESTED
    return Urine.POSITIVE if positive else Urine.NEGATIVE
