"""Root mean square error of approximation with interval and tests of close fit.

sqrt(max(T - df, 0) / (N df)) sqrt(groups): Steiger and Lind (1980); interval by the noncentral
chi-square: Browne and Cudeck (1992), Sociological Methods and Research 21, 230-258; robust:
Brosseau-Liard, Savalei and Li (2012), Multivariate Behavioral Research 47, 904-930.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special


@dataclass(frozen=True, slots=True)
class Rmsea:
    """Point, 90 % interval, P(RMSEA <= 0.05) and P(RMSEA >= 0.08)."""

    point: float
    lower: float
    upper: float
    close: float
    not_close: float


def noncentrality(statistic: float, df: float, tail: float) -> float:
    """Return the noncentrality at which P(chi2 <= statistic) = tail, or 0."""
    if statistic <= 0 or float(special.chdtr(df, statistic)) < tail:
        return 0.0
    value = max(float(special.chndtrinc(statistic, df, tail)), 0.0)
    for _ in range(4):  # Newton: d cdf / d ncp = (cdf with df + 2 - cdf) / 2
        at = float(special.chndtr(statistic, df, value))
        slope = 0.5 * (float(special.chndtr(statistic, df + 2, value)) - at)
        value = max(value - (at - tail) / slope, 0.0) if slope else value
    return value


def rmsea(
    statistic: float,
    df: float,
    *,
    n: float,
    n_groups: int,
    factor: float = 1.0,
    excess: float | None = None,
) -> Rmsea:
    """Return RMSEA and what belongs to it.

    Parameters
    ----------
    statistic, df
        Chi-square and degrees of freedom whose noncentrality gives interval and tests.
    factor
        Correction c that multiplies the noncentrality (robust form).
    excess
        Noncentrality of the point estimate; by default statistic - df.
    """
    if df <= 0:
        return Rmsea(0.0, 0.0, 0.0, float("nan"), float("nan"))
    scale = n_groups / (n * df)
    gap = statistic - df if excess is None else excess
    low, high = (factor * noncentrality(statistic, df, t) for t in (0.95, 0.05))
    at = [n * df * h**2 / n_groups / factor for h in (0.05, 0.08)]
    return Rmsea(
        float(np.sqrt(max(gap, 0.0) * scale)),
        float(np.sqrt(low * scale)),
        float(np.sqrt(high * scale)),
        1.0 - float(special.chndtr(statistic, df, at[0])),
        float(special.chndtr(statistic, df, at[1])),
    )
