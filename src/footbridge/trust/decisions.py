"""Answers that carry their reason, so that page and trail say the same.

Rules know no Django, so they mark their sentences with `gettext_noop` and keep the
values apart; a page translates the sentence first and fills in the values after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation and return it unchanged."""
    return sentence


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed, and why: a sentence and the values that fill it."""

    allowed: bool
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def reason(self) -> str:
        """The reason in English."""
        return self.sentence.format_map(self.values)

    def say(self, translate: Callable[[str], str]) -> str:
        """Return the reason in the reader's language."""
        return translate(self.sentence).format_map(self.values)


class HouseError(Exception):
    """Base of every error that a person may read: what happened, why, what to do next.

    It never carries a name, a handle or anything that somebody typed about a person.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence.format_map(values))
        self.sentence = sentence
        self.values = values

    def say(self, translate: Callable[[str], str]) -> str:
        """Return the message in the reader's language."""
        return translate(self.sentence).format_map(self.values)


class RefusedError(HouseError):
    """Something was not allowed; the message is the reason."""

    @classmethod
    def by(cls, decision: Decision) -> RefusedError:
        """Return the error that carries a negative decision's reason."""
        return cls(decision.sentence, **decision.values)


class AbsentError(HouseError):
    """Nobody, or nothing, with this id is here: answered as an address that is not there."""
