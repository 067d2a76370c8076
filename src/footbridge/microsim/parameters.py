"""Parameters as data: value, range, unit, source and grade of each, and where it may vary."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.errors import ParameterError

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model, with what stands behind it."""

    id: str
    what: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    grade: str
    role: str  # free, uncertain, fixed or check
    prior: str | None = None
    note: str = ""

    def at(self, quantile: float) -> float:
        """Return the prior's value at a quantile in [0, 1]; its range is always kept.

        `normal` has its mean at `value` and a quarter of the range as standard deviation,
        and is cut off at the range.
        """
        low, high = self.low, self.high
        if self.prior == "loguniform":
            return float(low * (high / low) ** quantile)
        if self.prior == "normal":
            from scipy.special import ndtr, ndtri  # slow to import; a run needs no prior

            sd = (high - low) / 4.0
            bottom = float(ndtr((low - self.value) / sd))
            top = float(ndtr((high - self.value) / sd))
            return float(self.value + sd * ndtri(bottom + quantile * (top - bottom)))
        return float(low + (high - low) * quantile)


@cache
def catalogue() -> dict[str, Parameter]:
    """Return every parameter by its id, as shipped."""
    text = files("footbridge.microsim").joinpath("data/parameters.json").read_text("utf-8")
    entries: list[dict[str, Any]] = json.loads(text)["parameters"]
    return {entry["id"]: Parameter(**entry) for entry in entries}


def defaults() -> dict[str, float]:
    """Return the value of every parameter that the model reads."""
    return {p.id: float(p.value) for p in catalogue().values() if p.role != "check"}


def varying() -> tuple[Parameter, ...]:
    """Return the parameters that a posterior draw sets: the free and the uncertain ones."""
    return tuple(p for p in catalogue().values() if p.role in {"free", "uncertain"})


def with_values(changes: Values, base: Values | None = None) -> dict[str, float]:
    """Return values with some of them changed.

    Raises
    ------
    ParameterError
        If a name is unknown, or a value is outside the stated range.
    """
    values = dict(defaults() if base is None else base)
    for name, value in changes.items():
        _check(name, value)
        values[name] = float(value)
    return values


def _check(name: str, value: float) -> None:
    parameter = catalogue().get(name)
    if parameter is None or parameter.role == "check":
        raise ParameterError(
            f"The parameter {name!r} is not known. The model reads only what its data file "
            f"names. Use one of: {', '.join(sorted(defaults()))}."
        )
    slack = 1e-9 * max(1.0, abs(parameter.high))
    if not parameter.low - slack <= value <= parameter.high + slack:
        raise ParameterError(
            f"{name} = {value:g} is outside its range. The evidence (grade {parameter.grade}: "
            f"{parameter.source}) allows {parameter.low:g} to {parameter.high:g} "
            f"{parameter.unit}. Choose a value inside it, or widen the range with a source."
        )


def from_unit(
    point: NDArray[np.float64], names: Iterable[Parameter] | None = None
) -> dict[str, float]:
    """Return values for a point of the unit cube, one coordinate per varying parameter."""
    chosen = varying() if names is None else tuple(names)
    return {p.id: p.at(float(q)) for p, q in zip(chosen, point, strict=True)}
