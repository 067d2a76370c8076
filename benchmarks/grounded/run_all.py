"""Runs every benchmark of the interview library once and prints one csv table.

Lines that begin with # say how busy the machine was; where it was busy the processor seconds
are the fairer figure.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

SCRIPTS = ("bench_agreement.py", "bench_comparison.py", "bench_exchange.py")


def noise() -> str:
    """Return the load averages of the last one, five and fifteen minutes."""
    return ", ".join(f"{load:.1f}" for load in os.getloadavg())


def main() -> None:
    print(f"# Python {platform.python_version()}, {os.cpu_count()} processors, load {noise()}")
    print("what,seconds,processor_seconds,peak_mb,value", flush=True)
    for script in SCRIPTS:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).parent / script)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        print(done.stdout.split("\n", 1)[1].strip(), flush=True)
    print(f"# load afterwards {noise()}")


if __name__ == "__main__":
    main()
