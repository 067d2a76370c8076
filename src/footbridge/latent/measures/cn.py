"""Critical N: the sample size at which the fit would be rejected. Hoelter (1983)."""

from footbridge.latent.probabilities import chi_square_quantile


def critical_n(statistic: float, df: float, *, n: float, alpha: float) -> float:
    """Return qchisq(1 - alpha, df) / (T / N) + 1; NaN without misfit.

    Without degrees of freedom the quantile is zero; misfit is then left where a bound binds.
    """
    if df <= 0:
        return 1.0 if statistic > 1e-6 * n else float("nan")
    if statistic <= 0:
        return float("nan")
    return chi_square_quantile(alpha, df) / (statistic / n) + 1.0
