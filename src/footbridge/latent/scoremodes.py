"""Scores from ordinal (and mixed) indicators: modes of the posterior or of the likelihood.

log f(eta) = sum_v log p(y_v | eta) - 1/2 (eta - m)' V^-1 (eta - m), with p(y = k | eta) =
Phi((tau_k+1 - mu) / s) - Phi((tau_k - mu) / s) and m, V the moments of eta given the covariates
(Bock and Aitkin 1981; Muthen 2004, Mplus technical appendix 11). The indicators are independent
given eta: residual covariances are not used. Each term is concave, so Newton's method finds the
one mode, for all cases at once. A covariate's direct effect on an indicator counts (lavaan 0.6
and 0.7 leave it out of p).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.data import GroupData
from footbridge.latent.errors import ModelError
from footbridge.latent.factorscores import paths_of
from footbridge.latent.result import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_STEPS = 100
#: Precision of the likelihood's prior: a case at the end of every scale has a finite score.
_VAGUE = 1e-5


@dataclass(frozen=True, slots=True)
class _Model:
    """One group: mu = offset + eta loadings', residual deviations, prior.

    `lower` and `upper` (n, p) are the ends of the interval that an ordinal answer stands for;
    `value` (n, p) a continuous one; `seen` (n, p); `ordinal` (p,).
    """

    offset: Matrix
    loadings: Matrix
    sd: Vector
    lower: Matrix
    upper: Matrix
    value: Matrix
    seen: NDArray[np.bool_]
    ordinal: NDArray[np.bool_]
    centre: Matrix
    precision: Matrix


def mode_scores(fit: Fit, g: int, group: GroupData, *, prior: bool) -> tuple[Matrix, Matrix]:
    """Return modes and standard errors (n, L), NaN for a case without any indicator.

    Raises
    ------
    ModelError
        If a residual variance is not positive, or the latent covariance matrix is singular.
    """
    model = _model(fit, g, group, prior=prior)
    eta = model.centre.copy() if prior else np.zeros_like(model.centre)
    value, gradient, hessian = _derivatives(model, eta)
    for _ in range(_STEPS):
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        length = np.ones(eta.shape[0])
        for _ in range(30):
            fresh = _derivatives(model, eta + length[:, None] * step)
            worse = fresh[0] < value - 1e-12 * (1 + np.abs(value))
            if not worse.any():
                break
            length = np.where(worse, 0.5 * length, length)
        eta = eta + length[:, None] * step
        value, gradient, hessian = fresh
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    errors = np.sqrt(np.diagonal(np.linalg.inv(hessian), axis1=1, axis2=2))
    empty = np.asarray(model.seen.sum(axis=1) == 0)
    eta[empty], errors = np.nan, np.where(empty[:, None], np.nan, errors)
    return eta, errors


def _model(fit: Fit, g: int, group: GroupData, *, prior: bool) -> _Model:
    whole, roles = fit.wholes[g], fit.problem.roles
    y = [whole.place(name) for name in roles.ov_nox]
    x = [whole.place(name) for name in roles.ov_x]
    e = [whole.place(name) for name in roles.lv]
    A, mean = paths_of(whole), whole.state.mean
    U = np.eye(A.shape[0]) - A
    S, intercept = U @ whole.state.C @ U.T, U @ mean
    B = np.linalg.inv(np.eye(len(y)) - A[np.ix_(y, y)])
    spread = np.diag(B @ S[np.ix_(y, y)] @ B.T)
    _require_positive(spread, roles.ov_nox)
    covariates = group.values[:, x]
    offset = (intercept[y] + covariates @ A[np.ix_(y, x)].T) @ B.T
    effects = whole.state.E[np.ix_(e, x)]
    V = whole.state.C[np.ix_(e, e)] - effects @ whole.state.C[np.ix_(x, x)] @ effects.T
    centre = mean[e] + (covariates - mean[x]) @ effects.T
    values = group.values[:, y]
    lower, upper = _intervals(fit, g, values)
    ordinal = np.array([name in roles.ordered for name in roles.ov_nox])
    return _Model(
        offset, B @ A[np.ix_(y, e)], np.sqrt(spread), lower, upper, np.nan_to_num(values),
        ~np.isnan(values), ordinal, centre,
        _precision(V) if prior else _VAGUE * np.eye(len(e)),
    )  # fmt: skip


def _require_positive(spread: Vector, names: tuple[str, ...]) -> None:
    bad = [n for n, s in zip(names, spread, strict=True) if not s > 0]
    if bad:
        raise ModelError(
            f"The residual variance of '{bad[0]}' is not positive.",
            "Its answers would follow from the latent variables without error.",
            "Mend the model first: see fit.advice.",
        )


def _precision(V: Matrix) -> Matrix:
    if np.linalg.eigvalsh(V)[0] <= 1e-10 * np.abs(V).max():
        raise ModelError(
            "The covariance matrix of the latent variables is not positive definite.",
            "The prior of the scores needs its inverse.",
            "Mend the model first, or ask for method='ML'.",
        )
    return np.asarray(np.linalg.inv(V))


def _intervals(fit: Fit, g: int, values: Matrix) -> tuple[Matrix, Matrix]:
    """Return the ends (n, p) of each ordinal answer's interval of the latent response."""
    lower, upper = np.full(values.shape, -np.inf), np.full(values.shape, np.inf)
    found = fit.values()
    tau: dict[str, list[float]] = {}
    for i, row in enumerate(fit.table.rows):
        if row.op == "|" and row.group == g + 1:
            tau.setdefault(row.lhs, []).append(found[i].value)
    for v, name in enumerate(fit.problem.roles.ov_nox):
        if name in tau:
            ends = np.array([-np.inf, *tau[name], np.inf])
            k = np.nan_to_num(values[:, v]).astype(np.int64)
            lower[:, v], upper[:, v] = ends[k], ends[k + 1]
    return lower, upper


