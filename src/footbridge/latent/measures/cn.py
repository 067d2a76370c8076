"""Critical N: the sample size at which the fit would be rejected. Hoelter (1983)."""

from scipy import special


def critical_n(statistic: float, df: float, *, n: float, alpha: float) -> float:
    """Return qchisq(1 - alpha, df) / (T / N) + 1; NaN without misfit."""
    if df <= 0 or statistic <= 0:
        return float("nan")
    return float(special.chdtri(df, alpha)) / (statistic / n) + 1.0
