"""Two proportions compared: difference with interval, standardised difference, exact test.

Counts in, frozen values out; every p carries the name of its test and its sidedness,
because the published pilot's p-values mix tests.

References
----------
Newcombe (1998), Statistics in Medicine 17, 873-890 (method 10),
https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact, norm

from footbridge.trust.decisions import HouseError, gettext_noop


class ComparisonError(HouseError):
    """Counts that cannot be compared, and why."""


@dataclass(frozen=True, slots=True)
class ArmCount:
    """How many of an arm's people had an event.

    Parameters
    ----------
    arm : str
        Id of the arm.
    events, total : int
        People with the event, and people counted; ``0 <= events <= total``, ``total > 0``.

    Raises
    ------
    ComparisonError
        If a count is negative, the arm is empty, or there are more events than people.
    """

    arm: str
    events: int
    total: int

    def __post_init__(self) -> None:
        told = {"arm": self.arm, "events": self.events, "total": self.total}
        if self.events < 0 or self.total < 0:
            negative = gettext_noop(
                "Arm {arm} has a negative count ({events} of {total}). "
                "Counts are of people: check how the extract was made."
            )
            raise ComparisonError(negative, **told)
        if self.total == 0:
            empty = gettext_noop(
                "Arm {arm} is empty: nobody's outcome is known. Nothing can be compared; "
                "choose another outcome or a later window."
            )
            raise ComparisonError(empty, **told)
        if self.events > self.total:
            more = gettext_noop(
                "Arm {arm} has more events than people ({events} of {total}). "
                "Check how the extract was made."
            )
            raise ComparisonError(more, **told)

    @property
    def proportion(self) -> float:
        """Events per person, 0 to 1."""
        return self.events / self.total

    @property
    def percent(self) -> float:
        """Events per hundred people."""
        return 100 * self.events / self.total


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, with its level and the name of its method."""

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class TestResult:
    """A p-value that cannot be parted from the name of its test and its sidedness."""

    __test__ = False  # pytest: this is a value, not a test

    p: float
    name: str
    sides: int

    @property
    def text(self) -> str:
        """The p-value as it is printed: three decimals, or ``< 0.001``."""
        shown = "p < 0.001" if self.p < 0.001 else f"p = {self.p:.3f}"
        return f"{shown} ({self.name}, {'two' if self.sides == 2 else 'one'}-sided)"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One 2x2 table compared, first arm minus second.

    `d` is None where every person in both arms had the same result, so that there is
    no spread to measure a difference in.
    """

    first: ArmCount
    second: ArmCount
    difference: float
    interval: Interval
    d: float | None
    test: TestResult


def compare(first: ArmCount, second: ArmCount, *, level: float = 0.95) -> Comparison:
    """Return everything that is reported about one 2x2 table, first arm minus second."""
    return Comparison(
        first=first,
        second=second,
        difference=first.proportion - second.proportion,
        interval=newcombe_interval(first, second, level=level),
        d=cohens_d(first, second),
        test=fisher_two_sided(first, second),
    )


def wilson_interval(count: ArmCount, *, level: float = 0.95) -> Interval:
    """Return the score interval of one proportion, without continuity correction.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212,
    https://doi.org/10.1080/01621459.1927.10502953
    """
    z = _quantile(level)
    n, p = count.total, count.proportion
    centre = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = ((centre + side * half) / (1 + z**2 / n) for side in (-1, 1))
    # at 0 of n and n of n the bound is 0 or 1 exactly; rounding would leave 1e-17
    return Interval(
        0.0 if count.events == 0 else low, 1.0 if count.events == n else high, level, "Wilson score"
    )


def newcombe_interval(first: ArmCount, second: ArmCount, *, level: float = 0.95) -> Interval:
    r"""Return the interval of a difference of proportions from two score intervals.

    .. math:: \delta - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2}
              \quad\text{to}\quad \delta + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}

    Notes
    -----
    Never leaves -1 to 1 and has a width even where a cell is 0.

    References
    ----------
    Newcombe (1998), method 10 (see the top of this module).

    Examples
    --------
    The paper's own first example (its Table II, column a):

    >>> found = newcombe_interval(ArmCount("a", 56, 70), ArmCount("b", 48, 80))
    >>> f"{found.low:.4f} to {found.high:.4f}"
    '0.0524 to 0.3339'
    """
    one, two = (wilson_interval(count, level=level) for count in (first, second))
    p1, p2 = first.proportion, second.proportion
    below = math.hypot(p1 - one.low, two.high - p2)
    above = math.hypot(one.high - p1, p2 - two.low)
    delta = p1 - p2
    return Interval(delta - below, delta + above, level, "Newcombe hybrid score")


def cohens_d(first: ArmCount, second: ArmCount) -> float | None:
    r"""Return the difference of proportions over the pooled sample standard deviation.

    .. math:: d = \frac{p_1 - p_2}{\sqrt{\frac{n_1 p_1 q_1 + n_2 p_2 q_2}{n_1 + n_2 - 2}}}

    This is Cohen's d of two columns of zeros and ones, each variance with ``n - 1``. It
    gives the effect sizes that the Shanghai pilot published, from its derived counts.

    Returns
    -------
    float or None
        None where the pooled standard deviation is zero, or there are only two people.

    References
    ----------
    Hser et al. (2013), Journal of Substance Abuse Treatment 44, 78-83.

    Examples
    --------
    >>> round(cohens_d(ArmCount("rmi", 16, 48), ArmCount("usual", 1, 46)), 3)
    0.876
    """
    spread = sum(c.total * c.proportion * (1 - c.proportion) for c in (first, second))
    freedom = first.total + second.total - 2
    if spread == 0 or freedom == 0:
        return None
    return (first.proportion - second.proportion) / math.sqrt(spread / freedom)


def fisher_two_sided(first: ArmCount, second: ArmCount) -> TestResult:
    """Return Fisher's exact test: all tables that are no likelier than this one."""
    table = np.array([[c.events, c.total - c.events] for c in (first, second)])
    p = float(fisher_exact(table, alternative="two-sided").pvalue)
    return TestResult(min(p, 1.0), "Fisher exact test", 2)


def _quantile(level: float) -> float:
    if not 0 < level < 1:
        wrong = gettext_noop("A level of {level} is not possible. Choose one such as 0.95.")
        raise ComparisonError(wrong, level=level)
    return float(norm.ppf((1 + level) / 2))
