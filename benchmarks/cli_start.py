"""How long `footbridge --help` takes, warm: the promise is under 0.3 s.

Prints the median and the slowest of some starts of the installed command, beside a bare
start of the same Python, and writes them to benchmarks/out/cli_start.json.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

STARTS = 15
PROMISE = 0.3
OUT = Path(__file__).resolve().parent / "out" / "cli_start.json"


def seconds(command: list[str]) -> list[float]:
    """Return the duration of each start, the first (cold) one left out."""
    taken = []
    for _ in range(STARTS + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    return taken[1:]


def main() -> int:
    """Measure, print and write; return 1 where the promise is not kept."""
    footbridge = str(Path(sys.executable).parent / "footbridge")
    bare = statistics.median(seconds([sys.executable, "-c", "pass"]))
    starts = seconds([footbridge, "--help"])
    figures = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "bare_python_s": round(bare, 3),
        "help_median_s": round(statistics.median(starts), 3),
        "help_slowest_s": round(max(starts), 3),
        "promise_s": PROMISE,
    }
    print(json.dumps(figures, indent=2))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0 if figures["help_median_s"] < PROMISE else 1


if __name__ == "__main__":
    sys.exit(main())
