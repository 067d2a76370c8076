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
    """

    n: float
    cov: Matrix
    implied: Matrix
    means: Vector
    implied_means: Vector
    standard_means: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the indices need.

    `n` is the number of cases, `divisor` the N of the chi-square (N or N - groups), `moments`
    the number of sample moments including means, `explained` 1 minus the weighted share of
    the moments that the model leaves, `residual` the chi-square of the residuals.
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
    incomplete: bool = False

    @property
    def mean_correction(self) -> float:
        """Return tr(U Gamma) / df, or NaN where the robust indices are not offered."""
        return float("nan") if self.incomplete else _correction(self.scaled)

    @property
    def baseline_correction(self) -> float:
        """Return the same of the baseline model."""
        return _correction(self.baseline_scaled)


def _correction(test: TestStatistic | None) -> float:
    if test is None or test.name == "mean.var.adjusted" or test.df <= 0:
        return float("nan")
    return test.traces[0] / test.df
