"""Name the parameters that the data do not determine."""

import numpy as np

from footbridge.latent.linalg import times
from footbridge.latent.solve import Solution


def unidentified(solution: Solution) -> list[str]:
    """Return the parameters in the null space of the information, scaled to unit diagonal."""
    engine, theta = solution.engine, solution.theta
    basis = solution.covariances.basis
    info = sum(
        s * (D.T @ times(V, D))
        for s, V, D in zip(engine.shares, engine.weights(theta), engine.deltas(theta), strict=True)
    )
    inner = basis.T @ np.asarray(info) @ basis
    scale = np.sqrt(np.maximum(np.diag(inner), 1e-300))
    values, vectors = np.linalg.eigh(inner / np.outer(scale, scale))
    loose = values < 1e-9
    if not loose.any():
        return []
    weight = np.abs(basis @ (vectors[:, loose] / scale[:, None])).max(axis=1)
    rows = solution.table.free_rows
    worst = weight.max()
    return [f"{r.lhs} {r.op} {r.rhs}".strip() for r in rows if weight[r.free - 1] > 0.05 * worst]
