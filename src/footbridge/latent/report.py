"""A summary that reads like lavaan's, as plain text."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from footbridge.latent.inference import TestStatistic
from footbridge.latent.result import Fit

_TITLES = {
    "=~": "Latent variables",
    "~": "Regressions",
    "~~": "(Co)variances",
    "~1": "Intercepts",
    "|": "Thresholds",
    "~*~": "Scales",
    ":=": "Defined parameters",
}


def summary_text(fit: Fit) -> str:
    """Return the summary of a fit: what was done, how it fits, estimates and warnings."""
    lines = [*_header(fit), *_indices(fit)]
    frame = fit.estimates
    labels = fit.problem.labels
    for g in sorted(set(frame["group"])):
        if g and len(labels) > 1:
            lines += ["", f"Group {g} [{labels[g - 1]}]:"]
        for op, title in _TITLES.items():
            part = frame[(frame["op"] == op) & (frame["group"] == g)]
            if len(part):
                lines += ["", f"{title}:", *_table(part)]
    for advice in fit.advice:
        lines += ["", f"Warning: {advice}"]
    return "\n".join(lines)


def _header(fit: Fit) -> Iterator[str]:
    o, search = fit.options, fit.solution.minimum
    end = "ended normally" if fit.converged else "DID NOT converge"
    yield f"Footbridge {o.estimator} {end} after {search.iterations} iterations"
    yield f"  Cases {fit.problem.n:g}, parameters {fit.solution.npar}, errors {o.se}"
    yield f"  Defaults of {o.mimic}; the other release: mimic='...'"
    yield _test_line("Model test", fit.solution.plain)
    if fit.solution.scaled is not None:
        yield _test_line("  corrected", fit.solution.scaled)


def _test_line(title: str, test: TestStatistic) -> str:
    scale = f", scaling {test.scaling:.3f}" if test.name != "standard" else ""
    value = f"chi2({test.df:.4g}) = {test.statistic:.3f}, p = {test.pvalue:.3f}"
    return f"  {title} ({test.name}): {value}{scale}"


def _indices(fit: Fit) -> Iterator[str]:
    m = fit.fit_measures
    suffix = ".scaled" if "cfi.scaled" in m else ""
    names = ("cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper")
    values = [m[name + suffix] for name in names]
    yield (
        f"  CFI {values[0]:.3f}  TLI {values[1]:.3f}  RMSEA {values[2]:.3f} "
        f"[{values[3]:.3f}, {values[4]:.3f}]  SRMR {m['srmr']:.3f}"
    )


def _table(part: pd.DataFrame) -> Iterator[str]:
    yield f"  {'':32}{'Estimate':>10}{'Std.Err':>10}{'z':>9}{'P(>|z|)':>9}{'Std.all':>9}"
    for row in part.to_dict("records"):
        name = f"{row['lhs']} {row['op']} {row['rhs']}".strip()
        cells = [row["est"], row["se"], row["z"], row["pvalue"], row["std.all"]]
        text = [f"{c:.3f}" if np.isfinite(c) else "" for c in cells]
        yield f"  {name[:32]:32}{text[0]:>10}{text[1]:>10}{text[2]:>9}{text[3]:>9}{text[4]:>9}"
