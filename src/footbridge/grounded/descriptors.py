"""Descriptor lines for quotations, from one attribute table, that single nobody out.

"A man in his forties, divorced, registered" can be one person among nine. Each attribute
has a ladder of coarser wordings; the least loss at which every line fits at least `k`
people is proposed. Because all lines come from one table, one person has one descriptor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from footbridge.grounded.errors import DescriptorError

Ladder = tuple[Callable[[object], str], ...]
Table = Mapping[str, Mapping[str, object]]
_MOST_COMBINATIONS = 200_000


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute and its wordings, from exact to nothing.

    Attributes
    ----------
    name : str
        The attribute's name in the table.
    ladder : tuple of callable
        Each turns a value into words; the last should return the same words for everybody.
    weight : float
        How much a step down this ladder costs, against the other fields.
    """

    name: str
    ladder: Ladder
    weight: float = 1.0


def _nothing(_: object) -> str:
    return ""


def age_field(name: str = "age", weight: float = 1.0) -> Field:
    """Return a field for an age in years: exact, decade, twenty years, nothing."""
    return Field(name, (_exact_age, _decade, _score, _nothing), weight)


def _years(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 130:
        raise DescriptorError(
            f"{value!r} is no age in years. Write a whole number, or leave the cell out."
        )
    return value


def _exact_age(value: object) -> str:
    return f"aged {_years(value)}"


def _decade(value: object) -> str:
    years = _years(value)
    words = {1: "teens", 2: "twenties", 3: "thirties", 4: "forties", 5: "fifties", 6: "sixties"}
    if years >= 70:
        return "aged 70 or over"
    return f"in {{their}} {words[years // 10]}" if years >= 10 else "under 10"


def _score(value: object) -> str:
    years = _years(value)
    if years >= 60:
        return "aged 60 or over"
    return f"aged {years // 20 * 20} to {years // 20 * 20 + 19}"


def sex_field(name: str = "sex", weight: float = 1.0) -> Field:
    """Return a field for the word that begins the line: man, woman, or person."""
    return Field(name, (lambda v: {"male": "man", "female": "woman"}.get(str(v), str(v)),
                        lambda _: "person"), weight)  # fmt: skip


def plain_field(name: str, *coarser: Mapping[str, str], weight: float = 1.0) -> Field:
    """Return a field that is said as it is, then by coarser words, then not at all.

    Parameters
    ----------
    name : str
    *coarser : mapping
        From a value's words to coarser ones, such as "divorced" to "no longer married".
    weight : float
    """
    steps: list[Callable[[object], str]] = [_said(name)]
    steps += [lambda v, m=each: m.get(_said(name)(v), _said(name)(v)) for each in coarser]  # type: ignore[misc]
    return Field(name, (*steps, _nothing), weight)


def _said(name: str) -> Callable[[object], str]:
    def words(value: object) -> str:
        if isinstance(value, bool):
            return name if value else f"not {name}"
        return str(value)

    return words


@dataclass(frozen=True, slots=True)
class Descriptors:
    """A proposal: one line for each person, and what it costs.

    Attributes
    ----------
    lines : dict
        Person (case identifier) to the line.
    shared_by : dict
        Person to how many people have the same line.
    levels : dict
        Field to the rung of its ladder that is used; 0 is exact.
    loss : float
    """

    lines: dict[str, str]
    shared_by: dict[str, int]
    levels: dict[str, int]
    loss: float

    @property
    def unique(self) -> list[str]:
        """Return the people whom their line singles out."""
        return [person for person, n in self.shared_by.items() if n == 1]


def describe_all(
    table: Table, fields: Sequence[Field], *, levels: Mapping[str, int] | None = None
) -> Descriptors:
    """Return a line for each person at given rungs of the ladders (exact if left out).

    Raises
    ------
    DescriptorError
        If a field has no such rung, or a value is not of its field's kind.
    """
    chosen = {field.name: (levels or {}).get(field.name, 0) for field in fields}
    for field in fields:
        if not 0 <= chosen[field.name] < len(field.ladder):
            raise DescriptorError(
                f"{field.name!r} has {len(field.ladder)} wordings and no number "
                f"{chosen[field.name]}. Count from 0."
            )
    lines = {
        person: _line([_word(row, field, chosen[field.name]) for field in fields])
        for person, row in table.items()
    }
    count = Counter(lines.values())
    loss = sum(
        field.weight * chosen[field.name] / max(len(field.ladder) - 1, 1) for field in fields
    )
    return Descriptors(lines, {p: count[line] for p, line in lines.items()}, chosen, loss)


def _word(row: Mapping[str, object], field: Field, level: int) -> str:
    value = row.get(field.name)
    if value is None or value == "":
        return ""
    return field.ladder[level](value)


def _line(words: Sequence[str]) -> str:
    """Join words; "man", "woman" or "person" comes first and says how "their" reads."""
    nouns = [w for w in words if w in ("man", "woman", "person")]
    noun = nouns[0] if nouns else "person"
    their = {"man": "his", "woman": "her"}.get(noun, "their")
    rest = [w.format(their=their) if "{their}" in w else w for w in words if w and w not in nouns]
    beside = rest and rest[0].startswith(("in ", "aged ", "under "))
    head = f"a {noun} {rest.pop(0)}" if beside else f"a {noun}"
    return ", ".join([head, *rest])


def propose(table: Table, fields: Sequence[Field], *, at_least: int = 3) -> Descriptors:
    """Return the most telling lines that each fit at least `at_least` people.

    Every combination of rungs is tried, so the loss is the least there is; at equal loss the
    one with more different lines wins.

    Parameters
    ----------
    table : mapping
        Person to attributes.
    fields : sequence of Field
        In the order in which they are said.
    at_least : int
        2 or more.

    Raises
    ------
    DescriptorError
        If there are fewer people than that, or too many fields to try.
    """
    if at_least < 2 or len(table) < at_least:
        raise DescriptorError(
            f"{len(table)} people cannot be described in groups of {at_least}. Use a number from 2 "
            "up to the number of people, or quote without descriptors."
        )
    combinations = 1
    for field in fields:
        combinations *= len(field.ladder)
    if combinations > _MOST_COMBINATIONS:
        raise DescriptorError(
            f"{len(fields)} attributes with their wordings make {combinations:,} combinations. "
            "Describe people by fewer attributes; each one more singles somebody out."
        )
    words = _all_words(table, fields)
    best: tuple[float, int, tuple[int, ...]] | None = None
    for rungs in product(*(range(len(field.ladder)) for field in fields)):
        groups: Counter[Hashable] = Counter(
            zip(*(words[at][rung] for at, rung in enumerate(rungs)), strict=True)
            if fields
            else [()] * len(table)
        )
        if min(groups.values()) >= at_least:
            loss = sum(
                f.weight * r / max(len(f.ladder) - 1, 1) for f, r in zip(fields, rungs, strict=True)
            )
            best = min(best, (loss, -len(groups), rungs)) if best else (loss, -len(groups), rungs)
    if best is None:
        raise DescriptorError(
            f"No wording fits {at_least} people each. Give every attribute a last wording that is "
            "the same for everybody."
        )
    levels = {field.name: rung for field, rung in zip(fields, best[2], strict=True)}
    return describe_all(table, fields, levels=levels)


def _all_words(table: Table, fields: Sequence[Field]) -> list[list[list[str]]]:
    """Return words by field, rung and person, so that each is made once."""
    return [
        [[_word(row, field, rung) for row in table.values()] for rung in range(len(field.ladder))]
        for field in fields
    ]
