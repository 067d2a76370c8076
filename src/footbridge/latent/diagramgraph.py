"""What a path diagram shows: variables, arrows and arcs of one group, taken from a fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from footbridge.latent.result import Fit
from footbridge.latent.table import Row


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from `a` to `b`, an arc between them, or a loop on `a` (a = b).

    `text` is the number beside it ("" for none); `faint` marks p >= 0.05.
    """

    a: str
    b: str
    text: str
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that one group's diagram has, before anything has a place.

    `indicators` maps every latent variable to the observed ones drawn with it; an indicator of
    two factors stands with the smaller. `paths` are regressions, and loadings between factors;
    `regressions` says whether there are any of the former.
    """

    latents: tuple[str, ...]
    observed: tuple[str, ...]
    indicators: dict[str, tuple[str, ...]]
    loadings: tuple[Link, ...]
    paths: tuple[Link, ...]
    arcs: tuple[Link, ...]
    loops: tuple[Link, ...]
    regressions: bool

    @property
    def structural(self) -> tuple[str, ...]:
        """Variables that are not drawn as somebody's indicators."""
        held = {name for names in self.indicators.values() for name in names}
        return tuple(n for n in (*self.latents, *self.observed) if n not in held)


def picture_of(fit: Fit, block: int, show: str) -> Picture:
    """Return the graph of one group, or of one level of it.

    Parameters
    ----------
    fit
        The fit.
    block
        Number of the block of the table, from 1: a group, or with two levels a level of it.
    show
        Column of `fit.estimates` for the numbers; "" for none.
    """
    roles, frame = fit.roles_of(block), fit.estimates
    mine = np.ones(len(frame), dtype=bool)
    for name, place in fit.places([Row("", "~~", "", group=block)]).items():
        mine &= (frame[name] == place[0]).to_numpy()
    rows = frame[mine].to_dict("records")
    bins: dict[str, list[Link]] = {"loading": [], "path": [], "arc": [], "loop": []}
    for row in rows:
        kind = _kind(fit, block, row)
        if kind:
            value = float(row[show]) if show else float("nan")
            a, b = str(row["lhs"]), str(row["rhs"])
            ends = (b, a) if row["op"] == "~" else (a, b)
            bins[kind].append(Link(*ends, _text(value), faint=bool(row["pvalue"] >= 0.05)))
    return Picture(
        roles.lv, roles.ov, _held(roles.lv, bins["loading"]),
        tuple(bins["loading"]), tuple(bins["path"]), tuple(bins["arc"]), tuple(bins["loop"]),
        regressions=any(row["op"] == "~" for row in rows),
    )  # fmt: skip


def _kind(fit: Fit, block: int, row: dict[Any, Any]) -> str:
    """Say what a row of the estimates is drawn as; "" for what is not drawn."""
    a, op, b = row["lhs"], row["op"], row["rhs"]
    absent = row["est"] == 0 and row["se"] == 0
    if op == "=~" and not absent:
        return "path" if b in fit.roles_of(block).lv else "loading"
    if op == "~" and not absent:
        return "path"
    if op == "~~" and a == b:
        return "loop" if a in _dependent(fit, block) else ""
    if op == "~~" and not absent and (row["se"] > 0 or not _given(fit, a, b)):
        return "arc"
    return ""


def _dependent(fit: Fit, block: int) -> set[str]:
    rows = [r for r in fit.table.parameters if r.group == block]
    return {r.rhs for r in rows if r.op == "=~"} | {r.lhs for r in rows if r.op == "~"}


def _given(fit: Fit, a: str, b: str) -> bool:
    """Whether a covariance is one of fixed covariates, which the data give."""
    return {a, b} <= set(fit.problem.roles.ov_x)


def _text(value: float) -> str:
    if not np.isfinite(value):
        return ""
    text = f"{value:.2f}"
    return text[1:] if text == "-0.00" else text


def _held(latents: Sequence[str], loadings: Sequence[Link]) -> dict[str, tuple[str, ...]]:
    """Give every indicator to one factor: to the one with the fewest indicators of all its own."""
    sizes = {lv: sum(link.a == lv for link in loadings) for lv in latents}
    owner: dict[str, str] = {}
    for link in loadings:
        before = owner.get(link.b)
        if before is None or sizes[link.a] < sizes[before]:
            owner[link.b] = link.a
    return {lv: tuple(n for n, held in owner.items() if held == lv) for lv in latents}
