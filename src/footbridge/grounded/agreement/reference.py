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
    painted = _painted(coders, length)
    squares: Counter[str] = Counter()
    for text, units in zip(painted, coders, strict=True):
        for start, end, code in units:
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


def _painted(coders: Sequence[Sequence[Unit]], length: int) -> list[list[str]]:
    rows = [[""] * length for _ in coders]
    for row, units in zip(rows, coders, strict=True):
        for start, end, code in units:
            row[start:end] = [code] * (end - start)
    return rows


def u_alpha_binary(coders: Sequence[Sequence[Unit]], length: int) -> float | None:
    """Return u-alpha after every code was given one name."""
    return u_alpha([[(start, end, "k") for start, end, _ in units] for units in coders], length)


def _coded_twice(
    coders: Sequence[Sequence[Unit]], length: int
) -> tuple[Counter[tuple[str, str]], Counter[str], Counter[str]]:
    """Return code pairs where two coded, squared lengths of units met, and pairs with gaps."""
    rows = _painted(coders, length)
    together: Counter[tuple[str, str]] = Counter()
    with_gaps: Counter[str] = Counter()
    for at in zip(*rows, strict=True):
        for c, k in permutations(at, 2):
            if c and k:
                together[c, k] += 1
            if c:
                with_gaps[c] += 1
    squares: Counter[str] = Counter()
    for me, units in enumerate(coders):
        others = [row for at, row in enumerate(rows) if at != me]
        for start, end, code in units:
            squares[code] += sum(any(row[x] for row in others) for x in range(start, end)) ** 2
    return together, squares, with_gaps


def _expected_codes(
    together: Counter[tuple[str, str]], squares: Counter[str], scale: int
) -> dict[tuple[str, str], float] | None:
    margin = {c: sum(n for (x, _), n in together.items() if x == c) / scale for c in squares}
    total = sum(margin.values())
    if not total or total - sum(squares.values()) / total <= 1e-9 * total:
        return None
    below = total - sum(squares.values()) / total
    return {(c, k): (margin[c] * margin[k] - (c == k) * squares[c]) / below
            for c in squares for k in squares}  # fmt: skip


def cu_alpha(coders: Sequence[Sequence[Unit]], length: int) -> float | None:
    """Return cu-alpha by painting, over characters that two coders coded."""
    together, squares, _ = _coded_twice(coders, length)
    expected = _expected_codes(together, squares, len(coders) - 1)
    if expected is None:
        return None
    observed = sum(n for (c, k), n in together.items() if c != k) / (len(coders) - 1)
    chance = sum(n for (c, k), n in expected.items() if c != k)
    return 1 - observed / chance if chance > 0 else None


def ku_alpha(
    coders: Sequence[Sequence[Unit]], length: int, code: str
) -> tuple[float | None, float | None]:
    """Return (k)u-alpha of one code and its coverage, by painting."""
    together, squares, with_gaps = _coded_twice(coders, length)
    met = sum(n for (c, _), n in together.items() if c == code)
    coverage = met / with_gaps[code] if with_gaps[code] else None
    expected = _expected_codes(together, squares, len(coders) - 1)
    if not met or expected is None:
        return None, coverage
    row = sum(n for (c, _), n in expected.items() if c == code)
    if row <= 0 or row - expected[code, code] <= 0:
        return None, coverage
    apart = 1 - together[code, code] / met
    return 1 - apart / (1 - expected[code, code] / row), coverage


def cohen_kappa(first: Sequence[Value], second: Sequence[Value]) -> float | None:
    """Return Cohen's kappa straight from its definition; None where it is undefined."""
    units = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    n = len(units)
    codes = {v for unit in units for v in unit}
    chance = sum(sum(a == k for a, _ in units) * sum(b == k for _, b in units) for k in codes)
    if n * n == chance:
        return None
    return float((n * sum(a == b for a, b in units) - chance) / (n * n - chance))


def fleiss_kappa(table: Sequence[Sequence[Value]]) -> float | None:
    """Return Fleiss' kappa, in Gwet's form where codes are missing, from its definition."""
    coded = [[v for v in unit if v is not None] for unit in zip(*table, strict=True)]
    coded = [unit for unit in coded if unit]
    compared = [unit for unit in coded if len(unit) > 1]
    codes = {v for unit in coded for v in unit}
    if not compared:
        return None
    chance: float = sum(
        (sum(unit.count(k) / len(unit) for unit in coded) / len(coded)) ** 2 for k in codes
    )
    agreed: float = sum(
        sum(a == b for a, b in permutations(unit, 2)) / (len(unit) * (len(unit) - 1))
        for unit in compared
    ) / len(compared)
    return (agreed - chance) / (1 - chance) if 1 - chance > 1e-12 else None
