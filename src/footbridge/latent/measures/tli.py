"""Tucker-Lewis index: 1 - (T - df) df0 / ((T0 - df0) df).

Tucker and Lewis (1973), Psychometrika 38, 1-10.
"""


def tli(excess: float, df: float, baseline_excess: float, baseline_df: float) -> float:
    """Return the index; 1 for a model without degrees of freedom."""
    if df <= 0:
        return 1.0
    if baseline_excess == 0.0:
        return float("nan")
    return 1.0 - excess * baseline_df / (baseline_excess * df)
