"""Root mean square residuals: RMR, SRMR (Bentler, Mplus), CRMR, with and without means.

Bentler (1995), EQS manual; Bollen (1989) for correlation residuals; Maydeu-Olivares (2017),
Psychometrika 82, 533-558. Groups are averaged with weights n_g / N. Given covariates the slopes
count among the means, standardised by both standard deviations (not in the form of Mplus, which
has no slopes); so it is in lavaan 0.7.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.measures.facts import GroupResiduals

Vector = NDArray[np.float64]
Pieces = tuple[Vector, Vector]


def _raw(g: GroupResiduals) -> Pieces:
    rows, cols = np.triu_indices(g.cov.shape[0])
    gap = (g.cov - g.implied)[rows, cols]
    return gap, np.concatenate([g.means - g.implied_means, g.slope_gap.ravel()])


def _bentler(g: GroupResiduals) -> Pieces:
    sd = np.sqrt(np.diag(g.cov))
    rows, cols = np.triu_indices(sd.size)
    gap = ((g.cov - g.implied) / np.outer(sd, sd))[rows, cols]
    means = g.means - g.implied_means
    means = means / sd if g.standard_means and means.size else means
    spread = np.ones(0) if g.spread is None else g.spread
    slopes = g.slope_gap * spread / sd[:, None]
    return gap, np.concatenate([means, slopes.ravel()])


def _correlation(g: GroupResiduals) -> Pieces:
    sd, model = np.sqrt(np.diag(g.cov)), np.sqrt(np.diag(g.implied))
    rows, cols = np.triu_indices(sd.size, 1)
    gap = (g.cov / np.outer(sd, sd) - g.implied / np.outer(model, model))[rows, cols]
    return gap, _bentler(g)[1]


def _mplus(g: GroupResiduals) -> Pieces:
    off = _correlation(g)[0]
    means = g.means - g.implied_means
    if g.standard_means and g.means.size:
        means = g.means / np.sqrt(np.diag(g.cov)) - g.implied_means / np.sqrt(np.diag(g.implied))
    diagonal = np.diag(g.cov - g.implied) / np.diag(g.cov)
    return np.concatenate([diagonal, off]), means


def _average(
    groups: Sequence[GroupResiduals], kind: Callable[[GroupResiduals], Pieces], *, means: bool
) -> float:
    total = sum(g.n for g in groups)
    value = 0.0
    for g in groups:
        gap, centre = kind(g)
        parts = np.concatenate([gap, centre]) if means else gap
        value += g.n / total * (float(np.sqrt(np.mean(parts**2))) if parts.size else 0.0)
    return value


def residual_measures(groups: Sequence[GroupResiduals], *, ordinal: bool) -> dict[str, float]:
    """Return all root mean square residuals under lavaan's names."""
    kinds = {"rmr": _raw, "srmr_bentler": _bentler, "crmr": _correlation, "srmr_mplus": _mplus}
    found: dict[str, float] = {}
    for name, kind in kinds.items():
        skip = ordinal and name == "srmr_mplus"
        found[name] = float("nan") if skip else _average(groups, kind, means=True)
        found[f"{name}_nomean"] = float("nan") if skip else _average(groups, kind, means=False)
    found["srmr"] = found["srmr_bentler_nomean" if ordinal else "srmr_bentler"]
    return found
