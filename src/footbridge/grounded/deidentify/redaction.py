"""Takes out what a person confirmed, and keeps no list of who was who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footbridge.grounded.deidentify.suggestions import Suggestion
from footbridge.grounded.errors import CodingError
from footbridge.grounded.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person decided to take out.

    Attributes
    ----------
    span : Span
    words : str
        What stands there, so that a text that changed in between is noticed.
    category : str
    by : str
        Who confirmed, by role.
    instead : str or None
        Words of the person's own, or the coarser wording; numbered by category if None.
    """

    span: Span
    words: str
    category: str
    by: str
    instead: str | None = None


def confirm(
    suggestion: Suggestion, *, by: str, instead: str | None = None, category: str | None = None
) -> Confirmed:
    """Return a suggestion as confirmed by a person.

    Parameters
    ----------
    suggestion : Suggestion
    by : str
        Who confirms; nothing is ever taken out unconfirmed.
    instead : str, optional
        What to write, for example ``suggestion.general``.
    category : str, optional
        A better category than the suggested one.

    Raises
    ------
    CodingError
        If nobody is named.
    """
    if not by.strip():
        raise CodingError("A person confirms what is taken out. Say who, by role.")
    return Confirmed(
        suggestion.span, suggestion.words, category or suggestion.category.rstrip("?"), by, instead
    )


def redact_all(
    texts: Mapping[str, str], confirmed: Mapping[str, Sequence[Confirmed]]
) -> dict[str, tuple[Edit, ...]]:
    """Return the corrections for all texts of a study, numbered alike across them.

    The same words get the same number, ``[PLACE-1]``, regardless of case. The numbering
    lives only while this function runs. Apply the corrections with `text.correct` before the
    text enters a log: a log that held the text as it came would itself tell who was who.

    Parameters
    ----------
    texts : mapping
        Document identifier to its text, in the order in which numbers are given.
    confirmed : mapping
        Document identifier to what was confirmed in it.

    Raises
    ------
    CodingError
        If a text is not here, or changed since the suggestion.
    """
    unknown = sorted(set(confirmed) - set(texts))
    if unknown:
        raise CodingError(f"There is no text {unknown[0]!r} to take anything out of.")
    numbers: dict[tuple[str, str], int] = {}
    given: dict[str, int] = {}
    edits: dict[str, tuple[Edit, ...]] = {}
    for document, text in texts.items():
        mine = []
        for each in sorted(confirmed.get(document, ()), key=lambda c: c.span):
            if each.span.of(text) != each.words:
                raise CodingError(
                    f"The text {document!r} changed since {each.span.start}-{each.span.end} was "
                    "confirmed. Ask for suggestions again."
                )
            new = each.instead if each.instead is not None else _numbered(each, numbers, given)
            mine.append(Edit(each.span.start, each.span.end, new))
        edits[document] = tuple(mine)
    return edits


def _numbered(each: Confirmed, numbers: dict[tuple[str, str], int], given: dict[str, int]) -> str:
    key = (each.category, " ".join(each.words.casefold().split()))
    if key not in numbers:
        given[each.category] = given.get(each.category, 0) + 1
        numbers[key] = given[each.category]
    return f"[{each.category}-{numbers[key]}]"
