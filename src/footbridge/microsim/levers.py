"""Levers: what a policy can change, as functions from tables to tables.

A lever is one name, its null value, its range and a function that changes columns of the month
table. At its null value the function multiplies by 1 or adds 0, so that the run is the
baseline to the bit; `register` adds a lever of your own (see the tutorial).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.calendar import N_MONTHS, NEVER
from footbridge.microsim.errors import ScenarioError
from footbridge.microsim.months import Fact, monthly
from footbridge.microsim.tables import Tables

Path = NDArray[np.float64]
Apply = Callable[[Tables, Path], Tables]


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing a policy can change.

    Attributes
    ----------
    id, question, what, unit : str
        Name, the question it belongs to (Q1-Q5, RMI, naloxone, capacity), meaning and unit.
    null : float
        The value that changes nothing.
    low, high : float
        Allowed values.
    apply : callable
        ``(tables, path) -> tables``, where `path` has one value per month.
    """

    id: str
    question: str
    what: str
    unit: str
    null: float
    low: float
    high: float
    apply: Apply


def times(*facts: Fact) -> Apply:
    """Return a lever that multiplies columns of the month table."""

    def apply(tables: Tables, path: Path) -> Tables:
        months = tables.months.copy()
        for fact in facts:
            months[:, fact] *= path
        return tables._replace(months=months)

    return apply


def probability(fact: Fact) -> Apply:
    """Return a lever that raises a probability from what it is towards 1."""

    def apply(tables: Tables, path: Path) -> Tables:
        months = tables.months.copy()
        months[:, fact] += (1.0 - months[:, fact]) * path
        return tables._replace(months=months)

    return apply


def _stigma(tables: Tables, path: Path) -> Tables:
    months = tables.months.copy()
    months[:, Fact.GAIN] += -tables.values["beta_stigma"] * path
    months[:, Fact.DROP_GAIN] *= np.exp(tables.values["drop_stigma"] * path)
    months[path != 0.0, Fact.REACH] = 1.0
    return tables._replace(months=months)


def _expiry(tables: Tables, path: Path) -> Tables:
    months = tables.months.copy()
    ends = path < 50.0
    months[ends, Fact.EXPIRY] = np.minimum(months[ends, Fact.EXPIRY], 12.0 * path[ends])
    return tables._replace(months=months)


def _purge(tables: Tables, path: Path) -> Tables:
    months = tables.months.copy()
    months[path >= 1.0, Fact.EXPIRY] = 0.0
    return tables._replace(months=months)


def _fear_fades(tables: Tables, path: Path) -> Tables:
    months = tables.months.copy()
    begun = np.flatnonzero(path > 0.0)
    if begun.size:
        passed = np.maximum(np.arange(N_MONTHS) - begun[0], 0)
        halved = 0.5 ** (passed / tables.values["fear_decay"])
        months[:, Fact.B_FEAR] *= 1.0 - path * (1.0 - halved)
    return tables._replace(months=months)


def _police_link(tables: Tables, path: Path) -> Tables:
    months = tables.months.copy()
    helped = monthly(tables.values["police_link"], 6)
    usual = months[:, Fact.LINK_USUAL]
    months[:, Fact.LINK_USUAL] = usual + path * np.maximum(helped - usual, 0.0)
    return tables._replace(months=months)


def _price(tables: Tables, path: Path) -> Tables:
    months = tables.months.copy()
    months[:, Fact.PRV_LOGPRICE] += np.log(path)
    return tables._replace(months=months)


def _naloxone(tables: Tables, path: Path) -> Tables:
    saved = path * tables.values["witnessed"] * tables.values["nalox_eff"]
    return times(Fact.FATAL, Fact.FATAL_RECENT)(tables, 1.0 - saved)


def _release_kits(tables: Tables, path: Path) -> Tables:
    saved = path * tables.values["witnessed"] * tables.values["nalox_eff"]
    return times(Fact.FATAL_RECENT)(tables, 1.0 - saved)


def _dose(tables: Tables, path: Path) -> Tables:
    low, ratio = tables.values["dose_low_share"], tables.values["dose_hr"]
    left = low * (1.0 - path)
    factor = (1.0 - left + left * ratio) / (1.0 - low + low * ratio)
    return times(Fact.DROP_EARLY, Fact.DROP_LATE)(tables, factor)


def _social_workers(tables: Tables, path: Path) -> Tables:
    factor = 1.0 - path * (1.0 - tables.values["sw_hr"])
    return times(Fact.DROP_EARLY, Fact.DROP_LATE)(tables, factor)


