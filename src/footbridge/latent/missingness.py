"""Plans for values that will be missing: skipped answers and people who drop out.

A plan says how much is missing and what that depends on: on nothing (completely at random), on
values that stay observed (at random), or on the value itself (not at random; Rubin 1976,
Biometrika 63, 581-592). A study that expects gaps is simulated with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.errors import DataError

Vector = NDArray[np.float64]


class Plan(Protocol):
    """Takes values out of complete data."""

    def apply(self, complete: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
        """Return which values are gone: a frame of the same shape that is true there."""
        ...


@dataclass(frozen=True)
class Skips:
    """Single values are missing, each variable on its own.

    Parameters
    ----------
    names
        Variables that lose values.
    rate
        Expected share of missing values, 0 to 1.
    on
        Log odds ratios per standard deviation of the variables that it depends on.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> data = simulate("y ~ 0.5*x", 400, seed=3, plans=[Skips(["y"], 0.2, {"x": 0.7})])
    >>> bool(0.1 < data["y"].isna().mean() < 0.3)
    True
    """

    names: Sequence[str]
    rate: float
    on: Mapping[str, float] = field(default_factory=dict)

    def apply(self, complete: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
        """Return which values are gone."""
        _require(complete, [*self.names, *self.on])
        gone = pd.DataFrame(False, index=complete.index, columns=complete.columns)
        chance = chances(self.rate, lean_of(complete, self.on))
        for name in self.names:
            gone[name] = stream.random(len(complete)) < chance
        return gone


@dataclass(frozen=True)
class Attrition:
    r"""People leave a study and do not come back.

    Parameters
    ----------
    waves
        Variables of each wave, in the order of time; a first wave that nobody misses is not
        listed.
    rates
        Expected share of those still there that is lost at each wave, one per wave.
    on
        Log odds ratios of leaving per standard deviation of other variables.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> plan = Attrition([["y2"], ["y3"]], [0.1, 0.2])
    >>> data = simulate("y2 ~ 0.5*y1\ny3 ~ 0.5*y2", 400, seed=3, plans=[plan])
    >>> bool(data.loc[data["y2"].isna(), "y3"].isna().all())
    True
    """

    waves: Sequence[Sequence[str]]
    rates: Sequence[float]
    on: Mapping[str, float] = field(default_factory=dict)

    def apply(self, complete: pd.DataFrame, stream: np.random.Generator) -> pd.DataFrame:
        """Return which values are gone."""
        if len(self.waves) != len(self.rates):
            raise DataError(
                f"The plan has {len(self.waves)} waves and {len(self.rates)} rates.",
                "Each wave loses a share of those who are still there.",
                "Give one rate for each wave.",
            )
        _require(complete, [*(name for wave in self.waves for name in wave), *self.on])
        gone = pd.DataFrame(False, index=complete.index, columns=complete.columns)
        lean = lean_of(complete, self.on)
        left = np.zeros(len(complete), dtype=bool)
        for wave, rate in zip(self.waves, self.rates, strict=True):
            drawn = stream.random(len(complete))
            here = ~left
            if here.any():
                left[here] = drawn[here] < chances(rate, lean[here])
            for name in wave:
                gone[name] = left
        return gone


def lean_of(frame: pd.DataFrame, on: Mapping[str, float]) -> Vector:
    """Return the sum of slopes times standardised variables, (n,)."""
    lean = np.zeros(len(frame))
    for name, slope in on.items():
        values = frame[name].to_numpy(dtype=np.float64)
        spread = float(values.std())
        lean += slope * (values - values.mean()) / (spread if spread > 0 else 1.0)
    return lean


def chances(rate: float, lean: Vector) -> Vector:
    """Return logistic probabilities that average to `rate`, (n,).

    Raises
    ------
    DataError
        If the rate is not between 0 and 1.
    """
    if not 0.0 <= rate <= 1.0:
        raise DataError(
            f"The rate {rate:g} is no share.",
            "It says how much is expected to be missing.",
            "Give a number from 0 to 1.",
        )
    if rate in (0.0, 1.0):
        return np.full(lean.size, rate)
    low, high = -40.0 - float(lean.max()), 40.0 - float(lean.min())
    for _ in range(80):  # the average rises with the intercept
        middle = 0.5 * (low + high)
        below = float(special.expit(middle + lean).mean()) < rate
        low, high = (middle, high) if below else (low, middle)
    return np.asarray(special.expit(0.5 * (low + high) + lean), dtype=np.float64)


def take_out(
    complete: pd.DataFrame, plans: Sequence[Plan], stream: np.random.Generator
) -> pd.DataFrame:
    """Return the data with all that any plan takes out; each plan sees the complete data."""
    gone = pd.DataFrame(False, index=complete.index, columns=complete.columns)
    for plan in plans:
        gone |= plan.apply(complete, stream)
    return complete.mask(gone)


def _require(frame: pd.DataFrame, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise DataError(
            f"The plan names '{absent[0]}'.",
            f"The model has no such observed variable; it has {', '.join(frame.columns)}.",
            "Correct the name.",
        )
