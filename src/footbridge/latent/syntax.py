"""Read lavaan's model syntax into statements; nothing is completed here.

Grammar: Rosseel (2012), Journal of Statistical Software 48(2), and the lavaan tutorial.
"""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from footbridge.latent.errors import ModelSyntaxError

_OPERATOR = re.compile(r"=~|~\*~|~~|~1(?![\w.])|:=|==|<~|<|>|~|\|")
_LEVEL = re.compile(r"^\s*(level|group|block)\s*:\s*(\S+)\s*$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.]*$|\.[^\W\d][\w.]*$")
_CALL = re.compile(r"(c|start|equal|label|lower|upper)\s*\((.*)\)$", re.DOTALL)

Modifier = str | float | None


@dataclass(frozen=True, slots=True)
class Term:
    """One term on the right of an operator, with its modifiers, one entry per group.

    `fixed` holds numbers, `free` says NA was asked for, `labels`, `starts`, `lowers` and
    `uppers` are what their names say. Empty tuples mean nothing was said.
    """

    name: str
    fixed: tuple[float | None, ...] = ()
    labels: tuple[str, ...] = ()
    starts: tuple[float | None, ...] = ()
    lowers: tuple[float | None, ...] = ()
    uppers: tuple[float | None, ...] = ()
    free: bool = False
    equal_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One formula: what stands left, the operator, one term right, and where it was."""

    lhs: str
    op: str
    term: Term
    line: int
    level: int = 1
    group: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A definition (`:=`) or a constraint (`==`, `<`, `>`)."""

    lhs: str
    op: str
    rhs: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class ParsedModel:
    """Everything that the text says, in its order; equal only to itself: tables are kept by it.

    `groups` are the names of `group:` blocks, if there are any; what stands before the first
    of them, or outside of them, is said of all groups.
    """

    statements: tuple[Statement, ...] = ()
    relations: tuple[Relation, ...] = ()
    levels: int = 1
    groups: tuple[str, ...] = ()

    def of_group(self, number: int) -> tuple[Statement, ...]:
        """Return what is said of one group, counted from 1."""
        if not self.groups:
            return self.statements
        return tuple(s for s in self.statements if s.group in {"", self.groups[number - 1]})


def parse_model(text: str) -> ParsedModel:
    """Read a model.

    Parameters
    ----------
    text
        lavaan syntax: `=~ ~ ~~ ~1 | ~*~ := == < >`, labels, fixed values, `start()`, `equal()`,
        `c()` for groups, `NA*`, comments after `#` or `!`, blocks after `group:` and `level:`.

    Raises
    ------
    ModelSyntaxError
        With line and column, what was found and what was expected.

    Examples
    --------
    >>> [(s.lhs, s.op, s.term.name) for s in parse_model("f =~ a + 2*b").statements]
    [('f', '=~', 'a'), ('f', '=~', 'b')]
    >>> parse_model("f =~ a + + b")
    Traceback (most recent call last):
        ...
    footbridge.latent.errors.ModelSyntaxError: Line 1, column 1: 'f =~ a + + b' cannot be read. ...
    """
    return _parsed(text)


@dataclass(slots=True)
class _Blocks:
    """Which block a line stands in; levels may be numbered or named in their order."""

    level: int = 1
    levels: int = 1
    group: str = ""
    names: dict[str, int] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)

    def enter(self, kind: str, name: str) -> None:
        """Begin a block."""
        if kind == "group":
            self.group, self.level = name, 1
            self.groups[name] = None
            return
        fresh = int(name) if name.isdigit() else len(self.names) + 1
        self.level = self.names.setdefault(name, fresh)
        self.levels = max(self.levels, self.level)


@lru_cache(maxsize=32)
def _parsed(text: str) -> ParsedModel:
    """Read a model once: the same text is fitted again and again to other data."""
    found: list[Statement | Relation] = []
    at = _Blocks()
    for line, column, formula in _formulas(text):
        header = _LEVEL.match(formula)
        if header:
            at.enter(header.group(1).lower(), header.group(2))
            continue
        read = _read_formula(formula, (line, column, at.level))
        found += [replace(s, group=at.group) if isinstance(s, Statement) else s for s in read]
    statements = tuple(part for part in found if isinstance(part, Statement))
    if not statements:
        raise ModelSyntaxError(
            "The model is empty.",
            "No line holds an operator such as =~, ~ or ~~.",
            "Write at least one formula, for example: f =~ x1 + x2 + x3",
        )
    relations = tuple(r for r in found if isinstance(r, Relation))
    return ParsedModel(statements, relations, at.levels, tuple(at.groups))


def _formulas(text: str) -> list[tuple[int, int, str]]:
    """Split into formulas; a line that ends or starts with an open `+` goes on."""
    found: list[tuple[int, int, str]] = []
    pending, start = "", 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = re.split(r"[#!]", raw, maxsplit=1)[0]
        for piece in line.split(";"):
            if not piece.strip():
                continue
            opens = piece.lstrip()[:1] in {"+", "*"} or _is_open(pending)
            if pending and opens:
                pending += " " + piece.strip()
            else:
                if pending:
                    found.append((start, 1, pending))
                pending, start = piece.strip(), number
    if pending:
        found.append((start, 1, pending))
    return found


