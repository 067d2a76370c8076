"""How much a coefficient would move with other interviews of the same kind.

Interviews are drawn with replacement, not units or characters: what one person says hangs
together. With nine interviews an interval is wide, and that is the honest answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from footbridge.grounded.agreement.results import Agreement
from footbridge.grounded.errors import AgreementError

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Interval:
    """A percentile interval.

    Attributes
    ----------
    low, high : float or None
        None where there is no interval; `reason` says why.
    confidence : float
        Between 0 and 1.
    draws, undefined : int
        How many samples of interviews were drawn, and in how many the coefficient had no value.
    reason : str or None
    """

    low: float | None
    high: float | None
    confidence: float
    draws: int
    undefined: int
    reason: str | None = None


def bootstrap_interval(
    parts: Sequence[Part],
    *,
    add: Callable[[Sequence[Part], Sequence[float]], Part],
    estimate: Callable[[Part], Agreement],
    rng: np.random.Generator,
    draws: int = 1000,
    confidence: float = 0.95,
) -> Interval:
    """Return the percentile interval of a coefficient over interviews.

    Parameters
    ----------
    parts : sequence
        What each interview adds: tallies (`add_tallies`) or overlaps (`add_overlaps`).
    add : callable
        Sums parts, each times a weight.
    estimate : callable
        The coefficient of a sum.
    rng : numpy.random.Generator
    draws : int
    confidence : float
        Between 0 and 1.

    Raises
    ------
    AgreementError
        If draws or confidence make no sense.
    """
    if draws < 1 or not 0.0 < confidence < 1.0:
        raise AgreementError(
            f"{draws} draws at confidence {confidence} give no interval. "
            "Use one draw or more, and a confidence between 0 and 1."
        )
    if len(parts) < 2:
        return Interval(None, None, confidence, 0, 0, _TOO_FEW.format(n=len(parts)))
    chosen = rng.multinomial(len(parts), np.full(len(parts), 1 / len(parts)), size=draws)
    found = [estimate(add(parts, weights)).value for weights in chosen]
    values = np.array([value for value in found if value is not None])
    missing = draws - values.size
    if values.size < draws / 2:
        return Interval(None, None, confidence, draws, missing, _MOSTLY_UNDEFINED)
    tail = 50.0 * (1.0 - confidence)
    low, high = np.percentile(values, [tail, 100.0 - tail])
    return Interval(float(low), float(high), confidence, draws, missing)


_TOO_FEW = "An interval over interviews needs two interviews or more, and there are {n}."
_MOSTLY_UNDEFINED = (
    "In most samples of interviews the coefficient is undefined, because the code is too rare. "
    "Report the segments themselves."
)
