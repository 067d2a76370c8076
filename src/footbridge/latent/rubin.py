"""Pool what was found in completed data sets: Rubin's rules and the tests that belong to them.

With m data sets, estimates Q_l and their variances U_l: Q = mean Q_l, U = mean U_l,
B = sum (Q_l - Q)^2 / (m - 1), T = U + (1 + 1/m) B (Rubin 1987, Multiple imputation for
nonresponse in surveys, ch. 3). Relative increase r = (1 + 1/m) B / U; degrees of freedom of
Barnard and Rubin (1999, Biometrika 86, 948-955); fraction of missing information
(r + 2 / (df + 3)) / (r + 1).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """Estimates (k,), errors, degrees of freedom, relative increase and missing information."""

    est: Vector
    se: Vector
    df: Vector
    riv: Vector
    fmi: Vector

    def pvalues(self) -> Vector:
        """Return two-sided p-values of est = 0; NaN where there is no error."""
        with np.errstate(invalid="ignore", divide="ignore"):
            t = np.where(self.se > 0, self.est / self.se, np.nan)
        return np.asarray(2 * special.stdtr(self.df, -np.abs(t)), dtype=np.float64)

    def limits(self, level: float = 0.95) -> tuple[Vector, Vector]:
        """Return the limits of the interval."""
        half = special.stdtrit(self.df, 0.5 + level / 2) * self.se
        half = np.where(self.se > 0, half, 0.0)
        return self.est - half, self.est + half


@dataclass(frozen=True, slots=True)
class PooledTest:
    """An F test of k restrictions; `riv` is the average relative increase of variance.

    `chisq` = k F is what indices of fit take; with many data sets it is a chi-square.
    """

    method: str
    F: float
    df1: float
    df2: float
    riv: float

    @property
    def chisq(self) -> float:
        """The statistic on the scale of a chi-square."""
        return self.F * self.df1

    @property
    def pvalue(self) -> float:
        """Upper tail of the F distribution; NaN without degrees of freedom."""
        if self.df1 <= 0 or not np.isfinite(self.F):
            return float("nan")
        if not np.isfinite(self.df2):
            return float(special.chdtrc(self.df1, self.chisq))
        return float(special.fdtrc(self.df1, self.df2, max(self.F, 0.0)))


def pool(estimates: Matrix, variances: Matrix, *, df_complete: float = np.inf) -> Pooled:
    """Pool scalars, each by itself.

    Parameters
    ----------
    estimates, variances
        (m, k), m at least 2.
    df_complete
        Degrees of freedom that complete data would have had; infinity gives Rubin's (1987).

    Returns
    -------
    Pooled
        What has no variance in any data set has a df of infinity and NaN for riv and fmi.
    """
    m = estimates.shape[0]
    within = variances.mean(axis=0)
    between = estimates.var(axis=0, ddof=1)
    total = within + (1 + 1 / m) * between
    with np.errstate(divide="ignore", invalid="ignore"):
        riv = np.where(within > 0, (1 + 1 / m) * between / within, np.nan)
        share = riv / (1 + riv)
        old = (m - 1) / share**2
        if np.isfinite(df_complete):
            seen = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
            df = 1 / (1 / old + 1 / seen)
        else:
            df = old
        fmi = (riv + 2 / (df + 3)) / (1 + riv)
    known = within > 0
    return Pooled(
        estimates.mean(axis=0),
        np.where(known, np.sqrt(total), 0.0),
        np.where(known, df, np.inf),
        riv,
        np.where(known, fmi, np.nan),
    )


def total_covariance(estimates: Matrix, covariances: NDArray[np.float64]) -> Matrix:
    """Return T = U + (1 + 1/m) B of a vector: estimates (m, q), covariances (m, q, q)."""
    m = estimates.shape[0]
    gap = estimates - estimates.mean(axis=0)
    return np.asarray(covariances.mean(axis=0) + (1 + 1 / m) / (m - 1) * gap.T @ gap)


def d1(value: Vector, within: Matrix, between: Matrix, *, m: int) -> PooledTest:
    """Test that k values are zero: Wald's test with one average increase of variance.

    D1 = v' U^-1 v / (k (1 + r)), r = (1 + 1/m) tr(B U^-1) / k (Li, Raghunathan and Rubin 1991,
    Journal of the American Statistical Association 86, 1065-1073).
    """
    k = value.size
    inverse = np.linalg.inv(within)
    r = (1 + 1 / m) * float(np.sum(between * inverse.T)) / k
    F = float(value @ inverse @ value) / (k * (1 + r))
    return PooledTest("D1", F, k, _li_df(k, m, r), r)


def _li_df(k: int, m: int, r: float) -> float:
    """Return the denominator's degrees of freedom of Li, Raghunathan and Rubin (1991)."""
    if r <= 0:
        return float("inf")
    t = k * (m - 1)
    if t > 4:
        return 4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2
    return t * (1 + 1 / k) * (1 + 1 / r) ** 2 / 2


def d2(statistics: Vector, df: float) -> PooledTest:
    """Pool chi-squares that are known by their values alone.

    D2 = (mean d / k - (m + 1) / (m - 1) r) / (1 + r), r = (1 + 1/m) var(sqrt d) (Li, Meng,
    Raghunathan and Rubin 1991, Statistica Sinica 1, 65-92). It is rough: its level and power
    depend on how much is missing. Negative values are set to zero.
    """
    m = statistics.size
    roots = np.sqrt(np.maximum(statistics, 0.0))
    r = (1 + 1 / m) * float(roots.var(ddof=1))
    F = (float(statistics.mean()) / df - (m + 1) / (m - 1) * r) / (1 + r)
    df2 = df ** (-3 / m) * (m - 1) * (1 + 1 / r) ** 2 if r > 0 else float("inf")
    return PooledTest("D2", max(F, 0.0), df, df2, r)


def d4(statistics: Vector, stacked: float, df: float) -> PooledTest:
    """Pool likelihood ratios with the one of all data sets stacked.

    D4 = d_S / (k (1 + r)), d_S the ratio of the stacked data over m, r = (m + 1) / (k (m - 1))
    (mean d - d_S), not below zero, on k and k (m - 1) (1 + 1/r)^2 degrees of freedom (Chan and Meng
    2022, Statistica Sinica 32, 1489-1514; compared with D1, D2 and D3 by Grund, Ludtke and
    Robitzsch 2023, Psychological Methods 28, 1207-1221).
    """
    m = statistics.size
    r = max((m + 1) / (df * (m - 1)) * (float(statistics.mean()) - stacked), 0.0)
    df2 = df * (m - 1) * (1 + 1 / r) ** 2 if r > 0 else float("inf")
    return PooledTest("D4", stacked / (df * (1 + r)), df, df2, r)
