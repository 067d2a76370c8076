"""What a pooled fit prints and shows; the numbers come from the fit alone."""

from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from footbridge import __version__
from footbridge.latent.errors import Advice
from footbridge.latent.html import advice_html, frame_html
from footbridge.latent.imputation import Imputations

if TYPE_CHECKING:
    from footbridge.latent.pooledfit import PooledFit

_TITLES = {
    "=~": "Latent Variables",
    "~": "Regressions",
    "~~": "Variances and Covariances",
    "~1": "Intercepts",
    "|": "Thresholds",
    "~*~": "Scales y*",
    ":=": "Defined Parameters",
}
_SHOWN = ("est", "se", "t", "df", "pvalue", "ci.lower", "ci.upper", "riv", "fmi", "std.all")
_HEADS = (
    "Estimate", "Std.Err", "t", "df", "P(>|t|)", "ci.lower", "ci.upper", "RIV", "FMI", "Std.all",
)  # fmt: skip
_METHODS = {
    "D4": "D4: likelihood ratios with that of the stacked data (Chan and Meng 2022)",
    "D2": "D2: chi-squares pooled by their values (Li, Meng, Raghunathan and Rubin 1991)",
}


def advice_of(fit: "PooledFit") -> tuple[Advice, ...]:
    """Return warnings of a pooled fit."""
    return tuple(_warnings(fit))


def _warnings(fit: "PooledFit") -> Iterator[Advice]:
    lost = {status: n for status, n in fit.counts.items() if status != "ok"}
    if lost:
        yield Advice(
            "imputations-lost",
            f"{sum(lost.values())} of {len(fit.fits)} imputations are not pooled.",
            "; ".join(f"{n} {status}" for status, n in lost.items()) + ".",
            "With more than a few, look at one: fit(model, pooled.source.dataset(number)).advice.",
        )
    for code, n in Counter(code for one in fit.usable for code in set(one.advice)).items():
        yield Advice(
            code,
            f"{n} of {fit.m} pooled fits warn of '{code}'.",
            "Each of them says more about its data set.",
            "See fit(model, pooled.source.dataset(number)).advice.",
        )
    most = float(np.nanmax(fit.estimates["fmi"].to_numpy(), initial=0.0))
    if 100 * most > fit.m:
        yield Advice(
            "few-imputations",
            f"{fit.m} imputations are few for this much missing information.",
            f"It goes up to {100 * most:.0f} %, and errors would change with another seed (White, "
            "Royston and Wood 2011: as many imputations as per cent).",
            f"Ask for m={int(np.ceil(100 * most))}.",
        )


def summary_text(fit: "PooledFit") -> str:
    """Return the summary: data sets, test, indices, estimates and warnings."""
    lines = [*_header(fit), *_test(fit), "", "Parameter Estimates:", ""]
    lines.append("  Pooled by Rubin's rules; df of Barnard and Rubin (1999); RIV: relative")
    lines.append("  increase of variance; FMI: fraction of missing information")
    frame = fit.estimates
    labels = fit.first.problem.labels
    for g, op in dict.fromkeys(zip(frame["group"], frame["op"], strict=True)):
        part = frame[(frame["group"] == g) & (frame["op"] == op)]
        where = f", group {labels[g - 1]}" if len(labels) > 1 and g else ""
        lines += ["", f"{_TITLES.get(op, op)}{where}:", _table(part)]
    for advice in fit.advice:
        lines += ["", f"Warning: {advice}"]
    return "\n".join(lines)


def _header(fit: "PooledFit") -> Iterator[str]:
    o = fit.first.options
    yield f"Footbridge {__version__}, {o.estimator} over completed data sets"
    yield ""
    yield f"  {'Imputations pooled, and made':<38}{fit.m:>14} {len(fit.fits):>11}"
    yield f"  {'Number of model parameters':<38}{fit.first.solution.npar:>14}"
    yield f"  {'Number of observations':<38}{fit.first.problem.n:>14g}"
    yield f"  {'Standard errors':<38}{o.se:>14}"
    if isinstance(fit.source, Imputations):
        yield "  " + fit.source.summary()


def _test(fit: "PooledFit") -> Iterator[str]:
    t, m = fit.test, fit.fit_measures
    yield from ("", "Model Test User Model:", "")
    if t.df1 <= 0:
        yield "  The model has no degrees of freedom."
        return
    yield f"  {_METHODS[t.method]}"
    yield f"  {'F':<38}{t.F:>14.3f}"
    yield f"  {'Degrees of freedom':<38}{t.df1:>14g} {t.df2:>11.5g}"
    yield f"  {'P-value':<38}{t.pvalue:>14.3f}"
    yield f"  {'Relative increase of variance':<38}{t.riv:>14.3f}"
    yield from ("", "Indices of the pooled statistics:", "")
    for name in ("cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper"):
        yield f"  {name:<38}{m[name]:>14.3f}"


def _named(part: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are read, the parameter's name first."""
    name = part["lhs"] + " " + part["op"] + " " + part["rhs"]
    name = name.where(part["label"] == "", name + " (" + part["label"] + ")")
    name = name.where(part["op"] != ":=", part["lhs"])
    shown = part[[c for c in _SHOWN if c in part]].replace([np.inf], np.nan)
    free = part["se"] > 0
    for column in ("se", "ci.lower", "ci.upper"):
        shown[column] = shown[column].where(free)
    shown.insert(0, "parameter", name)
    return shown


def _table(part: pd.DataFrame) -> str:
    shown = _named(part).rename(columns=dict(zip(_SHOWN, _HEADS, strict=True)))
    text = shown.to_string(
        index=False, na_rep="", float_format=lambda x: f"{x:.3f}",
        formatters={"df": lambda x: "" if np.isnan(x) else f"{x:.0f}"},
    )  # fmt: skip
    return str(text)


def pooled_html(fit: "PooledFit") -> str:
    """Return a pooled fit as html."""
    t = fit.test
    told = f"{t.method}: F({t.df1:g}, {t.df2:.4g}) = {t.F:.3f}, p = {t.pvalue:.3f}."
    if t.df1 <= 0:
        told = "The model has no degrees of freedom."
    head = (
        f"<p><strong>Footbridge {escape(fit.first.options.estimator)}</strong>, {fit.m} of "
        f"{len(fit.fits)} imputations pooled. {told}</p>"
    )
    lost = [(status, n) for status, n in fit.counts.items() if status != "ok"]
    parts = [head]
    if lost:
        parts.append(frame_html(pd.DataFrame(lost, columns=["not pooled", "how many"])))
    parts.append(frame_html(_named(fit.estimates), caption="Estimates"))
    return "<div>" + "".join(parts) + advice_html(fit.advice) + "</div>"
