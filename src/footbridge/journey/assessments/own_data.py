"""How a scale behaves among the people whom one worker cares for: spread and alpha."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import variance

from footbridge.journey.assessments.rules import Answers, Instrument, Scale
from footbridge.journey.assessments.scoring import asked_answers, score

ENOUGH = 30
"""Fewer people say too little: with 30, the standard error of an SD is still about an eighth."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the first sittings of several people say of a scale; each person counts once.

    Parameters
    ----------
    n : int
        People with a score.
    sd : float or None
        Standard deviation of their scores; None below `ENOUGH`.
    complete : int
        People who answered every item of the scale.
    alpha : float or None
        Cronbach's alpha among those; None below `ENOUGH`, or where nobody's scores differ.
    """

    n: int
    sd: float | None
    complete: int
    alpha: float | None


def sample(instrument: Instrument, scale: Scale, sittings: Iterable[Answers]) -> Sample:
    """Return how a scale behaves in some people's sittings, one sitting a person."""
    given = list(sittings)
    found = [score(instrument, answers)[scale.id].value for answers in given]
    scores = [value for value in found if value is not None]
    rows = [row for answers in given if (row := _row(instrument, scale, answers)) is not None]
    return Sample(
        n=len(scores),
        sd=math.sqrt(variance(scores)) if len(scores) >= ENOUGH else None,
        complete=len(rows),
        alpha=alpha(rows) if len(rows) >= ENOUGH else None,
    )


def _row(instrument: Instrument, scale: Scale, answers: Answers) -> list[float] | None:
    asked = asked_answers(instrument, answers)
    values = [(instrument.item(id_), asked.get(id_)) for id_ in scale.items]
    row = [item.keyed(value) for item, value in values if value is not None]
    return row if len(row) == len(scale.items) else None


def alpha(rows: Sequence[Sequence[float]]) -> float | None:
    r"""Return Cronbach's alpha of people's item points, turned items already turned.

    .. math:: \alpha = \frac{k}{k-1} \left(1 - \frac{\sum_i s_i^2}{s_{total}^2}\right)

    Parameters
    ----------
    rows : sequence of sequences of float
        One row a person, one column an item; two or more of each.

    Returns
    -------
    float or None
        None with fewer than two items or people, or where all totals are equal.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297-334.

    Examples
    --------
    Two items that always agree:

    >>> alpha([[1, 1], [2, 2], [4, 4]])
    1.0
    """
    items = len(rows[0]) if rows else 0
    if items < 2 or len(rows) < 2:
        return None
    total = variance([math.fsum(row) for row in rows])
    if total == 0:
        return None
    parts = math.fsum(variance([float(row[at]) for row in rows]) for at in range(items))
    return items / (items - 1) * (1 - parts / total)
