"""How often the fallback errs: a cohort of invented people answers twice.

Assumptions of confidentiality-facts.md, 2.5: options as popular as a Zipf law says,
agreement per person beta-binomial with mean 0.92 and a + b = 60 (fitted there to a
published test-retest study), twice the error after 12 months. Real people forget
more, so the shares missed are a floor (docs/methods/recognition.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.trust.recognition import matching
from footbridge.trust.recognition.memory import PICKED, questions

AGREEMENT = 0.92
CONCENTRATION = 60.0
ZIPF_EXPONENT = 0.75
ERROR_FACTOR = {2: 1.0, 12: 2.0}
COHORTS = 20
BATCH = 250

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of trials, each from 0 to 1.

    ``missed``: an enrolled person who came back was not proposed. ``wrong``: somebody
    else was proposed in their place. ``strangers``: somebody never enrolled was
    proposed as an enrolled person.
    """

    trials: int
    missed: float
    wrong: float
    strangers: float


@dataclass(frozen=True, slots=True)
class Cohort:
    """Invented people who are enrolled, and how each question is answered around here.

    ``enrolled`` holds places of the answers kept, shape (n_people, 8); ``popularity``
    one row of probabilities per question.
    """

    enrolled: Places
    popularity: tuple[NDArray[np.float64], ...]
    question_of: Places

    @property
    def worth(self) -> tuple[matching.Bits, matching.Bits]:
        """What agreeing and disagreeing are worth among these people."""
        slips = np.full(len(self.popularity), matching.SLIP, np.float32)
        return matching.weights(self.enrolled, self.question_of, slips)


def zipf(options: int, *, exponent: float = ZIPF_EXPONENT) -> NDArray[np.float64]:
    """Return how popular each option is, the most popular first; they sum to 1.

    Examples
    --------
    >>> zipf(3, exponent=1.0).round(3).tolist()
    [0.545, 0.273, 0.182]
    """
    weight = 1.0 / np.arange(1, options + 1) ** exponent
    return np.asarray(weight / weight.sum())


def entropies(popularity: NDArray[np.float64]) -> tuple[float, float]:
    """Return the Shannon entropy and the min-entropy of one question, in bits.

    Examples
    --------
    >>> entropies(np.full(32, 1 / 32))
    (5.0, 5.0)
    """
    return float(-(popularity * np.log2(popularity)).sum()), float(-np.log2(popularity.max()))


def new_cohort(people: int, *, draws: np.random.Generator) -> Cohort:
    """Return invented people, each with eight answers to questions picked at random."""
    sizes = [len(question.options) for question in questions().values()]
    popularity = tuple(draws.permutation(zipf(size)) for size in sizes)
    everything = answered(people, popularity, draws=draws)
    picked = np.argsort(draws.random(everything.shape), axis=1)[:, :PICKED]
    question_of = np.concatenate(([-1], np.repeat(np.arange(len(sizes)), sizes))).astype(np.intp)
    return Cohort(np.take_along_axis(everything, picked, axis=1), popularity, question_of)


def answered(
    people: int, popularity: Sequence[NDArray[np.float64]], *, draws: np.random.Generator
) -> Places:
    """Return places of answers that say what is popular, shape (people, n_questions)."""
    starts = np.cumsum([1, *(len(row) for row in popularity[:-1])])
    return np.stack(
        [
            start + draws.choice(len(row), size=people, p=row)
            for start, row in zip(starts, popularity, strict=True)
        ],
        axis=1,
    ).astype(np.intp)


def come_back(cohort: Cohort, who: Places, *, months: int, draws: np.random.Generator) -> Places:
    """Return what enrolled people answer to every question when they come back.

    An answer that is not repeated is another one, as popular as it is.

    Raises
    ------
    KeyError
        If `months` is neither 2 nor 12: nothing is assumed about other times.
    """
    agree = draws.beta(
        AGREEMENT * CONCENTRATION, (1 - AGREEMENT) * CONCENTRATION, size=(len(who), 1)
    )
    errors = np.minimum(1.0, ERROR_FACTOR[months] * (1 - agree))
    kept = cohort.enrolled[who]
    return _said(cohort, kept, draws.random(kept.shape) >= errors, draws=draws)


