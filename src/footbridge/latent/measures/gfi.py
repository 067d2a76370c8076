"""Goodness of fit index: p / (p + 2 max(T - df, 0) / N), and the older LISREL form.

Maydeu-Olivares (2024), Psychometrika (T: the residual chi-square); Joreskog and Sorbom (1981)
for GFI and AGFI of LISREL; Mulaik et al. (1989) for PGFI.
"""


def gfi(noncentrality: float, *, n_variables: int, n: float) -> float:
    """Return the index from a noncentrality."""
    return n_variables / (n_variables + 2.0 * max(noncentrality, 0.0) / n)


def agfi_lisrel(explained: float, *, df: int, moments: int) -> float:
    """Return 1 - moments / df (1 - GFI)."""
    return 1.0 if df <= 0 else 1.0 - moments / df * (1.0 - explained)


def pgfi(explained: float, *, df: int, moments: int) -> float:
    """Return GFI times df / moments."""
    return explained * df / moments
