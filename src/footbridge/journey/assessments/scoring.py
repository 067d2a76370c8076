"""From answers to scores: what was asked, what is missing, and what the rest adds up to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from footbridge.journey.assessments.rules import (
    Answers,
    AssessmentError,
    Band,
    Instrument,
    Item,
    Method,
    Scale,
)
from footbridge.trust.decisions import Decision, gettext_noop


class Standing(StrEnum):
    """What branching makes of a question."""

    ASKED = "asked"
    LEFT_OUT = "left-out"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Score:
    """One scale of one sitting.

    Parameters
    ----------
    value : float or None
        None where the score is void; `verdict` then says why.
    answered, of : int
        Items answered, out of how many that the sitting asked.
    """

    scale: str
    value: float | None
    answered: int
    of: int
    verdict: Decision

    @property
    def prorated(self) -> bool:
        """Whether missing answers were filled with the mean of the others."""
        return self.value is not None and self.answered < self.of


def check_answers(instrument: Instrument, answers: Answers) -> None:
    """Refuse answers to items that do not exist, or outside an item's options.

    Raises
    ------
    AssessmentError
        For the first such answer.
    """
    for id_, value in answers.items():
        item = instrument.item(id_)
        if value is not None and not item.allows(value):
            raise AssessmentError(
                gettext_noop(
                    "{value} is not an answer to item {item} of {instrument}. "
                    "Choose one of {allowed}."
                ),
                value=value,
                item=id_,
                instrument=instrument.id,
                allowed=_allowed(item),
            )


def _allowed(item: Item) -> str:
    if item.numbers is not None:
        return f"{item.numbers.least} … {item.numbers.most}"
    return ", ".join(str(option.value) for option in item.options)


def standings(instrument: Instrument, answers: Answers) -> dict[str, Standing]:
    """Return what branching makes of each item, in their order.

    A question stays open while a question that it depends on has no answer: to count it as
    left out would let a refusal look like a no.
    """
    found: dict[str, Standing] = {}
    for item in instrument.items:
        on = [(found[one.item], answers.get(one.item), one.values) for one in item.show_when]
        if any(
            standing is Standing.LEFT_OUT
            or (standing is Standing.ASKED and value is not None and value not in values)
            for standing, value, values in on
        ):
            found[item.id] = Standing.LEFT_OUT
        elif any(standing is Standing.OPEN or value is None for standing, value, _ in on):
            found[item.id] = Standing.OPEN
        else:
            found[item.id] = Standing.ASKED
    return found


def shown(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    """Return the items that these answers lead to, in their order."""
    found = standings(instrument, answers)
    return tuple(item for item in instrument.items if found[item.id] is Standing.ASKED)


def asked_answers(instrument: Instrument, answers: Answers) -> dict[str, int | None]:
    """Return the answers without those to questions that branching does not ask."""
    return {item.id: answers.get(item.id) for item in shown(instrument, answers)}


def score(instrument: Instrument, answers: Answers) -> dict[str, Score]:
    """Return every scale's score by the scale's id.

    Raises
    ------
    AssessmentError
        If an answer is not one of its item's options.
    """
    check_answers(instrument, answers)
    standing = standings(instrument, answers)
    wanted = {
        id_: answers.get(id_) if one is Standing.ASKED else None
        for id_, one in standing.items()
        if one is not Standing.LEFT_OUT
    }
    void = _too_much_missing(instrument, wanted)
    return {scale.id: _score_scale(instrument, scale, wanted, void) for scale in instrument.scales}


def _too_much_missing(instrument: Instrument, wanted: Answers) -> Decision | None:
    share = instrument.at_most_missing_share
    missing = sum(value is None for value in wanted.values())
    if share is None or missing <= share * len(wanted):
        return None
    sentence = gettext_noop(
        "No score: {missing} of all {items} items have no answer, and its authors allow "
        "{share} in 100. Ask those items again if the person agrees."
    )
    counts = {"missing": missing, "items": len(wanted), "share": round(100 * share)}
    return Decision(False, sentence, counts)


def _score_scale(
    instrument: Instrument, scale: Scale, wanted: Answers, void: Decision | None
) -> Score:
    items = [instrument.item(id_) for id_ in scale.items]
    left_out = [
        item.unasked for item in items if item.id not in wanted and item.unasked is not None
    ]
    asked = [item for item in items if item.id in wanted]
    keyed = [item.keyed(value) for item in asked if (value := wanted[item.id]) is not None]
    answered, of = len(keyed), len(asked)
    refused = void
    if refused is None:  # not `or`: a refusal is false, as every negative decision is
        refused = _too_few(scale, answered=answered, of=of, settled=len(left_out))
    if refused is not None:
        return Score(scale.id, None, answered, of, refused)
    sentence = (
        gettext_noop("All {items} items are answered.")
        if answered == of
        else gettext_noop(
            "{missing} of {items} items have no answer; each counts as the mean of the others."
        )
    )
    verdict = Decision(True, sentence, {"missing": of - answered, "items": of})
    raw = _raw(scale.method, keyed, left_out, of=of)
    return Score(scale.id, scale.multiply * raw + scale.add, answered, of, verdict)


def _raw(method: Method, keyed: list[float], left_out: list[float], *, of: int) -> float:
    if method is Method.COUNT:
        return sum(points > 0 for points in (*keyed, *left_out))
    filled = math.fsum(keyed) / len(keyed) * of if keyed else 0.0
    total = filled + math.fsum(left_out)
    return total if method is Method.SUM else total / (of + len(left_out))


def _too_few(scale: Scale, *, answered: int, of: int, settled: int) -> Decision | None:
    """Return why a scale cannot be scored; None where it can."""
    missing = of - answered
    if missing <= scale.at_most_missing and (answered or (settled and not missing)):
        return None
    if not of:
        return Decision(False, gettext_noop("No score: none of its questions applied."))
    sentence = gettext_noop(
        "No score: {missing} of {items} items have no answer, and at most {most} may be "
        "missing. Ask those items again if the person agrees."
    )
    return Decision(
        False, sentence, {"missing": missing, "items": of, "most": scale.at_most_missing}
    )


def possible(instrument: Instrument, scale: Scale) -> tuple[float, float]:
    """Return the lowest and the highest score that a scale can give."""
    found = []
    for end in (0, 1):
        values = [instrument.item(id_).ends()[end] for id_ in scale.items]
        raw = _raw(scale.method, values, [], of=len(values))
        found.append(scale.multiply * raw + scale.add)
    return min(found), max(found)


def band_of(scale: Scale, score: Score) -> Band | None:
    """Return the authors' band for a score; None where void or where they give no bands."""
    if score.value is None:
        return None
    reached = [band for band in scale.bands if score.value >= band.at_least]
    return reached[-1] if reached else None


def asks_for_safety(instrument: Instrument, answers: Answers) -> bool:
    """Return whether an answer is one after which a safety plan is made together.

    Examples
    --------
    Item 9 of the PHQ-9 asks it from one point on, whatever the total.
    """
    asked = asked_answers(instrument, answers)
    return any(
        item.safety_at is not None
        and (value := asked.get(item.id)) is not None
        and item.keyed(value) >= item.safety_at
        for item in instrument.items
    )
