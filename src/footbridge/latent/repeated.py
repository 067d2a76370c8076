"""Which items and factors are the same over groups or occasions: what a ladder may hold equal."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from footbridge.latent.errors import DataError, ModelError, OptionError
from footbridge.latent.syntax import ParsedModel, Statement, parse_model

Occasions = Mapping[str, Sequence[str]]
Ordered = Sequence[str] | bool | None
#: More categories than this are taken for a number that was called ordered by mistake.
_MANY = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its name in every cell, and how many thresholds it has (0: continuous)."""

    names: tuple[str, ...]
    thresholds: int = 0


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: its name in every cell, and its items by position in the design."""

    names: tuple[str, ...]
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """A measurement model and its cells: the groups, or the occasions.

    `text` is the model of all cells without any equality, `cells` are what people call them,
    `aliases` what a name stands for: the operator's side, its position and its cell.
    """

    text: str
    cells: tuple[str, ...]
    items: tuple[Item, ...]
    factors: tuple[Factor, ...]
    groups: bool
    aliases: Mapping[str, tuple[str, int, int]]

    @property
    def ordinal(self) -> bool:
        """Whether any item is ordinal."""
        return any(item.thresholds for item in self.items)

    @property
    def written(self) -> set[frozenset[str]]:
        """Pairs whose covariance the model's text holds already."""
        return {
            frozenset((s.lhs, s.term.name))
            for s in parse_model(self.text).statements
            if s.op == "~~"
        }


def over_groups(model: str, data: pd.DataFrame, labels: Sequence[str], ordered: Ordered) -> Design:
    """Return the design of one model in several groups.

    Parameters
    ----------
    labels
        What the groups are called.
    ordered
        Names of the ordinal items, or True for all.
    """
    parsed = parse_model(model)
    _require_measurement(parsed, [])
    factors = _factors(parsed)
    names = list(dict.fromkeys(itertools.chain.from_iterable(factors.values())))
    wanted = set(names) if ordered is True else set(ordered or ())
    observed = [n for n in names if n not in factors]
    _require_columns(data, observed)
    n = len(labels)
    items = tuple(
        Item((name,) * n, len(_levels(data, name)) - 1 if name in wanted else 0)
        for name in observed
    )
    at = {name: i for i, name in enumerate(observed)}
    found = tuple(
        Factor((f,) * n, tuple(at[x] for x in mine if x in at)) for f, mine in factors.items()
    )
    return Design(model, tuple(labels), items, found, True, _aliases(items, found))


def over_time(
    model: str, data: pd.DataFrame, occasions: Occasions, ordered: Ordered
) -> tuple[Design, list[str] | None]:
    """Return the design of one group measured repeatedly, and the names of its ordinal items.

    Parameters
    ----------
    occasions
        Either factors, each with its names in the order of the occasions (the model is written
        for all of them), or occasions, each with its items in the order of the model (the model
        is written once).
    ordered
        Names of ordinal items, those of the model that is written once included.

    Raises
    ------
    OptionError, ModelError, DataError
        If the occasions do not hold the same items, or not in the same categories.
    """
    listed = {key: _listed(key, names) for key, names in occasions.items()}
    parsed = parse_model(model)
    factors = _factors(parsed)
    if listed and all(name in factors for names in listed.values() for name in names):
        text, cells = model, _numbered(listed)
        same = list(listed.values())
        keys = list(listed)
        once: dict[str, tuple[str, ...]] = {}
    else:
        text, cells, once = _expanded(parsed, listed)
        parsed = parse_model(text)
        keys = list(factors)
        same = [[f"{key}_{_word(c)}" for c in cells] for key in factors]
    _require_measurement(parsed, list(itertools.chain.from_iterable(same)))
    found = _factors(parsed)
    names = _matched(same, found, cells)
    _require_columns(data, itertools.chain.from_iterable(names))
    wanted = _ordinal(ordered, names, once, cells)
    items = tuple(Item(n, _thresholds(data, n, cells) if n[0] in wanted else 0) for n in names)
    at = {n[0]: i for i, n in enumerate(names)}
    longitudinal = tuple(Factor(tuple(s), tuple(at[x] for x in found[s[0]])) for s in same)
    aliases = _aliases(items, longitudinal)
    aliases |= {k: ("factor", i, 0) for i, k in enumerate(keys) if k not in aliases}
    aliases |= {k: ("item", at[v[0]], 0) for k, v in once.items() if k not in aliases}
    others = [n for n in ordered if n not in once] if isinstance(ordered, Sequence) else []
    return Design(text, cells, items, longitudinal, False, aliases), _unique(wanted, others)


def _unique(first: Sequence[str], second: Sequence[str]) -> list[str] | None:
    return list(dict.fromkeys((*first, *second))) or None


