"""Heroin's share of official figures for all drugs, from pairs of *calibrated* targets alone.

No held-out figure enters, so none can leak into a fit.
"""

import re
from functools import cache
from itertools import pairwise

import numpy as np

from footbridge.microsim import targets as tt


def time_of(year: float) -> float:
    """Return the calendar time that a target's year means: a whole year means its end.

    Examples
    --------
    >>> time_of(2012), time_of(2013.25)
    (2013.0, 2013.25)
    """
    return year + 1.0 if float(year).is_integer() else float(year)


@cache
def heroin_pairs() -> tuple[tuple[str, float, float, float], ...]:
    """Return (series, year, heroin, all drugs) where both are calibrated targets."""
    fitted = {t.id: t.value for t in tt.of_use("calibrate")}
    pairs = []
    for name, heroin in fitted.items():
        match = re.fullmatch(r"reg_heroin_(\w)_(\d+)", name)
        if match and (whole := fitted.get(f"reg_all_{match[1]}_{match[2]}")):
            pairs.append((match[1], float(match[2]), heroin, whole))
    return tuple(sorted(pairs, key=lambda pair: pair[1]))


@cache
def heroin_share_knots() -> tuple[tuple[float, float], ...]:
    """Return (year, heroin share of the register); 94 % in 1990 is assumed."""
    return ((1990.0, 0.94), *((year, part / whole) for _, year, part, whole in heroin_pairs()))


def heroin_share(year: float) -> float:
    """Return the heroin share of the register at the time that a year means."""
    years, shares = zip(*heroin_share_knots(), strict=True)
    return float(np.interp(time_of(year), [time_of(y) for y in years], shares))


@cache
def _marginal_knots() -> tuple[tuple[float, float], ...]:
    database = [pair for pair in heroin_pairs() if pair[0] == "B"]
    return tuple(
        ((time_of(a[1]) + time_of(b[1])) / 2.0, (b[2] - a[2]) / (b[3] - a[3]))
        for a, b in pairwise(database)
    )


def new_heroin_share(year: float) -> float:
    """Return heroin's share of what the register of a year added, not of what it held.

    The register held 73 % heroin users in 2009, but of what it added in 2010 they were 42 %:
    a flow must be read through the share of the flow.
    """
    times, shares = zip(*_marginal_knots(), strict=True)
    return float(np.interp(year + 0.5, times, shares))


def detained_share(year: float, in_2017: float) -> float:
    """Return the heroin share of people in centres: as the register in 2009, given in 2017."""
    if year <= 2009:
        return heroin_share(year)
    return float(np.interp(year, (2009.0, 2017.0), (heroin_share(2009), in_2017)))
