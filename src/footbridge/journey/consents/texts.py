"""The consent texts that ship with the house, read from their data files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from footbridge.journey.consents.rules import (
    ConsentError,
    ConsentText,
    Language,
    Part,
    Purpose,
)
from footbridge.trust.decisions import gettext_noop

PARTS = (
    "what-for",
    "what-is-kept",
    "who-can-open",
    "how-long",
    "limits",
    "how-to-stop",
    "your-choice",
)
"""What every text must say, in the order in which it is read."""


def parse(found: Mapping[str, Any]) -> ConsentText:
    """Return the text that a data file holds.

    Raises
    ------
    ConsentError
        If a part, a question or a language is missing.
    """
    given = found.get("parts", {})
    if tuple(given) != PARTS or not found.get("questions"):
        raise ConsentError(
            gettext_noop(
                "The consent text {text} is not whole: it must have these parts, in this order: "
                "{parts}; and at least one question. Complete its data file."
            ),
            text=found.get("id", "?"),
            parts=", ".join(PARTS),
        )
    return ConsentText(
        id=found["id"],
        purposes=frozenset(map(Purpose, found["purposes"])),
        lasts=found["lasts_weeks"],
        title=_words(found["id"], found["title"]),
        parts=tuple(Part(key, _words(found["id"], given[key])) for key in PARTS),
        questions=tuple(
            Part(f"question-{number}", _words(found["id"], words))
            for number, words in enumerate(found["questions"], start=1)
        ),
    )


def _words(text: str, found: Mapping[str, str]) -> Mapping[Language, str]:
    words = {language: found.get(language.value, "").strip() for language in Language}
    if not all(words.values()):
        raise ConsentError(
            gettext_noop(
                "The consent text {text} lacks words in one language. "
                "Give every part in English and in Chinese."
            ),
            text=text,
        )
    return MappingProxyType(words)


@cache
def texts() -> Mapping[str, ConsentText]:
    """Return every text by its id, old versions too: a record may name any of them."""
    folder = resources.files("footbridge.journey.consents") / "data"
    found = [
        parse(json.loads(file.read_text(encoding="utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".json")
    ]
    return MappingProxyType({text.id: text for text in sorted(found, key=lambda text: text.id)})


def text(id: str) -> ConsentText:  # noqa: A002 - the word that records use
    """Return one version of a text; raise ConsentError where there is none."""
    try:
        return texts()[id]
    except KeyError as error:
        raise ConsentError(
            gettext_noop(
                "There is no consent text {text}: this version of Footbridge does not hold it. "
                "Upgrade Footbridge, or choose one of {known}."
            ),
            text=id,
            known=", ".join(texts()),
        ) from error


def newest() -> Mapping[Purpose, ConsentText]:
    """Return the newest text for each purpose."""
    latest: dict[Purpose, ConsentText] = {}
    for found in texts().values():
        for purpose in found.purposes:
            if purpose not in latest or latest[purpose].version < found.version:
                latest[purpose] = found
    return MappingProxyType(latest)
