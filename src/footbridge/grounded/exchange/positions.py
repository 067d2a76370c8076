"""Finds out how another program counted positions, without ever altering the text.

Programs differ in whether the end of a selection is its last character or the one after,
whether a line end counts one or two, and whether a byte order mark counts. Every reading
is tried on all selections of a text; the one under which most selections equal the words
that the file quotes, or else begin and end at words, is kept and reported.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

_READ = 2_000  # characters of a quotation that are compared
_MARGIN = 1.0  # one selection that happens to end at a word is no evidence


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of understanding positions."""

    crlf: bool = False
    inclusive: bool = False
    mark: bool = False

    def __str__(self) -> str:
        return ", ".join((
            "end is the last character" if self.inclusive else "end is after the last character",
            "a line end counts two" if self.crlf else "a line end counts one",
            *(("the byte order mark counts",) if self.mark else ()),
        ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """Positions as a file gives them, and the words it quotes (often none, often cut)."""

    start: int
    end: int
    quoted: str


class Ruler:
    """Turns positions of a file into positions of the LF text."""

    def __init__(self, text: str) -> None:
        self.text = text
        # Where each line end would be if every one counted two.
        ends = [found.start() for found in re.finditer("\n", text)]
        self._doubled = [at + n for n, at in enumerate(ends)]

    def place(self, selection: Selection, reading: Reading) -> tuple[int, int]:
        """Return start and end (exclusive) in the LF text under one reading."""
        start, end = selection.start, selection.end + reading.inclusive
        if reading.mark:
            start, end = start - 1, end - 1
        if reading.crlf:
            start -= bisect_left(self._doubled, start)
            end -= bisect_left(self._doubled, end)
        return start, end

    def readings(self, *, marked: bool) -> list[Reading]:
        """Return every reading that this text could tell apart, the standard's first."""
        line_ends = (False, True) if self._doubled else (False,)
        marks = (False, True) if marked else (False,)
        return [Reading(crlf, inclusive, mark)
                for inclusive, mark, crlf in product((False, True), marks, line_ends)]  # fmt: skip

    def choose(self, selections: Sequence[Selection], *, marked: bool) -> Reading:
        """Return the reading that fits most selections; at a tie the standard's own."""
        sample = selections[:: max(1, len(selections) // 500)]
        best = Reading()
        most = sum(self._fit(selection, best) for selection in sample) + _MARGIN
        for reading in self.readings(marked=marked):
            score = sum(self._fit(selection, reading) for selection in sample)
            if score > most:
                best, most = reading, score
        return best

    def _fit(self, selection: Selection, reading: Reading) -> float:
        start, end = self.place(selection, reading)
        if not 0 <= start < end <= len(self.text):
            return 0.0
        quoted = " ".join(selection.quoted[:_READ].rstrip(".… ").split())
        if len(quoted) >= 3:
            words = " ".join(self.text[start : min(end, start + 2 * _READ)].split())
            if words == " ".join(selection.quoted[:_READ].split()):
                return 10.0
            if words.startswith(quoted):
                return 5.0
        before = self.text[start - 1 : start]
        after = self.text[end : end + 1]
        return 0.5 * (not before.isalnum() and self.text[start].isalnum()) + 0.5 * (
            not after.isalnum() and not self.text[end - 1].isspace()
        )
