"""Incremental fit index: (T0 - T) / (T0 - df). Bollen (1989), Sociological Methods 17, 303-316."""


def ifi(statistic: float, df: float, baseline: float) -> float:
    """Return the index; NaN where its denominator is zero."""
    return float("nan") if baseline == df else (baseline - statistic) / (baseline - df)
