"""Kernel, twin and peers: person-months a second, bytes a person, threads, start-up, growth.

    python benchmarks/microsim/bench_engines.py [--peers PYTHON] [--nation] [--quick] [--page]

Writes benchmarks/out/microsim.json; `--page` writes docs/methods/microsim-benchmarks.md from it.
`--peers` names an interpreter that has Starsim 3.7.2 and Mesa 3.3.1 (pip install them into an
environment of their own); without it the page says that they were skipped. `--nation` runs 4
million people, one for one. `--quick` leaves out the million; `--trial` leaves out all but 2,000
people, to see that everything works. The whole takes about five minutes on two quiet cores. Speeds
are given twice: *nominal* counts every person in every month (as peers are counted), *living* only
those who have begun and are alive. CPU time of the process is the clock, because a machine may be
shared; wall time and the load stand beside it.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import _page
from _abreast import abreast
from _engines import LATE, LATE_MONTHS, late, rich, toy, toy_twin, until_late
from _machine import bandwidth, processor, scaling, siblings
from _pairing import pairing

from footbridge.microsim.people import BYTES_PER_PERSON

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
OUT = ROOT / "benchmarks" / "out" / "microsim.json"
TOUCHED = 22  # bytes of a person that a month reads, most of the time
OURS, THEIRS = ("kernel", "twin", "toy"), ("starsim six", "starsim rich", "mesa six")


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


def run_script(python, script, *arguments):
    """Return the object that a script of this folder prints, or why there is none."""
    command = [python, str(HERE / script), *(str(one) for one in arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "STARSIM_INSTALL_FONTS": "0"}
    ended = subprocess.run(command, capture_output=True, check=False, text=True, env=environment)
    if ended.returncode != 0:
        return {"skipped": f"{script} failed: {ended.stderr.strip()[-300:]}"}
    return json.loads(ended.stdout.splitlines()[-1])


def peers(python, state, sizes):
    """Return what the peers' scripts say, or why there is nothing to say."""
    if not python:
        return {"skipped": "no interpreter with Starsim and Mesa was named (--peers PYTHON)"}
    return run_script(python, "_peers.py", state, *sizes)


def memory(python, state, sizes):
    """Return bytes a person of every engine and size, each in a process of its own."""
    who = [(name, sys.executable) for name in OURS]
    who += [(name, python) for name in THEIRS if python]
    return {
        f"{name} {n}": run_script(path, "_memory.py", name, n, state)
        for name, path in who
        for n in sizes
    }


def late_months(state, n):
    """Return the speeds of kernel and twin in the months in which Starsim's million is timed."""
    return {engine: late(n, state, engine=engine)[0] for engine in ("kernel", "reference")}


def threads(sizes):
    """Return one thread beside two, by the wall clock, and what sums and two processes do."""
    cases = [(n, 624, 3) if n <= 100_000 else (n, 240, 1) for n in sizes[1:]]
    pairs = [
        [rich(n, threads=k, months=m, repeats=r, best_by="wall_s") for k in (1, 2)]
        for n, m, r in cases
    ]
    alone = abreast(min(sizes[-1], 100_000))
    return {"sums": scaling(), "cores": siblings(), "pairs": pairs, "processes": alone}


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(options, state):
    """Return every figure of the page."""
    sizes = [10_000, 100_000] + ([] if options.quick else [1_000_000])
    if options.trial:
        sizes = [1_000, 2_000]
    subprocess.run([sys.executable, "-m", "footbridge.microsim.warm"], check=True)  # as at setup
    found = {
        "made": datetime.now(UTC).strftime("%d %b %Y"), "processor": processor(),
        "cores": os.cpu_count(), "python": platform.python_version(), "sizes": sizes,
        "load_before": round(os.getloadavg()[0], 1), "bytes_per_person": BYTES_PER_PERSON,
        "bandwidth_GB_s": round(bandwidth() / 1e9, 1), "first_picture": first_picture(),
        "toy": {str(n): toy(n) for n in sizes}, "toy_twin": {str(n): toy_twin(n) for n in sizes},
    }  # fmt: skip
    found["rich"] = [rich(n, repeats=3 if n < 1_000_000 else 1) for n in sizes]
    found["threads"] = threads(sizes)
    found["twin"] = [rich(n, engine="reference", repeats=1) for n in sizes if n < 1_000_000]
    found["months"] = [rich(30_000, months=m, repeats=2) for m in (240, 480, 624)]
    found["by_events"] = [
        rich(30_000, scenario=s, repeats=2) for s in ("baseline", "q1-stigma", "q2-q3")
    ]
    found["until_late"] = until_late(sizes[-1], state)
    found["late"] = late_months(state, sizes[-1]) | {"first": LATE, "months": LATE_MONTHS}
    found["peak_MB"] = peak_mb()
    found["pairing"] = pairing(persons=options.pairing_persons, seeds=options.pairing_seeds)
    found["peers"] = peers(options.peers, state, sizes)
    found["memory"] = memory(options.peers, state, sizes)
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
    for flag in ("--nation", "--quick", "--trial", "--page"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options, Path(folder) / "late.npz")
    found["minutes"] = round((time.monotonic() - start) / 60, 1)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))
    if options.page:
        _page.write(found, ROOT / "docs" / "methods" / "microsim-benchmarks.md")


if __name__ == "__main__":
    main()
