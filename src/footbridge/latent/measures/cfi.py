"""Comparative fit index: 1 - max(T - df, 0) / max(T - df, T0 - df0, 0).

Bentler (1990), Psychological Bulletin 107, 238-246. Robust: with c df in place of df
(Brosseau-Liard and Savalei 2014, Multivariate Behavioral Research 49, 460-470).
"""


def cfi(excess: float, baseline_excess: float) -> float:
    """Return the index from T - df and T0 - df0 (or their robust forms)."""
    top = max(excess, 0.0)
    bottom = max(excess, baseline_excess, 0.0)
    return 1.0 if bottom == 0.0 else 1.0 - top / bottom
