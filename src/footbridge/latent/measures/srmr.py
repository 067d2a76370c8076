"""Root mean square residuals: RMR, SRMR (Bentler, Mplus), CRMR, with and without means.

Bentler (1995), EQS manual; Bollen (1989) for correlation residuals; Maydeu-Olivares (2017),
Psychometrika 82, 533-558. Groups are averaged with weights n_g / N. Given covariates the slopes
count among the means, standardised by both standard deviations (not in the form of Mplus, which
has no slopes); so it is in lavaan 0.7. Its 0.6 leaves the slopes out, and yet counts the x
covariates as variables when it divides: ordinal RMR and SRMR by x more, continuous CRMR by x less.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.measures.facts import GroupResiduals

Vector = NDArray[np.float64]
Pieces = tuple[Vector, Vector]
KINDS = ("rmr", "srmr_bentler", "crmr", "srmr_mplus")


def _pieces(g: GroupResiduals, *, older: bool) -> dict[str, Pieces]:
    """Return residuals of covariances and of means with slopes, by kind."""
    rows, cols = np.triu_indices(g.cov.shape[0])
    off = rows != cols
    raw = (g.cov - g.implied)[rows, cols]
    var, model = g.cov.diagonal(), g.implied.diagonal()
    sd, root = np.sqrt(var), np.sqrt(model)
    scaled = g.cov / sd[:, None] / sd - g.implied / root[:, None] / root
    correlation = scaled[rows, cols][off]
    gap = g.means - g.implied_means
    standard, plain = gap, gap
    if g.standard_means and gap.size:
        standard, plain = gap / sd, g.means / sd - g.implied_means / root
    if g.slope_gap.size and not older:
        spread = np.ones(0) if g.spread is None else g.spread
        gap = np.concatenate([gap, g.slope_gap.ravel()])
        standard = np.concatenate([standard, (g.slope_gap * spread / sd[:, None]).ravel()])
    return {
        "rmr": (raw, gap),
        "srmr_bentler": (raw / (sd[rows] * sd[cols]), standard),
        "crmr": (correlation, standard),
        "srmr_mplus": (np.concatenate([(var - model) / var, correlation]), plain),
    }


def _root_mean_square(gap: Vector, more: int = 0) -> float:
    """Return the root of the mean square; `more` is what is counted and not summed."""
    if not gap.size:
        return 0.0
    count = gap.size + more
    return math.sqrt(float(gap @ gap) / count) if count > 0 else float("nan")


def residual_measures(
    groups: Sequence[GroupResiduals], *, ordinal: bool, older: bool = False
) -> dict[str, float]:
    """Return all root mean square residuals under lavaan's names.

    Parameters
    ----------
    older
        Whether slopes on covariates are left out, as in lavaan 0.6.
    """
    total = sum(g.n for g in groups)
    found = {name + end: 0.0 for name in KINDS for end in ("", "_nomean")}
    for g in groups:
        x = g.slope_gap.shape[1] if older else 0
        counted = {"rmr": x, "srmr_bentler": x} if ordinal else {"crmr": -x}
        for name, (gap, means) in _pieces(g, older=older).items():
            more = counted.get(name, 0)
            alone = both = _root_mean_square(gap, more)
            if means.size:
                both = _root_mean_square(np.concatenate([gap, means]), more)
            found[name] += g.n / total * both
            found[f"{name}_nomean"] += g.n / total * alone
    if ordinal:
        found["srmr_mplus"] = found["srmr_mplus_nomean"] = float("nan")
    found["srmr"] = found["srmr_bentler_nomean" if ordinal else "srmr_bentler"]
    return found
