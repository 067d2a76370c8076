"""The schedules, urine plans, contact steps and symptoms: the house's files, and a site's own.

A site adds to them with one file of the same shape (`load`), read once at the start.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from footbridge.journey.checkups.protocol import Step, check_steps
from footbridge.journey.checkups.rules import CheckupError, Means, Schedule
from footbridge.journey.checkups.urine import Phase, UrinePlan, check_plan
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop

DEFAULT = "adaptive"
NO_URINE = "none"
_site: dict[str, Any] = {}


def load(file: Path | None) -> None:
    """Add what a site's own file holds; without a file, the house's own stands alone.

    Raises
    ------
    CheckupError
        If the file cannot be read, or one of its schedules, plans or steps cannot work.
    """
    found: dict[str, Any] = {}
    if file is not None:
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CheckupError(
                gettext_noop(
                    "The file of check-up schedules cannot be read. "
                    "Set FOOTBRIDGE_CHECKUPS to a JSON file, or leave it empty."
                )
            ) from error
    _site.clear()
    _site.update(found)
    for cached in (schedules, urine_plans, protocol, symptoms):
        cached.cache_clear()
    schedules(), urine_plans(), protocol()
    schedule(default())
    urine_plan()


def parse(found: Mapping[str, Any]) -> Schedule:
    """Return the schedule that a data file holds.

    Raises
    ------
    CheckupError
        If a part is missing, months do not rise from 1, or window or interval leave no
        time between check-ups.
    """
    try:
        schedule = Schedule(
            id=found["id"],
            words=_words(found["words"]),
            opening=tuple(found["opening"]),
            every=found["every"],
            adaptive=found["adaptive"],
            until=found["until"],
            window=found["window"],
            source=found["source"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _lacking(found) from error
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


@cache
def schedules() -> Mapping[str, Schedule]:
    """Return every schedule by its id."""
    return MappingProxyType({one["id"]: parse(one) for one in _found("schedules", "schedules")})


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


def default() -> str:
    """Return the schedule that is proposed first."""
    return str(_site.get("default", DEFAULT))


@cache
def urine_plans() -> Mapping[str, UrinePlan]:
    """Return every urine plan by its id."""
    return MappingProxyType({one["id"]: _urine(one) for one in _found("urine", "urine")})


def urine_plan() -> UrinePlan:
    """Return the urine plan in use at this site; no tests unless the site chose some."""
    name = str(_site.get("urine_in_use", NO_URINE))
    if name not in urine_plans():
        raise CheckupError(
            gettext_noop("There is no urine plan {id}. Choose one of {known}."),
            id=name,
            known=", ".join(urine_plans()),
        )
    return urine_plans()[name]


@cache
def protocol() -> tuple[Step, ...]:
    """Return the steps of the missed-contact sequence; a site's own take their place."""
    steps = tuple(map(_step, _site.get("protocol") or _file("protocol.json", "protocol")))
    check_steps(steps)
    return steps


@cache
def symptoms() -> Mapping[str, Mapping[Language, str]]:
    """Return the words of every symptom by its code, in the order in which to ask."""
    return MappingProxyType(
        {one["id"]: _words(one["words"]) for one in _file("symptoms.json", "symptoms")}
    )


def _urine(found: Mapping[str, Any]) -> UrinePlan:
    try:
        plan = UrinePlan(
            id=found["id"],
            words=_words(found["words"]),
            phases=tuple(Phase(one["until"], one["every"]) for one in found["phases"]),
            source=found["source"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _lacking(found) from error
    check_plan(plan)
    return plan


def _step(found: Mapping[str, Any]) -> Step:
    try:
        means = found.get("means")
        return Step(
            id=found["id"],
            words=_words(found["words"]),
            why=_words(found["why"]),
            days=int(found["days"]),
            means=Means(means) if means else None,
            source=found["source"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _lacking(found) from error


def _words(found: Mapping[str, str]) -> Mapping[Language, str]:
    return MappingProxyType({Language(key): words for key, words in found.items()})


def _lacking(found: Mapping[str, Any]) -> CheckupError:
    return CheckupError(
        gettext_noop(
            "{id} in a file of the check-ups lacks a part, or has one of the wrong kind. "
            "Compare it with docs/methods/checkup-schedules.md and correct it."
        ),
        id=str(found.get("id", "?")),
    )


def _found(name: str, key: str) -> list[dict[str, Any]]:
    return [*_file(f"{name}.json", key), *_site.get(key, [])]


def _file(name: str, key: str) -> list[dict[str, Any]]:
    file = resources.files("footbridge.journey.checkups") / "data" / name
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))[key]
    return found
