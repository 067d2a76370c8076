"""What can go wrong, said in three parts: what happened, why, and what to do next."""

from __future__ import annotations


class DisclosureError(ValueError):
    """The library refuses; the text says what, why and what to do.

    It never repeats a count: it may be one that has to stay hidden.

    Parameters
    ----------
    what, why, todo : str
        One sentence each, joined into the message and kept apart as attributes.
    """

    def __init__(self, what: str, why: str, todo: str) -> None:
        super().__init__(f"{what} {why} {todo}")
        self.what = what
        self.why = why
        self.todo = todo


class TableError(DisclosureError):
    """The counts are no table: a sum does not hold, a count is negative, a key is missing."""


class ContradictionError(DisclosureError):
    """No counts fit what is said, so no range can be computed."""


class BudgetError(DisclosureError):
    """The noise budget is spent, or an epsilon is out of range."""


class MicrodataError(DisclosureError):
    """Rows that cannot be made safe, or are no rows."""


class RecipientError(DisclosureError):
    """A recipient's key that cannot be read."""
