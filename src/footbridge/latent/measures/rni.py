"""Relative noncentrality index: 1 - (T - df) / (T0 - df0).

McDonald and Marsh (1990), Psychological Bulletin 107, 247-255.
"""


def rni(excess: float, baseline_excess: float) -> float:
    """Return the index; NaN where its denominator is zero."""
    return float("nan") if baseline_excess == 0 else 1.0 - excess / baseline_excess
