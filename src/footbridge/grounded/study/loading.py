"""Loads the worked study from the files beside this module."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources

from footbridge.grounded.codebook import Code, Codebook
from footbridge.grounded.errors import CodingError
from footbridge.grounded.exchange.guids import guid_for
from footbridge.grounded.project import Case, Coder, Document, Project
from footbridge.grounded.segments import Segment
from footbridge.grounded.text import Span, normalise

CODERS = (Coder(guid_for("study", "A"), "coder A"), Coder(guid_for("study", "B"), "coder B"))
_FIRST_AFTERNOON = datetime(2025, 3, 3, 14, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Study:
    """The worked study.

    Attributes
    ----------
    project : Project
        Documents in the order of the interviews, both blind codings, attributes as cases.
    days : dict
        Day (1, 2, 3) to the identifiers of its documents.
    guides : dict
        Day to the questions asked on it.
    themes : dict
        Name of a theme to the identifiers of its codes.
    table : dict
        Document identifier to attributes for descriptor lines.
    decisions : tuple of dict
        What the coders decided about the first day, as rows.
    """

    project: Project
    days: dict[int, tuple[str, ...]]
    guides: dict[int, tuple[str, ...]]
    themes: dict[str, tuple[str, ...]]
    table: dict[str, dict[str, object]]
    decisions: tuple[Mapping[str, str], ...]


def load_study() -> Study:
    """Return the worked study; the same each time."""
    attributes = _rows("attributes.csv")
    documents = {
        row["document"]: Document(
            guid_for("study document", row["document"]),
            f"Interview {row['document']}",
            normalise(_text("interviews", f"{row['document']}.txt")),
            f"day {row['day']}",
        )
        for row in attributes
    }
    codebook, themes = _codebook()
    days: dict[int, tuple[str, ...]] = {}
    for row in attributes:
        day = int(row["day"])
        days[day] = (*days.get(day, ()), documents[row["document"]].id)
    table = {documents[row["document"]].id: _attributes(row) for row in attributes}
    cases = tuple(
        Case(guid_for("study case", d.id), d.name, (d.id,),
             {k: v for k, v in table[d.id].items() if isinstance(v, str | bool | int)})
        for d in documents.values()
    )  # fmt: skip
    project = Project(
        "New ward, nine interviews", CODERS, codebook, tuple(documents.values()),
        _segments(documents, codebook), (), cases,
        description="An invented study; nobody in it exists.",
    )  # fmt: skip
    guides = {day: tuple(_text("guides", f"day{day}.txt").strip().split("\n")) for day in days}
    return Study(project, days, guides, themes, table, tuple(_rows("decisions.csv")))


def _text(*path: str) -> str:
    return resources.files(__package__).joinpath(*path).read_text("utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _attributes(row: Mapping[str, str]) -> dict[str, object]:
    return {
        "sex": row["sex"],
        "age": int(row["age"]),
        "marital status": row["marital status"],
        "registered": row["registered"] == "yes",
    }


def _codebook() -> tuple[Codebook, dict[str, tuple[str, ...]]]:
    codes: list[Code] = []
    themes: dict[str, tuple[str, ...]] = {}
    for row in _rows("codebook.csv"):
        theme = row["theme"]
        if theme not in themes:
            codes.append(Code(guid_for("study theme", theme), theme, codable=False))
            themes[theme] = ()
        code = Code(
            guid_for("study code", row["code"]), row["code"], row["definition"],
            guid_for("study theme", theme), (), row["in vivo"] == "yes",
        )  # fmt: skip
        codes.append(code)
        themes[theme] = (*themes[theme], code.id)
    return Codebook(tuple(codes)), themes


def _segments(documents: Mapping[str, Document], codebook: Codebook) -> tuple[Segment, ...]:
    coders = dict(zip("AB", CODERS, strict=True))
    days = {row["document"]: int(row["day"]) for row in _rows("attributes.csv")}
    found = []
    for at, row in enumerate(_rows("codings.csv")):
        document = documents[row["document"]]
        moment = _FIRST_AFTERNOON + timedelta(days=days[row["document"]] - 1, minutes=2 * at % 180)
        found.append(
            Segment(
                guid_for("study segment", str(at)),
                document.id,
                find_words(document.text, row["words"]),
                codebook.by_name(row["code"]).id,
                coders[row["coder"]].id,
                moment,
                row["note"],
            )
        )
    return tuple(found)


def find_words(text: str, words: str) -> Span:
    """Return where words stand; "first words … last words" names a longer passage.

    Raises
    ------
    CodingError
        If they stand nowhere, or begin in more than one place.
    """
    first, _, last = words.partition(" … ")
    if text.count(first) != 1:
        raise CodingError(
            f"{first!r} stands {text.count(first)} times in the text. Quote more of it."
        )
    start = text.index(first)
    after = text.find(last, start + len(first)) if last else start
    if after < 0:
        raise CodingError(f"{last!r} does not follow {first!r} in the text.")
    return Span(start, after + len(last or first))
