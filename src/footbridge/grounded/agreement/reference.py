"""Plain twins of the counting loops: slow, obvious, and the judge of the fast ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from typing import Any, TypeAlias

Value: TypeAlias = Any  # a number, a word, or None where nothing was given
Unit = tuple[int, int, str]


def _delta(level: str, c: float, k: float, counts: Counter[Any]) -> float:
    if level == "nominal":
        return float(c != k)
    if level == "interval":
        return (c - k) ** 2
    if level == "ratio":
        return ((c - k) / (c + k)) ** 2 if c + k else 0.0
    low, high = min(c, k), max(c, k)
    between = sum(n for g, n in counts.items() if low <= g <= high)
    return float((between - (counts[c] + counts[k]) / 2) ** 2) if c != k else 0.0


def krippendorff_alpha(table: Sequence[Sequence[Value]], level: str) -> float | None:
    """Return alpha straight from its definition; None where it is undefined."""
    units = [[v for v in unit if v is not None] for unit in zip(*table, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    counts: Counter[Any] = Counter(v for unit in units for v in unit)
    n = float(sum(counts.values()))
    observed: float = sum(
        _delta(level, c, k, counts) / (len(unit) - 1)
        for unit in units
        for c, k in permutations(unit, 2)
    )
    expected: float = sum(
        counts[c] * counts[k] * _delta(level, c, k, counts) for c in counts for k in counts
    )
    return 1 - (n - 1) * observed / expected if expected else None


def gwet_ac1(table: Sequence[Sequence[Value]]) -> float | None:
    """Return AC1 straight from its definition; None where it is undefined."""
    units = [[v for v in unit if v is not None] for unit in zip(*table, strict=True)]
    coded = [unit for unit in units if unit]
    compared = [unit for unit in units if len(unit) > 1]
    codes = {v for unit in coded for v in unit}
    if not compared or len(codes) < 2:
        return None
    share = {k: sum(unit.count(k) / len(unit) for unit in coded) / len(coded) for k in codes}
    chance: float = sum(p * (1 - p) for p in share.values()) / (len(codes) - 1)
    agreed: float = sum(
        sum(a == b for a, b in permutations(unit, 2)) / (len(unit) * (len(unit) - 1))
        for unit in compared
    ) / len(compared)
    return (agreed - chance) / (1 - chance)


def u_alpha(coders: Sequence[Sequence[Unit]], length: int) -> float | None:
    """Return u-alpha by painting every character of the text, one coder after the other."""
    painted = [[""] * length for _ in coders]
    squares: Counter[str] = Counter()
    for text, units in zip(painted, coders, strict=True):
        for start, end, code in units:
            text[start:end] = [code] * (end - start)
            squares[code] += (end - start) ** 2
        squares[""] += text.count("")
    together: Counter[tuple[str, str]] = Counter()
    for at in zip(*painted, strict=True):
        together.update(permutations(at, 2))
    codes = sorted(squares)
    scale = len(coders) - 1
    marginal = {c: sum(together[c, k] for k in codes) / scale for c in codes}
    total = sum(marginal.values())
    below = total - sum(squares.values()) / total
    observed = sum(n for (c, k), n in together.items() if c != k) / scale
    if below <= 0:
        return None
    expected: float = sum(marginal[c] * marginal[k] for c in codes for k in codes if c != k) / below
    return 1 - observed / expected if expected else None
