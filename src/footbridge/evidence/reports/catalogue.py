"""The fixed list of reports: what each counts, how it is laid out, and when it is ripe."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from footbridge.disclosure.sheets import Sheet
from footbridge.evidence.reports import counting
from footbridge.evidence.reports.counting import Life
from footbridge.journey.outcomes.rules import Harm
from footbridge.journey.referrals.reasons import reasons
from footbridge.trust.quarters import Quarter


class Shape(StrEnum):
    """How a report is laid out."""

    LIST = "list"
    GRID = "grid"
    STEPS = "steps"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the catalogue.

    Parameters
    ----------
    code : str
    shape : Shape
    population : str
        Whom it counts; with the quarter it is the population of its cells.
    axes : tuple of (str, tuple of str)
        Each dimension with its categories, in the order shown.
    ripe : int
        Days after a quarter's end until what it counts has had time to happen.
    count : callable or None
        Makes the table; None for the headline number.
    """

    code: str
    shape: Shape
    population: str
    axes: tuple[tuple[str, tuple[str, ...]], ...]
    ripe: int
    count: Callable[[Iterable[Life], Quarter], Sheet] | None = None

    def ripe_on(self, quarter: Quarter) -> date:
        """Return the first day on which a quarter may be released."""
        return quarter.last_day + timedelta(days=self.ripe + 1)


_REASONS = {reason.id.replace("_", "-"): reason.group for reason in reasons().values()}
_HARMS = tuple(harm.value for harm in Harm)
_STATES = (counting.IN_NEED, counting.NOT_IN_NEED, counting.NO_CHECKUP)
_GROUPS = tuple(dict.fromkeys(_REASONS.values()))

CATALOGUE: tuple[Report, ...] = (
    Report("in-care", Shape.NUMBER, "care", (), 14),
    Report("need", Shape.LIST, "care", (("step", _STATES),), 14, counting.care),
    Report("cascade", Shape.STEPS, "care", (("step", counting.CASCADE),), 42, counting.cascade),
    Report(
        "referrals",
        Shape.GRID,
        "referred",
        (("need", tuple(counting.NEEDS)), ("reached", counting.REACHED)),
        42,
        counting.referrals,
    ),
    Report(
        "reasons",
        Shape.LIST,
        "not-linked",
        (("reason", _GROUPS),),
        42,
        counting.reasons(_REASONS),
    ),
    Report("tracking", Shape.LIST, "due", (("tracked", counting.TRACKED),), 14, counting.tracking),
    Report(
        "stays",
        Shape.GRID,
        "left",
        (("ended", counting.ENDINGS), ("seen", counting.FOLLOWED)),
        42,
        counting.stays,
    ),
    Report("returns", Shape.LIST, "left", (("returned", counting.RETURNED),), 98, counting.returns),
    Report(
        "elsewhere",
        Shape.LIST,
        "asked",
        (("elsewhere", counting.ELSEWHERE),),
        14,
        counting.elsewhere,
    ),
    Report("events", Shape.LIST, "harmed", (("harm", _HARMS),), 14, counting.events(_HARMS)),
)
BY_CODE = {report.code: report for report in CATALOGUE}