def _derivatives(model: _Model, eta: Matrix) -> tuple[Vector, Matrix, NDArray[np.float64]]:
    """Return log f (n,), its gradient (n, L) and minus its Hessian (n, L, L)."""
    mu = model.offset + eta @ model.loadings.T
    value, slope, bend = _responses(model, mu)
    gap = eta - model.centre
    pull = gap @ model.precision
    total = value.sum(axis=1) - 0.5 * np.sum(gap * pull, axis=1)
    L = model.loadings
    curve = np.einsum("nv,va,vb->nab", bend, L, L, optimize=True)
    return total, slope @ L - pull, curve + model.precision


def _responses(model: _Model, mu: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Return log p, its slope in mu and minus its second derivative, each (n, p)."""
    sd = model.sd
    u, low = (model.upper - mu) / sd, (model.lower - mu) / sd
    # The tail that is smaller is subtracted, so that far answers keep their digits.
    far = low > 0
    p = np.where(far, special.ndtr(-low) - special.ndtr(-u), special.ndtr(u) - special.ndtr(low))
    p = np.maximum(p, 1e-300)
    up, down = _density(u), _density(low)
    ratio = (up - down) / p
    inner = (np.where(np.isinf(u), 0.0, u) * up - np.where(np.isinf(low), 0.0, low) * down) / p
    z = (model.value - mu) / sd
    o = model.ordinal
    value = np.where(o, np.log(p), -0.5 * z**2 - np.log(sd))
    slope = np.where(o, -ratio, z) / sd
    bend = np.where(o, ratio**2 + inner, 1.0) / sd**2
    seen = model.seen
    return np.where(seen, value, 0.0), np.where(seen, slope, 0.0), np.where(seen, bend, 0.0)


def _density(z: Matrix) -> Matrix:
    return np.asarray(np.exp(-0.5 * np.where(np.isinf(z), 40.0, z) ** 2) / np.sqrt(2 * np.pi))
