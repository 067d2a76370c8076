"""The plain twin of two-level models: every cluster's values in one long normal vector."""

from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Long:
    """One cluster written out: values (N,), mean and covariances, who is where.

    `case` (N,) is the case a value belongs to, -1 for values of the cluster; `place` its
    variable. `shared` (N, b) and `own` (N, N) are the loadings on the cluster's variables and
    the covariances within cases.
    """

    rows: np.ndarray
    values: np.ndarray
    mean: np.ndarray
    cov: np.ndarray
    case: np.ndarray
    place: np.ndarray

    def logpdf(self):
        """Return the log density."""
        return stats.multivariate_normal(self.mean, self.cov).logpdf(self.values)


def long_clusters(fit, data, theta, group=1):
    """Return the clusters of one group at `theta`, missing values left out."""
    rams = fit.sample.rams(fit.table)[2 * group - 2 : 2 * group]
    one, two = (ram.state(theta) for ram in rams)
    names = list(fit.problem.roles.ov)
    p = len(names)
    inner = set(fit.problem.levels.one.ov)
    mean, W, B = (one.mean + two.mean)[:p], one.C[:p, :p], two.C[:p, :p]
    found = []
    for _, cases in data.groupby(fit.options.cluster):
        X = cases[names].to_numpy()
        case, place = (a.ravel() for a in np.indices(X.shape))
        outer = np.array([name not in inner for name in names])
        # A value of the cluster is there once.
        keep = ~np.isnan(X.ravel()) & ~(outer[place] & (case > 0))
        case, place, values = case[keep], place[keep], X.ravel()[keep]
        same = case[:, None] == case
        block = np.ix_(place, place)
        cov = B[block] + np.where(same, W[block], 0.0)
        found.append(Long(cases.index.to_numpy(), values, mean[place], cov, case, place))
    return found


def cluster_densities(fit, data, theta, group=1):
    """Return the log density of each cluster, (J,)."""
    return np.array([c.logpdf() for c in long_clusters(fit, data, theta, group)])
