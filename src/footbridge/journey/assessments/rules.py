"""Instruments as values, and the scores that answers to them give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import Decision, HouseError, gettext_noop

Words = Mapping[Language, str]
Answers = Mapping[str, int | None]
"""Item id to the value chosen; None, or no key at all, where there is no answer."""


class AssessmentError(HouseError):
    """An instrument, an answer or a calendar that cannot be right."""


class Method(StrEnum):
    """How the answers of a scale become one number."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen."""

    value: int
    words: Words


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    Parameters
    ----------
    words : Words
        Empty where only the scoring key may be shipped.
    reverse : bool
        Whether a high answer means little of what the scale measures.
    """

    id: str
    words: Words
    options: tuple[Option, ...]
    reverse: bool = False

    def keyed(self, value: int) -> int:
        """Return a value in the direction of the scale: reversed as ``low + high - value``."""
        values = [option.value for option in self.options]
        return min(values) + max(values) - value if self.reverse else value


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores to which the authors of an instrument gave a meaning."""

    at_least: float
    words: Words
    source: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A total or a sub-scale: ``value = multiply * (sum or mean) + add``.

    Parameters
    ----------
    at_most_missing : int
        Items that may lack an answer; the score is then prorated. With more, it is void.
    error : float or None
        Standard error of measurement, in points of the scale; None where unpublished.
    bands : tuple of Band
        Only those of the authors, in rising order; empty where they give none.
    """

    id: str
    title: Words
    items: tuple[str, ...]
    method: Method
    at_most_missing: int
    multiply: float = 1.0
    add: float = 0.0
    error: float | None = None
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire, with everything that scoring needs."""

    id: str
    version: int
    languages: frozenset[Language]
    licence: str
    validated: bool
    source: str
    title: Words
    instruction: Words
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]

    def item(self, id: str) -> Item:  # noqa: A002 - the word that data files use
        """Return an item; raise AssessmentError where the instrument has none of that id."""
        for item in self.items:
            if item.id == id:
                return item
        raise AssessmentError(
            gettext_noop(
                "{instrument} has no item {item}: its items are {known}. Answer one of those."
            ),
            instrument=self.id,
            item=id,
            known=", ".join(item.id for item in self.items),
        )

    def scale(self, id: str) -> Scale:  # noqa: A002 - the word that data files use
        """Return a scale; raise AssessmentError where the instrument has none of that id."""
        for scale in self.scales:
            if scale.id == id:
                return scale
        raise AssessmentError(
            gettext_noop("{instrument} has no scale {scale}: choose one of {known}."),
            instrument=self.id,
            scale=id,
            known=", ".join(scale.id for scale in self.scales),
        )


@dataclass(frozen=True, slots=True)
class Score:
    """One scale of one sitting.

    Parameters
    ----------
    value : float or None
        None where the score is void; `verdict` then says why.
    answered, of : int
        Items answered, out of how many.
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


@dataclass(frozen=True, slots=True)
class Change:
    """The difference between two sittings.

    Parameters
    ----------
    points : float or None
        Later minus earlier; None where either score is void.
    beyond_error : bool or None
        Whether it exceeds what measurement error alone would give in 95 of 100
        repetitions; None where the instrument's error is not published.
    """

    points: float | None
    beyond_error: bool | None
    verdict: Decision = field(compare=False)


def check_answers(instrument: Instrument, answers: Answers) -> None:
    """Refuse answers to items that do not exist, or outside an item's options.

    Raises
    ------
    AssessmentError
        For the first such answer.
    """
    for id_, value in answers.items():
        allowed = [option.value for option in instrument.item(id_).options]
        if value is not None and value not in allowed:
            raise AssessmentError(
                gettext_noop(
                    "{value} is not an answer to item {item} of {instrument}. "
                    "Choose one of {allowed}."
                ),
                value=value,
                item=id_,
                instrument=instrument.id,
                allowed=", ".join(map(str, allowed)),
            )


def score(instrument: Instrument, answers: Answers) -> dict[str, Score]:
    """Return every scale's score by the scale's id.

    Raises
    ------
    AssessmentError
        If an answer is not one of its item's options.
    """
    check_answers(instrument, answers)
    return {scale.id: _score_scale(instrument, scale, answers) for scale in instrument.scales}


def _score_scale(instrument: Instrument, scale: Scale, answers: Answers) -> Score:
    keyed = [
        instrument.item(id_).keyed(value)
        for id_ in scale.items
        if (value := answers.get(id_)) is not None
    ]
    answered, of = len(keyed), len(scale.items)
    counts = {"missing": of - answered, "items": of, "most": scale.at_most_missing}
    if not keyed or of - answered > scale.at_most_missing:
        sentence = gettext_noop(
            "No score: {missing} of {items} items have no answer, and at most {most} may be "
            "missing. Ask those items again if the person agrees."
        )
        return Score(scale.id, None, answered, of, Decision(False, sentence, counts))
    mean = math.fsum(keyed) / answered
    raw = mean * of if scale.method is Method.SUM else mean
    sentence = (
        gettext_noop("All {items} items are answered.")
        if answered == of
        else gettext_noop(
            "{missing} of {items} items have no answer; each counts as the mean of the others."
        )
    )
    points = scale.multiply * raw + scale.add
    return Score(scale.id, points, answered, of, Decision(True, sentence, counts))


def possible(instrument: Instrument, scale: Scale) -> tuple[float, float]:
    """Return the lowest and the highest score that a scale can give."""
    ends = []
    for pick in (min, max):
        values = [pick(option.value for option in instrument.item(i).options) for i in scale.items]
        raw = sum(values) if scale.method is Method.SUM else sum(values) / len(values)
        ends.append(scale.multiply * raw + scale.add)
    return min(ends), max(ends)


def band_of(scale: Scale, score: Score) -> Band | None:
    """Return the authors' band for a score; None where void or where they give no bands."""
    if score.value is None:
        return None
    reached = [band for band in scale.bands if score.value >= band.at_least]
    return reached[-1] if reached else None


def change(scale: Scale, *, now: Score, before: Score) -> Change:
    r"""Return the change between two sittings, judged against measurement error.

    Beyond error means :math:`|x_2 - x_1| > 1.96 \sqrt{2}\, SEM`.

    References
    ----------
    Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59(1), 12-19.
    """
    if now.value is None or before.value is None:
        return Change(None, None, Decision(False, gettext_noop("One of the two scores is void.")))
    points = now.value - before.value
    if scale.error is None:
        sentence = gettext_noop(
            "A change of {points}. The measurement error is not known, so it may be chance."
        )
        return Change(points, None, Decision(True, sentence, {"points": f"{points:+.1f}"}))
    margin = 1.96 * math.sqrt(2.0) * scale.error
    beyond = abs(points) > margin
    sentence = (
        gettext_noop("A change of {points}: more than the measurement error of {margin}.")
        if beyond
        else gettext_noop("A change of {points}: within the measurement error of {margin}.")
    )
    values = {"points": f"{points:+.1f}", "margin": f"{margin:.1f}"}
    return Change(points, beyond, Decision(True, sentence, values))
