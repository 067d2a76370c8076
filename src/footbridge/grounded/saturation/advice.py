"""Whether to stop interviewing: an advice that says what it rests on and what it cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from footbridge.grounded.saturation.runs import (
    Band,
    Series,
    Setting,
    saturation_point,
    unseen_at_least,
)

Verdict: TypeAlias = Literal["go on", "codes have settled", "codes and meanings have settled"]
_ENOUGH_FOR_MEANING = 16  # fewest interviews at which Hennink et al. saw meaning saturation


@dataclass(frozen=True, slots=True)
class Advice:
    """A verdict, the facts behind it, and what they leave open; each a sentence."""

    verdict: Verdict
    because: tuple[str, ...]
    cannot_know: tuple[str, ...]


def advise(
    codes: Series, meanings: Series, *, setting: Setting | None = None, band: Band | None = None
) -> Advice:
    """Return an advice on stopping.

    Parameters
    ----------
    codes, meanings : sequence of set
        Codes, and (code, property, dimension) triples, of each interview in order.
    setting : Setting, optional
        Base, run and threshold; 4, 2 and 5 % if left out.
    band : Band, optional
        What other orders of the interviews would have shown, for the same setting.
    """
    asked = setting or Setting()
    of_codes = saturation_point(codes, asked)
    of_meanings = saturation_point(meanings, asked)
    seen = len(set().union(*codes)) if codes else 0
    because = [
        f"{len(codes)} interviews showed {seen} codes.",
        _sentence("New codes", of_codes.at, asked, of_codes.reason),
        _sentence("New dimensions", of_meanings.at, asked, of_meanings.reason)
        if any(meanings)
        else _NOTHING_NOTED,
    ]
    if band is not None:
        share = 1.0 - band.reached.get(None, 0.0)
        because.append(
            f"In {share:.0%} of {band.orders} random orders of the same interviews new codes "
            "would have ceased to come as well."
        )
    verdict: Verdict = "go on"
    if of_codes.at is not None:
        verdict = "codes have settled"
        if of_meanings.at is not None:
            verdict = "codes and meanings have settled"
    return Advice(verdict, tuple(because), _open_questions(codes, of_meanings.at))


_NOTHING_NOTED = (
    "No dimensions were noted on any passage, so nothing can be said of what the codes mean. "
    "Note them as in 'who = employer'."
)


def _sentence(what: str, at: int | None, setting: Setting, reason: str | None) -> str:
    question = f"base {setting.base}, run {setting.run}, at most {setting.threshold:.0%} new"
    if at is None:
        return f"{what} have not ceased to come ({question}). {reason}"
    return f"{what} ceased to come at {at}+{setting.run} ({question})."


def _open_questions(codes: Series, meanings_at: int | None) -> tuple[str, ...]:
    n = len(codes)
    questions = [
        "Whether people who were not reached, or who refused, would have said something else: "
        "no count of codes can show that.",
        "Whether another guide of questions would have brought other codes.",
    ]
    if n < _ENOUGH_FOR_MEANING:
        questions.append(
            f"Whether what is meant by the codes is fully understood: {n} interviews can support "
            "a claim about codes, and published studies saw meanings settle at 16 to 24."
        )
    elif meanings_at is None:
        questions.append("How much more the dimensions of each code would grow.")
    unseen = unseen_at_least(codes)
    if unseen >= 0.5:
        questions.append(
            f"Which codes are still missing: the codes seen only once suggest at least "
            f"{unseen:.0f} more among people like these."
        )
    return tuple(questions)
