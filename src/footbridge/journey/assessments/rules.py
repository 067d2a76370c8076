"""Instruments as values: items, options, branching, scales, and who says what of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from footbridge.journey.consents.rules import Language
from footbridge.trust.decisions import HouseError, gettext_noop

Words = Mapping[Language, str]
Answers = Mapping[str, int | None]
"""Item id to the value chosen; None, or no key at all, where there is no answer."""


class AssessmentError(HouseError):
    """An instrument, an answer or a calendar that cannot be right."""


class Method(StrEnum):
    """How the answers of a scale become one number."""

    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"


class Layout(StrEnum):
    """How the questions stand on the page, unless somebody chooses otherwise."""

    SHEET = "sheet"
    PAGES = "pages"


class Better(StrEnum):
    """Which end of a scale is the good one."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen.

    Parameters
    ----------
    value : int
        What is kept.
    points : float or None
        What it counts in a score; None where it counts its value.
    """

    value: int
    words: Words = field(default_factory=dict)
    points: float | None = None

    @property
    def worth(self) -> float:
        """What the answer counts in a score."""
        return self.value if self.points is None else self.points


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers that may be entered where an item has no options."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only when an earlier item was answered with one of these values."""

    item: str
    values: frozenset[int]


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    Parameters
    ----------
    words : Words
        Empty where only the scoring key may be shipped.
    options : tuple of Option
        Empty where a whole number is entered; then `numbers` says which.
    reverse : bool
        Whether a high answer means little of what the scale measures.
    hint : Words
        What stands small under the question.
    show_when : tuple of Condition
        All of them must hold, else the question is not asked.
    unasked : float or None
        Points that count when branching left the question out; None where its scale is
        then scored without it.
    safety_at : int or None
        From these points on, an answer asks for a safety plan.
    """

    id: str
    words: Words
    options: tuple[Option, ...]
    reverse: bool = False
    hint: Words = field(default_factory=dict)
    numbers: Range | None = None
    show_when: tuple[Condition, ...] = ()
    unasked: float | None = None
    safety_at: int | None = None

    def ends(self) -> tuple[float, float]:
        """Return the lowest and the highest points that an answer can count."""
        if self.numbers is not None:
            return self.numbers.least, self.numbers.most
        points = [option.worth for option in self.options]
        return min(points), max(points)

    def allows(self, value: int) -> bool:
        """Return whether a value is an answer to this item."""
        if self.numbers is not None:
            return self.numbers.least <= value <= self.numbers.most
        return any(option.value == value for option in self.options)

    def keyed(self, value: int) -> float:
        """Return what a value counts, reversed as ``low + high - points`` where need be."""
        points = next((one.worth for one in self.options if one.value == value), float(value))
        low, high = self.ends()
        return low + high - points if self.reverse else points


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores to which the authors of an instrument gave a meaning."""

    at_least: float
    words: Words
    source: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """How much of a score's variance is not error, as somebody found it.

    Parameters
    ----------
    value : float
        From 0 to 1.
    kind : str
        ``alpha``, ``omega`` or ``retest``.
    n : int or None
        How many people it was found in; None where the source does not say.
    """

    value: float
    kind: str
    source: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """A total or a sub-scale: ``value = multiply * (sum, mean or count) + add``.

    A count is the number of items that count more than 0; none of them may be missing.

    Parameters
    ----------
    at_most_missing : int
        Items that may lack an answer; the score is then prorated. With more, it is void.
        0 unless the authors allow some.
    error : float or None
        Standard error of measurement, in points of the scale; None where unpublished.
    reliability : Reliability or None
        A published one; None where there is none that the house knows of.
    bands : tuple of Band
        Only those of the authors, in rising order; empty where they give none.
    better : Better or None
        None where neither end is good.
    note : Words
        A trap in reading the score, said beside it.
    """

    id: str
    title: Words
    items: tuple[str, ...]
    method: Method
    at_most_missing: int
    multiply: float = 1.0
    add: float = 0.0
    error: float | None = None
    reliability: Reliability | None = None
    bands: tuple[Band, ...] = ()
    better: Better | None = None
    note: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to settle a question about scoring that the literature leaves open."""

    id: str
    title: Words
    reverse: Mapping[str, bool] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something about scoring that a site decides; the first choice stands until it does."""

    id: str
    title: Words
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire, with everything that asking and scoring need.

    Parameters
    ----------
    validated : bool
        Whether anybody has tested what its scores mean.
    at_most_missing_share : float or None
        With more than this share of all items missing, every scale is void.
    observed : bool
        Whether staff fill it in from what they see, rather than ask it.
    note : Words
        What to mind before using it: rights, traps, where its numbers do not hold.
    wording_source : Words
        Where the wording came from, by language; empty for the house's own words.
    """

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
    layout: Layout = Layout.SHEET
    at_most_missing_share: float | None = None
    observed: bool = False
    note: Words = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    wording_source: Words = field(default_factory=dict)

    @property
    def worded(self) -> frozenset[Language]:
        """The languages in which every question and every answer has words."""
        texts = [item.words for item in self.items]
        texts += [option.words for item in self.items for option in item.options]
        return frozenset(one for one in Language if all(words.get(one) for words in texts))

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

    def with_choices(self, chosen: Mapping[str, str]) -> Instrument:
        """Return the instrument scored as a site decided; what it did not decide stays.

        Raises
        ------
        AssessmentError
            If a parameter has no such choice.
        """
        changed = self
        for parameter in self.parameters:
            wanted = chosen.get(parameter.id, parameter.choices[0].id)
            changed = _chosen(changed, parameter, wanted)
        return changed


def _chosen(instrument: Instrument, parameter: Parameter, wanted: str) -> Instrument:
    choice = next((one for one in parameter.choices if one.id == wanted), None)
    if choice is None:
        raise AssessmentError(
            gettext_noop("{parameter} cannot be {wanted}: choose one of {known}."),
            parameter=parameter.id,
            wanted=wanted,
            known=", ".join(one.id for one in parameter.choices),
        )
    items = tuple(
        replace(item, reverse=choice.reverse.get(item.id, item.reverse))
        for item in instrument.items
    )
    scales = tuple(
        replace(scale, items=tuple(one for one in scale.items if one not in choice.leave_out))
        for scale in instrument.scales
    )
    return replace(instrument, items=items, scales=scales)
