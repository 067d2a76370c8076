"""Texts of the chart and of the agreement, in English and Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from footbridge.journey.assessments.instruments import withdrawal_chart
from footbridge.journey.assessments.rules import Item, Words
from footbridge.journey.stays.codes import Point
from footbridge.journey.stays.signs import Sign


def sign(which: Sign) -> Words:
    """Return what a sign is called, by language."""
    return _items()[which.value].words


def points(which: Sign) -> list[tuple[int, Words]]:
    """Return the points of a sign with what is seen, fewest first."""
    options = sorted(_items()[which.value].options, key=lambda option: option.value)
    return [(option.value, option.words) for option in options]


def agreement() -> dict[Point, Mapping[str, str]]:
    """Return what is said of each point of the agreement, by language."""
    found = _read("agreement.json")["points"]
    return {point: found[point.value] for point in Point}


@cache
def _items() -> Mapping[str, Item]:
    return {item.id: item for item in withdrawal_chart().items}


@cache
def _read(file: str) -> dict[str, Any]:
    folder = resources.files("footbridge.journey.stays") / "data"
    found: dict[str, Any] = json.loads((folder / file).read_text(encoding="utf-8"))
    return found
