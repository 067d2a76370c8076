r"""Whose answers are these? One candidate or none, by log-likelihood, in memory only.

A person who comes back repeats an answer with probability :math:`1 - e` and otherwise
says what comes to mind, which is the popular option more often than the rare one; a
stranger says what is popular throughout. With :math:`p_x` the popularity of option
:math:`x` among the enrolled, an answer is worth, in bits,

.. math:: \log_2 \frac{(1 - e) + e\,p_x}{p_x} \text{ if it agrees,} \quad \log_2 e \text{ if not,}

and nothing where either side gave no answer. See docs/methods/recognition.md.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from footbridge.trust.recognition.memory import questions

SLIP = 0.15
SMOOTHING = 0.5
SURPLUS_BITS = 7.0
MARGIN_BITS = 4.0

Person = TypeVar("Person", bound=Hashable)
Bits = NDArray[np.float32]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Proposal(Generic[Person]):
    """The one person whom the answers fit, and by how much, in bits.

    ``margin`` is the distance to the next best, infinite where there is nobody else.
    """

    person: Person
    score: float
    margin: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each option of each question stands in one long row of options.

    Place 0 is nobody's answer: it weighs nothing, and fills the rows of those who
    answered fewer questions than others.
    """

    options: Mapping[str, Mapping[str, int]]

    @classmethod
    def of(cls, options: Mapping[str, Sequence[str]]) -> Layout:
        """Lay out the options of each question."""
        places, size = {}, 1
        for name, ids in options.items():
            places[name] = {option: size + i for i, option in enumerate(ids)}
            size += len(ids)
        return cls(places)

    def places(self, answers: Mapping[str, str | None]) -> list[int]:
        """Return the places of the answers given; unknown and missing ones are left out."""
        found = (self.options.get(name, {}).get(said or "") for name, said in answers.items())
        return [place for place in found if place is not None]

    def row(self, answers: Mapping[str, str | None]) -> Places:
        """Return one person's answers by question, 0 where there is none: (1, n_questions)."""
        now, question_of = np.zeros((1, len(self.options)), np.intp), self.question_of()
        for place in self.places(answers):
            now[0, question_of[place]] = place
        return now

    def question_of(self) -> NDArray[np.intp]:
        """Return, for each place, which question it belongs to (-1 for place 0)."""
        counts = [len(places) for places in self.options.values()]
        return np.concatenate(([-1], np.repeat(np.arange(len(counts)), counts))).astype(np.intp)


def weights(enrolled: Places, question_of: NDArray[np.intp], slips: Bits) -> tuple[Bits, Bits]:
    """Return what agreeing on each option is worth, and what disagreeing is.

    Parameters
    ----------
    enrolled : ndarray of int, shape (n_people, n_answers)
        The places of each person's answers; 0 where there is none.
    question_of : ndarray of int, shape (n_places,)
        The question of each place; -1 for place 0.
    slips : ndarray, shape (n_questions,)
        The chance `e` that a person does not repeat an answer, in (0, 1).

    Returns
    -------
    agree, differ : ndarray, shape (n_places,)
        Bits; both 0 at place 0. Popularity is estimated from the enrolled, with half a
        person added to each option, so that an option which nobody chose weighs no more
        than the number of people can show.
    """
    counts = np.bincount(enrolled.ravel(), minlength=question_of.size).astype(np.float64)
    of_options = question_of[1:]
    smoothed = counts[1:] + SMOOTHING
    totals = np.bincount(of_options, weights=smoothed, minlength=slips.size)
    popularity = smoothed / totals[of_options]
    slip = slips.astype(np.float64)[of_options]
    agree = np.log2((1 - slip + slip * popularity) / popularity)
    differ = np.log2(slip)
    return tuple(np.concatenate(([0.0], row)).astype(np.float32) for row in (agree, differ))  # type: ignore[return-value]


