"""Why a referral did not lead anywhere: a pick list, so that reasons can be counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, its group, and its words by language."""

    id: str
    group: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Reasons of one kind, in the order in which they are shown."""

    id: str
    words: Mapping[str, str]
    reasons: tuple[Reason, ...]


@cache
def reason_groups() -> tuple[ReasonGroup, ...]:
    """Return the pick list, group by group."""
    text = (files("footbridge.journey.referrals") / "data" / "reasons.json").read_text("utf-8")
    return tuple(
        ReasonGroup(
            id=group["id"],
            words={language: group[language] for language in ("en", "zh")},
            reasons=tuple(
                Reason(item["id"], group["id"], {each: item[each] for each in ("en", "zh")})
                for item in group["reasons"]
            ),
        )
        for group in json.loads(text)["groups"]
    )


@cache
def reasons() -> Mapping[str, Reason]:
    """Return every reason by its id."""
    return {reason.id: reason for group in reason_groups() for reason in group.reasons}
