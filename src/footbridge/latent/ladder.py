"""The steps of measurement invariance together: a mapping that shows itself as a table."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from footbridge.latent.fitting import fit as fit_model
from footbridge.latent.html import frame_html
from footbridge.latent.nested import compare
from footbridge.latent.result import Fit


class Ladder(dict[str, Fit]):
    """Fits by step, from the freest to the strictest.

    It is the dict that `invariance` has always returned; `to_frame` and the notebook add what
    is read from it: each step's fit and its test against the step before.
    """

    def to_frame(self, *, method: str | None = None) -> pd.DataFrame:
        """Return one row per step: its fit, its change, its difference test.

        Parameters
        ----------
        method
            The difference test; see `compare`.

        Returns
        -------
        pandas.DataFrame
            Columns step, Df, Chisq, cfi, rmsea, srmr, cfi change, rmsea change, Chisq diff,
            Df diff, Pr(>Chisq), converged. Indices are the corrected ones where there are such.
        """
        fits = list(self.values())
        tests = [compare(a, b, method=method).iloc[1] for a, b in itertools.pairwise(fits)]
        suffix = ".scaled" if fits and fits[0].solution.scaled is not None else ""
        frame = pd.DataFrame(
            {
                "step": list(self),
                "Df": [f.solution.plain.df for f in fits],
                "Chisq": [f.test.statistic for f in fits],
                **{n: [f.fit_measures[n + suffix] for f in fits] for n in ("cfi", "rmsea")},
                "srmr": [f.fit_measures["srmr"] for f in fits],
            }
        )
        for name in ("cfi", "rmsea"):
            frame[f"{name} change"] = frame[name].diff()
        for column in ("Chisq diff", "Df diff", "Pr(>Chisq)"):
            frame[column] = [float("nan"), *(float(t[column]) for t in tests)]
        frame["converged"] = [f.converged for f in fits]
        return frame

    def _repr_html_(self) -> str:
        return "<div>" + frame_html(self.to_frame(), caption="Measurement invariance") + "</div>"


LADDERS: Mapping[bool, Sequence[tuple[str, tuple[str, ...]]]] = {
    False: (
        ("configural", ()),
        ("metric", ("loadings",)),
        ("scalar", ("loadings", "intercepts")),
        ("strict", ("loadings", "intercepts", "residuals")),
    ),
    True: (
        ("configural", ()),
        ("thresholds", ("thresholds",)),
        ("loadings", ("thresholds", "loadings")),
        ("scalar", ("thresholds", "loadings", "intercepts")),
    ),
}


def invariance(
    model: str,
    data: pd.DataFrame,
    *,
    group: str,
    **options: Any,
) -> Ladder:
    """Fit the ladder of measurement invariance over groups.

    Continuous: configural, metric, scalar, strict (Meredith 1993). Ordinal: configural,
    thresholds and loadings, scalar (Wu and Estabrook 2016).

    Parameters
    ----------
    model
        lavaan syntax of the measurement model.
    data
        One row per case.
    group
        The column that holds the groups.
    **options
        As for `fit`; with `ordered=` the ordinal ladder is climbed.

    Returns
    -------
    Ladder
        A dict of fits by step with `to_frame()`: fit, change and difference test of each step.

    Raises
    ------
    LatentError
        As for `fit`.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> truth = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d"
    >>> data = simulate(truth, 300, seed=3).assign(site=[1, 2] * 150)
    >>> steps = invariance("f =~ a + b + c + d", data, group="site")
    >>> list(steps)
    ['configural', 'metric', 'scalar', 'strict']
    >>> steps.to_frame()["Df diff"].tolist()[1:]
    [3.0, 3.0, 4.0]
    """
    ladder = LADDERS[bool(options.get("ordered"))]
    return Ladder(
        (
            name,
            fit_model(
                model, data, **{"preset": "cfa", **options, "group": group, "group_equal": equal}
            ),
        )
        for name, equal in ladder
        if equal != ("thresholds",)
    )
