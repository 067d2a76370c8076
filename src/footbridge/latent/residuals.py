"""Residuals of the moments, raw or as correlations, with standard errors and z values.

With Q = I - D (D'AD)^-1 D'A, A the information about the moments, the residuals have covariance
Q Gamma Q' / n, summed over groups that share parameters (Bentler and Dijkstra 1985, in
Krishnaiah, Multivariate analysis VI; Maydeu-Olivares 2017, Structural Equation Modeling 24,
828-848). Normalized residuals divide by the moments' own errors, sqrt(diag(Gamma) / n), and so
are too small (Joreskog and Sorbom 1988).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.conditioned import given_covariates
from footbridge.latent.errors import OptionError
from footbridge.latent.linalg import times
from footbridge.latent.modification import constrained_inverse
from footbridge.latent.momentsof import GroupMoments, Label, group_moments
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
TYPES = ("raw", "cor", "cor.bollen", "cor.bentler", "normalized", "standardized")


def residuals(fit: Fit, *, type: str = "raw") -> pd.DataFrame:  # noqa: A002
    """Return one row per moment: observed, implied, their difference, its error and z value.

    Parameters
    ----------
    fit
        A fitted model.
    type
        "raw"; "cor" or "cor.bollen" (difference of correlations); "cor.bentler" (difference of
        covariances over the observed standard deviations); "normalized" and "standardized" (the
        column `residual` is then the z value itself).

    Returns
    -------
    DataFrame
        lhs, op, rhs, group, observed, implied, residual, se and, for the first four types, z and
        pvalue. A moment that the model reproduces by construction has z = 0.

    Raises
    ------
    OptionError
        If the type is not known.
    """
    checked_type(type)
    groups = group_moments(fit)
    roles, options = fit.problem.roles, fit.options
    if options.conditional_x and roles.ov_x and not options.categorical:
        groups = [
            given_covariates(at, modelled=roles.ov_nox, covariates=roles.ov_x) for at in groups
        ]
    spread = [at.acov for at in groups] if type == "normalized" else _spread(fit, groups)
    frames = [
        moments_frame(at, acov, type, spans=_spans(fit, g), group=g)
        for g, (at, acov) in enumerate(zip(groups, spread, strict=True), start=1)
    ]
    return pd.concat(frames, ignore_index=True)


def checked_type(type: str) -> None:  # noqa: A002
    """Raise an OptionError if a type of residuals is not known."""
    if type not in TYPES:
        raise OptionError(
            f"Residuals of type '{type}' are not known.",
            "It is not one of the types that are offered here.",
            f"Choose one of {', '.join(TYPES)}.",
        )


def _spread(fit: Fit, groups: Sequence[GroupMoments]) -> list[Matrix]:
    """Return the covariance of the residuals of every group.

    A group's residuals depend on the other groups' moments where parameters are shared.
    """
    shares = fit.solution.engine.shares
    pulls = [s * times(at.weight, at.delta).T for s, at in zip(shares, groups, strict=True)]
    info = sum(pull @ at.delta for pull, at in zip(pulls, groups, strict=True))
    J = constrained_inverse(np.asarray(info, dtype=np.float64), fit.solution.covariances.basis)
    found = []
    for at in groups:
        total = np.zeros_like(at.acov)
        for other, pull in zip(groups, pulls, strict=True):
            Q = (np.eye(at.observed.size) if other is at else 0.0) - at.delta @ J @ pull
            total += Q @ other.acov @ Q.T
        found.append(total)
    return found


def _spans(fit: Fit, group: int) -> dict[str, float]:
    """Return the standard deviations of fixed covariates, which slopes are multiplied by."""
    return {
        r.lhs: float(np.sqrt(r.ustart or 0.0))
        for r in fit.table.rows
        if r.exo and r.op == "~~" and r.lhs == r.rhs and r.group == group
    }


def moments_frame(
    at: GroupMoments,
    acov: Matrix,
    type: str,  # noqa: A002
    *,
    spans: Mapping[str, float],
    group: int,
) -> pd.DataFrame:
    """Return the residuals of one group; `acov` (k, k) is their covariance."""
    observed, implied = at.observed, at.implied
    least = 1e-9 * np.abs(np.diag(at.acov))
    if type.startswith("cor"):
        F = correlation_slopes(at, spans, bollen=type != "cor.bentler")
        sd = deviations(at.labels, observed, spans)
        means = np.array([op == "~1" for _, op, _ in at.labels])
        own = means | (type == "cor.bentler")
        fitted = np.where(own, sd, deviations(at.labels, implied, spans))
        observed, implied = observed / sd, implied / fitted
        acov, least = F @ acov @ F.T, least / sd**2
    gap = observed - implied
    variance = np.diag(acov)
    se = np.sqrt(np.where(variance > least, variance, 0.0))
    exact = np.where(np.abs(gap) < 1e-6, 0.0, np.nan)
    z = np.where(se > 0, gap / np.where(se > 0, se, 1.0), exact)
    frame = pd.DataFrame(at.labels, columns=["lhs", "op", "rhs"])
    frame["group"] = group
    frame["observed"], frame["implied"] = observed, implied
    if type in {"normalized", "standardized"}:
        return frame.assign(residual=z, se=se)
    return frame.assign(residual=gap, se=se, z=z, pvalue=2 * special.ndtr(-np.abs(z)))


def deviations(labels: Sequence[Label], values: Vector, spans: Mapping[str, float]) -> Vector:
    """Return what each moment is divided by to be one of standardised variables.

    Ordinal variables have no variance among the moments: they are standardised already. `spans`
    are the standard deviations of covariates that the moments are conditional on.
    """
    sd = {
        lhs: float(np.sqrt(value))
        for (lhs, op, rhs), value in zip(labels, values, strict=True)
        if op == "~~" and lhs == rhs
    }
    by = {"~~": lambda rhs: sd.get(rhs, 1.0), "~": lambda rhs: 1.0 / spans.get(rhs, 1.0)}
    return np.array(
        [
            1.0 if op == "|" else sd.get(lhs, 1.0) * (by[op](rhs) if op in by else 1.0)
            for lhs, op, rhs in labels
        ]
    )


def correlation_slopes(at: GroupMoments, spans: Mapping[str, float], *, bollen: bool) -> Matrix:
    """Return the Jacobian (k, k) from moments to correlations at the observed moments.

    With `bollen` the standard deviations are estimates too; without, they are constants.
    """
    sd = deviations(at.labels, at.observed, spans)
    out = np.diag(1.0 / sd)
    if not bollen:
        return out
    place = {lhs: i for i, (lhs, op, rhs) in enumerate(at.labels) if op == "~~" and lhs == rhs}
    for i, (lhs, op, rhs) in enumerate(at.labels):
        if op in {"~~", "~"}:
            r = at.observed[i] / sd[i]
            for name in (lhs, rhs):
                if name in place:
                    out[i, place[name]] -= 0.5 * r / at.observed[place[name]]
    return out
