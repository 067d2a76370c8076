"""The parts of life that a plan may cover, read from their data file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from footbridge.journey.consents.rules import Language
from footbridge.journey.plans.rules import Domain, PlanError
from footbridge.trust.decisions import gettext_noop


@cache
def domains() -> Mapping[str, Domain]:
    """Return every domain by its id, in the order in which pages show them."""
    file = resources.files("footbridge.journey.plans") / "data" / "domains.json"
    found = json.loads(file.read_text(encoding="utf-8"))["domains"]
    return MappingProxyType(
        {
            one["id"]: Domain(
                id=one["id"],
                words={Language(key): words for key, words in one["words"].items()},
                hint={Language(key): words for key, words in one["hint"].items()},
                in_trial=one["in_trial"],
            )
            for one in found
        }
    )


def domain(id: str) -> Domain:  # noqa: A002 - the word that records use
    """Return a domain; raise PlanError where there is none of that id."""
    try:
        return domains()[id]
    except KeyError as error:
        raise PlanError(
            gettext_noop("There is no domain {id} in a plan. Choose one of {known}."),
            id=id,
            known=", ".join(domains()),
        ) from error
