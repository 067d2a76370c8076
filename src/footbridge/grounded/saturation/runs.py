"""Guest, Namey & Chen's saturation: new codes in a run against codes in a base.

The first `base` interviews give the base. A run is the next `run` interviews; its ratio is
the number of codes seen for the first time in the run over the codes in the base. Runs
slide by one. Saturation is reported as the interviews before the first run whose ratio
is at or under the threshold, with the run as superscript: 6+2 means "at six, and two more
brought (almost) nothing".

References
----------
Guest, Namey & Chen (2020), PLoS ONE 15(5): e0232076,
https://doi.org/10.1371/journal.pone.0232076; Chao (1987), Biometrics 43, 783-791.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.grounded.errors import SaturationError

Series = Sequence[AbstractSet[Hashable]]


@dataclass(frozen=True, slots=True)
class Setting:
    """Which question is asked.

    Attributes
    ----------
    base, run : int
        Numbers of interviews; the authors suggest 4, 5 or 6 and 2 or 3.
    threshold : float
        Largest share of new codes that still counts as nothing new: 0 or 0.05.
    """

    base: int = 4
    run: int = 2
    threshold: float = 0.05

    def __post_init__(self) -> None:
        if self.base < 1 or self.run < 1 or not 0.0 <= self.threshold < 1.0:
            raise SaturationError(
                f"A base of {self.base}, a run of {self.run} and a threshold of {self.threshold} "
                "ask nothing. Use a base of 4, 5 or 6, a run of 2 or 3, and 0 or 0.05."
            )


@dataclass(frozen=True, slots=True)
class Reached:
    """The answer for one setting.

    Attributes
    ----------
    setting : Setting
    at : int or None
        Interviews before the run that met the threshold; None where no run did.
    ratios : tuple of float
        The ratio of each run, in order; the first begins right after the base.
    base_codes : int
    reason : str or None
        Why there is no answer, where there is none.
    """

    setting: Setting
    at: int | None
    ratios: tuple[float, ...]
    base_codes: int
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.at}+{self.setting.run}" if self.at is not None else "not reached"


def new_counts(series: Series) -> list[int]:
    """Return how many codes each interview was the first to bring."""
    seen: set[Hashable] = set()
    counts = []
    for codes in series:
        counts.append(len(codes - seen))
        seen |= codes
    return counts


def saturation_point(series: Series, setting: Setting) -> Reached:
    """Return where a series of interviews saturated, if it did.

    Parameters
    ----------
    series : sequence of set
        The codes of each interview, in the order in which the interviews were held.
    setting : Setting

    Examples
    --------
    >>> days = [{1, 2, 3}, {3, 4}, {5}, {1, 6}, {2, 7}, {1}, {3, 4}]
    >>> str(saturation_point(days, Setting(base=4, run=2, threshold=0.0)))
    '5+2'
    """
    return _point(new_counts(series), setting)


def _point(new: Sequence[int], setting: Setting) -> Reached:
    base = sum(new[: setting.base])
    if len(new) < setting.base + setting.run:
        return Reached(
            setting, None, (), base,
            f"{len(new)} interviews are too few for a base of {setting.base} and a run of "
            f"{setting.run}.",
        )  # fmt: skip
    if not base:
        return Reached(setting, None, (), 0, "The base interviews hold no code at all.")
    starts = range(setting.base, len(new) - setting.run + 1)
    ratios = tuple(sum(new[s : s + setting.run]) / base for s in starts)
    at = next((s for s, r in zip(starts, ratios, strict=True) if r <= setting.threshold), None)
    return Reached(setting, at, ratios, base, None if at is not None else _NOT_YET)


_NOT_YET = "Every run brought more that was new than the threshold allows."


def saturation_table(
    series: Series,
    *,
    bases: Sequence[int] = (4, 5, 6),
    runs: Sequence[int] = (2, 3),
    thresholds: Sequence[float] = (0.05, 0.0),
) -> list[Reached]:
    """Return the answer for every base size, run length and threshold."""
    new = new_counts(series)
    return [
        _point(new, Setting(base, run, threshold))
        for threshold in thresholds
        for run in runs
        for base in bases
    ]


@dataclass(frozen=True, slots=True)
class Band:
    """What other orders of the same interviews would have shown.

    Attributes
    ----------
    setting : Setting
    low, middle, high : ndarray, shape (n_interviews,)
        Distinct codes after 1, 2, ... interviews: 5th, 50th and 95th percentile of orders.
    reached : dict
        Interviews before the run, or None for not reached, to its share of the orders.
    orders : int
    """

    setting: Setting
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]
    reached: dict[int | None, float]
    orders: int


def permutation_band(
    series: Series,
    setting: Setting,
    *,
    rng: np.random.Generator,
    orders: int = 1000,
    tick: Callable[[], object] = lambda: None,
) -> Band:
    """Return how the curve and the answer depend on the order of interviews.

    Parameters
    ----------
    series : sequence of set
    setting : Setting
    rng : numpy.random.Generator
    orders : int
        How many random orders are tried.
    tick : callable, optional
        Called after each order, for a progress bar.
    """
    if not series or orders < 1:
        raise SaturationError("A band needs at least one interview and one order.")
    codes = sorted({code for each in series for code in each}, key=str)
    present = np.array([[code in each for code in codes] for each in series], dtype=bool)
    present = present.reshape(len(series), len(codes))
    curves = np.empty((orders, len(series)))
    reached: Counter[int | None] = Counter()
    for at in range(orders):
        order = rng.permutation(len(series))
        seen = np.logical_or.accumulate(present[order], axis=0).sum(axis=1)
        curves[at] = seen
        new = np.diff(seen, prepend=0).tolist()
        reached[_point(new, setting).at] += 1
        tick()
    low, middle, high = np.percentile(curves, [5, 50, 95], axis=0)
    shares = {at: n / orders for at, n in sorted(reached.items(), key=_none_last)}
    return Band(setting, low, middle, high, shares, orders)


def _none_last(item: tuple[int | None, int]) -> tuple[bool, int]:
    return item[0] is None, item[0] or 0


def unseen_at_least(series: Series) -> float:
    """Return Chao's lower bound (Chao2, bias-corrected) of codes that no interview has shown.

    It rests on codes that one interview or two interviews showed. It is a lower bound for
    people like those interviewed, and says nothing about people who were not reached.
    """
    shown = Counter(code for codes in series for code in codes)
    once = sum(n == 1 for n in shown.values())
    twice = sum(n == 2 for n in shown.values())
    m = len(series)
    return (m - 1) / m * once * (once - 1) / (2 * (twice + 1)) if m else 0.0
