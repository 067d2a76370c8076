"""An instrument as a file gives it: questions in their order, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from footbridge.journey.assessments.rules import (
    AssessmentError,
    Condition,
    Option,
    Range,
    Words,
)
from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import gettext_noop


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file, or (a note) one thing worth knowing.

    Parameters
    ----------
    where : str
        The row or item, as its reader would look for it; empty for the whole file.
    column : str
        The column's or field's name; empty for the whole row.
    """

    where: str
    column: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    note: bool = False

    def say(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the reader's language."""
        return translate(self.sentence).format_map(self.values)


@dataclass(slots=True)
class Ledger:
    """Collects what is wrong, so that all of it can be told at once."""

    problems: list[Problem] = field(default_factory=list)

    def tell(self, where: str, column: str, sentence: str, **values: object) -> None:
        """Note something that keeps the file from being used."""
        self.problems.append(Problem(where, column, sentence, _short(values)))

    def note(self, where: str, column: str, sentence: str, **values: object) -> None:
        """Note something worth knowing that stops nothing."""
        self.problems.append(Problem(where, column, sentence, _short(values), note=True))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the file from being used."""
        return tuple(one for one in self.problems if not one.note)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What is worth knowing and stops nothing."""
        return tuple(one for one in self.problems if one.note)


def _short(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if len(str(value)) <= QUOTED else f"{str(value)[:QUOTED]}…"
        for name, value in values.items()
    }


QUOTED = 60
"""Characters of a file that are quoted back at most."""


class RefusedFileError(AssessmentError):
    """A file of which nothing was loaded; `problems` says why, row by row."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            gettext_noop(
                "Nothing was loaded: {count} problems were found in the file. Each is listed "
                "with its row and what to do. Correct them and load the file again."
            ),
            count=len(problems),
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a file.

    Parameters
    ----------
    where : str
        Its row or item, for messages.
    extra : mapping
        What the file says about scoring: `reverse`, `points`, `unasked`, `safety_at`.
    """

    name: str
    where: str
    words: Words
    options: tuple[Option, ...] = ()
    numbers: Range | None = None
    hint: Words = field(default_factory=dict)
    show_when: tuple[Condition, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> tuple[int, ...]:
        """Every answer that may be given."""
        if self.numbers is not None:
            return tuple(range(self.numbers.least, self.numbers.most + 1))
        return tuple(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that a file says about one instrument.

    Parameters
    ----------
    name : str
        The file's own name for it.
    about : mapping
        What a file of this program says beyond the questions: version, licence, scales.
    """

    name: str
    title: Words
    instruction: Words
    questions: tuple[Question, ...]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def languages(self) -> frozenset[Language]:
        """The languages in which every question has words."""
        return frozenset(
            one
            for one in Language
            if self.questions and all(question.words.get(one) for question in self.questions)
        )
