"""The posterior draws that ship with the library, and how they are written and read."""

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from footbridge.microsim.errors import CalibrationError
from footbridge.microsim.parameters import defaults, varying, with_values

BY_TIME = "until-2012"  # as income, fitted to figures up to 2012 only
STRUCTURES = ("income", "equal", BY_TIME)  # detection falls with income, or is equal for all


def write(values: list[dict[str, float]], path: Path, provenance: dict[str, Any]) -> None:
    """Write draws as CSV, one row per draw and one column per parameter that varies.

    What made them (plan, fitted targets, losses) goes into a JSON file of the same name.
    """
    made = json.dumps(provenance, indent=1)
    path.with_suffix(".json").write_text(made + "\n", "utf-8")
    names = [p.id for p in varying()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([f"{draw[name]:.6g}" for name in names] for draw in values)


def parse(text: str, *, structure: str = "income") -> list[dict[str, float]]:
    """Return the draws of a CSV text as complete parameter values.

    Raises
    ------
    CalibrationError
        If its columns are not the parameters that vary.
    """
    rows = list(csv.reader(io.StringIO(text)))
    names = [p.id for p in varying()]
    if not rows or rows[0] != names:
        raise CalibrationError(
            "The file of posterior draws does not fit the parameters. Its columns differ from "
            "those that vary now. Rebuild it with `footbridge calibrate`."
        )
    fixed = {"detect_income": 0.0} if structure == "equal" else {}
    base = defaults()
    draws = []
    for row in rows[1:]:
        given = {name: float(text) for name, text in zip(names, row, strict=True)}
        clipped = {p.id: min(max(given[p.id], p.low), p.high) for p in varying()}
        draws.append(with_values({**clipped, **fixed}, base))
    return draws


def shipped(*, structure: str = "income") -> list[dict[str, float]]:
    """Return the draws that come with the library, in random order.

    Raises
    ------
    CalibrationError
        If the structure is none of `STRUCTURES`, or its draws are not shipped.
    """
    if structure not in STRUCTURES:
        raise CalibrationError(
            f"There is no structure {structure!r}. Draws were made for others only. Use one of: "
            f"{', '.join(STRUCTURES)}."
        )
    source = files("footbridge.microsim").joinpath(f"data/{_name(structure)}.csv")
    if not source.is_file():
        raise CalibrationError(
            f"No draws of the structure {structure!r} are shipped. They were not calibrated for "
            "this release. Make them with `footbridge calibrate --structure equal`."
        )
    return parse(source.read_text("utf-8"), structure=structure)


def shipped_provenance(*, structure: str = "income") -> dict[str, Any]:
    """Return what made the shipped draws: plan, fitted targets, tolerance, losses."""
    source = files("footbridge.microsim").joinpath(f"data/{_name(structure)}.json")
    made: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return made


def _name(structure: str) -> str:
    return "posterior" if structure == "income" else f"posterior-{structure}"


def shipped_score(*, structure: str = "income") -> str:
    """Return in words how well the shipped draws fit, as found when they were made."""
    source = files("footbridge.microsim").joinpath("data/score.json")
    scores: dict[str, str] = json.loads(source.read_text("utf-8"))
    return scores[structure]
