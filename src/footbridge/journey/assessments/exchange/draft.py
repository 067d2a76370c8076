"""What was read from a file and waits for somebody to look at it and say yes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.definitions import parse
from footbridge.journey.assessments.exchange import files, matching
from footbridge.journey.assessments.exchange.matching import Given
from footbridge.journey.assessments.exchange.sheet import Problem
from footbridge.journey.assessments.instruments import Key
from footbridge.journey.assessments.rules import Instrument


@dataclass(frozen=True, slots=True)
class Draft:
    """An instrument that is not loaded yet, and what is worth knowing of it.

    Parameters
    ----------
    laid_on : bool
        Whether its scoring is that of a key of the house.
    """

    definition: dict[str, Any]
    laid_on: bool
    notes: Sequence[Problem]

    @property
    def instrument(self) -> Instrument:
        """The instrument as it would be."""
        return parse(self.definition)

    def kept(self) -> str:
        """Return it as text, to be kept sealed in the session until it is confirmed."""
        notes = [[one.where, one.column, one.sentence, dict(one.values)] for one in self.notes]
        return json.dumps([self.definition, self.laid_on, notes])

    @classmethod
    def of(cls, kept: str) -> Draft:
        """Return the draft that was kept."""
        definition, laid_on, notes = json.loads(kept)
        told = tuple(
            Problem(where, column, sentence, values, note=True)
            for where, column, sentence, values in notes
        )
        return cls(definition, laid_on, told)


def read(data: bytes, key: Key | None, given: Given, *, form: str = "") -> Draft:
    """Return what a file would become; nothing is loaded.

    Raises
    ------
    RefusedFileError
        If anything in the file is wrong; it tells every problem.
    """
    sheet, ledger = files.read(data, language=given.language, form=form)
    if key is None:
        definition = matching.made_new(sheet, given, ledger)
    else:
        definition = matching.laid_on(instruments.instrument(*key), sheet, given, ledger)
    return Draft(definition, key is not None, ledger.notes)
