"""Times agreement at a million units and a million segments; prints one csv table.

Run: ``python benchmarks/grounded/bench_agreement.py``. The PyPI package `krippendorff` is
compared where it is installed; it is not a dependency.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

UNITS = 1_000_000


def coded(n_units: int = UNITS) -> np.ndarray:
    """Return three coders who mostly agree on five codes, a tenth of the cells missing."""
    rng = np.random.default_rng(20140701)
    truth = rng.integers(1, 6, n_units)
    table = np.where(rng.random((3, n_units)) < 0.8, truth, rng.integers(1, 6, (3, n_units)))
    return np.where(rng.random((3, n_units)) < 0.1, np.nan, table.astype(float))


Timed = tuple[float, float, float]  # seconds, seconds of processor time, what was found


def best(call: Callable[[], float], repeats: int = 3) -> Timed:
    """Return the shortest time, its processor time, and what was found."""
    times = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        found = call()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return *min(times), found


def ours(level: str) -> Timed:
    from footbridge.grounded.agreement import krippendorff_alpha

    table = coded()
    krippendorff_alpha(table[:, :100], level=level)
    return best(lambda: krippendorff_alpha(table, level=level).required())


def theirs(level: str) -> Timed:
    import krippendorff

    table = coded()
    return best(lambda: krippendorff.alpha(reliability_data=table, level_of_measurement=level))


def unitized() -> Timed:
    from footbridge.grounded.agreement import UnitArrays, u_alpha

    rng = np.random.default_rng(1)

    def coder() -> UnitArrays:
        edges = np.cumsum(rng.integers(1, 30, 2 * UNITS))
        codes = rng.integers(0, 40, UNITS).astype(np.int32)
        return UnitArrays(edges[::2].copy(), edges[1::2].copy(), codes)

    coders = [coder(), coder()]
    length = int(max(c.ends[-1] for c in coders))
    names = [f"code {k}" for k in range(40)]
    u_alpha([[(0, 1, names[0])], [(1, 2, names[1])]], length=3)
    return best(lambda: u_alpha(coders, length=length, codes=names).required())


CASES: dict[str, Callable[[], Timed]] = {
    "nominal alpha, 1M units x 3 coders": lambda: ours("nominal"),
    "nominal alpha, same, PyPI krippendorff": lambda: theirs("nominal"),
    "ordinal alpha, 1M units x 3 coders": lambda: ours("ordinal"),
    "ordinal alpha, same, PyPI krippendorff": lambda: theirs("ordinal"),
    "u-alpha, 1M segments x 2 coders": unitized,
}


def main() -> None:
    if len(sys.argv) > 1:
        seconds, cpu, found = CASES[sys.argv[1]]()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f'"{sys.argv[1]}",{seconds:.4f},{cpu:.4f},{peak},{found:.6f}')
        return
    print("what,seconds,processor_seconds,peak_mb,value")
    for case in CASES:  # a process each, so that peak memory is its own
        done = subprocess.run(
            [sys.executable, __file__, case], capture_output=True, text=True, check=False
        )
        missing = (
            "krippendorff is not installed" if "ModuleNotFound" in done.stderr else done.stderr
        )
        print(done.stdout.strip() or f'"{case}",,,,{missing.strip()}', flush=True)


if __name__ == "__main__":
    main()
