"""The eleven signs of opioid withdrawal with the published points of COWS.

Points and bands: Wesson & Ling (2003), J. Psychoactive Drugs 35(2), 253-259. The words for
each point are those of the assessments room's chart of withdrawal signs. When the next
sitting is due stands in `next_sitting`; no source gives an interval for a taper, so it is a
setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

AFTER_FIRST_DOSE = (timedelta(minutes=30), timedelta(hours=2))
"""Sittings that follow the first dose, whatever the ward's interval is."""


class Sign(StrEnum):
    """What is looked at; ids as in the chart of the assessments room."""

    PULSE = "pulse"
    SWEATING = "sweating"
    RESTLESSNESS = "restlessness"
    PUPILS = "pupils"
    ACHES = "aches"
    NOSE_EYES = "nose-eyes"
    STOMACH = "stomach"
    TREMOR = "tremor"
    YAWNING = "yawning"
    MOOD = "mood"
    GOOSEFLESH = "gooseflesh"


class Band(StrEnum):
    """How strong withdrawal is, by the sum of points."""

    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    MODERATELY_SEVERE = "moderately-severe"
    SEVERE = "severe"


POINTS: Mapping[Sign, tuple[int, ...]] = MappingProxyType(
    {
        Sign.PULSE: (0, 1, 2, 4),
        Sign.SWEATING: (0, 1, 2, 3, 4),
        Sign.RESTLESSNESS: (0, 1, 3, 5),
        Sign.PUPILS: (0, 1, 2, 5),
        Sign.ACHES: (0, 1, 2, 4),
        Sign.NOSE_EYES: (0, 1, 2, 4),
        Sign.STOMACH: (0, 1, 2, 3, 5),
        Sign.TREMOR: (0, 1, 2, 4),
        Sign.YAWNING: (0, 1, 2, 4),
        Sign.MOOD: (0, 1, 2, 4),
        Sign.GOOSEFLESH: (0, 3, 5),
    }
)
HIGHEST = sum(max(points) for points in POINTS.values())
BANDS: tuple[tuple[int, Band], ...] = (
    (0, Band.NONE),
    (5, Band.MILD),
    (13, Band.MODERATE),
    (25, Band.MODERATELY_SEVERE),
    (37, Band.SEVERE),
)


def score(points: Mapping[str, int]) -> int | None:
    """Return the sum of points; None where a sign is missing, for a part tells too little.

    Examples
    --------
    >>> score(dict.fromkeys(POINTS, 0) | {"pupils": 5, "gooseflesh": 3})
    8
    """
    if not all(sign in points for sign in POINTS):
        return None
    return sum(points[sign] for sign in POINTS)


def problems(points: Mapping[str, int]) -> list[Sign]:
    """Return the signs that have no points, or points that the scale does not have."""
    return [sign for sign, allowed in POINTS.items() if points.get(sign) not in allowed]


def band(total: int) -> Band:
    """Return the band of a sum.

    Examples
    --------
    >>> [band(total).value for total in (4, 5, 12, 13, 36, 37)]
    ['none', 'mild', 'mild', 'moderate', 'moderately-severe', 'severe']
    """
    return [name for least, name in BANDS if total >= least][-1]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting of the chart: when, and the sum."""

    at: datetime
    total: int | None


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest sum of a stay, and on which day of it."""

    total: int
    day: int


def peak(sittings: Iterable[Sitting], *, begun: datetime) -> Peak | None:
    """Return the first of the highest sums; None where nothing was charted."""
    known = [(one.at, one.total) for one in sittings if one.total is not None]
    if not known:
        return None
    at, total = max(known, key=lambda one: (one[1], -one[0].timestamp()))
    return Peak(total, max(1, (at.date() - begun.date()).days + 1))


def next_sitting(
    sittings: Iterable[datetime],
    *,
    begun: datetime,
    first_dose: datetime | None,
    hours: int | None,
) -> datetime | None:
    """Return when the chart is due next; None where no interval is set and none is fixed.

    Baseline at admission, 30 minutes and 2 hours after the first dose, then every `hours`
    after the last sitting. A sitting answers every moment that came before it.

    Examples
    --------
    >>> eight = datetime(2026, 11, 21, 8)
    >>> next_sitting([eight], begun=eight, first_dose=datetime(2026, 11, 21, 9), hours=6)
    datetime.datetime(2026, 11, 21, 9, 30)
    """
    done = sorted(sittings)
    if not done:
        return begun
    last = done[-1]
    fixed = [first_dose + after for after in AFTER_FIRST_DOSE] if first_dose else []
    coming = [moment for moment in fixed if moment > last]
    if hours is not None:
        coming.append(last + timedelta(hours=hours))
    return min(coming, default=None)
