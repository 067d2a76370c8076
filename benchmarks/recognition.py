"""How often the supervised fallback errs, for every size of site, as a table.

Prints the cells that README and docs/methods/recognition.md quote and writes them to
benchmarks/out/recognition.json. 20,000 trials a cell; about two minutes on one core.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from footbridge.trust.recognition import simulation

TRIALS = 20_000
PEOPLE = (300, 1_000, 3_000, 10_000)
MONTHS = (2, 12)
KNOWN = (4, 5, 6)
SEED = 2026
OUT = Path(__file__).resolve().parent / "out" / "recognition.json"


def cells(people: int) -> dict[str, object]:
    """Return every figure for one size of site."""
    found: dict[str, object] = {"people": people, "trials": TRIALS}
    for months in MONTHS:
        draws = np.random.default_rng([SEED, people, months])
        shares = simulation.simulate(people, months=months, trials=TRIALS, draws=draws)
        found[f"{months} months"] = asdict(shares)
    draws = np.random.default_rng([SEED, people])
    found["close"] = {
        str(known): simulation.simulate_close(people, known=known, trials=TRIALS, draws=draws)
        for known in KNOWN
    }
    return found


def main() -> int:
    """Simulate, print and write."""
    print("people | missed 2 / 12 months | wrong 2 / 12 | strangers 2 / 12 | knows 4 / 5 / 6 of 8")
    began, table = time.perf_counter(), []
    for people in PEOPLE:
        row = cells(people)
        table.append(row)
        two, twelve = (row[f"{months} months"] for months in MONTHS)
        shown = [
            " / ".join(f"{cell[key]:.3%}" for cell in (two, twelve))
            for key in ("missed", "wrong", "strangers")
        ]
        close = " / ".join(f"{share:.1%}" for share in row["close"].values())
        print(f"{people:>6} | {' | '.join(shown)} | {close}", flush=True)
    OUT.parent.mkdir(exist_ok=True)
    seconds = round(time.perf_counter() - began, 1)
    OUT.write_text(json.dumps({"seconds": seconds, "cells": table}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
