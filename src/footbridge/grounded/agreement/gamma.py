"""The least disorder of aligned units, the deterministic half of Mathet's gamma.

Units of different coders that mean the same thing stand in one alignment, at most one of
each coder; who has nothing there pays `empty`. The alignment of all units with the least
disorder is found by an integer programme. Gamma divides it by what chance gives, which has
to be sampled; that half is not here.

References
----------
Mathet, Widlocher & Metivier (2015), Computational Linguistics 41(3), 437-479,
https://doi.org/10.1162/COLI_a_00227
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias

import numpy as np

from footbridge.grounded.errors import AgreementError

Unit: TypeAlias = tuple[int, int, str]
_MOST_ALIGNMENTS = 300_000


@dataclass(frozen=True, slots=True)
class Dissimilarity:
    """What two units cost that stand beside each other.

    Attributes
    ----------
    position, category : float
        Weights (alpha and beta of the paper) of other boundaries and of another code.
    empty : float
        Cost of a unit that the other coder does not have.
    """

    position: float = 1.0
    category: float = 1.0
    empty: float = 1.0

    def between(self, a: Unit | None, b: Unit | None) -> float:
        """Return the cost of two units, or of a unit and nothing."""
        if a is None or b is None:
            return self.empty
        apart = (abs(a[0] - b[0]) + abs(a[1] - b[1])) / (a[1] - a[0] + b[1] - b[0])
        return self.empty * (self.position * apart**2 + self.category * (a[2] != b[2]))


def best_alignment_disorder(
    codings: Sequence[Sequence[Unit]], *, dissimilarity: Dissimilarity | None = None
) -> float:
    """Return the least disorder over all alignments of the coders' units.

    Parameters
    ----------
    codings : sequence over coders
        Each a sequence of half-open (start, end, code).
    dissimilarity : Dissimilarity, optional

    Returns
    -------
    float
        Mean cost of a pair of coders, summed over alignments and divided by the mean number
        of units of a coder; 0 where all units are the same.

    Raises
    ------
    AgreementError
        If there are fewer than two coders, no units, an empty unit, or too many units.
    """
    # Imported here: nothing else of agreement needs scipy, which takes a second to load.
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    costs = dissimilarity or Dissimilarity()
    units = sum(map(len, codings))
    if len(codings) < 2 or not units:
        raise AgreementError("Aligning needs two coders and at least one unit.")
    if any(end <= start for units_ in codings for start, end, _ in units_):
        raise AgreementError("A unit is empty. Leave it out.")
    rows, columns, prices = _alignments(codings, costs)
    table = csr_array((np.ones(len(rows)), (rows, columns)), shape=(units, len(prices)))
    found = milp(
        np.array(prices),
        constraints=LinearConstraint(table, 1.0, 1.0),
        integrality=np.ones(len(prices), dtype=np.int64),
        bounds=Bounds(0.0, 1.0),
    )
    if not found.success:
        raise AgreementError(f"No alignment was found: {found.message} Compare fewer units.")
    return float(found.fun) / (units / len(codings))


def _alignments(
    codings: Sequence[Sequence[Unit]], costs: Dissimilarity
) -> tuple[list[int], list[int], list[float]]:
    """Return which unit stands in which alignment, and each alignment's price.

    An alignment dearer than leaving its units alone can never be in the best one.
    """
    first = np.cumsum([0, *map(len, codings)])
    total = 1
    for units in codings:
        total *= len(units) + 1
    if total > _MOST_ALIGNMENTS:
        raise AgreementError(
            f"{total:,} alignments are too many to try. Compare shorter passages, or use u_alpha."
        )
    pairs = len(codings) * (len(codings) - 1) / 2
    rows: list[int] = []
    columns: list[int] = []
    prices: list[float] = []
    for chosen in product(*([None, *range(len(units))] for units in codings)):
        present = [at for at, n in enumerate(chosen) if n is not None]
        if not present:
            continue
        aligned = [None if n is None else codings[at][n] for at, n in enumerate(chosen)]
        price = sum(costs.between(a, b) for a, b in combinations(aligned, 2)
                    if a is not None or b is not None) / pairs  # fmt: skip
        alone = len(present) * (len(codings) - 1) * costs.empty / pairs
        if price <= alone:
            rows += [int(first[at]) + n for at, n in enumerate(chosen) if n is not None]
            columns += [len(prices)] * len(present)
            prices.append(price)
    return rows, columns, prices
