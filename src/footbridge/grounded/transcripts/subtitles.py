"""Subtitles (srt, vtt): the words in order, and when each passage was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from footbridge.grounded.errors import TranscriptError
from footbridge.grounded.text import Span

_TIMES = re.compile(
    r"^\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*"
    r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
)
_SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<\d[\d:.]*>|\{\\[^{}]{0,200}\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: milliseconds from the beginning, and where its words are in the text."""

    begin: int
    end: int
    span: Span


def read_subtitles(raw: str) -> tuple[str, tuple[Cue, ...]]:
    """Return the words, one line for each subtitle, and the cues.

    Raises
    ------
    TranscriptError
        If there is no subtitle in it.
    """
    lines: list[str] = []
    cues: list[Cue] = []
    length = 0
    for block in re.split(r"\n[ \t]*\n+", raw):
        rows = block.split("\n")
        at = next((i for i, row in enumerate(rows) if _TIMES.match(row)), None)
        if at is None:
            continue
        times = _TIMES.match(rows[at])
        words = _plain(" ".join(rows[at + 1 :]))
        if times is None or not words:
            continue
        begin, end = (_milliseconds(times.groups()[i : i + 4]) for i in (0, 4))
        lines.append(words)
        cues.append(Cue(begin, max(begin, end), Span(length, length + len(words))))
        length += len(words) + 1
    if not cues:
        raise TranscriptError(
            "The file holds no subtitle (a line such as 00:01:02,000 --> 00:01:04,000, then "
            "words). Check that it is the right one, or rename it to .txt."
        )
    return "\n".join(lines) + "\n", tuple(cues)


def _plain(words: str) -> str:
    named = _SPEAKER.sub(lambda found: f"{found[1].strip()}: ", words)
    return " ".join(unescape(_TAG.sub("", named)).split())


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))
