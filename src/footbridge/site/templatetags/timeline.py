"""Where the bands and marks of a state timeline stand, in percent of its width.

Percent, not pixels: the picture fits any screen while its words keep their size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

BAND_STATES: Final = ("using", "not_using", "treatment", "detained", "unknown")
MARK_KINDS: Final = ("checkup", "referral", "stay", "event")
_MOST_TICKS: Final = 5
# What the name of a month takes of the width (2026年11月 in 13 px is 74 px wide): on a picture of
# 600 px, and of 280 px, which is what a phone of 360 leaves.
_NAME: Final = 0.13
_NAME_ON_A_PHONE: Final = 0.27
_TURNS: Final = 1 - _NAME_ON_A_PHONE  # from here on a name is written to the left of its tick
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of days, both ends counted, that a person spent in one state.

    The states are those of the parent trials: using or not using in the community,
    in treatment, detained; and unknown.
    """

    state: str
    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.state not in BAND_STATES:
            raise ValueError(
                f"{self.state!r} is not a state of the timeline. Use one of: "
                f"{', '.join(BAND_STATES)}."
            )
        if self.ends < self.starts:
            raise ValueError("A band ends before it starts. Give its first day first.")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on one day."""

    kind: str
    on: date

    def __post_init__(self) -> None:
        if self.kind not in MARK_KINDS:
            raise ValueError(
                f"{self.kind!r} is not a mark of the timeline. Use one of: {', '.join(MARK_KINDS)}."
            )


@dataclass(frozen=True, slots=True)
class Placed:
    """One drawn thing: what it is, and where, as percentages ready for SVG."""

    what: str
    left: str
    width: str = "0%"


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month that the axis names, and where it stands.

    Parameters
    ----------
    day : datetime.date
        The first of the month.
    left : str
        Where its line stands.
    anchor : str
        ``start``, or ``end`` near the right edge, so that the name stays inside.
    on_a_phone : bool
        Whether a narrow picture has room for its name too.
    """

    day: date
    left: str
    anchor: str = "start"
    on_a_phone: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole timeline, ready to be drawn."""

    bands: Sequence[Placed]
    marks: Sequence[Placed]
    ticks: Sequence[Tick]
    states: Sequence[str]
    kinds: Sequence[str]


def draw(bands: Iterable[Band], marks: Iterable[Mark], *, starts: date, ends: date) -> Picture:
    """Place bands and marks between two days, both counted.

    What lies wholly outside is left out; what sticks out is cut at the edge.

    Raises
    ------
    ValueError
        If the last day comes before the first.
    """
    if ends < starts:
        raise ValueError("The timeline ends before it starts. Give its first day first.")
    days = (ends - starts).days + 1
    shown = [band for band in bands if band.starts <= ends and band.ends >= starts]
    seen = [mark for mark in marks if starts <= mark.on <= ends]
    return Picture(
        bands=[_placed(band, starts=starts, ends=ends) for band in shown],
        marks=[Placed(mark.kind, _percent((mark.on - starts).days + 0.5, days)) for mark in seen],
        ticks=_ticks(starts, days),
        states=[state for state in BAND_STATES if any(band.state == state for band in shown)],
        kinds=[kind for kind in MARK_KINDS if any(mark.kind == kind for mark in seen)],
    )


def _placed(band: Band, *, starts: date, ends: date) -> Placed:
    days = (ends - starts).days + 1
    first = max(band.starts, starts)
    last = min(band.ends, ends)
    return Placed(
        band.state,
        _percent((first - starts).days, days),
        _percent((last - first).days + 1, days),
    )


def _percent(part: float, whole: int) -> str:
    return f"{100 * part / whole:.3f}%"


def _ticks(starts: date, days: int) -> list[Tick]:
    """Return month beginnings whose names stand apart: at most five, fewer on a phone."""
    chosen = _named(starts, days)
    shares = [(day - starts).days / days for day in chosen]
    every = next(n for n in range(1, len(chosen) + 2) if _apart(shares[::n], _NAME_ON_A_PHONE))
    return [
        Tick(
            day,
            _percent(share, 1),
            "end" if share > _TURNS else "start",
            on_a_phone=number % every == 0,
        )
        for number, (day, share) in enumerate(zip(chosen, shares, strict=True))
    ]


def _named(starts: date, days: int) -> list[date]:
    """Return the beginnings of every month, or of every few, that a wide picture has room for."""
    ends = starts + timedelta(days=days - 1)
    months = [
        date(year, month, 1)
        for year in range(starts.year, ends.year + 1)
        for month in range(1, 13)
        if starts <= date(year, month, 1) <= ends
    ]
    for step in _MONTH_STEPS:
        chosen = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
        shares = [(day - starts).days / days for day in chosen]
        if len(chosen) <= _MOST_TICKS and _apart(shares, _NAME):
            return chosen
    return months[:1]


def _apart(shares: Sequence[float], name: float) -> bool:
    """Return whether names of this width beside their ticks leave each other room."""
    spans = [(at - name, at) if at > _TURNS else (at, at + name) for at in shares]
    return all(before[1] < after[0] for before, after in pairwise(spans))
