"""Factor scores of two-level models: what all cases of a cluster say about each and about it.

E(eta | all that was observed in the cluster): with e = V^-1 (y - mu) of each case and t their sum
with the cluster's own part (`levelmissing`), a case's score is m_W + Cov_W(eta, y) e and a
cluster's is m_B + Cov_B(eta, y) t, with the variances Phi - Cov P Cov' that remain. Values that
are missing take no part. lavaan's `lavPredict(level=)` gives the same for complete data.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.clusters import cluster_codes
from footbridge.latent.data import GroupData
from footbridge.latent.errors import OptionError
from footbridge.latent.factorscores import NORMAL
from footbridge.latent.levelfit import TwoLevelFit
from footbridge.latent.levelmissing import PatternLikelihood
from footbridge.latent.levelpatterns import cluster_patterns

Matrix = NDArray[np.float64]
Stack = NDArray[np.float64]


def level_scores(
    fit: TwoLevelFit, *, method: str | None = None, se: bool = False, level: int = 1
) -> pd.DataFrame:
    """Return one row per case (level 1) or per cluster (level 2), one column per factor.

    Parameters
    ----------
    fit
        A fitted two-level model.
    method
        "regression" (or "EBM"), the mean of the posterior.
    se
        Whether columns `<name>.se` with standard errors are wanted, parameters taken as known.
    level
        1 for the factors of cases, 2 for those of clusters.

    Returns
    -------
    DataFrame
        The index holds positions in the data frame that was passed, or names of clusters.

    Raises
    ------
    OptionError
        If the level has no factor, or the method is not offered.
    """
    names = _names(fit, method, level)
    groups = fit.posed.cases.groups if fit.posed.cases else ()
    parts = []
    for g, group in enumerate(groups):
        found = (_of_clusters if level == 2 else _of_cases)(fit, g, group)
        frame = pd.DataFrame(found[0], columns=list(names), index=found[2])
        if se:
            frame[[f"{name}.se" for name in names]] = np.sqrt(np.maximum(found[1], 0.0))
        parts.append(frame)
    whole = pd.concat(parts)
    return whole.sort_index() if level == 1 else whole


def _names(fit: TwoLevelFit, method: str | None, level: int) -> tuple[str, ...]:
    """Return the factors of a level."""
    if NORMAL.get((method or "regression").lower()) != "regression":
        raise OptionError(
            f"Factor scores by '{method}' are not offered for two-level models.",
            "Bartlett's weights take a case's own values only, and those of its cluster count.",
            "Leave method= out: the scores are means of the posterior.",
        )
    names = fit.roles_of(level).lv if level in {1, 2} else ()
    if not names:
        raise OptionError(
            f"Level {level} has no latent variable.",
            "Factor scores are values of latent variables.",
            "Ask for the other level: level=1 for cases, level=2 for clusters.",
        )
    return names


def _likelihood(fit: TwoLevelFit, g: int, group: GroupData) -> PatternLikelihood:
    """Return the likelihood by patterns, of which complete data have one."""
    inner = set(fit.posed.levels.one.ov)
    within = [i for i, name in enumerate(fit.posed.roles.ov) if name in inner]
    codes = cluster_codes(group, fit.options.cluster or "")
    data = cluster_patterns(group.values, codes, within)
    rams = fit.sample.rams(fit.table)
    return PatternLikelihood((rams[2 * g], rams[2 * g + 1]), data, n_free=fit.theta.size)


def _of_cases(
    fit: TwoLevelFit, g: int, group: GroupData
) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """Return scores, variances (n, L) and positions of cases."""
    part = _likelihood(fit, g, group)
    at, data = part.require(fit.theta), part.data
    eta = [part.rams[0].names.index(name) for name in fit.roles_of(1).lv]
    state = at.states[0]
    C = state.C[eta][:, data.within]
    cluster, pattern, _ = data.cells
    W = at.W[pattern]
    P = W - W @ at.S[cluster] @ W
    left = np.diag(state.C)[eta] - np.einsum("ia,lab,ib->li", C, P, C)
    cell = np.zeros(data.counts.shape, dtype=np.int64)
    cell[cluster, pattern] = np.arange(cluster.size)
    scores = state.mean[eta] + at.e @ C.T
    return scores, left[cell[data.codes, data.of_case]], group.rows[data.order]


def _of_clusters(
    fit: TwoLevelFit, g: int, group: GroupData
) -> tuple[Matrix, Matrix, NDArray[np.object_]]:
    """Return scores, variances (J, L) and names of clusters."""
    part = _likelihood(fit, g, group)
    at, data = part.require(fit.theta), part.data
    eta = [part.rams[1].names.index(name) for name in fit.roles_of(2).lv]
    state = at.states[1]
    C = state.C[eta][:, : part.rams[1].p]
    left = np.diag(state.C)[eta] - np.einsum("ia,jab,ib->ji", C, at.R, C)
    labels = fit.posed.cases.clusters if fit.posed.cases else ()
    owners = group.clusters[data.order][data.first] if group.clusters is not None else ()
    names = np.array([labels[int(k)] for k in owners], dtype=object)
    return state.mean[eta] + at.t @ C.T, left, names
