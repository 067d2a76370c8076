"""Normed fit index and its kin: NFI, RFI, PNFI.

Bentler and Bonett (1980), Psychological Bulletin 88, 588-606; Bollen (1986), Psychometrika 51,
375-377 (RFI); James, Mulaik and Brett (1982) (PNFI).
"""


def nfi(statistic: float, df: float, baseline: float, baseline_df: float) -> float:
    """Return (T0 - T) / T0; NaN where the model has more df than the baseline.

    1 without degrees of freedom, as for TLI and RFI, also where a bound leaves some misfit.
    """
    if baseline_df == 0 or df > baseline_df:
        return float("nan")
    if df == 0:
        return 1.0
    return (baseline - statistic) / baseline


def rfi(statistic: float, df: float, baseline: float, baseline_df: float) -> float:
    """Return 1 - (T / df) / (T0 / df0)."""
    if baseline_df == 0 or df == 0:
        return 1.0
    if df > baseline_df:
        return float("nan")
    gap = baseline / baseline_df - statistic / df
    return 1.0 if gap < 0 else gap / (baseline / baseline_df)


def pnfi(statistic: float, df: float, baseline: float, baseline_df: float) -> float:
    """Return NFI times df / df0."""
    if baseline_df == 0:
        return float("nan")
    return df / baseline_df * (baseline - statistic) / baseline
