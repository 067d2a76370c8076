"""The schedules and the symptom list, read from their data files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from footbridge.journey.checkups.rules import CheckupError, Schedule
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop


def parse(found: Mapping[str, Any]) -> Schedule:
    """Return the schedule that a data file holds.

    Raises
    ------
    CheckupError
        If months do not rise from 1, or if window or interval leave no time between check-ups.
    """
    schedule = Schedule(
        id=found["id"],
        words={Language(key): words for key, words in found["words"].items()},
        opening=tuple(found["opening"]),
        every=found["every"],
        adaptive=found["adaptive"],
        until=found["until"],
        window=found["window"],
        source=found["source"],
    )
    rising = all(a < b for a, b in zip((0, *schedule.opening), schedule.opening, strict=False))
    if not rising or schedule.every < 1 or not 0 <= schedule.window <= 14:
        raise CheckupError(
            gettext_noop(
                "The schedule {id} cannot work: opening months must rise from 1, the interval be 1 "
                "or more, and the window at most 14 days, so that no two overlap. Correct its file."
            ),
            id=schedule.id,
        )
    return schedule


def _file(name: str, key: str) -> list[dict[str, Any]]:
    file = resources.files("footbridge.journey.checkups") / "data" / name
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))[key]
    return found


@cache
def schedules() -> Mapping[str, Schedule]:
    """Return every schedule by its id."""
    return MappingProxyType({one["id"]: parse(one) for one in _file("schedules.json", "schedules")})


def schedule(id: str) -> Schedule:  # noqa: A002 - the word that records use
    """Return a schedule; raise CheckupError where there is none of that id."""
    try:
        return schedules()[id]
    except KeyError as error:
        raise CheckupError(
            gettext_noop("There is no check-up schedule {id}. Choose one of {known}."),
            id=id,
            known=", ".join(schedules()),
        ) from error


@cache
def symptoms() -> Mapping[str, Mapping[Language, str]]:
    """Return the words of every symptom by its code, in the order in which to ask."""
    return MappingProxyType(
        {
            one["id"]: {Language(key): words for key, words in one["words"].items()}
            for one in _file("symptoms.json", "symptoms")
        }
    )
