"""Runs every benchmark of the interview library once and prints one csv table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPTS = ("bench_agreement.py", "bench_comparison.py", "bench_exchange.py")


def main() -> None:
    print("what,seconds,peak_mb,value", flush=True)
    for script in SCRIPTS:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).parent / script)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        print(done.stdout.split("\n", 1)[1].strip(), flush=True)


if __name__ == "__main__":
    main()
