"""Reliability of scales: alpha, ordinal alpha, omega and average variance extracted.

Cronbach (1951); Zumbo, Gadermann and Zeisser (2007); McDonald (1999); Fornell and Larcker (1981).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from footbridge.latent.errors import ModelError
from footbridge.latent.levelfit import TwoLevelFit
from footbridge.latent.result import Fit
from footbridge.latent.table import Row

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def reliability(fit: Fit) -> pd.DataFrame:
    """Return alpha, omega and AVE for every factor with observed indicators, group by group.

    Two-level models have coefficients of each level, from the covariances of the saturated model
    (Geldhof, Preacher and Zyphur 2014, Psychological Methods 19, 72-91).

    With ordinal indicators the covariances are polychoric (given the covariates, where the model
    conditions on them), and so are the coefficients: alpha is then ordinal alpha.

    Returns
    -------
    DataFrame
        factor, items, alpha, omega, ave and, where there are several, level and group's label.

    Raises
    ------
    ModelError
        If no factor has at least two observed indicators.

    Examples
    --------
    >>> from footbridge.latent import cfa, simulate
    >>> data = simulate("f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d", 300, seed=3)
    >>> found = reliability(cfa("f =~ a + b + c + d", data))
    >>> found["factor"].tolist(), bool((found["alpha"] < found["omega"] + 0.05).all())
    (['f'], True)
    """
    covs = fit.sample.guides()[0]
    if isinstance(fit, TwoLevelFit):
        covs = [m.cov for m in fit.sample.h1.moments()]
    rows = [(*row, g) for g, S in enumerate(covs, start=1) for row in _of_group(fit, S, g)]
    if not rows:
        raise ModelError(
            "No factor has two observed indicators.",
            "Reliability is about the sum of indicators.",
            "Ask for it where the model has a measurement part.",
        )
    frame = pd.DataFrame(rows, columns=["factor", "items", "alpha", "omega", "ave", "group"])
    places = fit.places([Row("", "=~", "", group=g) for g in frame["group"]])
    labels = fit.problem.labels
    frame["group"] = [labels[g - 1] for g in places["group"]]
    if "level" in places:
        frame.insert(5, "level", places["level"])
    return frame if len(labels) > 1 else frame.drop(columns="group")


def _of_group(fit: Fit, S: Matrix, group: int) -> list[tuple[str, int, float, float, float]]:
    whole = fit.wholes[group - 1]
    place = {name: i for i, name in enumerate(fit.problem.roles.ov)}
    values = fit.values()
    rows = []
    for factor in fit.problem.roles.lv:
        loadings = {
            r.rhs: values[i].value
            for i, r in enumerate(fit.table.rows)
            if r.op == "=~" and r.lhs == factor and r.group == group and r.rhs in place
        }
        if len(loadings) < 2:
            continue
        at = [place[name] for name in loadings]
        block, weight = S[np.ix_(at, at)], np.array(list(loadings.values()))
        k, phi = len(at), float(whole.total[whole.place(factor)])
        residual = sum(float(whole.residual[whole.place(name)]) for name in loadings)
        common = float(weight.sum() ** 2) * phi
        alpha = k / (k - 1) * (1 - float(np.trace(block) / block.sum()))
        shared = float((weight**2).sum()) * phi
        omega, ave = common / (common + residual), shared / (shared + residual)
        rows.append((factor, k, alpha, omega, ave))
    return rows
