"""The withdrawal chart as a picture: sums over time above the lines of the bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from footbridge.journey.stays.signs import BANDS, HIGHEST, Sitting

WIDTH, HEIGHT = 560, 240
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 10, 30


@dataclass(frozen=True, slots=True)
class Dot:
    """One sitting in the picture."""

    x: float
    y: float
    total: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across or a tick below: where, and its number."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, in units of the view box."""

    dots: tuple[Dot, ...]
    bands: tuple[Rule, ...]
    days: tuple[Rule, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM

    @property
    def line(self) -> str:
        """The dots as the points of a line."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


def draw(sittings: Sequence[Sitting], *, begun: datetime) -> Picture | None:
    """Return the picture of a stay's sittings; None under two, which show no course."""
    known = [(one.at, one.total) for one in sittings if one.total is not None]
    if len(known) < 2:
        return None
    start = datetime.combine(begun.date(), datetime.min.time())
    span = max((known[-1][0] - start) / timedelta(days=1), 1.0)
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(at: datetime) -> float:
        return round(LEFT + across * ((at - start) / timedelta(days=1)) / span, 1)

    def y(total: int) -> float:
        return round(HEIGHT - BOTTOM - up * total / HIGHEST, 1)

    every = max(1, round(span / 8))
    days = range(0, int(span) + 1, every)
    return Picture(
        dots=tuple(Dot(x(at), y(total), total) for at, total in known),
        bands=tuple(Rule(y(least), least) for least, _band in BANDS if least),
        days=tuple(Rule(x(start + timedelta(days=day)), day + 1) for day in days),
    )