def somebody_close(
    cohort: Cohort, who: Places, *, known: int, draws: np.random.Generator
) -> Places:
    """Return the answers of somebody who knows some of a person's eight and guesses the others.

    What they guess is what is popular, so it is sometimes right.
    """
    kept = cohort.enrolled[who]
    order = np.argsort(draws.random(kept.shape), axis=1)
    said = answered(len(who), cohort.popularity, draws=draws)
    return _with_kept(cohort, said, kept, order < known)


def _said(
    cohort: Cohort, kept: Places, repeated: NDArray[np.bool_], *, draws: np.random.Generator
) -> Places:
    """Return answers to every question: those repeated as kept, the others different."""
    said = answered(len(kept), cohort.popularity, draws=draws)
    asked = cohort.question_of[kept]
    while True:
        same = (np.take_along_axis(said, asked, axis=1) == kept) & ~repeated
        if not same.any():
            return _with_kept(cohort, said, kept, repeated)
        again = np.unique(np.nonzero(same)[0])
        fresh = answered(len(again), cohort.popularity, draws=draws)
        redo = np.zeros(said.shape, bool)
        np.put_along_axis(redo, asked, same, axis=1)
        said[again] = np.where(redo[again], fresh, said[again])


def _with_kept(cohort: Cohort, said: Places, kept: Places, where: NDArray[np.bool_]) -> Places:
    asked = cohort.question_of[kept]
    values = np.where(where, kept, np.take_along_axis(said, asked, axis=1))
    np.put_along_axis(said, asked, values, axis=1)
    return said


def proposed(cohort: Cohort, said: Places) -> Places:
    """Return, for each row of answers, the index of the person proposed, or -1 for nobody."""
    worth, found = cohort.worth, np.full(len(said), -1, np.intp)
    for start in range(0, len(said), BATCH):
        part = slice(start, start + BATCH)
        rows = matching.rows_of_worth(said[part], cohort.question_of, worth)
        best, top, second = matching.best_two(matching.scores(rows, cohort.enrolled))
        enough = matching.is_enough(top, second, people=len(cohort.enrolled))
        found[part] = np.where(enough, best, -1)
    return found


def simulate(people: int, *, months: int, trials: int, draws: np.random.Generator) -> Shares:
    """Return how often the fallback errs among so many enrolled people.

    Parameters
    ----------
    people : int
        Enrolled at one site, at least 2.
    months : int
        Since enrolment: 2 or 12.
    trials : int
        Of each kind (somebody comes back; a stranger tries), spread over 20 cohorts.
    draws : numpy.random.Generator
        Seeded by the caller.

    References
    ----------
    confidentiality-facts.md, 2.5.
    """
    each, missed, wrong, strangers = trials // COHORTS, 0, 0, 0
    for _ in range(COHORTS):
        cohort = new_cohort(people, draws=draws)
        who = draws.integers(people, size=each).astype(np.intp)
        found = proposed(cohort, come_back(cohort, who, months=months, draws=draws))
        missed += int((found != who).sum())
        wrong += int(((found != who) & (found >= 0)).sum())
        nobody = answered(each, cohort.popularity, draws=draws)
        strangers += int((proposed(cohort, nobody) >= 0).sum())
    done = each * COHORTS
    return Shares(done, missed / done, wrong / done, strangers / done)


def simulate_close(people: int, *, known: int, trials: int, draws: np.random.Generator) -> float:
    """Return how often somebody who knows some of the eight answers is proposed as that person."""
    each, taken = trials // COHORTS, 0
    for _ in range(COHORTS):
        cohort = new_cohort(people, draws=draws)
        who = draws.integers(people, size=each).astype(np.intp)
        said = somebody_close(cohort, who, known=known, draws=draws)
        taken += int((proposed(cohort, said) == who).sum())
    return taken / (each * COHORTS)
