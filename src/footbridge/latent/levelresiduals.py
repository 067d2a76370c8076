"""Residuals of two-level models: what the saturated model of both levels says, less the model.

With the observed information H of the saturated moments, their covariance G (H^-1, or H^-1 J H^-1
from the scores of clusters) and the model's Jacobian D, residuals have the covariance Q G Q' / N,
Q = I - D (D'HD)^-1 D'H, as those of one level have; see `residuals` for the types and sources.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.levelfit import TwoLevelFit
from footbridge.latent.linalg import inv
from footbridge.latent.modification import constrained_inverse
from footbridge.latent.momentsof import GroupMoments
from footbridge.latent.residuals import checked_type, moments_frame
from footbridge.latent.table import Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def level_residuals(fit: TwoLevelFit, *, type: str = "raw") -> pd.DataFrame:  # noqa: A002
    """Return one row per moment of each level: observed, implied, difference, error and z value.

    Parameters
    ----------
    fit
        A fitted two-level model.
    type
        As for `residuals`.

    Returns
    -------
    DataFrame
        lhs, op, rhs, level, group, observed, implied, residual, se, z and pvalue. "Observed" is
        the estimate of the saturated model; means of variables of both levels lie at the second.

    Raises
    ------
    OptionError
        If the type is not known.
    """
    checked_type(type)
    observed, implied, D = moments_at(fit, fit.theta)
    h1 = fit.sample.h1
    H = h1.likelihood.derivatives(h1.theta, exact=True)[1]
    G = inv(H)
    if fit.options.se == "robust.huber.white":
        S = h1.likelihood.scores(h1.theta) @ G
        G = S.T @ S / fit.posed.n
    J = constrained_inverse(D.T @ H @ D, fit.solution.covariances.basis)
    Q = np.eye(observed.size) - D @ J @ D.T @ H
    own = G / fit.posed.n
    spread = own if type == "normalized" else Q @ own @ Q.T
    frames = []
    for block in range(1, len(fit.posed.moments) + 1):
        at, place = _block(fit, block, (observed, implied), own)
        inner = np.zeros_like(at.acov)
        free = np.flatnonzero(place >= 0)
        inner[np.ix_(free, free)] = spread[np.ix_(place[free], place[free])]
        frame = moments_frame(at, inner, type, spans={}, group=block)
        frames.append(_placed(fit, frame, block))
    return pd.concat(frames, ignore_index=True)


def moments_at(fit: TwoLevelFit, theta: Vector) -> tuple[Vector, Vector, Matrix]:
    """Return the saturated moments (m,), the implied ones and their Jacobian (m, q)."""
    h1 = fit.sample.h1
    rams, names = fit.sample.rams(fit.table), fit.posed.roles.ov
    states = [ram.state(theta) for ram in rams]
    jacs = [ram.jacobian(state) for ram, state in zip(rams, states, strict=True)]
    implied, D = np.zeros(h1.theta.size), np.zeros((h1.theta.size, theta.size))
    for row in h1.table.free_rows:
        a, k = names.index(row.lhs), row.free - 1
        if row.op == "~~":
            b, at = names.index(row.rhs), row.group - 1
            implied[k] = rams[at].sigma(states[at])[a, b]
            D[k, jacs[at].positions] = jacs[at].dsigma[:, a, b]
            continue
        first = 2 * ((row.group - 1) // 2)
        for at in (first, first + 1):  # a mean is the sum of those of both levels
            implied[k] += rams[at].mu(states[at])[a]
            D[k, jacs[at].positions] += jacs[at].dmu[:, a]
    return h1.theta, implied, D


def _block(
    fit: TwoLevelFit, block: int, both: tuple[Vector, Vector], own: Matrix
) -> tuple[GroupMoments, NDArray[np.int64]]:
    """Return one block's moments, and where they stand among all; -1 for given ones."""
    held = set(fit.posed.levels.shared) if fit.level_of(block) == 1 else set[str]()
    rows = [
        r
        for r in fit.sample.h1.table.parameters
        if r.group == block and not (r.op == "~1" and r.lhs in held)
    ]
    place = np.array([r.free - 1 for r in rows], dtype=np.int64)
    given = np.array([r.ustart or 0.0 for r in rows])
    observed, implied = (np.where(place >= 0, values[place], given) for values in both)
    acov = np.zeros((place.size, place.size))
    free = np.flatnonzero(place >= 0)
    acov[np.ix_(free, free)] = own[np.ix_(place[free], place[free])]
    labels = tuple((r.lhs, r.op, r.rhs) for r in rows)
    none = np.zeros((place.size, 0))
    return GroupMoments(labels, observed, implied, acov, none, none), place


def _placed(fit: TwoLevelFit, frame: pd.DataFrame, block: int) -> pd.DataFrame:
    places = fit.places([Row("", "~~", "", group=block)] * len(frame))
    at = frame.columns.get_loc("group")
    frame = frame.drop(columns="group")
    for k, (name, values) in enumerate(places.items()):
        frame.insert(int(at) + k, name, values)  # type: ignore[arg-type]
    return frame
