"""Tables and figures of a result, the same from the command line and from the pages."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from footbridge.microsim import figures
from footbridge.microsim.analysis import Comparison, drivers
from footbridge.microsim.bands import Band
from footbridge.microsim.calendar import FIRST_YEAR
from footbridge.microsim.fit import Row
from footbridge.microsim.measures import MEASURES, STATES
from footbridge.microsim.parameters import catalogue
from footbridge.microsim.scenarios import BASELINE, Scenario
from footbridge.microsim.sensitivity import Emulator, tornado

FANS = {"using": "using", "methadone": "in methadone", "centres": "in a centre"}
TORNADO_INPUTS = 8


def contrast_rows(result: Comparison) -> list[dict[str, Any]]:
    """Return one row per scenario and measure: medians, paired change with its bands, drivers."""
    rows = []
    for s, title in enumerate(result.titles[1:], start=1):
        for name, (words, _) in MEASURES.items():
            band, units = result.band(name, s), result.band(name, s, percent=False)
            moved = ", ".join(f"{p} {r:+.2f}" for p, r in drivers(result, name, s))
            rows.append(
                {
                    "scenario": title,
                    "measure": name,
                    "meaning": words,
                    "baseline": _round(float(np.median(result.figures[name][:, 0]))),
                    "with scenario": _round(float(np.median(result.figures[name][:, s]))),
                    **{f"change % {k}": _round(v) for k, v in _parts(band).items()},
                    **{f"change {k}": _round(v) for k, v in _parts(units).items()},
                    "sign sure": bool(units.sign_is_sure),
                    "driven by": moved,
                    "draws": len(result.draws),
                }
            )
    return rows


def _parts(band: Band) -> dict[str, float]:
    return {
        "median": band.median,
        "5%": band.low90,
        "25%": band.low50,
        "75%": band.high50,
        "95%": band.high90,
    }


def _round(number: float) -> float | None:
    return float(f"{number:.5g}") if np.isfinite(number) else None


def as_text(rows: Sequence[dict[str, Any]], form: str) -> str:
    """Return rows as CSV or JSON."""
    if form == "json":
        plain = [{k: _finite(v) for k, v in row.items()} for row in rows]
        return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _finite(value: object) -> object:
    if isinstance(value, np.bool_):
        return bool(value)
    return None if isinstance(value, float) and not np.isfinite(value) else value


def write_rows(rows: Sequence[dict[str, Any]], path: Path | None, form: str) -> None:
    """Write rows to a file, or to standard output."""
    text = as_text(rows, form)
    if path is None:
        sys.stdout.write(text)
    else:
        path.write_text(text, "utf-8")


def draw_figures(
    result: Comparison, scenarios: Sequence[Scenario], folder: Path, *, outcome: str
) -> list[Path]:
    """Draw contrasts, tornado, where people are (stacked), and fan charts, into a folder.

    Parameters
    ----------
    result : Comparison
        Of the scenarios with the baseline, which is figure 0.
    scenarios : sequence of Scenario
        In the order of the result.
    folder : Path
        Made if it is not there.
    outcome : str
        The measure whose drivers the tornado shows; none is drawn from very few draws.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for s, scenario in enumerate(scenarios, start=1):
        rows = [(MEASURES[m][0], result.band(m, s)) for m in MEASURES if _moves(result, m, s)]
        written.append(folder / f"contrasts-{s}.svg")
        figures.contrasts(written[-1], rows, title=scenario.title)
        if bars := _bars(result, outcome, s):
            written.append(folder / f"tornado-{s}.svg")
            title = f"What moves {MEASURES[outcome][0]}: {scenario.title}"
            figures.tornado(written[-1], bars, title=title, unit="change from the baseline, %")
    for s, scenario in enumerate((BASELINE, *scenarios)):
        since = min((FIRST_YEAR + one.start / 12 for one in scenario.levers), default=None)
        states = dict(zip(STATES, np.median(result.years[:, s], axis=0), strict=True))
        written.append(folder / f"states-{s}.svg")
        figures.flows(written[-1], states, title=f"Where people are: {scenario.title}", since=since)
        for name, state in FANS.items():
            series = result.years[:, :, list(STATES).index(state)]
            written.append(folder / f"{name}-{s}.svg")
            figures.fan(
                written[-1], series[:, s], title=f"{state.capitalize()}: {scenario.title}",
                beside=series[:, 0] if s else None, since=since,
            )  # fmt: skip
    return written


def _bars(result: Comparison, outcome: str, scenario: int) -> list[tuple[str, float, float]]:
    """Return the bars of a tornado by an emulator of the inputs that move the outcome most."""
    names = [name for name, _ in drivers(result, outcome, scenario, n=TORNADO_INPUTS)]
    change = result.change(outcome, scenario)
    fine = np.isfinite(change)
    if not names:
        return []
    inputs = np.array([[draw[name] for name in names] for draw in result.draws])[fine]
    ends = tornado(Emulator.fit(inputs, change[fine]), inputs)
    known = catalogue()
    return [
        (f"{name}: {known[name].what}", float(low), float(high))
        for name, (low, high) in zip(names, ends, strict=True)
    ]


def draw_curve(
    path: Path, points: Sequence[tuple[float, Band]], *, parameter: str, outcome: str, title: str
) -> list[dict[str, Any]]:
    """Draw an answer as a curve over a parameter; return its points as rows."""
    known = catalogue()[parameter]
    figures.curve(
        path, points, title=f"{title}: a curve over {parameter}",
        labels=(f"{known.what} ({parameter}, {known.unit})",
                f"{MEASURES[outcome][0]}, change in %"),
        evidence=(known.low, known.high),
    )  # fmt: skip
    return [
        {parameter: point, "measure": outcome,
         **{f"change % {k}": _round(v) for k, v in _parts(band).items()}}
        for point, band in points
    ]  # fmt: skip


def _moves(result: Comparison, measure: str, scenario: int) -> bool:
    change = result.change(measure, scenario)
    return bool(np.isfinite(change).any() and np.nanmax(np.abs(change)) > 0.0)


def draw_targets(rows: Sequence[Row], folder: Path) -> Path:
    """Draw every fitted target as the model's ratio to it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for row in rows:
        if row.use == "calibrate" and row.value:
            low, middle, high = (x / row.value for x in (row.low90, row.model, row.high90))
            tolerance = (row.tolerance_low / row.value, row.tolerance_high / row.value)
            lines.append((row.id, Band(middle, low, high, low, high), tolerance))
    path = folder / "targets.svg"
    figures.targets(path, lines)
    return path
