"""Covariance matrices of the estimates and test statistics, for any engine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.constraints import null_space
from footbridge.latent.engine import Engine
from footbridge.latent.errors import OptionError
from footbridge.latent.linalg import inv, times
from footbridge.latent.probabilities import chi_square_upper

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

SCALED = ("satorra.bentler", "yuan.bentler.mplus", "scaled.shifted", "mean.var.adjusted")


@dataclass(frozen=True, slots=True)
class TestStatistic:
    """A chi-square statistic; `scaling` and `shift` say how it came from the plain one."""

    name: str
    statistic: float
    df: float
    scaling: float = 1.0
    shift: float = 0.0
    traces: tuple[float, float] = (float("nan"), float("nan"))

    @property
    def pvalue(self) -> float:
        """Upper tail of the chi-square distribution; NaN without degrees of freedom.

        A pairwise likelihood ratio is no chi-square before it is adjusted: NaN as well.
        """
        if self.name == "pairwise" or self.df <= 0 or not np.isfinite(self.statistic):
            return float("nan")
        return chi_square_upper(float(self.statistic), float(self.df))


@dataclass(frozen=True, slots=True)
class Covariances:
    """Covariance of the estimates (q, q), or the reason why there is none."""

    vcov: Matrix
    basis: Matrix
    reason: str = ""


def _column_norm(matrix: Matrix) -> float:
    return float(np.abs(matrix).sum(axis=0).max(initial=0.0))


def inverse_within(information: Matrix, basis: Matrix) -> Matrix | None:
    """Return basis (basis' I basis)^-1 basis', or None where it does not exist."""
    inner = basis.T @ information @ basis
    scale = np.sqrt(np.maximum(np.abs(np.diag(inner)), 1e-300))
    scaled = inner / scale[:, None] / scale
    try:
        np.linalg.cholesky(scaled + 0.0)
        inverse = inv(scaled)
        # Columns bound the condition number to a factor q; the spectrum is asked in doubt only.
        bound = _column_norm(scaled) * _column_norm(inverse)
        if bound * len(scale) > 1e12 and np.linalg.cond(scaled) > 1e12:
            return None
        inverse = inverse / scale[:, None] / scale
    except np.linalg.LinAlgError:
        return None
    return np.asarray(basis @ inverse @ basis.T)


def covariances(
    engine: Engine, theta: Vector, jacobian: Matrix, *, se: str, information: str
) -> Covariances:
    """Return the covariance matrix of the estimates.

    Parameters
    ----------
    jacobian
        (k, q) Jacobian of the active constraints.
    se
        standard, first.order, robust.sem, robust.sem.nt, robust.huber.white or none.
    information
        expected, observed or first.order.
    """
    basis = null_space(jacobian)
    if se in {"none", "bootstrap"}:
        return Covariances(np.full((theta.size, theta.size), np.nan), basis, "not asked for")
    kind = "first.order" if se == "first.order" else information
    inverse = inverse_within(engine.information(theta, kind), basis)
    if inverse is None:
        empty = np.full((theta.size, theta.size), np.nan)
        return Covariances(empty, basis, "the information matrix is singular")
    if se in {"standard", "first.order"}:
        return Covariances(inverse / engine.divisor, basis)
    if se == "robust.huber.white":
        S = engine.scores(theta)
        half = inverse @ S.T
        return Covariances(half @ half.T / engine.divisor**2, basis)
    if se in {"robust.sem", "robust.sem.nt"}:
        meat = sandwich_meat(engine, theta, normal=se.endswith("nt"))
        return Covariances(inverse @ meat @ inverse / engine.divisor, basis)
    raise OptionError(
        f"se='{se}' is not known.",
        "It is not a kind of standard error that is offered here.",
        "Choose standard, robust.sem, robust.huber.white, first.order, bootstrap or none.",
    )


def sandwich_meat(engine: Engine, theta: Vector, *, normal: bool = False) -> Matrix:
    """Return D'V Gamma V D (q, q), n times the covariance of the gradient."""
    meat = np.zeros((theta.size, theta.size))
    gammas = engine.gammas(theta, normal=normal)
    for share, V, G, D in zip(
        engine.shares, engine.weights(theta), gammas, engine.deltas(theta), strict=True
    ):
        A = times(V, D)
        meat += share * (A.T @ G @ A)
    return meat


def _trace_product(V: Matrix, G: Matrix) -> float:
    """Return tr(VG) for a weight, full or its diagonal."""
    return float(V @ G.diagonal() if V.ndim == 1 else np.einsum("ij,ji->", V, G))


def ugamma_traces(
    engine: Engine, theta: Vector, basis: Matrix, *, second: bool
) -> tuple[float, float]:
    """Return tr(U Gamma) and, where asked, tr((U Gamma)^2).

    U = V - V D (D'VD)^-1 D'V is never formed (Satorra and Bentler 1994).
    """
    deltas = [D @ basis for D in engine.deltas(theta)]
    weights, gammas = engine.weights(theta), engine.gammas(theta)
    parts = list(zip(engine.shares, weights, gammas, deltas, strict=True))
    bread = sum(s * (D.T @ times(V, D)) for s, V, _, D in parts)
    inverse = inv(np.asarray(bread, dtype=np.float64))
    size = basis.shape[1]
    meat, deep = np.zeros((size, size)), np.zeros((size, size))
    first = squared = 0.0
    for s, V, G, D in parts:
        A = times(V, D)
        GA = G @ A
        meat += s * (A.T @ GA)
        first += _trace_product(V, G)
        if second:
            deep += s * (GA.T @ times(V, GA))
            M = times(V, G)
            squared += float(np.einsum("ij,ji->", M, M))
    core = inverse @ meat
    one = first - float(np.trace(core))
    two = squared - 2 * float(np.sum(inverse * deep)) + float(np.sum(core * core.T))
    return one, two if second else float("nan")


def scaled_test(name: str, plain: TestStatistic, traces: tuple[float, float]) -> TestStatistic:
    """Correct a plain statistic by the traces of U Gamma.

    satorra.bentler: T df / tr1. mean.var.adjusted: T tr1 / tr2 on tr1^2 / tr2 degrees of freedom.
    scaled.shifted: a T + df - a tr1 with a = sqrt(df / tr2) (Asparouhov and Muthen 2010).
    """
    T, df = plain.statistic, plain.df
    one, two = traces
    if df <= 0:
        return TestStatistic(
            name, 0.0 if abs(T) < 1e-8 else T, df, float("nan"), float("nan"), traces
        )
    if name == "scaled.shifted":
        a = float(np.sqrt(df / two))
        shift = df - a * one
        return TestStatistic(name, a * T + shift, df, 1 / a, shift, traces)
    if name == "mean.var.adjusted":
        adjusted = one**2 / two
        return TestStatistic(name, T * adjusted / one, adjusted, one / adjusted, 0.0, traces)
    return TestStatistic(name, T * df / one, df, one / df, 0.0, traces)
