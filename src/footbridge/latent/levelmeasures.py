"""Fit indices of two-level models, under lavaan's names."""

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.inference import TestStatistic
from footbridge.latent.measures.collect import collect
from footbridge.latent.measures.facts import Facts
from footbridge.latent.measures.information import information_criteria
from footbridge.latent.moments import NormalMoments

Matrix = NDArray[np.float64]
#: What the residual measures, GFI of LISREL and ECVI say of one level has no two-level meaning.
_NO_MEANING = ("gfi_lisrel", "agfi_lisrel", "pgfi", "cn_05", "cn_01", "mfi", "ecvi")


def level_measures(
    tests: tuple[TestStatistic, TestStatistic],
    scaled: tuple[TestStatistic | None, TestStatistic | None],
    *,
    n: float,
    npar: int,
    n_variables: int,
    n_groups: int = 1,
) -> dict[str, float]:
    """Return the indices that come from chi-squares.

    Parameters
    ----------
    tests, scaled
        Of the model and of the independence model.
    n_variables
        Observed variables of the first level, for GFI.
    """
    facts = Facts(
        model=tests[0],
        baseline=tests[1],
        scaled=scaled[0],
        baseline_scaled=scaled[1],
        n=n,
        divisor=n,
        n_groups=n_groups,
        npar=npar,
        moments=1,
        n_variables=n_variables,
        explained=1.0,
        residual=tests[0].statistic,
        groups=(),
        ordinal=False,
    )
    found = {"npar": float(npar), **collect(facts, likelihood=True), "ntotal": n}
    return {k: v for k, v in found.items() if k not in _NO_MEANING and "rmr" not in k}


def level_srmr(
    sample: list[NormalMoments], implied: list[tuple[Matrix, list[int]]]
) -> dict[str, float]:
    """Return the root mean square of the residual correlations of each level, and their sum.

    Groups count by their cases.

    Parameters
    ----------
    sample
        Moments of the saturated model by block: both levels of the first group, of the next.
    implied
        The model's covariances by block, with the positions of the level's variables.
    """
    parts = []
    for moments, (sigma, own) in zip(sample, implied, strict=True):
        block = np.ix_(own, own)
        S, model = moments.cov[block], sigma[block]
        d, e = np.sqrt(np.diag(S)), np.sqrt(np.maximum(np.diag(model), 0.0))
        if not e.all():
            parts.append(float("nan"))
            continue
        gap = (S / np.outer(d, d) - model / np.outer(e, e))[np.triu_indices(len(own))]
        parts.append(float(np.sqrt(np.mean(gap**2))))
    cases = [moments.n for moments in sample[::2]]
    within, between = (float(np.average(parts[k::2], weights=cases)) for k in (0, 1))
    return {"srmr": within + between, "srmr_within": within, "srmr_between": between}


def level_criteria(model: float, saturated: float, *, npar: int, n: float) -> dict[str, float]:
    """Return log-likelihoods and information criteria; n is the number of cases."""
    found = {"logl": model, "unrestricted.logl": saturated}
    return found | information_criteria(model, npar=npar, n=n)
