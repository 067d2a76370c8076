"""Root mean square error of approximation with interval and tests of close fit.

sqrt(max(T - df, 0) / (N df)) sqrt(groups): Steiger and Lind (1980); interval by the noncentral
chi-square: Browne and Cudeck (1992), Sociological Methods and Research 21, 230-258; robust:
Brosseau-Liard, Savalei and Li (2012), Multivariate Behavioral Research 47, 904-930.
"""

import math
from dataclasses import dataclass

from footbridge.latent.probabilities import noncentral_lower, noncentrality_at


@dataclass(frozen=True, slots=True)
class Rmsea:
    """Point, 90 % interval, P(RMSEA <= 0.05) and P(RMSEA >= 0.08)."""

    point: float
    lower: float
    upper: float
    close: float
    not_close: float


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
    low, high = (factor * noncentrality_at(statistic, df, t) for t in (0.95, 0.05))
    at = [n * df * h**2 / n_groups / factor for h in (0.05, 0.08)]
    return Rmsea(
        math.sqrt(max(gap, 0.0) * scale),
        math.sqrt(low * scale),
        math.sqrt(high * scale),
        1.0 - noncentral_lower(statistic, df, at[0])[0],
        noncentral_lower(statistic, df, at[1])[0],
    )
