"""McDonald's centrality index: exp(-(T - df) / 2N). McDonald (1989), J. of Classification 6."""

import math


def mfi(excess: float, *, n: float) -> float:
    """Return the index from T - df."""
    return math.exp(-0.5 * excess / n)
