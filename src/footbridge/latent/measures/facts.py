"""What fit indices are computed from: two chi-squares, their corrections, sizes, residuals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.inference import TestStatistic

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupResiduals:
    """Sample and implied moments of one group.

    `means` and `implied_means` are means, or thresholds of ordinal data (`standard_means` False).
    Given covariates they are intercepts, `cov` and `implied` are residual, and there are `slopes`
    (p, x); `spread` (x,) are the standard deviations of the covariates.
    """

    n: float
    cov: Matrix
    implied: Matrix
    means: Vector
    implied_means: Vector
    standard_means: bool = True
    slopes: Matrix | None = None
    implied_slopes: Matrix | None = None
    spread: Vector | None = None

    @property
    def slope_gap(self) -> Matrix:
        """Sample minus implied slopes, (p, x); (p, 0) without covariates."""
        if self.slopes is None or self.implied_slopes is None:
            return np.zeros((self.cov.shape[0], 0))
        return np.asarray(self.slopes - self.implied_slopes)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A statistic whose expectation under a right model is `correction` times df."""

    statistic: float
    correction: float


@dataclass(frozen=True, slots=True)
class Robust:
    """What robust indices are made of; `scaled` is a statistic that compares with df.

    Its noncentrality times `factor` is on the scale of the model's statistic.
    """

    model: Corrected
    baseline: Corrected
    residual: float
    scaled: float
    scaled_residual: float
    factor: float


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the indices need.

    `n` is the number of cases, `divisor` the N of the chi-square (N or N - groups), `moments`
    the number of sample moments including means, `explained` 1 minus the weighted share of
    the moments that the model leaves, `residual` the chi-square of the residuals; `older` says
    whether root mean square residuals leave slopes out, as in lavaan 0.6.
    """

    model: TestStatistic
    baseline: TestStatistic
    scaled: TestStatistic | None
    baseline_scaled: TestStatistic | None
    n: float
    divisor: float
    n_groups: int
    npar: int
    moments: int
    n_variables: int
    explained: float
    residual: float
    groups: tuple[GroupResiduals, ...]
    ordinal: bool
    older: bool = False
    corrected: tuple[Corrected, Corrected] | None = None

    @property
    def robust(self) -> Robust | None:
        """Return what robust indices need, or None where they are not defined.

        With missing values `corrected` holds it for the model and its baseline.
        """
        if self.corrected is not None:
            model, baseline = self.corrected
            scaled = model.statistic / model.correction
            return Robust(model, baseline, model.statistic, scaled, scaled, model.correction)
        test, base = self.scaled, self.baseline_scaled
        if test is None or base is None or test.name == "mean.var.adjusted" or test.df <= 0:
            return None
        c = base.traces[0] / base.df if base.df > 0 else float("nan")
        return Robust(
            Corrected(self.model.statistic, test.traces[0] / test.df),
            Corrected(self.baseline.statistic, c),
            self.residual,
            test.statistic,
            self.residual / test.scaling + test.shift,
            test.scaling,
        )
