"""Expected cross-validation index: T / N + 2 npar / N. Browne and Cudeck (1989)."""


def ecvi(statistic: float, *, npar: int, n: float) -> float:
    """Return the index."""
    return (statistic + 2 * npar) / n
