"""The steps of the safety plan and the overdose plan, read from their data file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from footbridge.journey.consents.rules import Language
from footbridge.journey.plans.rules import CrisisPlan, PlanError
from footbridge.trust.decisions import gettext_noop

Texts = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan for a bad hour.

    Parameters
    ----------
    title, ask : mapping of Language to str
        Its heading, and the question that is talked over.
    hint : mapping of Language to str
        What helps to answer, and what must not be written.
    know : tuple of mapping
        What everybody should know at this step, whoever the plan is for. The marks
        ``{emergency}`` and ``{line}`` stand for the site's numbers.
    asks_naloxone : bool
        Whether this step also asks if naloxone is at hand.
    """

    id: str
    title: Texts
    ask: Texts
    hint: Texts
    know: tuple[Texts, ...]
    asks_naloxone: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A plan for a bad hour before anybody has filled it in.

    Parameters
    ----------
    why : mapping of Language to str
        What the evidence says about having one.
    now : mapping of Language to str
        What comes before any plan if the danger is now.
    sources : str
        Where the facts come from.
    """

    which: CrisisPlan
    title: Texts
    why: Texts
    now: Texts
    steps: tuple[Step, ...]
    sources: str


@cache
def outlines() -> Mapping[CrisisPlan, Outline]:
    """Return the outline of both plans."""
    file = resources.files("footbridge.journey.plans") / "data" / "crisis.json"
    found = json.loads(file.read_text(encoding="utf-8"))["plans"]
    return MappingProxyType({CrisisPlan(one["id"]): _outline(one) for one in found})


def outline(which: CrisisPlan) -> Outline:
    """Return the outline of one plan."""
    return outlines()[which]


def step(which: CrisisPlan, id: str) -> Step:  # noqa: A002 - the word that the file uses
    """Return one step; raise PlanError where the plan has none of that id."""
    for one in outline(which).steps:
        if one.id == id:
            return one
    raise PlanError(
        gettext_noop("This plan has no such step. Open it again and choose one that is shown.")
    )


def missing(which: CrisisPlan, parts: Mapping[str, str]) -> list[Step]:
    """Return the steps that nobody has talked over yet, in their order."""
    return [one for one in outline(which).steps if not parts.get(one.id, "").strip()]


def _outline(data: Mapping[str, Any]) -> Outline:
    return Outline(
        which=CrisisPlan(data["id"]),
        title=_texts(data["title"]),
        why=_texts(data["why"]),
        now=_texts(data["now"]),
        steps=tuple(_step(one) for one in data["steps"]),
        sources=data["sources"],
    )


def _step(data: Mapping[str, Any]) -> Step:
    return Step(
        id=data["id"],
        title=_texts(data["title"]),
        ask=_texts(data["ask"]),
        hint=_texts(data["hint"]),
        know=tuple(_texts(line) for line in data["know"]),
        asks_naloxone=data.get("asks_naloxone", False),
    )


def _texts(data: Mapping[str, str]) -> Texts:
    return MappingProxyType({Language(key): words for key, words in data.items()})
