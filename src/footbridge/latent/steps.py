"""What each step of the ladder writes: which parameters are equal, and what that sets free.

Identification follows Wu and Estabrook (2016), Psychometrika 81, 1014-1045: the first cell gives
the scale (factor variance 1 and mean 0, response intercepts 0, response scales 1); each equality
that a later cell takes over from it frees what it makes known. Meredith (1993), Psychometrika
58, 525-543, for continuous items.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from footbridge.latent.errors import OptionError
from footbridge.latent.repeated import Design, Factor
from footbridge.latent.syntax import parse_model

CONFIGURAL, THRESHOLDS, LOADINGS, SCALAR, STRICT = range(5)
CONTINUOUS = ("configural", "", "metric", "scalar", "strict")
ORDINAL = ("configural", "thresholds", "loadings", "scalar", "strict")
#: What stays free: operator, factor (or -1), item, threshold (or 0), cell.
Release = tuple[str, int, int, int, int]


class Mark(NamedTuple):
    """One line for every cell: left side, operator, right side, and the modifier of each."""

    lhs: tuple[str, ...]
    op: str
    rhs: tuple[str, ...]
    said: tuple[str, ...]


def releases(design: Design, partial: Sequence[str]) -> frozenset[Release]:
    """Read what stays free.

    Parameters
    ----------
    partial
        Texts such as "f =~ b", "b | t2", "b ~ 1", "b ~~ b". The name of a later occasion frees
        that occasion only; the first one's, or a name without occasion, frees all.

    Raises
    ------
    OptionError
        If one of them is not held equal by any step.
    """
    found: set[Release] = set()
    for text in partial:
        s = parse_model(text).statements[0]
        kind, position, cell = design.aliases.get(s.lhs, ("", -1, 0))
        factor, item, k = -1, position, 0
        if s.op == "=~":
            side, item, other = design.aliases.get(s.term.name, ("", -1, 0))
            fits = (kind, side) == ("factor", "item") and item in design.factors[position].items
            factor, cell = position, max(cell, other)
        elif s.op == "|":
            k = int(s.term.name[1:]) if s.term.name[1:].isdigit() else 0
            fits = kind == "item" and 1 <= k <= design.items[position].thresholds
        else:
            own = s.op == "~1" or (s.op == "~~" and s.lhs == s.term.name)
            fits = kind == "item" and own
        if not fits:
            raise _not_held(design, text)
        later = range(1, len(design.cells))
        found |= {(s.op, factor, item, k, c) for c in (later if cell == 0 else (cell,))}
    return frozenset(found)


def _not_held(design: Design, text: str) -> OptionError:
    f, x = design.factors[0], design.items[design.factors[0].items[0]]
    words = [f"{f.names[0]} =~ {x.names[0]}", f"{x.names[0]} ~ 1", f"{x.names[0]} ~~ {x.names[0]}"]
    if x.thresholds:
        words.insert(1, f"{x.names[0]} | t1")
    return OptionError(
        f"partial= names '{text}'.",
        "No step of the ladder holds that equal, so nothing would be released.",
        f"It can be a loading, threshold, intercept or residual variance: {', '.join(words)}.",
    )


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the steps of one design; `theta` and `std_lv` as in the options of a fit."""

    design: Design
    released: frozenset[Release]
    theta: bool = True
    std_lv: bool = True

    def model(self, step: int, extra: Sequence[str] = ()) -> str:
        """Return the model's text at a step; `extra` are lines that all steps have."""
        write = self._over_groups if self.design.groups else self._over_time
        lines = [line for mark in self._marks(step) for line in write(mark)]
        return "\n".join([self.design.text, *extra, *lines])

    def steps(self) -> list[tuple[str, int]]:
        """Return name and number of the steps that say something about these items."""
        design = self.design
        names = ORDINAL if design.ordinal else CONTINUOUS
        cells = range(1, len(design.cells))
        wanted = [CONFIGURAL]
        pairs = [(i, c) for i in range(len(design.items)) for c in cells]
        if any(self._anchors(i, c) > 2 for i, c in pairs if design.items[i].thresholds):
            wanted.append(THRESHOLDS)
        if any(self._tied(f, i, c, LOADINGS) for f in design.factors for i in f.items
               for c in cells):  # fmt: skip
            wanted.append(LOADINGS)
        wanted.append(SCALAR)
        if not design.ordinal or self.theta:
            wanted.append(STRICT)
        return [(names[step], step) for step in wanted]

    def late(self) -> list[str]:
        """Return the ordinal items of which one threshold is equal: they join at scalar."""
        return [
            item.names[0]
            for i, item in enumerate(self.design.items)
            if item.thresholds and any(self._late(i, c) for c in range(1, len(self.design.cells)))
        ]

    def _free(self, op: str, item: int, cell: int, *, factor: int = -1, k: int = 0) -> bool:
        return (op, factor, item, k, cell) in self.released

    def _anchors(self, item: int, cell: int) -> int:
        """Return how many thresholds of an item are equal to those of the first cell."""
        return sum(
            not self._free("|", item, cell, k=k)
            for k in range(1, self.design.items[item].thresholds + 1)
        )

    def _full(self, item: int, cell: int) -> bool:
        """Whether two thresholds give the response a scale and an origin."""
        return self.design.items[item].thresholds == 0 or self._anchors(item, cell) >= 2

    def _late(self, item: int, cell: int) -> bool:
        """Whether one threshold is equal: all that is equal can be tested together only."""
        whole = not self._free("~1", item, cell) and not any(
            r[0] == "=~" and r[2] == item and r[4] == cell for r in self.released
        )
        return not self._full(item, cell) and self._anchors(item, cell) == 1 and whole

    def _since(self, item: int, cell: int, step: int) -> int:
        """Return the step from which something of an item is equal that `step` makes equal."""
        if self._full(item, cell):
            return step
        return max(step, SCALAR) if self._late(item, cell) else STRICT + 1

    def _tied(self, factor: Factor, item: int, cell: int, step: int) -> bool:
        """Whether a loading is equal to that of the first cell."""
        position = self.design.factors.index(factor)
        freed = self._free("=~", item, cell, factor=position)
        return not freed and step >= self._since(item, cell, LOADINGS)

    def _marks(self, step: int) -> Iterator[Mark]:
        design = self.design
        cells = range(len(design.cells))
        for factor in design.factors:
            for i in factor.items:
                same = [c == 0 or self._tied(factor, i, c, step) for c in cells]
                names = design.items[i].names
                label = f"load_{factor.names[0]}_{names[0]}"
                yield Mark(factor.names, "=~", names, _labels(label, same))
            if self.std_lv:
                known = [any(self._tied(factor, i, c, step) for i in factor.items) for c in cells]
                said = tuple("NA" if c and known[c] else "1" for c in cells)
                yield Mark(factor.names, "~~", factor.names, said)
            means = tuple("NA" if c and self._origin(factor, c, step) else "0" for c in cells)
            yield Mark(factor.names, "~", ("1",) * len(cells), means)
        for i, item in enumerate(design.items):
            yield from self._ordinal(i, step) if item.thresholds else self._continuous(i, step)

    def _origin(self, factor: Factor, cell: int, step: int) -> bool:
        """Whether some item of this factor alone has an equal intercept."""
        if step < SCALAR:
            return False
        others = [f for f in self.design.factors if f is not factor]
        return any(
            not self._free("~1", i, cell)
            and self._since(i, cell, SCALAR) <= step
            and not any(i in f.items for f in others)
            for i in factor.items
        )

    def _continuous(self, i: int, step: int) -> Iterator[Mark]:
        names = self.design.items[i].names
        for op, word, since in (("~1", "int", SCALAR), ("~~", "res", STRICT)):
            same = [
                c == 0 or (step >= since and not self._free(op, i, c)) for c in range(len(names))
            ]
            right = ("1",) * len(names) if op == "~1" else names
            yield Mark(names, op.replace("1", ""), right, _labels(f"{word}_{names[0]}", same))

    def _ordinal(self, i: int, step: int) -> Iterator[Mark]:
        item = self.design.items[i]
        names, cells = item.names, range(len(item.names))
        for k in range(1, item.thresholds + 1):
            since = [self._since(i, c, THRESHOLDS) for c in cells]
            same = [c == 0 or (step >= since[c] and not self._free("|", i, c, k=k)) for c in cells]
            yield Mark(names, "|", (f"t{k}",) * len(cells), _labels(f"thr_{names[0]}_t{k}", same))
        origin = tuple("NA" if c and self._floats(i, c, step) else "0" for c in cells)
        yield Mark(names, "~", ("1",) * len(cells), origin)
        scale = tuple("NA" if c and self._stretches(i, c, step) else "1" for c in cells)
        yield Mark(names, "~~" if self.theta else "~*~", names, scale)

    def _floats(self, i: int, cell: int, step: int) -> bool:
        """Whether a response's intercept is free: thresholds give it an origin."""
        if step < THRESHOLDS or not self._full(i, cell):
            return False
        return step < SCALAR or self._free("~1", i, cell)

    def _stretches(self, i: int, cell: int, step: int) -> bool:
        """Whether a response's scale (its residual variance under theta) is free."""
        known = step >= self._since(i, cell, THRESHOLDS)
        return known and (step < STRICT or self._free("~~", i, cell))

    def _over_time(self, mark: Mark) -> Iterator[str]:
        if set(mark.said) <= {"", "0"} or set(mark.said) == {"1"}:
            return  # what every cell has without being told
        for left, right, said in zip(mark.lhs, mark.rhs, mark.said, strict=True):
            if said:
                yield f"{left} {mark.op} {said}*{right}"

    def _over_groups(self, mark: Mark) -> Iterator[str]:
        if set(mark.said) <= {"", "0"} or set(mark.said) == {"1"}:
            return
        first = mark.said[0]
        said = [s or f"{first}.g{c + 1}" for c, s in enumerate(mark.said)]
        yield f"{mark.lhs[0]} {mark.op} c({', '.join(said)})*{mark.rhs[0]}"


def _labels(label: str, same: Sequence[bool]) -> tuple[str, ...]:
    """Return the label where it is shared; nothing where no later cell shares it."""
    if not any(same[1:]):
        return ("",) * len(same)
    return tuple(label if s else "" for s in same)
