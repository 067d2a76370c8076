"""Immutable text: LF line ends, positions in Unicode code points, versions with mapped spans.

A position counts code points, as Python, REFI-QDA and a careful reader do: an emoji is one,
an accented letter written with a combining mark is two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footbridge.grounded.errors import CodingError


def normalise(raw: str) -> str:
    r"""Return the text with LF line ends and without a byte order mark at its start.

    Nothing else changes: no trimming, no Unicode normal form.

    Examples
    --------
    >>> normalise("\ufeffone\r\ntwo\rthree")
    'one\ntwo\nthree'
    """
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        _refuse_halves(text)
    return text


def _refuse_halves(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CodingError(
            f"The text holds half a character (a lone surrogate) at position {error.start}, "
            "which no file can keep. Delete that character in the original and import again."
        ) from error


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points; never empty.

    Raises
    ------
    CodingError
        If it is empty, reversed or begins before the text.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise CodingError(
                f"The passage {self.start}-{self.end} is empty or reversed. "
                "Mark at least one character, first its beginning and then its end."
            )

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the words of this range.

        Raises
        ------
        CodingError
            If the range leaves the text.
        """
        if self.end > len(text):
            raise CodingError(
                f"The passage {self.start}-{self.end} leaves the text of {len(text)} characters. "
                "Open the version of the text on which it was selected."
            )
        return text[self.start : self.end]

    def shared_with(self, other: Span) -> int:
        """Return how many characters two ranges have in common."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement: characters ``[start, end)`` become `new`; start == end inserts."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class SpanMap:
    """Where the ranges of one version of a text lie in the next one."""

    edits: tuple[Edit, ...]

    def move(self, span: Span) -> Span | None:
        """Return the range in the new version, or None where its text is gone.

        A boundary inside a replaced stretch moves to the outer edge of what replaced it.
        """
        start, end = self._moved(span.start, to_end=False), self._moved(span.end, to_end=True)
        return Span(start, end) if start < end else None

    def touches(self, span: Span) -> bool:
        """Whether an edit changed the words of this range."""
        return any(e.start < span.end and span.start < max(e.end, e.start + 1) for e in self.edits)

    def _moved(self, position: int, *, to_end: bool) -> int:
        shift = 0
        for edit in self.edits:
            grown = len(edit.new) - (edit.end - edit.start)
            if edit.start == edit.end:
                before = edit.start < position if to_end else edit.start <= position
                shift += grown if before else 0
            elif edit.end <= position:
                shift += grown
            elif edit.start < position:
                return edit.start + shift + (len(edit.new) if to_end else 0)
        return position + shift


def correct(text: str, edits: Sequence[Edit]) -> tuple[str, SpanMap]:
    """Return the corrected text and how positions move.

    Parameters
    ----------
    text : str
    edits : sequence of Edit
        In positions of `text`, in any order, without overlap.

    Raises
    ------
    CodingError
        If edits overlap or leave the text.
    """
    ordered = tuple(
        Edit(e.start, e.end, e.new.replace("\r\n", "\n").replace("\r", "\n"))
        for e in sorted(edits, key=lambda e: (e.start, e.end))
    )
    parts: list[str] = []
    reached = 0
    for edit in ordered:
        if not reached <= edit.start <= edit.end <= len(text):
            raise CodingError(
                f"The correction at {edit.start}-{edit.end} overlaps another one or leaves the "
                f"text of {len(text)} characters. Make one correction for each place."
            )
        parts += [text[reached : edit.start], edit.new]
        reached = edit.end
    new = "".join([*parts, text[reached:]])
    if not new.isascii():
        _refuse_halves(new)
    return new, SpanMap(ordered)
