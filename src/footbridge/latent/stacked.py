"""The likelihood ratio of all completed data sets stacked into one, divided by their number.

A normal likelihood takes of the data their means and covariances, so that those of the stacked
data are enough: the mean of the means, and the mean covariance plus the spread of the means.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from footbridge.latent.assemble import reported_moments, with_covariates
from footbridge.latent.baseline import baseline_table
from footbridge.latent.engines import Sample
from footbridge.latent.moments import NormalMoments
from footbridge.latent.result import Fit
from footbridge.latent.solve import solve


def stacked_moments(moments: Sequence[NormalMoments]) -> NormalMoments:
    """Return the moments of data sets of equal size, stacked, with the size of one of them."""
    means = np.stack([one.mean for one in moments])
    gap = means - means.mean(axis=0)
    cov = np.mean([one.cov for one in moments], axis=0) + gap.T @ gap / len(moments)
    return NormalMoments(moments[0].n, means.mean(axis=0), cov)


def stacked_statistics(
    fit: Fit, moments: Sequence[tuple[NormalMoments, ...]]
) -> tuple[float, float]:
    """Return the statistics of model and independence model.

    Parameters
    ----------
    fit
        The model, fitted to one data set by maximum likelihood.
    moments
        By data set and group.
    """
    together = tuple(stacked_moments(group) for group in zip(*moments, strict=True))
    problem = fit.problem
    table = with_covariates(
        problem.table, problem.roles, reported_moments(together, problem.options)
    )
    problem = replace(problem, moments=together, table=table)
    sample = Sample(problem)
    model = solve(sample, table, start=fit.theta)
    base = solve(sample, baseline_table(problem))
    return model.plain.statistic, base.plain.statistic
