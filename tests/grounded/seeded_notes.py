"""Reads the invented notes in ``notes/`` and counts what suggestions find in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from footbridge.grounded.deidentify import suggest

_MARK = re.compile(r"\[\[(?P<words>[^|\]]+)\|(?P<category>[A-Z]+)\]\]")


@dataclass(frozen=True)
class Note:
    """A note without its marks, and what was marked: (start, end, category)."""

    name: str
    text: str
    marked: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Score:
    """Marks found whole, all marks, suggestions that touch a mark, all suggestions."""

    found: int
    marks: int
    useful: int
    suggested: int
    missed: tuple[str, ...]
    needless: tuple[str, ...]


def read_notes(name):
    """Return the notes of one file."""
    raw = (Path(__file__).parent / "notes" / f"{name}.txt").read_text("utf-8")
    notes = []
    for part in raw.split("== ")[1:]:
        title, _, body = part.partition("\n")
        text, marked, at = "", [], 0
        for hit in _MARK.finditer(body):
            text += body[at : hit.start()]
            marked.append((len(text), len(text) + len(hit["words"]), hit["category"]))
            text += hit["words"]
            at = hit.end()
        notes.append(Note(title.strip(), text + body[at:], tuple(marked)))
    return notes


def score(notes, **more):
    """Count over several notes; a mark is found when every letter of it lies in suggestions."""
    found = marks = useful = suggested = 0
    missed, needless = [], []
    for note in notes:
        hits = suggest(note.text, **more)
        covered = {at for hit in hits for at in range(hit.span.start, hit.span.end)}
        for start, end, category in note.marked:
            letters = {at for at in range(start, end) if note.text[at].isalnum()}
            marks += 1
            found += letters <= covered
            if not letters <= covered:
                missed.append(f"{note.name}: {note.text[start:end]} ({category})")
        for hit in hits:
            touches = any(s < hit.span.end and hit.span.start < e for s, e, _ in note.marked)
            suggested += 1
            useful += touches
            if not touches:
                needless.append(f"{note.name}: {hit.words} ({hit.reason})")
    return Score(found, marks, useful, suggested, tuple(missed), tuple(needless))
