"""A second scorer, written from the printed tables alone: rows of numbers, no objects.

It knows nothing of the house's data files. Where it and the house differ, one of them has
misread the table of instruments (rmi-facts section 5).
"""

from __future__ import annotations

from fractions import Fraction

# id: (number of items, lowest, highest, turned, {scale: (items, rule, most missing)})
LIKERT = {
    "gse": (10, 1, 4, "", {"total": ("1-10", "sum", 3)}),
    "rses": (10, 1, 4, "2 5 6 8 9", {"total": ("1-10", "sum", 0)}),
    "mspss": (
        12,
        1,
        7,
        "",
        {
            "total": ("1-12", "mean", 0),
            "significant-other": ("1 2 5 10", "mean", 0),
            "family": ("3 4 8 11", "mean", 0),
            "friends": ("6 7 9 12", "mean", 0),
        },
    ),
    "barc-10": (10, 1, 6, "", {"total": ("1-10", "sum", 0)}),
    "phq-9": (9, 0, 3, "", {"total": ("1-9", "sum", 0)}),
    "gad-7": (7, 0, 3, "", {"total": ("1-7", "sum", 0)}),
    "sds": (5, 0, 3, "", {"total": ("1-5", "sum", 0)}),
    "dast-10": (10, 0, 1, "3", {"total": ("1-10", "sum", 0)}),
    "whoqol-bref": (
        26,
        1,
        5,
        "3 4 26",
        {
            "physical": ("3 4 10 15-18", "whoqol", 2),
            "psychological": ("5 6 7 11 19 26", "whoqol", 2),
            "social": ("20-22", "whoqol", 1),
            "environment": ("8 9 12-14 23-25", "whoqol", 2),
        },
    ),
    "tcu-desire-for-help": (6, 1, 5, "", {"total": ("1-6", "tcu", 0)}),
    "tcu-treatment-needs": (5, 1, 5, "", {"total": ("1-5", "tcu", 0)}),
    "tcu-treatment-satisfaction": (7, 1, 5, "", {"total": ("1-7", "tcu", 0)}),
    "tcu-self-esteem": (6, 1, 5, "2 3 4 6", {"total": ("1-6", "tcu", 0)}),
    "tcu-hostility": (8, 1, 5, "", {"total": ("1-8", "tcu", 0)}),
    "tcu-risk-taking": (7, 1, 5, "1 2 3", {"total": ("1-7", "tcu", 0)}),
    "tcu-social-support": (9, 1, 5, "6", {"total": ("1-9", "tcu", 0)}),
}
SUBSTANCES = [
    "tobacco",
    "alcohol",
    "cannabis",
    "cocaine",
    "amphetamines",
    "inhalants",
    "sedatives",
    "hallucinogens",
    "opioids",
    "other",
]
WEIGHTS = {
    2: (0, 2, 3, 4, 6),
    3: (0, 3, 4, 5, 6),
    4: (0, 4, 5, 6, 7),
    5: (0, 5, 6, 7, 8),
    6: (0, 6, 3),
    7: (0, 6, 3),
}


def numbers(row: str) -> list[int]:
    """Read ``"3 4 10 15-18"``."""
    found: list[int] = []
    for part in row.split():
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def likert(name: str, answers: dict[int, int | None]) -> dict[str, Fraction | None]:
    """Score a questionnaire whose questions share one row of answers."""
    count, low, high, turned, scales = LIKERT[name]
    sheet = [
        None
        if answers.get(n) is None
        else (low + high - answers[n] if n in numbers(turned) else answers[n])
        for n in range(1, count + 1)
    ]
    spoilt = name == "whoqol-bref" and 5 * sheet.count(None) > len(sheet)
    return {
        scale: None if spoilt else _column([sheet[n - 1] for n in numbers(row)], rule, most)
        for scale, (row, rule, most) in scales.items()
    }


def _column(column: list[int | None], rule: str, most: int) -> Fraction | None:
    given = [value for value in column if value is not None]
    if not given or len(column) - len(given) > most:
        return None
    mean = Fraction(sum(given), len(given))
    return {
        "sum": mean * len(column),
        "mean": mean,
        "tcu": mean * 10,
        "whoqol": (4 * mean - 4) * Fraction(25, 4),
    }[rule]


def assist(sheet: dict[str, int | None]) -> dict[str, int | None]:
    """Score the ASSIST as its manual walks through it, substance by substance."""
    return {name: _substance(sheet, name) for name in SUBSTANCES}


def _substance(sheet: dict[str, int | None], name: str) -> int | None:
    ever, lately = sheet.get(f"q1-{name}"), sheet.get(f"q2-{name}")
    if ever is None:
        return None
    if ever == 0:
        return 0
    if lately is None:
        return None
    asked = [q for q in (6, 7) if q] + ([3, 4, 5] if lately else [])
    points = [lately] + [sheet.get(f"q{q}-{name}") for q in asked if (q, name) != (5, "tobacco")]
    return None if None in points else sum(points)