_BUILT_IN = (
    Lever("stigma_shift", "Q1", "change of perceived stigma", "SD", 0.0, -1.0, 0.5, _stigma),
    Lever("stigma_reach", "Q1", "share of people a campaign reaches", "share",
          1.0, 0.0, 1.0, times(Fact.REACH)),
    Lever("register_at_entry", "Q2", "methadone entry registers", "probability",
          1.0, 0.0, 1.0, times(Fact.REG_ENTRY, Fact.B_REG)),
    Lever("register_at_detection", "Q2", "detection registers", "probability",
          1.0, 0.0, 1.0, times(Fact.REG_DETECT)),
    Lever("register_expiry_years", "Q2", "years unseen after which registration ends", "years",
          99.0, 0.0, 99.0, _expiry),
    Lever("register_purge", "Q2", "1 in a month in which the register is emptied", "0 or 1",
          0.0, 0.0, 1.0, _purge),
    Lever("police_at_clinics", "Q3", "removal of clients by the police", "multiplier",
          1.0, 0.0, 3.0, times(Fact.POLICE)),
    Lever("fear_fades", "Q3", "fear of arrest halves every `fear_decay` months", "share",
          0.0, 0.0, 1.0, _fear_fades),
    Lever("detention", "Q3", "people sent to centres, from street or clinic", "multiplier",
          1.0, 0.0, 2.0, times(Fact.P_FIRST, Fact.P_REPEAT, Fact.P_BREACH, Fact.POLICE)),
    Lever("detention_stay", "Q4", "length of a stay in a centre", "multiplier",
          1.0, 0.05, 2.0, times(Fact.STAY)),
    Lever("detection", "Q3", "detection by the police", "multiplier",
          1.0, 0.0, 3.0, times(Fact.KAPPA)),
    Lever("incentre_methadone", "Q4", "people in centres who begin methadone inside", "share",
          0.0, 0.0, 1.0, probability(Fact.TREATED)),
    Lever("police_link", "Q4", "releases with card and assisted enrolment", "share",
          0.0, 0.0, 1.0, _police_link),
    Lever("private_beds", "Q5", "private anonymous beds", "multiplier",
          1.0, 0.0, 50.0, times(Fact.PRV_BEDS, Fact.PRV_SLOTS)),
    Lever("private_price", "Q5", "price of a private week", "multiplier",
          1.0, 0.05, 10.0, _price),
    Lever("private_anonymity", "Q5", "weight of anonymity in private care", "multiplier",
          1.0, 0.0, 2.0, times(Fact.PRV_ANON)),
    Lever("private_aftercare", "Q5", "private stays with aftercare", "share",
          0.0, 0.0, 1.0, probability(Fact.AFTERCARE)),
    Lever("private_reporting", "Q5", "private stays reported to the police (art. 37)",
          "probability", 0.0, 0.0, 1.0, probability(Fact.REG_PRIVATE)),
    Lever("rmi_coverage", "RMI", "releases with recovery management", "share",
          0.0, 0.0, 1.0, probability(Fact.MANAGED)),
    Lever("naloxone_coverage", "naloxone", "witnesses of an overdose who hold naloxone", "share",
          0.0, 0.0, 1.0, _naloxone),
    Lever("naloxone_release", "naloxone", "releases given a kit", "share",
          0.0, 0.0, 1.0, _release_kits),
    Lever("mmt_places", "capacity", "places in methadone clinics", "multiplier",
          1.0, 0.0, 20.0, times(Fact.PLACES)),
    Lever("mmt_access", "capacity", "access to clinics", "multiplier",
          1.0, 0.0, 10.0, times(Fact.ACCESS)),
    Lever("mmt_dose", "capacity", "share of low doses raised to 50 ml and more", "share",
          0.0, 0.0, 1.0, _dose),
    Lever("social_workers", "capacity", "clinics with social workers", "share",
          0.0, 0.0, 1.0, _social_workers),
    Lever("detention_places", "capacity", "places in centres", "multiplier",
          1.0, 0.0, 5.0, times(Fact.DET_PLACES)),
)  # fmt: skip

_REGISTRY: dict[str, Lever] = {lever.id: lever for lever in _BUILT_IN}


def registry() -> dict[str, Lever]:
    """Return every lever by its id, in the order in which they are applied."""
    return dict(_REGISTRY)


def register(lever: Lever) -> None:
    """Add a lever, so that scenario files may name it.

    Raises
    ------
    ScenarioError
        If the name is taken, or the null value is outside the allowed range.
    """
    if lever.id in _REGISTRY:
        raise ScenarioError(
            f"There is a lever {lever.id!r} already. Two would overwrite each other. "
            "Choose another name."
        )
    if not lever.low <= lever.null <= lever.high:
        raise ScenarioError(
            f"The null value {lever.null:g} of {lever.id!r} is outside {lever.low:g} to "
            f"{lever.high:g}. A lever must be able to do nothing. Widen the range."
        )
    _REGISTRY[lever.id] = lever


def forget(name: str) -> None:
    """Remove a lever that `register` added; built-in levers stay."""
    if name not in {lever.id for lever in _BUILT_IN}:
        _REGISTRY.pop(name, None)


assert NEVER > 50 * 12  # noqa: S101  # an expiry of 50 years and more means never
