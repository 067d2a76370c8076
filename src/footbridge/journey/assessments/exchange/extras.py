"""What no questionnaire format has room for: scoring, written as one small piece of JSON.

Other tools pass over it. So a file that this program wrote brings reverse items, points and
scales back, and a file from elsewhere simply has none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from footbridge.journey.assessments.definitions import written
from footbridge.journey.assessments.rules import Instrument, Item
from footbridge.journey.consents.rules import Language

ABOUT = (
    "id",
    "version",
    "licence",
    "validated",
    "source",
    "layout",
    "at_most_missing_share",
    "observed",
    "note",
    "wording_source",
    "scales",
)


def of_instrument(instrument: Instrument) -> dict[str, Any]:
    """Return what a file says of an instrument beyond its questions."""
    whole = written(instrument)
    return {name: whole[name] for name in ("title", *ABOUT)}


def renamed(instrument: Instrument, name: Callable[[str], str]) -> Instrument:
    """Return an instrument whose items are called as a format wants its names."""
    items = tuple(
        replace(
            item,
            id=name(item.id),
            show_when=tuple(replace(one, item=name(one.item)) for one in item.show_when),
        )
        for item in instrument.items
    )
    scales = tuple(
        replace(scale, items=tuple(map(name, scale.items))) for scale in instrument.scales
    )
    return replace(instrument, items=items, scales=scales)


def titles(about: Mapping[str, Any]) -> dict[Language, str]:
    """Return the titles that a file of this program brings, in every language."""
    found = about.get("title")
    held = found if isinstance(found, Mapping) else {}
    return {one: str(held[one.value]) for one in Language if held.get(one.value)}


def of_item(item: Item) -> dict[str, Any]:
    """Return what a file says of an item's scoring; empty where there is nothing special."""
    points = {str(one.value): one.points for one in item.options if one.points is not None}
    found = {
        "reverse": item.reverse or None,
        "points": points or None,
        "unasked": item.unasked,
        "safety_at": item.safety_at,
    }
    return {name: value for name, value in found.items() if value is not None}


def packed(extra: Mapping[str, Any]) -> str:
    """Return it as text; empty where there is nothing to say."""
    return json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else ""