def _is_open(pending: str) -> bool:
    tail = pending.rstrip()
    return bool(tail) and (
        tail[-1] in "+*(,=/^" or tail.count("(") > tail.count(")") or tail.endswith(("=~", "~"))
    )


def _read_formula(formula: str, at: tuple[int, int, int]) -> list[Statement | Relation]:
    line, column, level = at
    match = _OPERATOR.search(formula)
    if match is None:
        raise ModelSyntaxError(
            f"'{formula}' has no operator.",
            "A formula joins a left and a right side.",
            "Use one of =~ ~ ~~ ~1 | ~*~ := == < >.",
            line=line,
            column=column,
        )
    lhs, op, rhs = formula[: match.start()].strip(), match.group(), formula[match.end() :].strip()
    if op in {":=", "==", "<", ">"}:
        _require(bool(lhs and rhs), formula, line, "one side of it is empty")
        return [Relation(lhs, op, rhs, line)]
    if op == "<~":
        raise ModelSyntaxError(
            f"'{formula}' asks for a composite.",
            "Composites are not offered.",
            "Use a sum score as an observed variable, or a factor (=~).",
            line=line,
            column=match.start() + 1,
        )
    second = _OPERATOR.search(rhs)
    _require(
        second is None,
        formula,
        line,
        f"a second operator '{second.group() if second else ''}' follows",
        column=match.end() + (second.start() + 1 if second else 1),
    )
    if op == "~1":
        _require(not rhs, formula, line, "something follows '~1'", column=match.end())
        rhs, op = "1", "~"
    _require(bool(lhs and rhs), formula, line, "one side of it is empty")
    lefts, terms = (_split(side, "+", formula, line) for side in (lhs, rhs))
    for left in lefts:
        _require(_NAME.match(left) is not None, formula, line, f"'{left}' is not a name")
    where = (line, level, formula)
    return [_statement(left, op, term, where) for left in lefts for term in terms]


def _require(holds: bool, formula: str, line: int, why: str, *, column: int = 1) -> None:
    if not holds:
        raise ModelSyntaxError(
            f"'{formula}' cannot be read.",
            f"The formula is not complete: {why}.",
            "Write it as left operator right, with + between terms.",
            line=line,
            column=column,
        )


def _split(text: str, at: str, formula: str, line: int) -> list[str]:
    """Split at a sign outside brackets; an empty part is an error."""
    parts, depth, current = [], 0, ""
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == at and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += sign
    parts.append(current.strip())
    _require(all(parts), formula, line, f"a term is missing beside '{at}'")
    return parts


def _statement(left: str, op: str, text: str, where: tuple[int, int, str]) -> Statement:
    line, level, formula = where
    *modifiers, name = _split(text, "*", formula, line)
    if op == "~" and name in {"1", "0"}:
        op = "~1"
        if name == "0":
            modifiers.append("0")
        name = ""
    elif _number(name) is not None or not _NAME.match(name):
        _require(False, formula, line, f"'{name}' is not the name of a variable")
    said: dict[str, tuple[object, ...]] = {}
    free = False
    for modifier in modifiers:
        key, values = _modifier(modifier, formula, line)
        free = free or key == "free"
        if values:
            said[key] = values
    return Statement(left, op, _term(name, said, free), line, level)


def _term(name: str, said: dict[str, tuple[object, ...]], free: bool) -> Term:
    def numbers(key: str) -> tuple[float | None, ...]:
        return tuple(v if isinstance(v, float) else None for v in said.get(key, ()))

    def texts(key: str) -> tuple[str, ...]:
        return tuple(v if isinstance(v, str) else "" for v in said.get(key, ()))

    return Term(
        name,
        fixed=numbers("fixed"),
        labels=texts("label"),
        starts=numbers("start"),
        lowers=numbers("lower"),
        uppers=numbers("upper"),
        free=free,
        equal_to=texts("equal"),
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _modifier(text: str, formula: str, line: int) -> tuple[str, tuple[object, ...]]:
    """Return what kind of modifier this is, and its values by group."""
    call = _CALL.match(text)
    kind, inner = (call.group(1), call.group(2)) if call else ("", text)
    parts = _split(inner, ",", formula, line) if call else [inner]
    values: list[object] = []
    for part in parts:
        bare = part.strip().strip("'\"")
        values.append(
            None if bare == "NA" else (_number(bare) if _number(bare) is not None else bare)
        )
    if kind in {"start", "equal", "label", "lower", "upper"}:
        return kind, tuple(values)
    if all(v is None for v in values):
        return "free", ()
    if any(isinstance(v, str) for v in values):
        return "label", tuple(v if isinstance(v, str) else "" for v in values)
    return "fixed", tuple(values)