def _listed(key: str, names: Sequence[str]) -> list[str]:
    if isinstance(names, str) or len(set(names)) < len(list(names)):
        raise OptionError(
            f"occasions['{key}'] is {'one text' if isinstance(names, str) else 'no set of names'}.",
            "It must be a list of different names.",
            'Write for example occasions={"t1": ["a1", "b1"], "t2": ["a2", "b2"]}.',
        )
    return list(names)


def _numbered(listed: Mapping[str, list[str]]) -> tuple[str, ...]:
    sizes = {key: len(names) for key, names in listed.items()}
    if len(set(sizes.values())) > 1 or min(sizes.values()) < 2:
        raise OptionError(
            "The factors of occasions= have "
            + ", ".join(f"{n} names ('{key}')" for key, n in sizes.items())
            + ".",
            "Every factor needs one name for every occasion, and there must be two at least.",
            'Write for example occasions={"f": ["f1", "f2"]}.',
        )
    return tuple(f"occasion {c}" for c in range(1, next(iter(sizes.values())) + 1))


def _word(cell: str) -> str:
    return re.sub(r"\W", "", cell)


def _expanded(
    parsed: ParsedModel, listed: Mapping[str, list[str]]
) -> tuple[str, tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Write a model that was written once for every occasion; return its items' names."""
    factors = _factors(parsed)
    items = [
        n
        for n in dict.fromkeys(itertools.chain.from_iterable(factors.values()))
        if n not in factors
    ]
    _require_items(items, listed)
    cells = tuple(listed)
    once = {item: tuple(listed[c][k] for c in cells) for k, item in enumerate(items)}
    _require_measurement(parsed, list(factors))
    lines = []
    for c, cell in enumerate(cells):
        new = {f: f"{f}_{_word(cell)}" for f in factors} | {i: n[c] for i, n in once.items()}
        lines += [_renamed(s, new) for s in parsed.statements]
    return "\n".join(lines), cells, once


def _require_items(items: Sequence[str], listed: Mapping[str, list[str]]) -> None:
    """Refuse occasions that do not hold every item once."""
    for cell, names in listed.items():
        if len(names) != len(items):
            raise OptionError(
                f"Occasion '{cell}' has {len(names)} items ({', '.join(names)}).",
                f"The model has {len(items)} ({', '.join(items)}); each must be there each time.",
                "Leave an item that was not asked on all occasions out of the model, or write "
                'the model for all occasions and pass its factors: occasions={"f": ["f1", "f2"]}.',
            )
    every = list(itertools.chain.from_iterable(listed.values()))
    double = next((n for n in every if every.count(n) > 1), None)
    if double is not None or len(listed) < 2:
        raise OptionError(
            f"'{double}' stands for two occasions." if double else "There is one occasion.",
            "The same column cannot have been measured twice."
            if double
            else "Over time means two occasions at least.",
            "Name each occasion's own columns.",
        )


def _renamed(s: Statement, new: Mapping[str, str]) -> str:
    if s.op not in {"=~", "~~"} or s.term.labels or s.term.starts:
        raise ModelError(
            f"Line {s.line} cannot be written for every occasion.",
            "A model that is written once has =~ and ~~ without labels or start values.",
            'Write it for all occasions and pass its factors: occasions={"f": ["f1", "f2"]}.',
        )
    fixed = f"{s.term.fixed[0]}*" if s.term.fixed and s.term.fixed[0] is not None else ""
    free = "NA*" if s.term.free else ""
    right = new.get(s.term.name, s.term.name)
    return f"{new.get(s.lhs, s.lhs)} {s.op} {fixed}{free}{right}"


def _factors(parsed: ParsedModel) -> dict[str, list[str]]:
    """Return the items of every factor."""
    found: dict[str, list[str]] = {}
    for s in parsed.statements:
        if s.op == "=~" and s.term.name not in found.setdefault(s.lhs, []):
            found[s.lhs].append(s.term.name)
    return found


def _require_measurement(parsed: ParsedModel, scaled: Sequence[str]) -> None:
    """Refuse what is no measurement model, and values where the ladder writes its own."""
    factors = _factors(parsed)
    for s in parsed.statements:
        if s.op == "=~" and s.term.name in factors:
            raise ModelError(
                f"Line {s.line}: '{s.term.name}' is a factor measured by items and by '{s.lhs}'.",
                "The ladder compares items; factors of factors have no steps of their own.",
                "Climb it without the higher factor, and add that to the step that holds.",
            )
        if s.op == "~":
            raise ModelError(
                f"Line {s.line}: '{s.lhs} ~ {s.term.name}' is a regression.",
                "The ladder asks whether factors are measured alike; it is climbed without paths.",
                "Leave regressions out here, and add them to the step that holds.",
            )
        held = s.op == "=~" and s.lhs in scaled
        if held and (s.term.fixed or s.term.labels or s.term.free):
            raise ModelError(
                f"Line {s.line}: '{s.lhs} =~ {s.term.name}' has a value or a label.",
                "The ladder writes labels and scales itself: variance 1 on the first occasion.",
                "Write the items only; name what should stay free in partial=.",
            )


def _matched(
    same: Sequence[Sequence[str]], found: Mapping[str, list[str]], cells: Sequence[str]
) -> list[tuple[str, ...]]:
    """Return every item's names over the occasions, matched by their order."""
    by_first: dict[str, tuple[str, ...]] = {}
    for names in same:
        for later, cell in zip(names[1:], cells[1:], strict=True):
            if len(found[later]) != len(found[names[0]]):
                raise ModelError(
                    f"'{later}' ({cell}) has {len(found[later])} items, '{names[0]}' "
                    f"{len(found[names[0]])}.",
                    f"Items are matched by their order: {', '.join(found[names[0]])} with "
                    f"{', '.join(found[later])}.",
                    "Leave an item that was not asked on all occasions out of the factor; it may "
                    "stay in a factor of its own.",
                )
        for matched in zip(*(found[f] for f in names), strict=True):
            known = by_first.setdefault(matched[0], matched)
            if known != matched or len(set(matched)) < len(matched):
                raise ModelError(
                    f"'{matched[0]}' is matched with {', '.join(matched[1:])}.",
                    "On each occasion one other column must stand for it, in every factor alike.",
                    "Write the items of each factor in the same order on every occasion.",
                )
    return list(by_first.values())


def _ordinal(
    ordered: Ordered,
    names: Sequence[tuple[str, ...]],
    once: Mapping[str, tuple[str, ...]],
    cells: Sequence[str],
) -> list[str]:
    """Return the columns of the items that are ordinal, on all occasions or on none."""
    if ordered is True:
        return list(itertools.chain.from_iterable(names))
    said = set(ordered or ()) | {n for item in ordered or () for n in once.get(item, ())}
    found: list[str] = []
    for mine in names:
        inside = [n in said for n in mine]
        if any(inside) and not all(inside):
            odd = inside.index(False)
            raise OptionError(
                f"ordered= names '{mine[inside.index(True)]}' and not '{mine[odd]}'.",
                f"They are one item, and '{mine[odd]}' ({cells[odd]}) would be continuous.",
                "Name the item on all occasions, or on none.",
            )
        found += mine if all(inside) else ()
    return found


def _require_columns(data: pd.DataFrame, names: Iterable[str]) -> None:
    absent = next((name for name in names if name not in data.columns), None)
    if absent is not None:
        raise DataError(
            f"The data have no column '{absent}'.",
            "The ladder needs every item in every group and on every occasion.",
            f"Correct the name; there are: {', '.join(map(str, data.columns[:12]))}.",
        )


def _levels(data: pd.DataFrame, name: str) -> list[object]:
    """Return the categories of an ordinal item."""
    found = data[name].dropna().unique().tolist()
    if len(found) > _MANY:
        raise DataError(
            f"The ordered item '{name}' has {len(found)} different values.",
            f"Categories are a few; more than {_MANY} are no thresholds that a sample can carry.",
            "Leave it out of ordered=, or merge its values into categories.",
        )
    return sorted(found, key=lambda x: (str(type(x)), x))


def _thresholds(data: pd.DataFrame, names: Sequence[str], cells: Sequence[str]) -> int:
    """Return how many thresholds an item has, the same on every occasion."""
    levels = [_levels(data, name) for name in names]
    for name, mine, cell in zip(names[1:], levels[1:], cells[1:], strict=True):
        if mine != levels[0]:
            raise DataError(
                f"'{names[0]}' has categories {_told(levels[0])} ({cells[0]}) and '{name}' "
                f"{_told(mine)} ({cell}).",
                "Thresholds can be compared only where the same categories were used.",
                "Merge a category that is missing once with its neighbour on all occasions, or "
                "give the categories the same numbers.",
            )
    return len(levels[0]) - 1


def _told(levels: Iterable[object]) -> str:
    return ", ".join(f"{x:g}" if isinstance(x, int | float) else str(x) for x in levels)


def _aliases(items: Sequence[Item], factors: Sequence[Factor]) -> dict[str, tuple[str, int, int]]:
    """Return what every name stands for; over groups the first cell stands for all."""
    found: dict[str, tuple[str, int, int]] = {}
    named = {"factor": [f.names for f in factors], "item": [x.names for x in items]}
    for kind, group in named.items():
        for i, names in enumerate(group):
            for c, name in enumerate(names):
                found.setdefault(name, (kind, i, c))
    return found