def rows_of_worth(asked: Places, question_of: NDArray[np.intp], worth: tuple[Bits, Bits]) -> Bits:
    """Return, for each person asked, what it is worth to have given each possible answer.

    Parameters
    ----------
    asked : ndarray of int, shape (n_asked, n_questions)
        Per question, the place of the answer given now; 0 where none was.

    Returns
    -------
    ndarray, shape (n_asked, n_places)
        Bits for an enrolled person whose answer stands at that place.
    """
    agree, differ = worth
    answered = np.concatenate(
        (np.zeros((len(asked), 1), bool), asked[:, question_of[1:]] > 0), axis=1
    )
    rows = np.where(answered, differ, np.float32(0.0))
    which, where = np.nonzero(asked)
    places = asked[which, where]
    rows[which, places] = agree[places]
    return rows


def scores(rows: Bits, enrolled: Places) -> Bits:
    """Return the bits by which each person asked is each enrolled one: (n_asked, n_people).

    Cost: one look-up per person asked, person enrolled and answer kept; 10,000 people
    take about a millisecond.
    """
    total = np.zeros((len(rows), len(enrolled)), np.float32)
    for answer in range(enrolled.shape[1]):
        total += np.take(rows, enrolled[:, answer], axis=1)
    return total


def best_two(total: Bits) -> tuple[Places, Bits, Bits]:
    """Return, for each person asked, who fits best, how well, and how well the next one fits."""
    asked = np.arange(len(total))
    best = np.argmax(total, axis=1)
    top = total[asked, best]
    rest = total.copy()
    rest[asked, best] = -np.inf
    return best, top, rest.max(axis=1)


def is_enough(top: Bits, second: Bits, *, people: int) -> NDArray[np.bool_]:
    """Whether the best fits well enough to be proposed, and well enough better than the next.

    References
    ----------
    confidentiality-facts.md, 2.5, point 4: ``score >= log2(N) + 7`` and ``margin >= 4``.
    """
    return (top >= math.log2(people) + SURPLUS_BITS) & (top - second >= MARGIN_BITS)


def propose(
    answers: Mapping[str, str | None],
    enrolled: Mapping[Person, Mapping[str, str]],
    *,
    slips: Mapping[str, float] | None = None,
) -> Proposal[Person] | None:
    """Return the one enrolled person whom these answers fit, or nobody.

    Parameters
    ----------
    answers : mapping of question id to option id
        What somebody says now; None or left out where they do not know.
    enrolled : mapping of person to their answers
        What everybody who may be recognised once said.
    slips : mapping of question id to float, optional
        The chance that a person does not repeat an answer, 0.15 unless said otherwise.

    Returns
    -------
    Proposal or None
        Never a list. A proposal opens nothing: two of the staff are present, and the
        person gives the cue that they wrote themselves.

    Examples
    --------
    Nobody is recognised by one answer:

    >>> propose({"game": "top"}, {"a": {"game": "top"}, "b": {"game": "tag"}}) is None
    True
    """
    if not enrolled:
        return None
    known = questions()
    layout = Layout.of({name: tuple(question.options) for name, question in known.items()})
    given = slips or {}
    chances = np.array([given.get(name, SLIP) for name in layout.options], np.float32)
    kept = table([layout.places(answer) for answer in enrolled.values()])
    question_of = layout.question_of()
    rows = rows_of_worth(layout.row(answers), question_of, weights(kept, question_of, chances))
    best, top, second = best_two(scores(rows, kept))
    if not is_enough(top, second, people=len(enrolled))[0]:
        return None
    return Proposal(list(enrolled)[best[0]], float(top[0]), float(top[0] - second[0]))


def table(rows: Sequence[Sequence[int]]) -> Places:
    """Return rows of unequal length as one table, filled up with place 0."""
    table = np.zeros((len(rows), max(1, *(len(row) for row in rows), 1)), np.intp)
    for person, row in enumerate(rows):
        table[person, : len(row)] = row
    return table
