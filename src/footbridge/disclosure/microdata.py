"""Rows of people made safe: classes, k-anonymity, l-diversity, coarsening, uniqueness.

A *knowable* variable (quasi-identifier) is one that an outsider may know of somebody; a
*sensitive* one is what they would learn. People who share all knowable values form a
class; k is the size of the smallest, l the fewest different known values of a sensitive
variable in one.

References
----------
Sweeney 2002, Int. J. Uncertain. Fuzz. 10:557-570 (k-anonymity); Machanavajjhala et al. 2007,
ACM TKDD 1:3 (l-diversity); Samarati 2001, IEEE TKDE 13:1010-1027 (generalisation lattice).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from footbridge.disclosure.errors import MicrodataError

Row = Mapping[str, str]
Levels = Mapping[str, int]
UNKNOWN = "not-known"
ANY = "*"


@dataclass(frozen=True, slots=True)
class Ladder:
    """How one knowable variable gets coarser, step by step; the last step says nothing.

    Parameters
    ----------
    steps : tuple of mapping of str to str
        Each maps the original values to coarser ones; a value not named stays as it is.
    """

    steps: tuple[Mapping[str, str], ...] = ()

    @property
    def top(self) -> int:
        """The number of the last step, at which every value is ``*``."""
        return len(self.steps) + 1

    def at(self, value: str, level: int) -> str:
        """Return a value at a level: 0 as it is, `top` as ``*``."""
        if level >= self.top:
            return ANY
        return value if level == 0 else self.steps[level - 1].get(value, value)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the rows.

    Parameters
    ----------
    knowable : mapping of str to Ladder
    sensitive : tuple of str
    k, l : int
        The smallest class, and the fewest different known values in one.
    drop : float
        The largest share of rows that may be left out.
    fixed : frozenset of str
        Knowable variables that stay as they are given, such as those that left before.
    """

    knowable: Mapping[str, Ladder]
    sensitive: tuple[str, ...]
    k: int = 10
    l: int = 2  # noqa: E741 - its name in the literature
    drop: float = 0.1
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Safe:
    """Rows that may leave.

    Parameters
    ----------
    rows : tuple of mapping of str to str
        Coarsened, in an order that has nothing to do with the one they came in.
    levels : mapping of str to int
        How coarse each knowable variable is now.
    dropped : int
        Rows left out.
    k : int
        Size of the smallest class.
    l : int or None
        Fewest different known values of a sensitive variable in a class; None without one.
    """

    rows: tuple[Row, ...]
    levels: Levels
    dropped: int
    k: int
    l: int | None = field(default=None)  # noqa: E741


def age_band(age: int) -> str:
    """Return the ten-year band of an age; everybody under 20, and from 70 on, together.

    Examples
    --------
    >>> age_band(17), age_band(34), age_band(81)
    ('under 20', '30-39', '70 and over')
    """
    if age < 0:
        raise _error("An age is negative.", "Leave it empty where it is not known.")
    if age < 20:
        return "under 20"
    return "70 and over" if age >= 70 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def classes(rows: Iterable[Row], knowable: Iterable[str]) -> dict[tuple[str, ...], list[Row]]:
    """Return the rows by their knowable values."""
    names, found = sorted(knowable), defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return dict(found)


def smallest_class(rows: Sequence[Row], knowable: Iterable[str]) -> int:
    """Return k: the size of the smallest class; 0 for no rows."""
    return min((len(one) for one in classes(rows, knowable).values()), default=0)


def diversity(rows: Iterable[Row], sensitive: Iterable[str]) -> int | None:
    """Return l of one class: the fewest different known values of a sensitive variable.

    A variable of which nothing is known in the class tells nothing and is passed over.
    """
    held = list(rows)
    counts = [len({row[name] for row in held} - {UNKNOWN}) for name in sensitive]
    return min((count for count in counts if count), default=None)


def uniqueness(rows: Sequence[Row], names: Iterable[str]) -> float:
    """Return the share of rows that nobody else shares on these variables."""
    if not rows:
        return 0.0
    return sum(len(one) == 1 for one in classes(rows, names).values()) / len(rows)


def anonymise(rows: Sequence[Row], asked: Asked) -> Safe:
    """Coarsen the knowable variables as little as makes every class safe.

    All combinations of levels are tried, the finest first; at each, classes that are too
    small or too uniform are left out, up to `asked.drop` of all rows.

    Raises
    ------
    MicrodataError
        If no combination will do; the text says which of k, l and the share fails.
    """
    _check(rows, asked)
    names = sorted(asked.knowable)
    tops = [0 if name in asked.fixed else asked.knowable[name].top for name in names]
    ways = product(*(range(top + 1) for top in tops))
    order = sorted(ways, key=lambda way: (sum(a / (t or 1) for a, t in zip(way, tops)), way))
    for way in order:
        found = _at(rows, dict(zip(names, way, strict=True)), asked)
        if found is not None:
            return found
    raise _error(
        f"No coarsening puts every row into a class of {asked.k} people or more with "
        f"{asked.l} or more different values of each sensitive variable.",
        "Ask for fewer sensitive variables, or wait until more people have taken part.",
    )


def _at(rows: Sequence[Row], levels: Levels, asked: Asked) -> Safe | None:
    coarse = [
        {**row, **{name: asked.knowable[name].at(row[name], at) for name, at in levels.items()}}
        for row in rows
    ]
    kept: list[Row] = []
    found: list[int | None] = []
    sizes: list[int] = []
    for one in classes(coarse, levels).values():
        various = diversity(one, asked.sensitive)
        if len(one) >= asked.k and (various is None or various >= asked.l):
            kept.extend(one)
            sizes.append(len(one))
            found.append(various)
    dropped = len(rows) - len(kept)
    # Left-out rows are a class too: a reader who knows the total knows how many there are.
    if not kept or dropped > asked.drop * len(rows):
        return None
    kept.sort(key=lambda row: sorted(row.items()))
    told = [one for one in found if one is not None]
    return Safe(tuple(kept), levels, dropped, min(sizes), min(told, default=None))


def _check(rows: Sequence[Row], asked: Asked) -> None:
    if asked.k < 2 or asked.l < 1 or not 0 <= asked.drop < 1:
        raise _error(
            "These bounds protect nobody.", "Ask for k of 2 or more, l of 1 or more, drop under 1."
        )
    wanted = {*asked.knowable, *asked.sensitive}
    if set(asked.knowable) & set(asked.sensitive):
        raise _error("A variable is both knowable and sensitive.", "Choose one of the two.")
    if any(not wanted <= set(row) for row in rows):
        raise _error("A row lacks a variable.", f"Write {UNKNOWN!r} where nothing is known.")
    if len(rows) < asked.k:
        raise _error(
            f"There are fewer than {asked.k} rows.", "Wait until more people have taken part."
        )


def _error(what: str, todo: str) -> MicrodataError:
    return MicrodataError(what, "Rows leave only where nobody can be picked out.", todo)
