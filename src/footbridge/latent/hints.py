"""Which equality of a step fits worst: score tests and modification indices, in words.

An equality is tested by releasing it (Rao's score test; see `scoretest`); what a step holds by a
fixed value (intercepts and residual variances of ordinal responses) by its modification index.
"""

import pandas as pd
from scipy import special

from footbridge.latent.result import Fit
from footbridge.latent.scoretest import score_test
from footbridge.latent.table import Row

_COLUMNS = ["step", "what", "partial", "X2", "df", "p.value"]


def step_hints(step: str, before: Fit | None, held: Fit | None) -> pd.DataFrame:
    """Return one row for everything that `held` holds equal and `before` does not.

    Parameters
    ----------
    step
        Its name.
    before, held
        The fits; None gives an empty table.

    Returns
    -------
    pandas.DataFrame
        Columns step, what, partial, X2, df, p.value; the largest first.
    """
    rows: list[tuple[object, ...]] = []
    if before is not None and held is not None:
        rows = [*_equal(step, before, held), *_fixed(step, before, held)]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return frame.sort_values("X2", ascending=False, kind="stable").reset_index(drop=True)


def hint_texts(step: str, hints: pd.DataFrame) -> tuple[str, ...]:
    """Return a sentence about the worst equality of a step that was rejected."""
    if hints.empty:
        return (f"'{step}' is rejected.",)
    worst = hints.iloc[0]
    return (
        f"'{step}' is rejected; what fits worst is that {worst['what']} is equal "
        f"(X2 = {worst['X2']:.1f}, p {_chance(worst['p.value'])}). If there is a reason why it "
        f'should differ, leave it free: partial=["{worst["partial"]}"].',
    )


def _chance(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


def _ties(fit: Fit) -> dict[frozenset[tuple[str, str, str, int]], tuple[int, Row, Row]]:
    """Return pairs of equal parameters with the position of their constraint."""
    at = {row.plabel: row for row in fit.table.parameters}
    equalities = [r for r in fit.table.relations if r.op == "=="]
    return {
        frozenset((at[r.lhs].key, at[r.rhs].key)): (i, at[r.lhs], at[r.rhs])
        for i, r in enumerate(equalities)
        if r.lhs in at and r.rhs in at
    }


def _equal(step: str, before: Fit, held: Fit) -> list[tuple[object, ...]]:
    known, mine = _ties(before), _ties(held)
    new = [value for key, value in mine.items() if key not in known]
    if not new:
        return []
    tests = score_test(held, robust=held.solution.scaled is not None).univariate
    found: list[tuple[object, ...]] = []
    for i, first, later in new:
        test = tests.iloc[i]
        what, name = _told(held, first, later)
        found.append((step, what, name, float(test["X2"]), 1, float(test["p.value"])))
    return found


def _fixed(step: str, before: Fit, held: Fit) -> list[tuple[object, ...]]:
    """Return what is free before and fixed now."""
    free = {r.key for r in before.table.free_rows}
    new = {r.key: r for r in held.table.parameters if not r.free and r.key in free}
    if not new:
        return []
    robust = held.solution.scaled is not None
    frame = held.modification_indices(robust=robust)
    column = "mi.robust" if robust else "mi"
    found: list[tuple[object, ...]] = []
    for lhs, op, rhs, group, gain in zip(
        *(frame[c] for c in ("lhs", "op", "rhs", "group", column)), strict=True
    ):
        row = new.get((lhs, op, rhs, group))
        if row is not None:
            what, name = _told(held, row, row)
            found.append((step, what, name, float(gain), 1, _tail(float(gain))))
    return found


def _tail(gain: float) -> float:
    return float(special.chdtrc(1, max(gain, 0.0)))


def _told(fit: Fit, first: Row, later: Row) -> tuple[str, str]:
    """Return a parameter in words, and the text that releases it."""
    labels = fit.problem.labels
    place = f" in group {labels[later.group - 1]}" if later.group > 1 else ""
    words = {
        "=~": f"the loading of {later.rhs} on {later.lhs}",
        "|": f"threshold {later.rhs[1:]} of {later.lhs}",
        "~1": f"the intercept of {later.lhs}",
        "~~": f"the residual variance of {later.lhs}",
    }[later.op]
    others = f" (with that of {_item(first)})" if _item(first) != _item(later) else ""
    right = {"~1": "~ 1"}.get(later.op, f"{later.op} {later.rhs}")
    return words + place + others, f"{later.lhs} {right}"


def _item(row: Row) -> str:
    return row.rhs if row.op == "=~" else row.lhs
