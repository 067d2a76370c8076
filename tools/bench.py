"""Run every benchmark script in turn and leave its figures in benchmarks/out/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"


def main() -> int:
    """Run the benchmarks; return 1 if one of them failed."""
    scripts = sorted(p for p in BENCHMARKS.rglob("*.py") if not p.name.startswith("_"))
    failed = []
    for number, script in enumerate(scripts, start=1):
        name = script.relative_to(BENCHMARKS).with_suffix("")
        print(f"[{number}/{len(scripts)}] {name}", flush=True)
        ended = subprocess.run([sys.executable, str(script)], cwd=ROOT, check=False)
        if ended.returncode != 0:
            failed.append(str(name))
    if failed:
        print(f"Failed: {', '.join(failed)}. Run one alone to see why.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
