"""Kernel, twin and peers: person-months a second, bytes a person, threads, start-up, growth.

    python benchmarks/microsim/bench_engines.py [--peers PYTHON] [--nation] [--quick] [--page]

Writes benchmarks/out/microsim.json; `--page` writes docs/methods/microsim-benchmarks.md from it.
`--peers` names an interpreter that has Starsim 3.7.2 and Mesa 3.3.1 (pip install them into an
environment of their own); without it the page says that they were skipped. `--nation` runs 4
million people, one for one. `--quick` leaves out the million. Speeds are given twice: *nominal*
counts every person in every month (as peers are counted), *living* only those who have begun and
are alive. CPU time of the process is the clock, because a machine may be shared; wall time and
the load stand beside it.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import _page
import numpy as np
from _pairing import pairing
from numba import njit

from footbridge.microsim.calendar import N_MONTHS
from footbridge.microsim.parameters import defaults
from footbridge.microsim.people import BYTES_PER_PERSON
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.scenarios import read, tables_under

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
OUT = ROOT / "benchmarks" / "out" / "microsim.json"
TOUCHED = 22  # bytes of a person that a month reads, most of the time


@njit(cache=True, nogil=True)
def _copy(target, source):
    for i in range(source.size):
        target[i] = source[i]


def bandwidth(size=20_000_000, repeats=7):
    """Return the best memory bandwidth of a compiled copy on one thread, in bytes a second."""
    a, b = np.zeros(size), np.ones(size)
    _copy(a[:10], b[:10])
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        _copy(a, b)
        best = max(best, 2 * a.nbytes / (time.perf_counter() - start))
    return best


@njit(cache=True)
def _toy(state, cumulative, key, month):
    """Move six-state people by one hash each: the peers' small model."""
    for i in range(state.size):
        z = (np.uint64(i) * np.uint64(1024) + month) * np.uint64(0x9E3779B97F4A7C15) + key
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        u = (z >> np.uint64(32)) * 2.0**-32
        row, arrival = state[i], 0
        for j in range(5):
            arrival += u >= cumulative[row, j]
        state[i] = arrival


def toy(n, months=60, repeats=5):
    """Return the speed of the six-state toy in M person-months a CPU second."""
    cumulative = np.cumsum(np.full((6, 6), 1 / 6), axis=1)
    state = np.zeros(n, dtype=np.uint8)
    _toy(state[:10].copy(), cumulative, np.uint64(1), np.uint64(0))
    best = 0.0
    for _ in range(repeats):
        start = time.process_time()
        for month in range(months):
            _toy(state, cumulative, np.uint64(1), np.uint64(month))
        best = max(best, n * months / (time.process_time() - start))
    return round(best / 1e6, 1)


def rich(n, *, scenario="baseline", repeats=3, **setting):
    """Return speeds and times of the rich model, the best of some."""
    tables = tables_under(defaults(), read(scenario))
    how = Setting(n, **setting)
    simulate(tables, Setting(50, months=2, engine=how.engine))
    best = None
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        run = simulate(tables, how)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        living = int(run.states.reshape(N_MONTHS, 2, 4, 8, 4)[..., 1:3].sum())
        found = {
            "persons": n, "threads": how.threads, "engine": how.engine, "months": how.months,
            "scenario": scenario, "cpu_s": round(cpu, 3), "wall_s": round(wall, 3),
            "nominal": round(n * how.months / cpu / 1e6, 2),
            "living": round(living / cpu / 1e6, 2),
            "nominal_wall": round(n * how.months / wall / 1e6, 2),
            "events": int(run.flow.sum()),
        }  # fmt: skip
        if best is None or found["cpu_s"] < best["cpu_s"]:
            best = found
    return best


FIRST_PICTURE = """
import os, time
start = time.perf_counter()
from pathlib import Path
from footbridge.microsim import figures, people as pp
from footbridge.microsim.measures import by_year
from footbridge.microsim.parameters import defaults
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.tables import tables_of
run = simulate(tables_of(defaults()), Setting(30_000))
figures.fan(Path(os.devnull), by_year(run, pp.METHADONE)[None, :], title="In methadone")
used = os.times()
print(time.perf_counter() - start, used.user + used.system)
"""


def first_picture(repeats=5):
    """Return wall and CPU seconds from a fresh interpreter to a drawn picture of a first run."""
    command = [sys.executable, "-c", FIRST_PICTURE]
    times = [
        tuple(map(float, subprocess.run(command, capture_output=True, check=True).stdout.split()))
        for _ in range(repeats)
    ]
    wall, cpu = (min(column) for column in zip(*times, strict=True))
    return {"wall_s": round(wall, 2), "cpu_s": round(cpu, 2)}


def peers(python, quick):
    """Return what the peers' scripts say, or why there is nothing to say."""
    if not python:
        return {"skipped": "no interpreter with Starsim and Mesa was named (--peers PYTHON)"}
    command = [python, str(HERE / "_peers.py"), *(["--quick"] if quick else [])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "STARSIM_INSTALL_FONTS": "0"}
    ended = subprocess.run(command, capture_output=True, check=False, text=True, env=environment)
    if ended.returncode != 0:
        return {"skipped": f"the peers' script failed: {ended.stderr[-300:]}"}
    return json.loads(ended.stdout.splitlines()[-1])


def processor():
    """Return what the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "?")


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(options):
    """Return every figure of the page."""
    sizes = [10_000, 100_000] + ([] if options.quick else [1_000_000])
    found = {
        "made": datetime.now(UTC).strftime("%d %b %Y"), "processor": processor(),
        "cores": os.cpu_count(), "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1), "bytes_per_person": BYTES_PER_PERSON,
        "bandwidth_GB_s": round(bandwidth() / 1e9, 1), "first_picture": first_picture(),
        "toy": {str(n): toy(n, repeats=2) for n in sizes},
    }  # fmt: skip
    found["rich"] = [rich(n, repeats=3 if n < 1_000_000 else 1) for n in sizes]
    found["threads"] = [rich(100_000, threads=k, repeats=2) for k in (1, 2)]
    found["twin"] = rich(10_000, engine="reference", repeats=1)
    found["months"] = [rich(30_000, months=m, repeats=2) for m in (240, 480, 624)]
    found["by_events"] = [
        rich(30_000, scenario=s, repeats=2) for s in ("baseline", "q1-stigma", "q2-q3")
    ]
    found["peak_MB"] = peak_mb()
    if not options.quick:
        found["million_480"] = rich(1_000_000, months=480, repeats=1)
    found["pairing"] = pairing(persons=options.pairing_persons, seeds=options.pairing_seeds)
    found["peers"] = peers(options.peers, options.quick)
    if options.nation:
        found["nation"] = {**rich(4_000_000, repeats=1), "peak_MB": peak_mb()}
    living = found["rich"][-1]["living"] * 1e6
    found["share_of_bandwidth"] = round(TOUCHED * living / found["bandwidth_GB_s"] / 1e9, 3)
    found["load_after"] = round(os.getloadavg()[0], 1)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", default=os.environ.get("FOOTBRIDGE_PEERS"))
    parser.add_argument("--pairing-persons", type=int, default=5_000)
    parser.add_argument("--pairing-seeds", type=int, default=10)
    for flag in ("--nation", "--quick", "--page"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    found = measure(options)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))
    if options.page:
        _page.write(found, ROOT / "docs" / "methods" / "microsim-benchmarks.md")


if __name__ == "__main__":
    main()
