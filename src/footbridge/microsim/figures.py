"""Figures as SVG: fan charts, flows, contrasts, tornado bars and one-parameter curves."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

from footbridge.microsim.analysis import Band
from footbridge.microsim.calendar import FIRST_YEAR, N_YEARS

INK, SOFT, SOFTER = "#1f3b4d", "#7fa8bf", "#c9dde8"
WARN = "#b5541c"
# Text stays text, and the same input gives the same file.
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "footbridge", "font.size": 9}


def _save(figure: Figure, path: Path) -> None:
    with rc_context(STYLE):
        FigureCanvasSVG(figure)
        figure.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")


def _axes(title: str, *, height: float = 3.2) -> tuple[Figure, Any]:
    figure = Figure(figsize=(6.4, height))
    axes = figure.add_subplot()
    axes.set_title(title, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def fan(path: Path, series: NDArray[np.float64], *, title: str, unit: str = "persons") -> None:
    """Draw a series by draw as a median with its 50 % and 90 % bands.

    Parameters
    ----------
    path : Path
        Where to write the SVG.
    series : ndarray, shape (n_draws, 52)
        One row per draw, one column per year from 1984.
    title, unit : str
        Words on the figure.
    """
    figure, axes = _axes(title)
    years = FIRST_YEAR + np.arange(N_YEARS)
    low90, low50, middle, high50, high90 = np.quantile(
        series, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0
    )
    axes.fill_between(years, low90, high90, color=SOFTER, label="90 %", linewidth=0)
    axes.fill_between(years, low50, high50, color=SOFT, label="50 %", linewidth=0)
    axes.plot(years, middle, color=INK, label="median")
    axes.set_ylabel(unit)
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, loc="upper left")
    _save(figure, path)


def flows(path: Path, stocks: Mapping[str, NDArray[np.float64]], *, title: str) -> None:
    """Draw where people are over the years, stacked.

    Parameters
    ----------
    stocks : mapping
        Name -> persons by year, shape (52,).
    """
    figure, axes = _axes(title, height=3.8)
    years = FIRST_YEAR + np.arange(N_YEARS)
    tints = ["#1f3b4d", "#3f6f8c", "#7fa8bf", "#c9dde8", "#d9a066", "#b5541c", "#8a8a8a"]
    axes.stackplot(years, *stocks.values(), labels=list(stocks), colors=tints, linewidth=0)
    axes.set_ylabel("persons")
    axes.legend(frameon=False, loc="upper left", fontsize=8)
    _save(figure, path)


def contrasts(path: Path, rows: Sequence[tuple[str, Band]], *, title: str, unit: str = "%") -> None:
    """Draw paired changes with 50 % and 90 % bands; orange where the sign is not sure."""
    figure, axes = _axes(title, height=0.9 + 0.32 * max(len(rows), 1))
    for place, (_, band) in enumerate(rows):
        colour = INK if band.sign_is_sure else WARN
        axes.plot([band.low90, band.high90], [place, place], color=colour, linewidth=1)
        axes.plot([band.low50, band.high50], [place, place], color=colour, linewidth=4)
        axes.plot([band.median], [place], "o", color="white", markeredgecolor=colour)
    axes.axvline(0.0, color="#888888", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.invert_yaxis()
    axes.set_xlabel(
        f"change from the baseline, {unit} (thick 50 %, thin 90 %; orange: sign unsure)"
    )
    _save(figure, path)


def tornado(path: Path, bars: Sequence[tuple[str, float, float]], *, title: str, unit: str) -> None:
    """Draw what each input does to an output between its 5th and 95th percentile."""
    figure, axes = _axes(title, height=0.9 + 0.3 * max(len(bars), 1))
    for place, (_, low, high) in enumerate(bars):
        axes.plot([low, high], [place, place], color=SOFT, linewidth=8, solid_capstyle="butt")
        axes.plot([high], [place], "o", color=INK)
    axes.set_yticks(range(len(bars)), [name for name, _, _ in bars])
    axes.invert_yaxis()
    axes.set_xlabel(f"{unit} (dot: input high)")
    _save(figure, path)


def curve(
    path: Path,
    points: Sequence[tuple[float, Band]],
    *,
    title: str,
    labels: tuple[str, str],
    evidence: tuple[float, float] | None = None,
) -> None:
    """Draw an answer as a curve over one parameter, with the range of evidence shaded."""
    figure, axes = _axes(title)
    x = [point for point, _ in points]
    axes.fill_between(
        x, [b.low90 for _, b in points], [b.high90 for _, b in points], color=SOFTER, linewidth=0
    )
    axes.plot(x, [b.median for _, b in points], color=INK, marker="o", markersize=3)
    if evidence is not None:
        axes.axvspan(*evidence, color="#f3e3d3", zorder=-1, label="range of the evidence")
        axes.legend(frameon=False)
    axes.axhline(0.0, color="#888888", linewidth=0.8)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    _save(figure, path)
