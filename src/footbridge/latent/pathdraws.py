"""Regressions of observed variables on each other, for all draws at once.

Where a path model has no latent variables, the maximum of the likelihood often is what ordinary
regressions give: always where residuals are uncorrelated, and where those that are correlated
belong to equations with the same causes (Zellner 1962, JASA 57, 348-368). `same_estimator` asks
the fit itself whether its model is one of these; `batch` checks the gradient of every draw.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.batch import BatchMoments
from footbridge.latent.moments import NormalMoments
from footbridge.latent.ram import Ram

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def regress(rams: Sequence[Ram], moments: Sequence[BatchMoments], theta: Vector) -> Matrix:
    """Return paths, residual covariances and intercepts of every draw, (b, q).

    Parameters
    ----------
    rams, moments
        One of each per group; no latent variables.
    theta
        (q,) fills what no group estimates.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the causes of a variable are collinear in a draw.
    """
    out = np.tile(theta, (moments[0].mean.shape[0], 1))
    for ram, m in zip(rams, moments, strict=True):
        _one_group(ram, m, out)
    return out


def _one_group(ram: Ram, m: BatchMoments, out: Matrix) -> None:
    a, fa, fs, fm = ram.a, ram.fa, ram.fs, ram.fm
    fixed = a.pos < 0
    B = np.tile(np.eye(ram.n), (out.shape[0], 1, 1))
    B[:, a.row[fixed], a.col[fixed]] -= a.value[fixed]
    for effect in np.unique(fa.row):
        mine = fa.row == effect
        causes = fa.col[mine]
        # What the fixed paths leave of the effect is regressed on the other causes.
        shared = (m.cov[:, causes] @ B[:, effect, :, None])[:, :, 0]
        slopes = np.linalg.solve(m.cov[:, causes[:, None], causes], shared[:, :, None])[:, :, 0]
        B[:, effect, causes] -= slopes
        out[:, fa.pos[mine]] = slopes
    residual = B @ m.cov @ B.transpose(0, 2, 1)
    out[:, fs.pos] = residual[:, fs.row, fs.col]
    out[:, fm.pos] = (B @ m.mean[:, :, None])[:, fm.row, 0]


def same_estimator(rams: Sequence[Ram], sample: Sequence[NormalMoments], theta: Vector) -> bool:
    """Whether regressions give the fit's own estimates (q,) from its own moments.

    They are functions of the moments alone, as the estimates are: what agrees here to seven
    digits is the same function, not a coincidence.
    """
    if any(ram.n > ram.p for ram in rams):
        return False
    moments = [BatchMoments(m.mean[None], m.cov[None], 1.0) for m in sample]
    try:
        found = regress(rams, moments, theta)[0]
    except np.linalg.LinAlgError:
        return False
    return bool(np.allclose(found, theta, rtol=1e-7, atol=1e-8))
