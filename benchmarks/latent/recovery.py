"""Simulate the trial's shape, fit it, and count: bias, coverage, type I error by estimator.

Usage: OPENBLAS_NUM_THREADS=1 nice -n 15 python benchmarks/latent/recovery.py [MINUTES [NAME ...]]
Prints the table of docs/methods/latent-recovery.md. Each cell gets its share of the minutes
(ten unless told) and at most 500 replications; how many it made stands in the table. Names choose
estimators.
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import _cases
import numpy as np
import pandas as pd
from scipy import special

from footbridge import latent

SIZES = (100, 400, 2000)
MOST = 500
LOADINGS = {
    "se": {"se1": 1.0, "se2": 0.9, "se3": 1.05, "se4": 0.8, "se5": 0.8},
    "ss": {"ss1": 1.0, "ss2": 0.85, "ss3": 0.95, "ss4": 0.7},
    "ba": {"ba1": 1.0, "ba2": 1.1, "ba3": 1.0},
    "su": {"sv1": 1.0, "sv2": 0.9, "sv3": 0.7, "sv4": 0.8, "sv5": 0.9, "sv6": 0.8},
}
FACTORS = np.array([[0.6, 0.17, -0.12], [0.17, 0.65, -0.17], [-0.12, -0.17, 0.45]])
RESIDUAL_SU = 0.45
TRUE = {
    **{"a1": 0.3, "a2": 0.25, "a3": 0.0, "b1": 0.25, "b2": 0.2, "b3": 0.0, "c1": 0.5},
    **{"d1": 0.6, "d2": -0.6, "d3": 0.0, "e1": 0.1, "e2": -0.1, "e3": 0.0},
}
TRUE |= {"through_se": TRUE["a1"] * TRUE["b1"], "through_su": TRUE["c1"] * TRUE["d1"]}
NULL = ("a3", "b3", "d3", "e3")
REAL = ("a1", "a2", "b1", "b2", "c1", "d1", "d2", "through_se", "through_su")
MODEL = _cases.RMI.replace("ind_emp := c1*d1", "through_se := a1*b1\nthrough_su := c1*d1")
CUTS = {
    **{name: [-0.9, 0.1, 1.0] for name in LOADINGS["se"]},
    **{name: [-1.1, -0.3, 0.4, 1.2] for name in LOADINGS["ss"]},
    **{name: [-0.4, 0.6] for name in LOADINGS["ba"]},
    **{name: [0.3] for name in LOADINGS["su"]},
    **{"employ": [0.4], "drug": [-0.1], "crime": [0.5]},
}
LEAVING = latent.Attrition(
    [tuple(LOADINGS["su"]), ("employ", "drug", "crime")], (0.15, 0.15), on={"se1": 0.8}
)


@dataclass(frozen=True)
class Method:
    """One way to fit, on ordinal data (cut) or on the responses before they are cut."""

    name: str
    ordinal: bool
    share: float
    options: dict[str, Any] = field(default_factory=dict)
    plans: Sequence[Any] = ()


METHODS = (
    Method("WLSMV", True, 6),
    Method("ULSMV", True, 6, {"estimator": "ULSMV"}),
    Method("ML, before cutting", False, 2, {"meanstructure": True}),
    Method("MLR, before cutting", False, 3, {"estimator": "MLR"}),
    Method(
        "MLR, FIML, 28 % lost by the end",
        False,
        7,
        {"estimator": "MLR", "missing": "fiml"},
        (LEAVING,),
    ),
)


def population(arm: int) -> str:
    """Return the model of one arm with its values; each response has variance 1 within it."""
    slopes = np.array([TRUE["b1"], TRUE["b2"], TRUE["b3"]])
    spread = dict(zip(("se", "ss", "ba"), np.diag(FACTORS).tolist(), strict=True))
    spread["su"] = float(slopes @ FACTORS @ slopes) + RESIDUAL_SU
    lines = []
    for factor, items in LOADINGS.items():
        lines += [f"{factor} =~ {w!r}*{name}" for name, w in items.items()]
        lines += [f"{n} ~~ {1 - w * w * spread[factor]!r}*{n}" for n, w in items.items()]
    for i, a in enumerate(("se", "ss", "ba")):
        lines.append(f"{a} ~ {TRUE[f'a{i + 1}'] * arm!r}*1")
        lines.append(f"su ~ {TRUE[f'b{i + 1}']!r}*{a}")
        lines += [f"{a} ~~ {float(FACTORS[i, j])!r}*{('se', 'ss', 'ba')[j]}" for j in range(i, 3)]
    lines += [f"su ~~ {RESIDUAL_SU}*su", f"su ~ {TRUE['c1'] * arm!r}*1"]
    for k, name in enumerate(("employ", "drug", "crime"), start=1):
        d = TRUE[f"d{k}"]
        lines += [f"{name} ~ {d!r}*su", f"{name} ~ {TRUE[f'e{k}'] * arm!r}*1"]
        lines.append(f"{name} ~~ {1 - d * d * spread['su']!r}*{name}")
    lines += ["employ ~~ -0.1*drug", "employ ~~ -0.1*crime", "drug ~~ 0.2*crime"]
    return "\n".join(lines)


def trial(n: int, replication: int, method: Method) -> pd.DataFrame:
    """Draw a trial with half of its people in each arm."""
    parts = [
        latent.simulate(
            population(arm),
            n // 2,
            seed=2026,
            draw=2 * replication + arm,
            cuts=CUTS if method.ordinal else None,
            plans=method.plans,
        ).assign(arm=arm)
        for arm in (0, 1)
    ]
    return pd.concat(parts, ignore_index=True)


def labelled(fit: latent.Fit) -> pd.DataFrame:
    """Return estimate, error and p-value by label, without standardised solutions."""
    found = {}
    for i, value in fit.values().items():
        name = fit.table.rows[i].label
        if name in TRUE:
            error = float(np.sqrt(value.gradient @ fit.vcov @ value.gradient))
            p = 2 * special.ndtr(-abs(value.value / error))
            found[name] = {"est": value.value, "se": error, "pvalue": p}
    return pd.DataFrame.from_dict(found, orient="index")


def once(n: int, replication: int, method: Method) -> tuple[pd.DataFrame | None, str]:
    """Return the labelled rows of one replication and what became of it."""
    data = trial(n, replication, method)
    ordered = list(CUTS) if method.ordinal else None
    try:
        fit = latent.sem(MODEL, data, ordered=ordered, **method.options)
    except latent.LatentError as error:
        return None, type(error).__name__
    if not fit.converged:
        return None, "not converged"
    rows = labelled(fit)
    if not np.isfinite(rows["se"]).all():
        return None, "no errors"
    return rows.assign(model=fit.test.pvalue), "ok"


def cell(n: int, method: Method, seconds: float) -> dict[str, Any]:
    """Replicate until the time or the 500 replications are used up."""
    until = time.process_time() + seconds
    kept, fate = [], Counter[str]()
    for replication in range(MOST):
        if time.process_time() > until and len(kept) >= 20:
            break
        rows, what = once(n, replication, method)
        fate[what] += 1
        if rows is not None:
            kept.append(rows)
    return summarise(method.name, n, kept, fate)


def summarise(
    name: str, n: int, kept: Sequence[pd.DataFrame], fate: Counter[str]
) -> dict[str, Any]:
    """Return one row of the table."""
    est, se, p = (
        pd.concat([r[column] for r in kept], axis=1, keys=range(len(kept)))
        for column in ("est", "se", "pvalue")
    )
    truth = pd.Series(TRUE).reindex(est.index)
    inside = (est.sub(truth, axis=0).abs() <= 1.959964 * se).mean(axis=1)
    bias = est.mean(axis=1) - truth
    real = list(REAL)
    tests = np.array([r["model"].iloc[0] for r in kept])
    return {
        "estimator": name,
        "n": n,
        "used": f"{len(kept)} of {sum(fate.values())}",
        "bias, median": f"{100 * (bias / truth)[real].median():+.1f} %",
        "bias, worst": f"{100 * (bias / truth)[real].abs().max():.0f} %",
        "se/sd": f"{(se.mean(axis=1) / est.std(axis=1))[real].median():.2f}",
        "coverage, median": f"{100 * inside[real].median():.1f} %",
        "coverage, lowest": f"{100 * inside[real].min():.1f} %",
        "coverage of a1*b1": f"{100 * inside['through_se']:.1f} %",
        "type I, paths": f"{100 * (p.loc[list(NULL)] < 0.05).to_numpy().mean():.1f} %",
        "type I, model test": f"{100 * np.mean(tests < 0.05):.1f} %",
        "error": f"{100 * np.sqrt(0.05 * 0.95 / len(kept)):.1f}",
    }


def main() -> None:
    """Print the table."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    methods = [m for m in METHODS if not sys.argv[2:] or m.name.split(",")[0] in sys.argv[2:]]
    unit = 60 * minutes / (len(SIZES) * sum(m.share for m in methods))
    first = True
    for method in methods:
        for n in SIZES:
            row = cell(n, method, unit * method.share)
            if first:
                print("| " + " | ".join(row) + " |\n|" + "---|" * len(row))
                first = False
            print("| " + " | ".join(str(v) for v in row.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
