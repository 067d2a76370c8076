"""Random tables, and a reader who attacks what is printed of them.

Written apart from the library: it sees printed cells only, has one variable for each inner
cell, and solves one dense linear programme at a time.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from footbridge.disclosure.protect import Detail, protect
from footbridge.disclosure.rules import INSIDE, OUTSIDE
from footbridge.disclosure.sheets import CellKey, two_way

HIDDEN = "hidden"
RULES = {"outside": (OUTSIDE, 11, 5), "inside": (INSIDE, 5, 1)}


def random_counts(draws: np.random.Generator) -> np.ndarray:
    """Return a table of counts, most of them as small as those of a small programme."""
    shape = int(draws.integers(2, 7)), int(draws.integers(2, 6))
    mean = float(draws.choice([3, 8, 20, 60]))
    counts = draws.negative_binomial(1, 1 / (1 + mean), size=shape)
    return np.where(draws.random(shape) < 0.1, 0, counts)


def printed(counts: np.ndarray, copy: str) -> tuple[Detail, np.ndarray | None]:
    """Return the protected table as it is printed, totals in the last row and column."""
    rule, _, _ = RULES[copy]
    rows, columns = counts.shape
    cells = {(str(r), str(c)): int(counts[r, c]) for r in range(rows) for c in range(columns)}
    found = protect(two_way("these people", ("row", "column"), cells), rule)
    if found.detail is Detail.NOTHING:
        return found.detail, None
    grid = np.empty((rows + 1, columns + 1), dtype=object)
    for r in range(rows + 1):
        for c in range(columns + 1):
            where = ({"row": str(r)} if r < rows else {}) | (
                {"column": str(c)} if c < columns else {}
            )
            shown = found.shown[CellKey.of("these people", where)]
            grid[r, c] = HIDDEN if shown is None else str(shown)
    return found.detail, grid


def narrowest(grid: np.ndarray, copy: str) -> int | None:
    """Return the width of the hidden cell that a reader knows best; None where none is hidden."""
    _, threshold, base = RULES[copy]
    rows, columns = grid.shape[0] - 1, grid.shape[1] - 1
    forms = {}
    for r in range(rows + 1):
        for c in range(columns + 1):
            form = np.zeros((rows, columns))
            form[
                slice(r, r + 1) if r < rows else slice(None),
                slice(c, c + 1) if c < columns else slice(None),
            ] = 1
            forms[r, c] = form.ravel()
    known = {at: int(text) for at, text in np.ndenumerate(grid) if text != HIDDEN}
    reach = (base - 1) // 2
    above = [forms[at] for at in known]
    upper = [value + reach for value in known.values()]
    lower = [max(value - reach, threshold) for value in known.values()]
    limits = (
        {"A_ub": np.vstack([*above, *(-a for a in above)]), "b_ub": [*upper, *(-v for v in lower)]}
        if known
        else {}
    )
    widths = []
    for at, text in np.ndenumerate(grid):
        if text == HIDDEN:
            ends = [linprog(sign * forms[at], **limits, bounds=(0, 100_000)) for sign in (1, -1)]
            low, high = (sign * end.fun for sign, end in zip((1, -1), ends, strict=True))
            widths.append(int(np.floor(high + 1e-6) - np.ceil(low - 1e-6)))
    return min(widths, default=None)
