"""Kernel, twin and peers: person-months a second, bytes a person, threads, start-up, growth.

    python benchmarks/microsim/bench_engines.py [--peers PYTHON] [--million] [--nation]

`--peers` names an interpreter that has Starsim 3.7.2 and Mesa 3.3.1; their six-state models run
there, in the same run, so that they meet the same load. `--nation` runs 4 million people.
Speeds are given twice: *nominal* counts every person in every month (as peers are counted),
*living* counts only persons who have begun and are alive. CPU time of this process is the clock,
because the machine may be shared; wall time is printed beside it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from numba import njit

from footbridge.microsim.calendar import N_MONTHS
from footbridge.microsim.parameters import defaults
from footbridge.microsim.people import BYTES_PER_PERSON
from footbridge.microsim.run import Setting, simulate
from footbridge.microsim.tables import tables_of

HERE = Path(__file__).parent


def bandwidth(size=40_000_000, repeats=5):
    """Return the best memory bandwidth of a copy, in bytes a second."""
    a, b = np.zeros(size), np.ones(size)
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        np.copyto(a, b)
        best = max(best, 2 * a.nbytes / (time.perf_counter() - start))
    return best


@njit(cache=True)
def _toy(state, cumulative, key, month):
    """Move six-state people by one hash each: the peers' model."""
    for i in range(state.size):
        z = (np.uint64(i) * np.uint64(1024) + month) * np.uint64(0x9E3779B97F4A7C15) + key
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        u = (z >> np.uint64(32)) * 2.0**-32
        row, arrival = state[i], 0
        for j in range(5):
            arrival += u >= cumulative[row, j]
        state[i] = arrival


def toy(n, months=60):
    """Return the speed of the six-state toy in person-months a second."""
    cumulative = np.cumsum(np.full((6, 6), 1 / 6), axis=1)
    state = np.zeros(n, dtype=np.uint8)
    _toy(state[:10].copy(), cumulative, np.uint64(1), np.uint64(0))
    start = time.process_time()
    for month in range(months):
        _toy(state, cumulative, np.uint64(1), np.uint64(month))
    return n * months / (time.process_time() - start)


def rich(n, *, threads=1, engine="kernel", months=N_MONTHS, repeats=3):
    """Return nominal and living speeds and times of the rich model, best of some."""
    tables = tables_of(defaults())
    how = Setting(n, threads=threads, engine=engine, months=months)
    best = None
    for _ in range(repeats):
        cpu, wall = time.process_time(), time.perf_counter()
        run = simulate(tables, how)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        living = int(run.states.reshape(N_MONTHS, 2, 4, 8, 4)[..., 1:3].sum())
        found = {
            "persons": n, "threads": threads, "engine": engine,
            "cpu_s": round(cpu, 3), "wall_s": round(wall, 3),
            "nominal_M_per_cpu_s": round(n * months / cpu / 1e6, 2),
            "living_M_per_cpu_s": round(living / cpu / 1e6, 2),
            "nominal_M_per_wall_s": round(n * months / wall / 1e6, 2),
        }  # fmt: skip
        if best is None or found["cpu_s"] < best["cpu_s"]:
            best = found
    return best


def start_up():
    """Return seconds from a fresh interpreter to a drawn picture of a first run."""
    code = (
        "import time; t = time.perf_counter()\n"
        "from pathlib import Path\n"
        "from footbridge.microsim import figures, people as pp\n"
        "from footbridge.microsim.measures import by_year\n"
        "from footbridge.microsim.parameters import defaults\n"
        "from footbridge.microsim.run import Setting, simulate\n"
        "from footbridge.microsim.tables import tables_of\n"
        "o = simulate(tables_of(defaults()), Setting(30_000))\n"
        "figures.fan(Path('/dev/null'), by_year(o, pp.METHADONE)[None, :], title='x')\n"
        "print(time.perf_counter() - t)\n"
    )
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    return round(min(times), 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--nation", action="store_true")
    options = parser.parse_args()
    found = {"load": os.getloadavg()[0], "bytes_per_person": BYTES_PER_PERSON}
    found["bandwidth_GB_s"] = round(bandwidth() / 1e9, 1)
    found["toy_M_per_cpu_s"] = round(toy(1_000_000) / 1e6, 1)
    sizes = [10_000, 100_000] + ([1_000_000] if options.million else [])
    found["rich"] = [rich(n, repeats=3 if n < 1_000_000 else 1) for n in sizes]
    found["rich_two_threads"] = rich(100_000, threads=2)
    found["twin"] = rich(10_000, engine="reference", repeats=1)
    found["months"] = [rich(30_000, months=m) for m in (240, 480, 624)]
    speed = found["rich"][-1]["nominal_M_per_cpu_s"] * 1e6
    # a month reads about 20 and writes few of a person's bytes
    found["share_of_bandwidth"] = round(20 * speed / (found["bandwidth_GB_s"] * 1e9), 3)
    found["first_picture_s"] = start_up()
    if options.peers:
        peers = subprocess.run(
            [options.peers, str(HERE / "peers.py")], capture_output=True, check=False, text=True
        )
        found["peers"] = json.loads(peers.stdout) if peers.returncode == 0 else peers.stderr[-400:]
    if options.nation:
        found["nation"] = rich(4_000_000, repeats=1)
    found["peak_MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
