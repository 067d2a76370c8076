"""Protect random tables and attack each: no hidden cell may be narrower than the threshold.

python -m benchmarks.disclosure.attack_tables --tables 10000
"""

from __future__ import annotations

import argparse
import collections
import time

import numpy as np

from benchmarks.disclosure.attacker import RULES, narrowest, printed, random_counts


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--tables", type=int, default=10_000)
    reading.add_argument("--first", type=int, default=0)
    asked = reading.parse_args()
    seen, least, broken, protecting = collections.Counter(), {}, [], 0.0
    for number in range(asked.first, asked.first + asked.tables):
        copy = ("outside", "inside")[number % 2]
        counts = random_counts(np.random.default_rng(number))
        start = time.process_time()
        detail, grid = printed(counts, copy)
        protecting += time.process_time() - start
        seen[copy, detail.value] += 1
        width = None if grid is None else narrowest(grid, copy)
        if width is not None:
            least[copy] = min(width, least.get(copy, width))
            if width < RULES[copy][1]:
                broken.append((number, width))
        if (number + 1) % 500 == 0:
            print(number + 1, dict(least), len(broken), flush=True)
    for (copy, detail), count in sorted(seen.items()):
        print(f"{copy:8} {detail:8} {count:6} tables")
    for copy, width in sorted(least.items()):
        print(f"{copy:8} narrowest hidden cell {width}, threshold {RULES[copy][1]}")
    each = protecting / asked.tables * 1000
    print(f"{asked.tables} tables, {each:.0f} ms to protect one; broken: {broken}")


if __name__ == "__main__":
    main()
