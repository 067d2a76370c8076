"""Expressions over labels, with exact first and second derivatives.

Read from `:=`, `==`, `<` and `>` lines. A value is carried together with its gradient
(forward mode), and the second derivatives come from a complex step through that gradient,
which is exact to rounding (Squire and Trapp 1998, SIAM Review 40(1), 110-112).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footbridge.latent.errors import ModelSyntaxError

Vector = NDArray[np.float64]
AnyVector = NDArray[Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<name>\.?[^\W\d][\w.]*|\.p\d+\.)|(?P<op>\*\*|[-+*/^()]))"
)


@dataclass(frozen=True, slots=True)
class Dual:
    """A value and its gradient."""

    value: complex
    gradient: AnyVector


Node = Callable[[Mapping[str, Dual]], Dual]

_FUNCTIONS: dict[str, tuple[Callable[[complex], complex], Callable[[complex], complex]]] = {
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda v: 1 / v),
    "sqrt": (np.sqrt, lambda v: 0.5 / np.sqrt(v)),
    "abs": (lambda v: v if v.real >= 0 else -v, lambda v: 1.0 if v.real >= 0 else -1.0),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda v: -np.sin(v)),
    "tanh": (np.tanh, lambda v: 1 - np.tanh(v) ** 2),
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its text, the names it uses, and how to evaluate it."""

    text: str
    names: tuple[str, ...]
    node: Node

    def dual(self, values: Mapping[str, Dual]) -> Dual:
        """Return the value with its gradient, given duals for every name."""
        return self.node(values)


class _Reader:
    """Recursive descent over one expression."""

    def __init__(self, text: str, line: int) -> None:
        self.text = text
        self.line = line
        self.tokens = self._split()
        self.at = 0
        self.names: dict[str, None] = {}

    def _split(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        at, end = 0, len(self.text.rstrip())
        while at < end:
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise self.error(f"'{self.text[at:].strip()[:12]}' is not understood.")
            found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
            at = match.end()
        return found

    def error(self, what: str) -> ModelSyntaxError:
        return ModelSyntaxError(
            f"In the expression '{self.text.strip()}', {what}",
            f"Expressions are numbers, labels, + - * / ^, brackets and {', '.join(_FUNCTIONS)}.",
            "Correct the expression.",
            line=self.line,
            column=1,
        )

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise self.error("something is missing at the end.")
        self.at += 1
        return self.tokens[self.at - 1]

    def total(self) -> Node:
        left = self.product()
        while self.peek() in {"+", "-"}:
            sign = 1.0 if self.take()[1] == "+" else -1.0
            left = _add(left, self.product(), sign)
        return left

    def product(self) -> Node:
        left = self.signed()
        while self.peek() in {"*", "/"}:
            left = (_multiply if self.take()[1] == "*" else _divide)(left, self.signed())
        return left

    def signed(self) -> Node:
        if self.peek() in {"+", "-"}:
            sign = 1.0 if self.take()[1] == "+" else -1.0
            return _add(_constant(0.0), self.signed(), sign)
        return self.power()

    def power(self) -> Node:
        base = self.atom()
        if self.peek() in {"^", "**"}:
            self.take()
            return _power(base, self.signed())
        return base

    def atom(self) -> Node:
        kind, text = self.take()
        if kind == "number":
            return _constant(float(text))
        if text == "(":
            inner = self.total()
            if self.take()[1] != ")":
                raise self.error("a closing bracket is missing.")
            return inner
        if kind == "name" and text in _FUNCTIONS and self.peek() == "(":
            return _apply(text, self.atom())
        if kind == "name":
            self.names[text] = None
            return lambda values: values[text]
        raise self.error(f"'{text}' stands where a value was expected.")


def _constant(value: float) -> Node:
    empty = np.zeros(1)
    return lambda values: Dual(value, empty)


def _add(left: Node, right: Node, sign: float) -> Node:
    def node(values: Mapping[str, Dual]) -> Dual:
        a, b = left(values), right(values)
        return Dual(a.value + sign * b.value, a.gradient + sign * b.gradient)

    return node


def _multiply(left: Node, right: Node) -> Node:
    def node(values: Mapping[str, Dual]) -> Dual:
        a, b = left(values), right(values)
        return Dual(a.value * b.value, a.gradient * b.value + b.gradient * a.value)

    return node


def _divide(left: Node, right: Node) -> Node:
    def node(values: Mapping[str, Dual]) -> Dual:
        a, b = left(values), right(values)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.divide(a.value, b.value)
            return Dual(ratio, (a.gradient - b.gradient * ratio) / b.value)

    return node


def _power(left: Node, right: Node) -> Node:
    def node(values: Mapping[str, Dual]) -> Dual:
        a, b = left(values), right(values)
        value = a.value**b.value
        slope = a.gradient * (b.value * a.value ** (b.value - 1))
        if np.any(b.gradient):
            slope = slope + b.gradient * (value * np.log(a.value))
        return Dual(value, slope)

    return node


def _apply(name: str, inner: Node) -> Node:
    function, derivative = _FUNCTIONS[name]

    def node(values: Mapping[str, Dual]) -> Dual:
        a = inner(values)
        return Dual(function(a.value), a.gradient * derivative(a.value))

    return node


def parse_expression(text: str, *, line: int = 0) -> Expression:
    """Read one expression.

    Raises
    ------
    ModelSyntaxError
        If the text is not an expression; the message points at the line.
    """
    reader = _Reader(text, line)
    node = reader.total()
    if reader.at < len(reader.tokens):
        raise reader.error(f"'{reader.peek()}' is one part too many.")
    return Expression(text.strip(), tuple(reader.names), node)
