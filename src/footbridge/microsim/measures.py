"""What a scenario is judged by: totals over years, by sex, registration and income fifth."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim import people as pp
from footbridge.microsim.calendar import FIRST_YEAR, end_of
from footbridge.microsim.flows import CENSUS, Flow
from footbridge.microsim.months import Fact
from footbridge.microsim.run import Outcome
from footbridge.microsim.tables import Tables

GROUPS = ("all", "unregistered", "registered", "women", "men", "fifth1", "fifth2", "fifth3",
          "fifth4", "fifth5")  # fmt: skip
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """The years over which a scenario is judged, both included."""

    first: int = 2026
    last: int = 2035


@dataclass(frozen=True, slots=True)
class Judged:
    """A run with the tables it was made with, over a window."""

    outcome: Outcome
    tables: Tables
    window: Window
    group: str = "all"

    @property
    def _chosen(self) -> NDArray[np.bool_]:
        index = np.arange(pp.N_GROUPS)
        registered, male, fifth = index & 1, index >> 1 & 1, index >> 2
        chosen: dict[str, NDArray[np.bool_]] = {
            "all": index >= 0,
            "unregistered": registered == 0,
            "registered": registered == 1,
            "women": male == 0,
            "men": male == 1,
            **{f"fifth{k + 1}": fifth == k for k in range(5)},
        }
        return chosen[self.group]

    @property
    def _years(self) -> slice:
        return slice(self.window.first - FIRST_YEAR, self.window.last - FIRST_YEAR + 1)

    def flow(self, flow: Flow) -> float:
        """Return events of the group in the window."""
        chosen = self.outcome.flow[self._years, flow][:, self._chosen]
        return float(chosen.sum() * self.outcome.weight)

    def time(self) -> Numbers:
        """Return person-years of the group by HIV, injecting, place and use."""
        cells = self.outcome.years[self._years].sum(axis=0)
        split = cells.reshape(pp.N_GROUPS, 2, 2, 8, 4)[self._chosen].sum(axis=0)
        return np.asarray(split * (self.outcome.weight / 12.0))

    def in_place(self, place: int) -> float:
        """Return person-years in a place."""
        return float(self.time()[:, :, place].sum())

    def using(self) -> float:
        """Return person-years of use: in the community, and positive months in methadone."""
        return float(self.time()[..., pp.USING].sum()) + self.flow(Flow.URINE) / 12.0

    def fact(self, fact: Fact) -> float:
        """Return the mean of a fact over the window."""
        first = (self.window.first - FIRST_YEAR) * 12
        last = (self.window.last - FIRST_YEAR + 1) * 12
        return float(self.tables.months[first:last, fact].mean())

    def at_end(self, name: str) -> float:
        """Return a count of the register at the end of the window."""
        row = self.outcome.census[end_of(self.window.last) // 3]
        return float(row[CENSUS.index(name)] * self.outcome.weight)

    def stock_at_end(self) -> Numbers:
        """Return persons at the end by registered, HIV, injecting, place and use."""
        cells = self.outcome.states[end_of(self.window.last)].reshape(2, 2, 2, 8, 4)
        return np.asarray(cells * self.outcome.weight)


Measure = Callable[[Judged], float]


def _coverage(denominator: str) -> Measure:
    """Share in methadone at the end: of the existing register, of all known, of all users."""

    def measure(j: Judged) -> float:
        cells = j.stock_at_end()
        inside = float(cells[:, :, :, pp.METHADONE].sum())
        if denominator == "users":
            whole = float(cells[..., pp.USING].sum()) + inside
        else:
            whole = j.at_end(denominator)
        return inside / whole if whole > 0 else 0.0

    return measure


def _within_12(j: Judged) -> float:
    released = j.flow(Flow.RELEASED)
    return j.flow(Flow.CENTRE_WITHIN_12) / released if released else 0.0


def _linked(j: Judged) -> float:
    released = j.flow(Flow.RELEASED)
    return j.flow(Flow.LINKED) / released if released else 0.0


def _kept(j: Judged) -> float:
    begun = j.flow(Flow.METHADONE)
    return j.flow(Flow.KEPT_12) / begun if begun else 0.0


def _arrest_share(j: Judged) -> float:
    left = j.flow(Flow.POLICE) + j.flow(Flow.DROPPED)
    return j.flow(Flow.POLICE) / left if left else 0.0


def _usd(j: Judged, name: str) -> float:
    v = j.tables.values
    rmi = j.flow(Flow.MANAGED) * 3.0 / v["rmi_caseload"] * v["c_rmi"]
    kits = j.flow(Flow.RELEASED) * v["c_kit"]
    parts = {
        "methadone": j.in_place(pp.METHADONE) * v["c_mmt"],
        "centres": j.in_place(pp.CENTRE) * v["c_det"],
        "recovery management": rmi / v["rmb_usd"],
        "naloxone": kits / v["rmb_usd"],
    }
    return parts[name] / 1e6


def _pocket(j: Judged) -> float:
    """Paid by people themselves: private weeks and clinic fees, million RMB."""
    v = j.tables.values
    price = 2100.0 * np.exp(j.fact(Fact.PRV_LOGPRICE) - np.log(2100.0 / v["wage"]))
    fees = j.in_place(pp.METHADONE) * 365.0 * v["fee_mmt"]
    return (j.flow(Flow.PRIVATE) * float(price) + fees) / 1e6


MEASURES: dict[str, tuple[str, Measure]] = {
    "methadone_entries": ("entries into methadone", lambda j: j.flow(Flow.METHADONE)),
    "methadone_years": ("person-years in methadone", lambda j: j.in_place(pp.METHADONE)),
    "private_stays": ("private stays", lambda j: j.flow(Flow.PRIVATE)),
    "private_new": ("first private stays of people in no public service",
                    lambda j: j.flow(Flow.PRIVATE_NEW)),
    "use_years": ("person-years of use", lambda j: j.using()),
    "abstinent_years": ("person-years abstinent in the community",
                        lambda j: float(j.time()[:, :, [0, 4], pp.ABSTINENT].sum())),
    "deaths": ("deaths", lambda j: j.flow(Flow.DEATH)),
    "overdose_deaths": ("overdose deaths", lambda j: j.flow(Flow.OVERDOSE_DEATH)),
    "hiv": ("HIV infections", lambda j: j.flow(Flow.HIV)),
    "detention_years": ("person-years in compulsory centres", lambda j: j.in_place(pp.CENTRE)),
    "detention_deaths": ("deaths inside centres", lambda j: j.flow(Flow.DEATH_CENTRE)),
    "detention_injuries": (
        "injuries inside centres (expected from a grade D rate)",
        lambda j: j.in_place(pp.CENTRE) * j.tables.values["injury_centre"] / 1000.0,
    ),
    "registrations": ("new registrations", lambda j: j.flow(Flow.REGISTERED)),
    "retention_12": ("kept in methadone for 12 months", _kept),
    "arrest_share": ("share of leaving methadone that is arrest", _arrest_share),
    "linked_6": ("linked to methadone within 6 months of release", _linked),
    "returned_12": ("back in a centre within 12 months of release", _within_12),
    "coverage_existing": ("in methadone / existing register, end", _coverage("existing")),
    "coverage_known": ("in methadone / all known and alive, end", _coverage("alive_registered")),
    "coverage_users": ("in methadone / all users and clients, end", _coverage("users")),
    "cost_methadone": ("cost of methadone, million US$ (grade B)",
                       lambda j: _usd(j, "methadone")),
    "cost_centres": ("cost of centres, million US$ (grade D)", lambda j: _usd(j, "centres")),
    "cost_rmi": ("cost of recovery management, million US$ (grade D)",
                 lambda j: _usd(j, "recovery management")),
    "out_of_pocket": ("paid by people themselves, million RMB (grade D)", _pocket),
}  # fmt: skip


def judge(
    outcome: Outcome, tables: Tables, *, window: Window | None = None, group: str = "all"
) -> dict[str, float]:
    """Return every measure of a run over a window, for one group of people.

    Parameters
    ----------
    outcome : Outcome
        The run.
    tables : Tables
        The tables it was made with: they hold the costs and prices.
    window : Window, optional
        2026 to 2035 unless told otherwise.
    group : str
        One of `GROUPS`; the group of a person may change when registration does. Register
        counts and coverage are always of all.
    """
    judged = Judged(outcome, tables, Window() if window is None else window, group)
    return {name: measure(judged) for name, (_, measure) in MEASURES.items()}


STATES = {
    "using": (pp.COMMUNITY, pp.USING),
    "using, under an order": (pp.ORDER, pp.USING),
    "in methadone": (pp.METHADONE, None),
    "in a centre": (pp.CENTRE, None),
    "abstinent": (pp.COMMUNITY, pp.ABSTINENT),
}


def states_by_year(outcome: Outcome) -> Numbers:
    """Return mean persons in each of `STATES` in every year, shape (5, 52)."""
    return np.array([by_year(outcome, *where) for where in STATES.values()])


def by_year(outcome: Outcome, place: int, use: int | None = None) -> Numbers:
    """Return mean persons in a place (and use) in every year, shape (52,)."""
    cells = outcome.years.reshape(-1, pp.N_GROUPS, 2, 2, 8, 4)[:, :, :, :, place]
    chosen = cells.sum(axis=(1, 2, 3))
    persons = chosen.sum(axis=1) if use is None else chosen[:, use]
    return np.asarray(persons * (outcome.weight / 12.0))
