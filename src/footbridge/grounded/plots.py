"""Three pictures as SVG: agreement per code, the saturation curve, and the overlap of codes.

The same numbers always give the same file; nothing in it names a time or a machine. Each
picture carries a title and a description for those who cannot see it.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import MaxNLocator

from footbridge.grounded.agreement.by_code import CodeAgreement
from footbridge.grounded.comparison.overlap import OverlapMatrix
from footbridge.grounded.guarded.archives import write_beside
from footbridge.grounded.saturation.runs import Band, Reached

INK, ACCENT, CAUTION, LINE = "#22302f", "#1b6f6a", "#a05a00", "#c9d2d0"
_CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK JP", "PingFang SC",
    "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "SimHei",
)  # fmt: skip


def _style(installed: Collection[str]) -> dict[Any, Any]:  # the stubs spell out every key
    """Return the look of all pictures, with fonts that are there.

    Letters are drawn as shapes, so that a picture looks the same everywhere. Where no font
    for Chinese is installed they stay letters, and the reader's machine draws them.
    """
    chinese = [name for name in _CHINESE if name in installed]
    return {
        "svg.hashsalt": "footbridge",
        "svg.fonttype": "path" if chinese else "none",
        "font.family": ["DejaVu Sans", *chinese],
        "font.size": 10,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": LINE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": INK,
        "ytick.color": INK,
    }


_STYLE = _style({font.name for font in fontManager.ttflist})
_LONGEST = 46


@contextmanager
def _drawing(width: float, height: float) -> Iterator[tuple[Figure, Axes]]:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, figure.subplots()


def _svg(figure: Figure, title: str, description: str) -> str:
    out = io.StringIO()
    metadata = dict.fromkeys(("Date", "Creator"))
    with mpl.rc_context(_STYLE):
        figure.savefig(out, format="svg", metadata=metadata)
    text = out.getvalue()
    head = f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>\n"
    begin = text.index(">", text.index("<svg")) + 1
    opening = text[:begin].replace("<svg", '<svg role="img"', 1)
    return opening + "\n" + head + text[begin:]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def agreement_plot(rows: Sequence[CodeAgreement], *, title: str = "Agreement per code") -> str:
    """Return a picture of u-alpha per code with its interval; undefined codes say so.

    Parameters
    ----------
    rows : sequence of CodeAgreement
    title : str
    """
    with _drawing(8.0, 1.4 + 0.32 * max(len(rows), 1)) as (figure, axes):
        for at, row in enumerate(rows):
            _agreement_row(axes, at, row)
        axes.set_yticks(range(len(rows)), [_short(row.path) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-0.35, 1.04)
        axes.axvline(0.0, color=LINE, linewidth=1, zorder=0)
        for mark in (0.667, 0.8):
            axes.axvline(mark, color=LINE, linewidth=1, linestyle=":", zorder=0)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("u-alpha, with 95% interval over interviews (dotted: 0.667 and 0.8)")
        axes.set_title(title, loc="left", fontweight="bold")
        described = "; ".join(f"{row.path}: {_said(row)}" for row in rows)
        return _svg(figure, title, described)


def _said(row: CodeAgreement) -> str:
    value = row.alpha.agreement.value
    return "undefined" if value is None else f"{value:.2f}"


def _agreement_row(axes: Axes, at: int, row: CodeAgreement) -> None:
    value, interval = row.alpha.agreement.value, row.alpha.interval
    if value is None:
        axes.text(0.02, at, "undefined", va="center", style="italic", color=CAUTION, fontsize=9)
        return
    if interval.low is not None and interval.high is not None:
        axes.plot([max(interval.low, -0.34), interval.high], [at, at], color=ACCENT, linewidth=2)
    alone = min(row.segments.values()) == 0
    axes.plot(
        [max(value, -0.34)], [at], marker="o", markersize=7, color=ACCENT,
        markerfacecolor="white" if alone else ACCENT, linestyle="none",
    )  # fmt: skip
    if alone:
        axes.text(0.04, at, "one coder only", va="center", fontsize=8.5, color=CAUTION)


def saturation_plot(
    seen: Sequence[int], reached: Reached, band: Band | None = None, *, title: str = "Saturation"
) -> str:
    """Return the curve of distinct codes by interview, with what other orders would show.

    Parameters
    ----------
    seen : sequence of int
        Distinct codes after 1, 2, ... interviews, in the order they were held.
    reached : Reached
    band : Band, optional
    title : str
    """
    at = np.arange(1, len(seen) + 1)
    with _drawing(7.0, 4.2) as (figure, axes):
        if band is not None:
            axes.fill_between(
                at, band.low, band.high, color=ACCENT, alpha=0.18, linewidth=0,
                label=f"90% of {band.orders} other orders",
            )  # fmt: skip
        axes.plot(at, seen, color=ACCENT, marker="o", label="as held")
        said = f"not reached ({_question(reached)})"
        if reached.at is not None:
            said = f"reached at {reached}  ({_question(reached)})"
            end = reached.at + reached.setting.run
            axes.axvspan(reached.at + 0.5, end + 0.5, color=CAUTION, alpha=0.15, linewidth=0)
            axes.text(
                (reached.at + end + 1) / 2, 1.06 * max(seen), "the run", ha="center", fontsize=9,
                color=CAUTION,
            )  # fmt: skip
        axes.set_xticks(at)
        axes.set_ylim(0, max([*seen, 1]) * 1.12)
        axes.set_xlabel("interviews")
        axes.set_ylabel("distinct codes")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(loc="lower right", edgecolor="none", framealpha=0.9)
        axes.set_title(f"{title}: {said}", loc="left", fontweight="bold", fontsize=10)
        return _svg(figure, title, f"Distinct codes after each interview: {list(seen)}; {said}.")


def _question(reached: Reached) -> str:
    s = reached.setting
    return f"base {s.base}, run {s.run}, at most {s.threshold:.0%} new"


def overlap_plot(
    matrix: OverlapMatrix,
    *,
    title: str = "Overlap of codes",
    coders: tuple[str, str] = ("coder A", "coder B"),
) -> str:
    """Return a heat map of A's codes (rows) by B's (columns), intersection over union.

    Parameters
    ----------
    matrix : OverlapMatrix
    title : str
    coders : tuple of str
        What the two are called, rows first.
    """
    overlap = matrix.overlap()
    rows, columns = overlap.shape
    with _drawing(3.6 + 0.42 * max(columns, 1), 3.4 + 0.34 * max(rows, 1)) as (figure, axes):
        image = axes.imshow(
            overlap if overlap.size else np.zeros((1, 1)), cmap="GnBu", vmin=0.0, vmax=1.0,
            aspect="auto",
        )  # fmt: skip
        for (i, j), share in np.ndenumerate(overlap):
            if share >= 0.05:
                colour = "white" if share > 0.65 else INK
                axes.text(j, i, f"{share:.0%}"[:-1], ha="center", va="center", fontsize=8,
                          color=colour)  # fmt: skip
        axes.set_yticks(range(rows), [_short(name) for name in matrix.names_a])
        axes.set_xticks(
            range(columns), [_short(name) for name in matrix.names_b], rotation=50, ha="right",
            rotation_mode="anchor",
        )  # fmt: skip
        axes.set_ylabel(_short(coders[0]))
        axes.set_xlabel(_short(coders[1]))
        axes.set_title(title, loc="left", fontweight="bold")
        bar = figure.colorbar(image, ax=axes, shrink=0.6)
        bar.set_label("shared characters\n(cells: intersection over union, %)", fontsize=8.5)
        strong = [
            f"{matrix.names_a[i]} and {matrix.names_b[j]} {overlap[i, j]:.0%}"
            for i, j in np.argwhere(overlap >= 0.5)
        ]
        return _svg(figure, title, "Half or more in common: " + "; ".join(strong))


def save_svg(svg: str, path: Path | str) -> None:
    """Write a picture in one step."""
    write_beside(Path(path), svg.encode("utf-8"))
