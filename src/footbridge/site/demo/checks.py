"""Short forms that invented people answer: each from one level of their own, with some noise."""

from __future__ import annotations

from datetime import date
from random import Random

from footbridge.journey.assessments import instruments
from footbridge.journey.assessments.records import AssessmentTaken
from footbridge.journey.consents.rules import Language

ASKED = ("self-efficacy-check", "barriers-check")


def short_forms(number: int, language: Language, on: date, *, lift: float) -> list[AssessmentTaken]:
    """Return the sittings of one invented person on one day."""
    return [_answered(name, number, language, on, lift=lift) for name in ASKED]


def _answered(
    name: str, number: int, language: Language, on: date, *, lift: float
) -> AssessmentTaken:
    found = instruments.packaged()[name, 1]
    good = 1 if found.scales[0].better == "higher" else -1
    level = 2 + good * (_dice(name, number).gauss(0, 0.9) + lift)
    noise = _dice(name, number, lift)
    answers: dict[str, int | None] = {}
    for item in found.items:
        points = min(4, max(0, round(level + noise.gauss(0, 0.8))))
        answers[item.id] = 4 - points if item.reverse else points
    return AssessmentTaken(name, 1, language, answers, on)


def _dice(*of: object) -> Random:
    return Random(" ".join(map(str, of)))  # noqa: S311  # nosec B311
