"""What the fits of completed data sets say together."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.constraints import evaluate
from footbridge.latent.errors import Advice, ConvergenceError, OptionError
from footbridge.latent.fitting import fit as fit_model
from footbridge.latent.measures.cfi import cfi
from footbridge.latent.measures.rmsea import rmsea
from footbridge.latent.measures.tli import tli
from footbridge.latent.moments import NormalMoments
from footbridge.latent.result import Fit
from footbridge.latent.rubin import Pooled, PooledTest, d1, d2, d4, pool, total_covariance
from footbridge.latent.stacked import stacked_statistics
from footbridge.latent.waldtest import read_equations, require_invertible

if TYPE_CHECKING:
    from footbridge.latent.imputed import Source

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
OK = "ok"
_KEYS = ("lhs", "op", "rhs", "group", "level", "label")


@dataclass(frozen=True, slots=True)
class OneFit:
    """What one data set gave, or why it gave nothing; chi-squares are (statistic, df)."""

    status: str
    estimates: pd.DataFrame = field(default_factory=pd.DataFrame)
    theta: Vector = field(default_factory=lambda: np.zeros(0))
    vcov: Matrix = field(default_factory=lambda: np.zeros((0, 0)))
    test: tuple[float, float] = (np.nan, np.nan)
    baseline: tuple[float, float] = (np.nan, np.nan)
    moments: tuple[NormalMoments, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True)
class PooledFit:
    """The fits of completed data sets, pooled by Rubin's rules; see `fit_imputed`.

    `fits` are in the order of the data sets. Fits that ended without a minimum or without errors,
    and those whose parameters are not those of the others, are kept with their status and not
    pooled.

    Raises
    ------
    ConvergenceError
        If fewer than two fits can be pooled.

    Examples
    --------
    >>> from footbridge.latent import fit_imputed, impute, simulate, Skips
    >>> data = simulate("y ~ 0.5*x", 100, seed=3, plans=[Skips(["y"], 0.3)])
    >>> found = fit_imputed("y ~ b*x", impute(data, 4))
    >>> found.m, found.wald_test("b == 0").pvalue < 0.01
    (4, True)
    """

    model: str
    source: "Source"
    options: Mapping[str, Any]
    fits: tuple[OneFit, ...]

    def __post_init__(self) -> None:
        """Set apart what cannot be pooled."""
        object.__setattr__(self, "fits", _alike(self.fits))
        if len(self.usable) < 2:
            raise ConvergenceError(
                f"{len(self.usable)} of {len(self.fits)} imputations gave estimates with errors.",
                "Pooling needs two at least. "
                + "; ".join(f"{n} {status}" for status, n in self.counts.items() if status != OK),
                "Fit the model to one of them and look at its advice.",
            )

    @property
    def status(self) -> tuple[str, ...]:
        """What became of every data set."""
        return tuple(one.status for one in self.fits)

    @property
    def counts(self) -> dict[str, int]:
        """How many data sets had which status."""
        return dict(Counter(self.status))

    @cached_property
    def usable(self) -> list[OneFit]:
        """The fits that are pooled."""
        return [one for one in self.fits if one.status == OK]

    @property
    def m(self) -> int:
        """How many fits are pooled."""
        return len(self.usable)

    @cached_property
    def first(self) -> Fit:
        """The fit of the first data set that is pooled."""
        number = 1 + self.status.index(OK)
        return fit_model(self.model, self.source.dataset(number), **self.options)

    @property
    def theta(self) -> Vector:
        """Pooled free parameters in the order of the table, (q,)."""
        return np.asarray(self._thetas.mean(axis=0))

    @cached_property
    def _thetas(self) -> Matrix:
        return np.stack([one.theta for one in self.usable])

    @cached_property
    def vcov(self) -> Matrix:
        """Total covariance matrix U + (1 + 1/m) B of the free parameters, (q, q)."""
        return total_covariance(self._thetas, np.stack([one.vcov for one in self.usable]))

    @property
    def df_complete(self) -> float:
        """Cases less parameters: degrees of freedom that complete data would have."""
        return float(max(self.first.problem.n - self.first.solution.npar, 1.0))

    @cached_property
    def _pooled(self) -> Pooled:
        est = np.stack([one.estimates["est"].to_numpy() for one in self.usable])
        se = np.stack([one.estimates["se"].to_numpy() for one in self.usable])
        return pool(est, se**2, df_complete=self.df_complete)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Pooled estimates in lavaan's columns; t with df, riv and fmi; each row by itself.

        A defined parameter is the mean of its values, and std.lv, std.all and std.nox are means.
        """
        found, first = self._pooled, self.usable[0].estimates
        keys = [name for name in _KEYS if name in first]
        low, high = found.limits()
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(found.se > 0, found.est / found.se, np.nan)
        columns = {
            "est": found.est, "se": found.se, "t": t, "df": found.df, "pvalue": found.pvalues(),
            "ci.lower": low, "ci.upper": high, "riv": found.riv, "fmi": found.fmi,
        }  # fmt: skip
        standard = [name for name in first.columns if name.startswith("std.")]
        columns |= {
            name: np.mean([one.estimates[name].to_numpy() for one in self.usable], axis=0)
            for name in standard
        }
        return first[keys].assign(**columns)

    def to_frame(self) -> pd.DataFrame:
        """Return the estimates as a table of your own."""
        return self.estimates.copy()

    @property
    def _stackable(self) -> bool:
        o = self.first.options
        plain = o.test == "standard" and o.missing == "listwise" and not (o.cluster or o.prior)
        return plain and o.discrepancy == "ML" and not o.categorical

    @cached_property
    def _stacked(self) -> tuple[float, float]:
        return stacked_statistics(self.first, [one.moments for one in self.usable])

    def pooled_test(self, method: str | None = None, *, baseline: bool = False) -> PooledTest:
        """Test the model, or the independence model, by D4 or D2.

        Parameters
        ----------
        method
            "D4" (maximum likelihood with the plain test: the default there) or "D2", which pools
            the statistics that were asked for, corrected ones included.

        Raises
        ------
        OptionError
            If the method is not known, or D4 has no likelihood to stack.
        """
        method = method or ("D4" if self._stackable else "D2")
        if method not in {"D2", "D4"} or (method == "D4" and not self._stackable):
            raise OptionError(
                f"The pooled test '{method}' is not offered here.",
                "D4 stacks the likelihoods of plain ML; D2 pools any statistics.",
                "Use method='D2'.",
            )
        found = [one.baseline if baseline else one.test for one in self.usable]
        df = float(np.mean([pair[1] for pair in found]))
        if df <= 0:
            return PooledTest(method, float("nan"), df, float("nan"), float("nan"))
        values = np.array([pair[0] for pair in found])
        if method == "D2":
            return d2(values, df)
        return d4(values, self._stacked[int(baseline)], df)

    @property
    def test(self) -> PooledTest:
        """The test of the model."""
        return self.pooled_test()

    def wald_test(self, equations: str) -> PooledTest:
        """Test equations between labels such as "a == b; c == 0" by D1.

        Raises
        ------
        LatentError
            If the equations cannot be read, or one follows from the others.
        """
        names, expressions = read_equations(self.first, equations)
        value, H = evaluate(names, expressions, self.theta)
        within = H @ np.mean([one.vcov for one in self.usable], axis=0) @ H.T
        require_invertible(within)
        between = H @ np.atleast_2d(np.cov(self._thetas.T)) @ H.T
        return d1(value, within, between, m=self.m)

    @cached_property
    def fit_measures(self) -> Mapping[str, float]:
        """The pooled test and indices made of pooled statistics, under lavaan's names."""
        model, base = self.test, self.pooled_test(baseline=True)
        problem = self.first.problem
        T, df = (model.chisq, model.df1) if model.df1 > 0 else (0.0, 0.0)
        T0, df0 = base.chisq, base.df1
        close = rmsea(T, df, n=problem.n, n_groups=len(problem.moments))
        return {
            "npar": self.first.solution.npar, "ntotal": problem.n, "imputations": self.m,
            "F": model.F, "chisq": model.chisq, "df": df, "df2": model.df2,
            "pvalue": model.pvalue, "riv": model.riv,
            "baseline.chisq": T0, "baseline.df": df0, "baseline.pvalue": base.pvalue,
            "cfi": cfi(T - df, T0 - df0), "tli": tli(T - df, df, T0 - df0, df0),
            "rmsea": close.point, "rmsea.ci.lower": close.lower, "rmsea.ci.upper": close.upper,
            "rmsea.pvalue": close.close,
        }  # fmt: skip

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Warnings: what happened, why, and what to do."""
        from footbridge.latent.pooledreport import advice_of

        return advice_of(self)

    def summary(self) -> str:
        """Return a text in the order of lavaan's summary."""
        from footbridge.latent.pooledreport import summary_text

        return summary_text(self)

    def _repr_html_(self) -> str:
        from footbridge.latent.pooledreport import pooled_html

        return pooled_html(self)

    def __repr__(self) -> str:
        """Return one line."""
        t = self.test
        return (
            f"<PooledFit {self.m} of {len(self.fits)} imputations: "
            f"{t.method} F({t.df1:g}, {t.df2:.4g}) = {t.F:.3f}>"
        )


def _alike(fits: tuple[OneFit, ...]) -> tuple[OneFit, ...]:
    """Set apart fits whose parameters are not those that most fits have."""
    keys = [_key(one) for one in fits]
    known = Counter(key for key, one in zip(keys, fits, strict=True) if one.status == OK)
    if len(known) < 2:
        return fits
    usual = known.most_common(1)[0][0]
    why = "other parameters: a category or a group is missing"
    return tuple(
        one if key == usual or one.status != OK else replace(one, status=why)
        for key, one in zip(keys, fits, strict=True)
    )


def _key(one: OneFit) -> tuple[tuple[object, ...], ...]:
    names = [name for name in _KEYS if name in one.estimates]
    return tuple(tuple(row) for row in one.estimates[names].itertuples(index=False))
