"""Named composites: one answer out of several outcomes, with its definition and its source.

They are data (`data/composites.json`), so that a site or a study adds its own without a
change of code; each says whether it was published or is somebody's own.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from footbridge.journey.consents.rules import Language
from footbridge.journey.outcomes.rules import Answer, OutcomeError, OutcomeValues
from footbridge.trust.decisions import gettext_noop

_NOT_KNOWN = frozenset({"not-known", "not-tested"})
_site: list[dict[str, Any]] = []


@dataclass(frozen=True, slots=True)
class Part:
    """One outcome of a composite, and the codes of it that are good."""

    measure: str
    good: frozenset[str]

    def of(self, values: OutcomeValues) -> Answer:
        """Return whether this outcome is good; not known where its code says so."""
        code = str(getattr(values, self.measure).value)
        if code in self.good:
            return Answer.YES
        return Answer.NOT_KNOWN if code in _NOT_KNOWN else Answer.NO


@dataclass(frozen=True, slots=True)
class Composite:
    """A named composite.

    Parameters
    ----------
    published : bool
        Whether its source used it; otherwise it is a site's or the house's own.
    """

    id: str
    words: Mapping[Language, str]
    definition: Mapping[Language, str]
    parts: tuple[Part, ...]
    source: str
    published: bool

    def of(self, values: OutcomeValues) -> Answer:
        """Return the composite: no if any part is known to fail, else not known if any is.

        Examples
        --------
        >>> composites()["favourable"].of(OutcomeValues(used_30=Answer.YES)).value
        'no'
        >>> composites()["favourable"].of(OutcomeValues(used_30=Answer.NO)).value
        'not-known'
        """
        found = {part.of(values) for part in self.parts}
        return next((one for one in (Answer.NO, Answer.NOT_KNOWN) if one in found), Answer.YES)


def load(file: Path | None) -> None:
    """Add the composites of a site's own file; without a file, the house's stand alone.

    Raises
    ------
    OutcomeError
        If the file cannot be read, or one of its composites cannot be computed.
    """
    found: list[dict[str, Any]] = []
    if file is not None:
        try:
            found = json.loads(file.read_text(encoding="utf-8"))["composites"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OutcomeError(
                gettext_noop(
                    "The file of composites cannot be read. "
                    "Set FOOTBRIDGE_COMPOSITES to a JSON file, or leave it empty."
                )
            ) from error
    _site[:] = found
    composites.cache_clear()
    composites()


@cache
def composites() -> Mapping[str, Composite]:
    """Return every composite by its id, those of the house first."""
    file = resources.files("footbridge.journey.outcomes") / "data" / "composites.json"
    own: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["composites"]
    return MappingProxyType({one.id: one for one in map(parse, [*own, *_site])})


def parse(found: Mapping[str, Any]) -> Composite:
    """Return the composite that a data file holds.

    Raises
    ------
    OutcomeError
        If a part is missing, names no coded outcome, or a code that it does not have.
    """
    try:
        composite = Composite(
            id=found["id"],
            words=_words(found["words"]),
            definition=_words(found["definition"]),
            parts=tuple(Part(part["measure"], frozenset(part["good"])) for part in found["parts"]),
            source=found["source"],
            published=bool(found["published"]),
        )
        sound = bool(composite.parts) and all(
            part.good and part.good <= _codes()[part.measure] - _NOT_KNOWN
            for part in composite.parts
        )
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise OutcomeError(
            gettext_noop(
                "The composite {id} cannot be computed: each part needs an outcome of {known} "
                "and good codes that it has. Correct its file."
            ),
            id=str(found.get("id", "?")),
            known=", ".join(sorted(_codes())),
        )
    return composite


@cache
def _codes() -> Mapping[str, frozenset[str]]:
    """Return the codes of every coded outcome, from the types of `OutcomeValues`."""
    values = OutcomeValues()
    kinds = {one.name: type(getattr(values, one.name)) for one in dataclasses.fields(OutcomeValues)}
    return MappingProxyType(
        {
            name: frozenset(str(member.value) for member in kind)
            for name, kind in kinds.items()
            if issubclass(kind, Enum)
        }
    )


def _words(found: Mapping[str, str]) -> Mapping[Language, str]:
    return MappingProxyType({Language(key): words for key, words in found.items()})
