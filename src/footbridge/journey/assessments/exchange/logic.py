"""Branching as other tools write it, turned into conditions: one set of answers a question.

REDCap writes ``[p1] = '1' and [p2] > 0``, XLSForm ``${p1} = '1' and selected(${p2}, '3')``.
Both are parsed into one tree. What can be kept is any expression that falls, at its `and`s,
into parts of which each asks one question only; such a part is then simply tried with every
answer of its question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from footbridge.journey.assessments.rules import AssessmentError, Condition
from footbridge.trust.decisions import gettext_noop

LONGEST = 4_000
DEEPEST = 40
_TOKENS = re.compile(
    r"\s*(?:(?P<name>\[[A-Za-z]\w*\]|\$\{[A-Za-z][\w.-]*\}|\.(?!\d))"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>-?\d{1,9}(?:\.\d{1,9})?)"
    r"|(?P<op><=|>=|<>|!=|=|<|>)"
    r"|(?P<word>[A-Za-z][\w-]*)"
    r"|(?P<mark>[(),]))"
)
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class LogicError(AssessmentError):
    """Branching that cannot be read, or cannot be kept."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison of an answer with a number; None stands for no answer."""

    item: str
    op: str
    value: float | None

    def holds(self, answer: float | None) -> bool:
        """Whether it is true of an answer."""
        if self.value is None or answer is None:
            same = answer is None and self.value is None
            return same if self.op == "=" else not same and self.op in {"!=", "<>"}
        return _COMPARE[self.op](answer, self.value)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more parts joined by one word, or one part denied."""

    word: str
    parts: tuple[Tree, ...]

    def holds(self, answer: float | None) -> bool:
        """Whether it is true of an answer to the one question in it."""
        if self.word == "not":
            return not self.parts[0].holds(answer)
        return (all if self.word == "and" else any)(part.holds(answer) for part in self.parts)


Tree = Compare | Joined


def parse(text: str) -> Tree:
    """Return the tree of an expression.

    Raises
    ------
    LogicError
        If it is too long or deep, or uses something that this cannot read.
    """
    if len(text) > LONGEST:
        raise _unread(text)
    reader = _Reader(list(_tokens(text)), text)
    found = reader.either(0)
    if reader.left:
        raise _unread(text)
    return found


def conditions(tree: Tree, answers: Mapping[str, Sequence[int]]) -> tuple[Condition, ...]:
    """Return an expression as conditions, one a question.

    Parameters
    ----------
    answers : mapping
        Every answer of each earlier question, by its name.

    Raises
    ------
    LogicError
        If it names a question that does not come before, joins two questions by *or*, or
        never holds.

    Examples
    --------
    >>> found = conditions(parse("[a] > 0 and ([b] = '1' or [b] = '2')"),
    ...                    {"a": [0, 1, 2], "b": [1, 2, 3]})
    >>> [(one.item, sorted(one.values)) for one in found]
    [('a', [1, 2]), ('b', [1, 2])]
    """
    kept: dict[str, frozenset[int]] = {}
    for part in _parts(tree):
        items = sorted(set(_items(part)))
        if len(items) > 1:
            raise LogicError(
                gettext_noop(
                    "The branching joins different questions ({items}) by “or”, which cannot be "
                    "kept here. Join them by “and”, or ask the question always."
                ),
                items=", ".join(items),
            )
        (item,) = items
        if item not in answers:
            raise LogicError(
                gettext_noop(
                    "The branching asks for {item}, which is no earlier question of this form."
                ),
                item=item,
            )
        true = frozenset(value for value in answers[item] if part.holds(value))
        kept[item] = kept.get(item, true) & true
    for item, values in kept.items():
        if not values:
            raise LogicError(
                gettext_noop("No answer to {item} makes the branching true. Correct it."),
                item=item,
            )
    return tuple(Condition(item, values) for item, values in kept.items())


def holds_unanswered(tree: Tree) -> bool:
    """Whether an expression is also true before its questions are answered."""
    return tree.holds(None)


def written(found: Iterable[Condition], *, name: Callable[[str], str]) -> str:
    """Return conditions as an expression; `name` writes a question's name in a tool's way.

    Examples
    --------
    >>> written([Condition("a", frozenset({1, 2})), Condition("b", frozenset({3}))],
    ...         name=lambda item: f"[{item}]")
    "([a] = '1' or [a] = '2') and [b] = '3'"
    """
    parts = []
    for one in found:
        held = [_run(name(one.item), *run) for run in _runs(sorted(one.values))]
        parts.append(held[0] if len(held) == 1 else f"({' or '.join(held)})")
    return " and ".join(parts)


def _runs(values: Sequence[int]) -> list[tuple[int, int]]:
    """Return values as runs; short runs fall apart, since single values read better."""
    runs: list[tuple[int, int]] = []
    for value in values:
        if runs and value == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], value)
        else:
            runs.append((value, value))
    return [
        one
        for low, high in runs
        for one in ([(low, high)] if high - low > 3 else [(v, v) for v in range(low, high + 1)])
    ]


def _run(name: str, low: int, high: int) -> str:
    return f"{name} = '{low}'" if low == high else f"({name} >= {low} and {name} <= {high})"


def _parts(tree: Tree) -> Iterator[Tree]:
    """Yield what must all hold, with *not* moved inwards as far as that helps."""
    if isinstance(tree, Joined) and tree.word == "and":
        for part in tree.parts:
            yield from _parts(part)
        return
    inner = tree.parts[0] if isinstance(tree, Joined) and tree.word == "not" else None
    if isinstance(inner, Joined) and inner.word == "not":
        yield from _parts(inner.parts[0])
    elif isinstance(inner, Joined) and inner.word == "or":
        for part in inner.parts:
            yield from _parts(Joined("not", (part,)))
    else:
        yield tree


def _items(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Compare):
        yield tree.item
        return
    for part in tree.parts:
        yield from _items(part)


def _unread(text: str) -> LogicError:
    return LogicError(
        gettext_noop(
            "The branching “{text}” cannot be read. Only comparisons of an answer with a number, "
            "joined by and, or, not and brackets, are kept."
        ),
        text=text[:60],
    )


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKENS.match(text, at)
        if found is None or found.lastgroup is None:
            raise _unread(text)
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


class _Reader:
    """Reads tokens by recursive descent: or, and, not, comparison."""

    def __init__(self, tokens: list[tuple[str, str]], text: str) -> None:
        self.left = tokens
        self.text = text

    def either(self, depth: int) -> Tree:
        return self._chain("or", self.both, depth)

    def both(self, depth: int) -> Tree:
        return self._chain("and", self.one, depth)

    def _chain(self, word: str, inner: Callable[[int], Tree], depth: int) -> Tree:
        if depth > DEEPEST:
            raise _unread(self.text)
        parts = [inner(depth + 1)]
        while self._sees("word", word):
            self._take()
            parts.append(inner(depth + 1))
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def one(self, depth: int) -> Tree:
        if depth > 2 * DEEPEST:
            raise _unread(self.text)
        if self._sees("word", "not"):
            self._take()
            return Joined("not", (self.one(depth + 1),))
        if self._sees("word", "selected"):
            return self._selected()
        if self._sees("mark", "("):
            self._take()
            found = self.either(depth + 1)
            self._expect("mark", ")")
            return found
        return self._comparison()

    def _selected(self) -> Tree:
        self._take()
        self._expect("mark", "(")
        item = self._expect("name")
        self._expect("mark", ",")
        value = self._value()
        self._expect("mark", ")")
        return Compare(_bare(item), "=", value)

    def _comparison(self) -> Tree:
        if self.left and self.left[0][0] == "name":
            item, op, value = self._expect("name"), self._expect("op"), self._value()
            return Compare(_bare(item), op, value)
        value, op, item = self._value(), self._expect("op"), self._expect("name")
        return Compare(_bare(item), _TURNED.get(op, op), value)

    def _value(self) -> float | None:
        kind, text = self._take()
        if kind == "text":
            text = text[1:-1].strip()
            if not text:
                return None
        elif kind != "number":
            raise _unread(self.text)
        if not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", text):
            raise _unread(self.text)
        return float(text)

    def _sees(self, kind: str, text: str) -> bool:
        return bool(self.left) and (self.left[0][0], self.left[0][1].lower()) == (kind, text)

    def _take(self) -> tuple[str, str]:
        if not self.left:
            raise _unread(self.text)
        return self.left.pop(0)

    def _expect(self, kind: str, text: str = "") -> str:
        found = self._take()
        if found[0] != kind or (text and found[1] != text):
            raise _unread(self.text)
        return found[1]


def _bare(name: str) -> str:
    return name.strip("[]${}").lower() or "."
