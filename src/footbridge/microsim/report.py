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
from footbridge.microsim import people as pp
from footbridge.microsim.analysis import Comparison, drivers
from footbridge.microsim.bands import Band
from footbridge.microsim.fit import Row
from footbridge.microsim.measures import MEASURES, by_year
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.scenarios import BASELINE, Scenario, tables_under

STATES = {
    "using": (pp.COMMUNITY, pp.USING),
    "using, under an order": (pp.ORDER, pp.USING),
    "in methadone": (pp.METHADONE, None),
    "in a centre": (pp.CENTRE, None),
    "abstinent": (pp.COMMUNITY, pp.ABSTINENT),
}
FIGURE_DRAWS = 10  # fan charts run again; ten draws show the spread


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
    result: Comparison, scenarios: Sequence[Scenario], how: Setting, folder: Path
) -> list[Path]:
    """Draw contrasts, where people are (stacked), and fan charts, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for s, scenario in enumerate(scenarios, start=1):
        rows = [(MEASURES[m][0], result.band(m, s)) for m in MEASURES if _moves(result, m, s)]
        path = folder / f"contrasts-{s}.svg"
        figures.contrasts(path, rows, title=scenario.title)
        written.append(path)
    draws = result.draws[:FIGURE_DRAWS]
    for s, scenario in enumerate((BASELINE, *scenarios)):
        outcomes = [simulate(tables_under(draw, scenario), how) for draw in draws]
        stocks = {
            name: np.median([by_year(o, *where) for o in outcomes], axis=0)
            for name, where in STATES.items()
        }
        path = folder / f"states-{s}.svg"
        figures.flows(path, stocks, title=f"Where people are: {scenario.title}")
        written.append(path)
        fan = np.array([by_year(o, pp.METHADONE) for o in outcomes])
        path = folder / f"methadone-{s}.svg"
        figures.fan(path, fan, title=f"In methadone: {scenario.title}")
        written.append(path)
    return written


def _moves(result: Comparison, measure: str, scenario: int) -> bool:
    change = result.change(measure, scenario)
    return bool(np.isfinite(change).any() and np.nanmax(np.abs(change)) > 0.0)


def draw_targets(rows: Sequence[Row], folder: Path) -> Path:
    """Draw every fitted target as the model's ratio to it."""
    folder.mkdir(parents=True, exist_ok=True)
    bars = []
    for row in rows:
        if row.use == "calibrate" and row.value:
            middle, low, high = (x / row.value for x in (row.model, row.low90, row.high90))
            bars.append((row.id, Band(middle - 1, low - 1, high - 1, low - 1, high - 1)))
    path = folder / "targets.svg"
    figures.contrasts(path, bars, title="Model relative to target, minus 1", unit="ratio")
    return path
