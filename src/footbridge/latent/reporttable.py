"""The parameter part of the summary, in lavaan's order, headings and dots."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from footbridge.latent.result import Fit

_BLANK = ""


def parameter_lines(fit: Fit, *, standardized: bool, rsquare: bool) -> Iterator[str]:
    """Yield every block of parameters, group after group, then definitions and constraints.

    Names of endogenous variables carry a dot before their intercepts, variances and covariances:
    these are residual, as lavaan prints them.
    """
    frame = fit.estimates[~_given(fit)]
    frame = frame.assign(block=_blocks_of(frame))
    groups = sorted(set(frame["block"]) - {0})
    for g in groups:
        mine = frame[frame["block"] == g]
        if len(groups) > 1:
            yield from ("", "", f"{block_name(fit, mine.iloc[0])}:")
        for title, part, grouped in _blocks(mine):
            yield from _block(title, part, fit, grouped=grouped, standardized=standardized)
        if rsquare:
            yield from _rsquare(fit, g)
    defined = frame[frame["op"] == ":="]
    if len(defined):
        yield from _block(
            "Defined Parameters", defined, fit, grouped=False, standardized=standardized
        )
    yield from _constraints(fit)


def _blocks_of(frame: pd.DataFrame) -> "pd.Series[int]":
    """Return the number of each row's block: its group, or its level within its group."""
    if "level" not in frame:
        return frame["group"]
    return (2 * frame["group"] - 2 + frame["level"]).where(frame["group"] > 0, 0)


def block_name(fit: Fit, row: "pd.Series[Any]") -> str:
    """Return what a block is called: group, level, or both."""
    several = len(fit.problem.labels) > 1
    g = int(row["group"])
    group = f"Group {g} [{fit.problem.labels[g - 1]}]" if several else ""
    level = f"Level {row['level']}" if "level" in row else ""
    return ", ".join(part for part in (group, level) if part)


def _given(fit: Fit) -> "pd.Series[bool]":
    """Whether a row is a moment of a covariate that was taken from the data as it is."""
    frame, o = fit.estimates, fit.options
    covariates = set(fit.problem.roles.ov_x) if o.fixed_x or o.conditional_x else set()
    moment = frame["op"].isin(["~~", "~1"])
    return moment & frame["lhs"].isin(covariates) & (frame["se"] == 0)


def _blocks(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, bool]]:
    same = frame["lhs"] == frame["rhs"]
    op = frame["op"]
    found = (
        ("Latent Variables", frame[op == "=~"], True),
        ("Regressions", frame[op == "~"], True),
        ("Covariances", frame[(op == "~~") & ~same], True),
        ("Intercepts", frame[op == "~1"], False),
        ("Thresholds", frame[op == "|"], False),
        ("Variances", frame[(op == "~~") & same], False),
        ("Scales y*", frame[op == "~*~"], False),
    )
    yield from (block for block in found if len(block[1]))


def _block(
    title: str, part: pd.DataFrame, fit: Fit, *, grouped: bool, standardized: bool
) -> Iterator[str]:
    dotted = _endogenous(fit)
    rows = part.to_dict("records")
    if grouped:  # one heading per left side, in the order of its first row
        order = {name: k for k, name in enumerate(dict.fromkeys(r["lhs"] for r in rows))}
        rows.sort(key=lambda r: order[r["lhs"]])
    wide = max([14, *(len(_name(r, dotted)) + len(_label(r)) for r in rows)])
    extra = ("Std.lv", "Std.all") if standardized else ()
    usual = ("Std.Err", "z-value", "P(>|z|)")
    heads = ("Estimate", *(("Post.SD", "2.5 %", "97.5 %") if fit.options.prior else usual), *extra)
    columns = ("se", "ci.lower", "ci.upper") if fit.options.prior else ("se", "z", "pvalue")
    yield from ("", f"{title}:", f"  {_BLANK:<{wide}}" + "".join(f"{h:>9}" for h in heads))
    last = None
    for row in rows:
        if grouped and row["lhs"] != last:
            yield f" {_dot(row['lhs'], dotted, row['op'])}{row['lhs']} {row['op']}"
            last = row["lhs"]
        name, label = _name(row, dotted), _label(row)
        yield f"  {name}{label:>{wide - len(name)}}" + _cells(
            row, columns, standardized=standardized
        )


def _endogenous(fit: Fit, g: int | None = None) -> set[str]:
    rows = [r for r in fit.table.parameters if g is None or r.group == g]
    return {r.rhs for r in rows if r.op == "=~"} | {r.lhs for r in rows if r.op == "~"}


def _dot(name: str, dotted: set[str], op: str) -> str:
    return "." if op in {"~~", "~1"} and name in dotted else " "


def _name(row: dict[Any, Any], dotted: set[str]) -> str:
    lhs, op, rhs = row["lhs"], row["op"], row["rhs"]
    if op == "|":
        return f"  {lhs}|{rhs}"
    if op in {":=", "~*~", "~1"} or (op == "~~" and lhs == rhs):
        return f" {_dot(lhs, dotted, op)}{lhs}"
    return f" {_dot(rhs, dotted, op)}{rhs}"


def _label(row: dict[Any, Any]) -> str:
    return f" ({row['label']})" if row["label"] and row["op"] != ":=" else ""


def _cells(row: dict[Any, Any], columns: Sequence[str], *, standardized: bool) -> str:
    known = row["se"] > 0
    cells = [row["est"], *([row[c] for c in columns] if known else (None,) * 3)]
    if np.isnan(row["se"]):
        cells[1] = float("nan")
    if standardized:
        cells += [row["std.lv"], row["std.all"]]
    return "".join(f"{_number(c):>9}" for c in cells)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if np.isfinite(value) else "NA"


def _rsquare(fit: Fit, g: int) -> Iterator[str]:
    whole, dotted = fit.wholes[g - 1], _endogenous(fit, g)
    names = [n for n in whole.names if n in dotted]
    if not names:
        return
    wide = max(14, *(len(n) + 2 for n in names))
    yield from ("", "R-Square:", f"  {_BLANK:<{wide}}{'Estimate':>9}")
    for name in names:
        k = whole.place(name)
        share = 1 - whole.residual[k] / whole.total[k] if whole.residual[k] >= 0 else np.nan
        yield f"  {'  ' + name:<{wide}}{_number(float(share)):>9}"


def _constraints(fit: Fit) -> Iterator[str]:
    written = [r for r in fit.table.relations if not r.lhs.startswith(".p")]
    if written:
        yield from ("", "Constraints:")
        yield from (f"    {r.lhs} {r.op} {r.rhs}" for r in written)
