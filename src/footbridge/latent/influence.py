"""Each case's influence on the estimates, and from it the acceleration of BCa intervals.

The infinitesimal jackknife in place of n refits (Efron 1987; Jaeckel 1972).
"""

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.linalg import inv, times
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def influence(fit: Fit) -> Matrix:
    """Return the influence of every case on the free parameters, (n, q), up to a constant."""
    engine, theta = fit.solution.engine, fit.theta
    basis = fit.solution.covariances.basis
    kind = fit.options.information if fit.options.discrepancy == "ML" else "expected"
    inner = basis.T @ engine.information(theta, kind) @ basis
    bread = basis @ inv(inner) @ basis.T
    if not fit.options.categorical:
        return np.asarray(engine.scores(theta) @ bread)
    parts = []
    for moments, V, D in zip(
        fit.sample.ordinal, engine.weights(theta), engine.deltas(theta), strict=True
    ):
        parts.append(moments.influence.T @ times(V, D) @ bread * moments.n)
    return np.vstack(parts)


def acceleration(fit: Fit) -> Vector:
    """Return sum(l^3) / (6 sum(l^2)^1.5) of free and defined parameters."""
    L = influence(fit)
    values = fit.values()
    defined = [values[i].gradient for i, r in enumerate(fit.table.rows) if r.op == ":="]
    if defined:
        L = np.hstack([L, L @ np.array(defined).T])
    top, bottom = (L**3).sum(axis=0), (L**2).sum(axis=0) ** 1.5
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num(top / (6 * bottom)))
