"""Texts of the chart and of the agreement, read from data in English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from footbridge.journey.stays.codes import Point
from footbridge.journey.stays.signs import POINTS, Sign

Words = Mapping[str, str]


@cache
def _read(file: str) -> dict[str, Any]:
    folder = resources.files("footbridge.journey.stays") / "data"
    found: dict[str, Any] = json.loads((folder / file).read_text(encoding="utf-8"))
    return found


def sign(which: Sign) -> Words:
    """Return what a sign is called, by language."""
    found: Words = _read("signs.json")["signs"][which.value]
    return found


def points(which: Sign) -> list[tuple[int, Words]]:
    """Return the points of a sign with what is seen, fewest first."""
    words = _read("signs.json")["points"][which.value]
    return [(number, words[str(number)]) for number in POINTS[which]]


def agreement() -> dict[Point, Words]:
    """Return what is said of each point of the agreement, by language."""
    found = _read("agreement.json")["points"]
    return {point: found[point.value] for point in Point}
