"""How long a file or a function may be."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.house.places import shown, tree_of

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_STYLESHEET_BYTES = 25 * 1024


def long_files(paths: Iterable[Path], limit: int = MAX_FILE_LINES) -> Iterator[str]:
    """Yield a complaint for every file with more lines than the limit."""
    for path in paths:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > limit:
            yield f"{shown(path)}: {lines} lines; split it, {limit} are the limit."


def long_functions(paths: Iterable[Path], limit: int = MAX_FUNCTION_LINES) -> Iterator[str]:
    """Yield a complaint for every function that does not fit a screen without its docstring."""
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = body_lines(node)
                if lines > limit:
                    yield f"{shown(path)}:{node.lineno}: {node.name} has {lines} lines."


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function, its decorators and its docstring not counted."""
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node, clean=False) is None:
        return whole
    docstring = node.body[0]
    return whole - ((docstring.end_lineno or docstring.lineno) - docstring.lineno + 1)


def heavy_stylesheets(paths: Iterable[Path], limit: int = MAX_STYLESHEET_BYTES) -> Iterator[str]:
    """Yield one complaint if the stylesheets together weigh more than the limit."""
    weights = {path: path.stat().st_size for path in paths}
    total = sum(weights.values())
    if total > limit:
        each = ", ".join(f"{shown(path)} {weight}" for path, weight in weights.items())
        yield f"The stylesheets weigh {total} bytes, {limit} are the limit: {each}."
