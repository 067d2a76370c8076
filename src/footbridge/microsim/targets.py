"""Targets as data: what published figures a run is compared with, and which may be fitted."""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from footbridge.microsim.errors import TargetError

# Readings of targets that the source gives as words, a range or a pair: value, low, high.
READINGS: dict[str, tuple[float, float, float]] = {
    "rel_china_ever": (0.92, 0.85, 0.98),
    "rmi_mmt": (0.08, 0.02, 0.19),
    "hidden_seed": (2.4, 2.0, 3.0),
    "heroin_total_seed": (2_400_000, 1_800_000, 3_000_000),
    "inj_share": (0.72, 0.59, 0.85),
    "inject_sites_1997": (11.0, 8.0, 15.0),
    "mort_in_out": (3.20, 2.65, 3.86),
    "hiv_inc_mmt_gd": (0.20, 0.13, 0.28),
    "hiv_inc_idu_sc": (2.3, 1.5, 3.5),
    "nh_adm": (30.0, 20.0, 40.0),
    "nh_return": (0.45, 0.40, 0.50),
    "nh_men": (0.93, 0.90, 0.97),
    "hiv_prev_du": (0.0448, 0.033, 0.06),
    "hiv_prev_idu": (0.109, 0.07, 0.17),
}
DEFAULT_TOLERANCE = 0.2


@dataclass(frozen=True, slots=True)
class Target:
    """One published figure.

    Attributes
    ----------
    use : str
        ``calibrate``, ``validate`` (never fitted), ``context`` or ``input``.
    value, low, high : float
        The figure and the band within which a model agrees with it.
    """

    id: str
    quantity: str
    unit: str
    year: float
    source: str
    use: str
    grade: str
    value: float
    low: float
    high: float
    note: str = ""

    @property
    def log_tolerance(self) -> float:
        """Return half the width of the band on the log scale."""
        low = self.low if self.low > 0 else self.value / 2.0
        high = self.high if math.isfinite(self.high) else self.value**2 / low
        return max(0.5 * math.log(high / low), 0.01)

    def holds(self, model: float) -> bool:
        """Return whether a model's figure lies in the band."""
        return self.low <= model <= self.high


def _read(entry: dict[str, Any]) -> Target | None:
    """Return a target with numbers, or None where its source gives none that can be compared."""
    value, low, high = entry["value"], entry.get("low"), entry.get("high")
    if entry["id"] in READINGS:
        value, low, high = READINGS[entry["id"]]
    if isinstance(value, str):
        return None
    width = entry.get("rel_tol", DEFAULT_TOLERANCE)
    if low is None and high is None:
        low, high = value * (1.0 - width), value * (1.0 + width)
    names = ("id", "quantity", "unit", "source", "use", "grade")
    return Target(
        **{name: entry[name] for name in names},
        year=float(entry["year"]),
        value=float(value),
        low=float(-math.inf if low is None else low),
        high=float(math.inf if high is None else high),
        note=entry.get("note", ""),
    )


@cache
def catalogue() -> dict[str, Target]:
    """Return every target that has a number, by its id."""
    read = (_read(entry) for entry in _entries())
    return {target.id: target for target in read if target is not None}


@cache
def _entries() -> tuple[dict[str, Any], ...]:
    text = files("footbridge.microsim").joinpath("data/targets.json").read_text("utf-8")
    return tuple(json.loads(text)["targets"])


def of_use(use: str) -> tuple[Target, ...]:
    """Return the targets of one use.

    Raises
    ------
    TargetError
        If the use is none of calibrate, validate, context and input.
    """
    if use not in {"calibrate", "validate", "context", "input"}:
        raise TargetError(
            f"There is no use {use!r} of targets. A target is fitted, held out, shown or given. "
            "Ask for calibrate, validate, context or input."
        )
    return tuple(t for t in catalogue().values() if t.use == use)


def without_numbers() -> tuple[str, ...]:
    """Return the ids of targets whose source gives words only; they are shown, not compared."""
    return tuple(e["id"] for e in _entries() if e["id"] not in catalogue())
