"""Small trials with and without a prior: share fitted, impossible answers, bias, error, coverage.

Usage: python benchmarks/latent/small_samples.py [REPLICATIONS [NAME ...]]
Prints the table of docs/methods/latent-small-samples.md. The population is that of recovery.py;
every method sees the same trials. Names, in quotes, choose methods.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import recovery
from recovery import NULL, REAL, TRUE, Method

from footbridge import latent

SIZES = (50, 100)
METHODS = (
    Method("WLSMV", True, 1),
    Method("PML", True, 1, {"estimator": "PML"}),
    Method("PML, weak prior", True, 1, {"prior": "weak"}),
    Method("ML, before cutting", False, 1, {"meanstructure": True}),
    Method("ML, weak prior, before cutting", False, 1, {"meanstructure": True, "prior": "weak"}),
    Method(
        "ML, Prior(path=1), before cutting",
        False,
        1,
        {"meanstructure": True, "prior": latent.Prior(path=1.0)},
    ),
)


def impossible(fit: latent.Fit) -> bool:
    """Whether a variance is negative, or a correlation of factors beyond 1."""
    below = any(np.any(whole.residual < 0) for whole in fit.wholes)
    frame = fit.estimates.query("op == '~~' and lhs != rhs")
    return below or bool((frame["std.all"].abs() > 1).any())


def once(n: int, replication: int, method: Method) -> tuple[pd.DataFrame | None, str]:
    """Return the labelled estimates of one trial and what became of it."""
    data = recovery.trial(n, replication, method)
    ordered = list(recovery.CUTS) if method.ordinal else None
    try:
        fit = latent.sem(recovery.MODEL, data, ordered=ordered, **method.options)
    except latent.LatentError as error:
        return None, f"refused: {error.what}"
    if not fit.converged:
        return None, "not converged"
    rows = recovery.labelled(fit)
    if not np.isfinite(rows["se"]).all():
        return None, "no errors"
    return rows, "impossible" if impossible(fit) else "ok"


def cell(n: int, method: Method, replications: int) -> dict[str, Any]:
    """Return one row of the table."""
    found = [once(n, k, method) for k in range(replications)]
    fate = Counter(what.split(":")[0] for _, what in found)
    kept = [rows for rows, _ in found if rows is not None]
    return {
        "estimator": method.name,
        "n": n,
        "trials": replications,
        "fitted": f"{100 * len(kept) / replications:.0f} %",
        "of these impossible": f"{100 * fate['impossible'] / max(len(kept), 1):.0f} %",
        **_figures(kept),
    }


def _figures(kept: Sequence[pd.DataFrame]) -> dict[str, str]:
    est, se = (
        pd.concat([r[column] for r in kept], axis=1, keys=range(len(kept)))
        for column in ("est", "se")
    )
    truth = pd.Series(TRUE).reindex(est.index)
    real, zero = list(REAL), list(NULL)
    gap = est.sub(truth, axis=0)
    inside = (gap.abs() <= 1.959964 * se).mean(axis=1)
    bias = gap.mean(axis=1) / truth
    centre = (est.median(axis=1) - truth) / truth
    rmse = np.sqrt((gap**2).mean(axis=1))
    return {
        "bias, median": f"{100 * bias[real].median():+.0f} %",
        "bias, worst": f"{100 * bias[real].abs().max():.0f} %",
        "bias of the median, worst": f"{100 * centre[real].abs().max():.0f} %",
        "RMSE, median": f"{rmse[real].median():.2f}",
        "RMSE, worst": f"{rmse[real].max():.2f}",
        "coverage, median": f"{100 * inside[real].median():.0f} %",
        "coverage, lowest": f"{100 * inside[real].min():.0f} %",
        "zero paths: interval without 0": f"{100 * (1 - inside[zero]).mean():.0f} %",
    }


def main() -> None:
    """Print the table."""
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    methods = [m for m in METHODS if not sys.argv[2:] or m.name in sys.argv[2:]]
    first = True
    for n in SIZES:
        for method in methods:
            row = cell(n, method, replications)
            if first:
                print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
                first = False
            print("| " + " | ".join(str(v) for v in row.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
