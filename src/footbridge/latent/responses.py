"""Impute ordered and continuous variables together, through the responses behind the categories.

Fully conditional specification: one variable after the other is regressed on all others, the
ordered ones through latent normal responses (Enders, Keller and Levy 2018, Psychological Methods
23, 298-317; the responses: Albert and Chib 1993, Journal of the American Statistical Association
88, 669-679). A continuous variable: normal regression with the usual flat prior (Rubin 1987,
p. 167). An ordered one: ordered probit, its thresholds and slopes drawn from the normal
approximation at the maximum, thresholds as a first one and logarithms of distances; slopes have
the prior N(0, 3^2) per standard deviation, which holds them finite where categories are separated.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from footbridge.latent.margins import density, interval_mass

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.int64]
SWEEPS = 30
_PRIOR = 1 / 9  # precision of a slope
_RIDGE = 1e-6


@dataclass(frozen=True)
class ResponseSampler:
    """Completes one block of cases.

    Parameters
    ----------
    values
        (n, p): standardised, or codes from 0 of ordered variables; NaN where missing.
    counts
        Categories by variable; 0 is continuous.
    iterations
        Sweeps over all variables before a data set is taken.
    """

    values: Matrix
    counts: tuple[int, ...]
    iterations: int = SWEEPS

    def draw(self, stream: np.random.Generator) -> Matrix:
        """Return completed values (n, p); ordered variables hold codes."""
        seen = ~np.isnan(self.values)
        filled, Z = self.values.copy(), self._start()
        at: dict[int, Vector] = {}
        # A complete covariate is never regressed: nothing is assumed about its distribution.
        moving = [j for j, k in enumerate(self.counts) if k or not seen[:, j].all()]
        for _ in range(self.iterations):
            for j in moving:
                X = np.delete(Z, j, axis=1)
                if self.counts[j]:
                    found = draw_ordered(self.values[:, j], X, at.get(j), stream)
                    Z[:, j], filled[:, j], at[j] = found
                else:
                    Z[:, j] = filled[:, j] = draw_normal(self.values[:, j], X, stream)
        return filled

    def _start(self) -> Matrix:
        """Return normal scores of categories, and zero where nothing is known."""
        Z = self.values.copy()
        for j, k in enumerate(self.counts):
            if k:
                known = self.values[:, j][~np.isnan(self.values[:, j])].astype(np.int64)
                share = np.bincount(known, minlength=k) / known.size
                scores = special.ndtri(np.cumsum(share) - 0.5 * share)
                Z[~np.isnan(Z[:, j]), j] = scores[known]
        return np.nan_to_num(Z)


def draw_normal(y: Vector, X: Matrix, stream: np.random.Generator) -> Vector:
    """Return y with its missing values drawn from the regression of the others on X."""
    seen = ~np.isnan(y)
    if seen.all():
        return y
    D = np.column_stack([np.ones(y.size), X])
    A, b = D[seen], y[seen]
    cross = A.T @ A
    cross[np.diag_indices_from(cross)] *= 1 + _RIDGE
    root = np.linalg.cholesky(cross)
    beta = np.linalg.solve(root.T, np.linalg.solve(root, A.T @ b))
    rest = b - A @ beta
    spread = np.sqrt(rest @ rest / stream.chisquare(max(b.size - D.shape[1], 1)))
    beta = beta + spread * np.linalg.solve(root.T, stream.standard_normal(beta.size))
    out = y.copy()
    out[~seen] = D[~seen] @ beta + spread * stream.standard_normal(int((~seen).sum()))
    return out


def draw_ordered(
    y: Vector, X: Matrix, start: Vector | None, stream: np.random.Generator
) -> tuple[Vector, Vector, Vector]:
    """Return responses, completed codes, and the maximum (where the next search starts).

    Parameters
    ----------
    y
        (n,) codes from 0, NaN where missing.
    X
        (n, p) what it is regressed on.
    start
        Thresholds and slopes of the last sweep.
    """
    seen = ~np.isnan(y)
    codes = y[seen].astype(np.int64)
    X = X - X[seen].mean(axis=0)
    theta, information = ordered_probit(codes, X[seen], start)
    k = int(codes.max())
    tau, beta = _drawn(theta, information, k, stream)
    eta = X @ beta
    Z, out = np.empty(y.size), y.copy()
    ends = np.concatenate([[-np.inf], tau, [np.inf]])
    Z[seen] = _between(ends[codes], ends[codes + 1], eta[seen], stream.random(codes.size))
    Z[~seen] = eta[~seen] + stream.standard_normal(int((~seen).sum()))
    out[~seen] = np.searchsorted(tau, Z[~seen])
    return Z, out, theta


def _between(low: Vector, high: Vector, eta: Vector, u: Vector) -> Vector:
    """Return normal responses with mean eta between two ends, from uniform numbers."""
    a, b = low - eta, high - eta
    flip = a > 0  # the lower tail keeps its digits
    a, b = np.where(flip, -b, a), np.where(flip, -a, b)
    P = special.ndtr(a)
    z = special.ndtri(np.clip(P + u * (special.ndtr(b) - P), 1e-300, 1 - 1e-16))
    return np.asarray(eta + np.where(flip, -z, z))


def _drawn(
    theta: Vector, information: Matrix, k: int, stream: np.random.Generator
) -> tuple[Vector, Vector]:
    """Draw thresholds and slopes; the distances of thresholds on the scale of logarithms."""
    tau = theta[:k]
    gaps = np.diff(tau)
    J = np.eye(theta.size)
    J[:k, :k] = np.tril(np.ones((k, k)))
    J[:k, 1:k] *= gaps
    root = np.linalg.cholesky(J.T @ information @ J)
    step = np.linalg.solve(root.T, stream.standard_normal(theta.size))
    first = tau[0] + step[0]
    drawn = first + np.concatenate([[0.0], np.cumsum(gaps * np.exp(step[1:k]))])
    return drawn, theta[k:] + step[k:]


def ordered_probit(codes: Index, X: Matrix, start: Vector | None = None) -> tuple[Vector, Matrix]:
    """Return thresholds with slopes at the maximum, and the expected information there.

    The function is concave (Pratt 1981), so that halved scoring steps end at its maximum.
    """
    k = int(codes.max())
    if start is None:
        share = np.cumsum(np.bincount(codes, minlength=k + 1))[:-1] / codes.size
        start = np.concatenate([special.ndtri(share), np.zeros(X.shape[1])])
    theta, value = start, _value(codes, X, start)
    for _ in range(50):
        score, information = _slope(codes, X, theta)
        step = np.linalg.solve(information, score)
        if np.abs(step).max() < 1e-6:
            break
        length = 1.0
        while length > 1e-8:
            fresh = theta + length * step
            found = _value(codes, X, fresh)
            if found > value - 1e-10:
                theta, value = fresh, found
                break
            length /= 2
        else:
            break
    return theta, _slope(codes, X, theta)[1]


def _value(codes: Index, X: Matrix, theta: Vector) -> float:
    k = theta.size - X.shape[1]
    tau, beta = theta[:k], theta[k:]
    if np.any(np.diff(tau) <= 0):
        return -np.inf
    ends = np.concatenate([[-np.inf], tau, [np.inf]])
    eta = X @ beta
    P = interval_mass(ends[codes] - eta, ends[codes + 1] - eta)
    return float(np.log(P).sum() - 0.5 * _PRIOR * beta @ beta)


def _slope(codes: Index, X: Matrix, theta: Vector) -> tuple[Vector, Matrix]:
    """Return the score and the expected information, prior included."""
    k = theta.size - X.shape[1]
    tau, beta = theta[:k], theta[k:]
    cut = tau - (X @ beta)[:, None]
    f = density(cut)
    wall = np.full((codes.size, 1), np.inf)
    P = interval_mass(np.hstack([-wall, cut]), np.hstack([cut, wall]))
    rim = np.pad(f, ((0, 0), (1, 1)))
    g = rim[:, :-1] - rim[:, 1:]  # derivatives of the cells in eta
    i = np.arange(codes.size)
    S = np.zeros((codes.size, k + 2))
    S[i, codes + 1] = rim[i, codes + 1] / P[i, codes]
    S[i, codes] -= rim[i, codes] / P[i, codes]
    score = np.concatenate([S[:, 1:-1].sum(axis=0), X.T @ (g[i, codes] / P[i, codes])])
    score[k:] -= _PRIOR * beta
    ratio = g / P
    cross = (f * (ratio[:, :-1] - ratio[:, 1:])).T @ X
    inner = np.diag((f**2 * (1 / P[:, :-1] + 1 / P[:, 1:])).sum(axis=0))
    beside = -(f[:, :-1] * f[:, 1:] / P[:, 1:-1]).sum(axis=0)
    inner += np.diag(beside, 1) + np.diag(beside, -1)
    slopes = X.T @ ((g * ratio).sum(axis=1)[:, None] * X) + _PRIOR * np.eye(beta.size)
    return score, np.block([[inner, cross], [cross.T, slopes]])
