"""What a notebook shows: small tables that take the page's own colours, every name escaped."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
import pandas as pd

from footbridge.latent.errors import Advice
from footbridge.latent.prior import Prior
from footbridge.latent.releases import choices
from footbridge.latent.result import Fit

_CELL = "padding:0.15em 0.7em;text-align:{0};border-bottom:1px solid rgba(128,128,128,.3)"
_HEAD = _CELL + ";font-weight:600"
_TITLES = {
    "=~": "Latent variables",
    "~": "Regressions",
    "~~": "Variances and covariances",
    "~1": "Intercepts",
    "|": "Thresholds",
    "~*~": "Scales",
    ":=": "Defined parameters",
}
_SHOWN = ("label", "est", "se", "z", "pvalue", "ci.lower", "ci.upper", "std.all")


def fit_html(fit: Fit) -> str:
    """Return a fit as html: what was done, how it fits, estimates, warnings."""
    state = "converged" if fit.converged else "<strong>not converged</strong>"
    o = fit.options
    head = (
        f"<p><strong>Footbridge {escape(o.estimator)}{' + prior' if o.prior else ''}</strong>, "
        f"{fit.problem.n:g} cases, "
        f"{fit.solution.npar} parameters, {state}. Errors: {escape(o.se)}. "
        f"Defaults as in {escape(o.mimic.replace('-', ' '))}.</p>"
    )
    parts = [head, _prior(o.prior) if o.prior else frame_html(measures_frame(fit), caption="Fit")]
    frame = fit.estimates
    labels = fit.problem.labels
    level = frame.get("level", frame["group"])
    blocks = dict.fromkeys(zip(frame["group"], level, frame["op"], strict=True))
    for g, k, op in blocks:
        part = frame[(frame["group"] == g) & (level == k) & (frame["op"] == op)]
        title = _TITLES.get(op, op)
        if len(labels) > 1 and g:
            title = f"{title}, group {labels[g - 1]}"
        if "level" in frame and k:
            title = f"{title}, level {k}"
        opened = op in {"=~", "~", ":="}
        parts.append(_folded(title, frame_html(_short(part)), opened=opened))
    parts += [advice_html(fit.advice)]
    notes = "".join(
        f"<li>{escape(c.topic)}: {escape(c.here)}; the other: {escape(c.there)}</li>"
        for c in choices(fit)
    )
    if notes:
        parts.append(_folded("Where lavaan 0.6 and 0.7 differ", f"<ul>{notes}</ul>", opened=False))
    return "<div>" + "".join(parts) + "</div>"


def _prior(prior: Prior) -> str:
    return (
        f"<p>Posterior mode, not the plain estimator; errors are posterior standard deviations. "
        f"Prior on the standardised scale: {escape(prior.text)}.</p>"
    )


def measures_frame(fit: Fit) -> pd.DataFrame:
    """Return the test and the usual indices, plain and corrected, one row each."""
    m = fit.fit_measures
    suffixes = [s for s in ("", ".scaled", ".robust") if s == "" or f"cfi{s}" in m]
    names = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper")
    rows = {s.strip(".") or "standard": [m.get(n + s, np.nan) for n in names] for s in suffixes}
    found = pd.DataFrame.from_dict(rows, orient="index", columns=list(names))
    found["srmr"] = [m["srmr"], *[np.nan] * (len(suffixes) - 1)]
    return found.reset_index(names="version")


def _short(part: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are read, with the parameter's name in one cell."""
    name = part["lhs"] + " " + part["op"] + " " + part["rhs"]
    kept = part[[c for c in _SHOWN if c in part.columns]].copy()
    free = part["se"] > 0
    for column in ("se", "z", "pvalue", "ci.lower", "ci.upper"):
        kept[column] = kept[column].where(free | part["se"].isna())
    kept = kept.drop(columns=[c for c in ("z", "pvalue") if kept[c].isna().all()])
    if not kept["label"].astype(bool).any():
        kept = kept.drop(columns="label")
    kept.insert(0, "parameter", name.where(part["op"] != ":=", part["lhs"] + " := " + part["rhs"]))
    return kept


def frame_html(frame: pd.DataFrame, *, caption: str = "", digits: int = 3) -> str:
    """Return a table as html; text is escaped, numbers have `digits` decimals."""
    text = {c: not pd.api.types.is_numeric_dtype(frame[c]) for c in frame.columns}
    sides = {c: "left" if text[c] else "right" for c in frame.columns}
    heads = "".join(
        f'<th scope="col" style="{_HEAD.format(sides[c])}">{escape(str(c))}</th>'
        for c in frame.columns
    )
    rows = []
    for record in frame.to_dict("records"):
        cells = "".join(
            f'<td style="{_CELL.format(side)}">{_cell(record[c], digits)}</td>'
            for c, side in sides.items()
        )
        rows.append(f"<tr>{cells}</tr>")
    title = f'<caption style="text-align:left">{escape(caption)}</caption>' if caption else ""
    return (
        f'<table style="border-collapse:collapse;margin:.4em 0">{title}'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _cell(value: object, digits: int) -> str:
    if isinstance(value, float | np.floating):
        number = float(value)
        if not np.isfinite(number):
            return ""
        whole = number.is_integer() and abs(number) >= 1
        return f"{number:.0f}" if whole else f"{number:.{digits}f}"
    return escape(str(value))


def advice_html(advice: Iterable[Advice]) -> str:
    """Return warnings as a list: what, why, what to do."""
    found = "".join(
        f"<li><strong>{escape(a.what)}</strong> {escape(a.why)} {escape(a.todo)}</li>"
        for a in advice
    )
    return f"<p>Be careful:</p><ul>{found}</ul>" if found else ""


def list_html(texts: Iterable[str]) -> str:
    """Return sentences as a list; nothing where there are none."""
    found = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{found}</ul>" if found else ""


def _folded(title: str, body: str, *, opened: bool) -> str:
    state = " open" if opened else ""
    return f"<details{state}><summary>{escape(title)}</summary>{body}</details>"


def draws_html(summary: str, intervals: pd.DataFrame, lost: Sequence[tuple[str, int]]) -> str:
    """Return a bootstrap as html: how many draws are usable, why others are not, limits."""
    parts = [f"<p>{escape(summary)}</p>"]
    if lost:
        table = pd.DataFrame(lost, columns=["lost draws", "how many"])
        parts.append(frame_html(table))
    if len(intervals):
        parts.append(frame_html(intervals, caption="Percentile limits"))
    return "<div>" + "".join(parts) + "</div>"
