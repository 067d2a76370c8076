"""What modules may import and must explain."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.house.places import shown, tree_of

PURE = ("rules.py", "records.py", "state.py")
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "utcnow"), ("time", "time")}


def relative_imports(paths: Iterable[Path]) -> Iterator[str]:
    """Yield a complaint for every import that starts with a dot."""
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and node.level > 0:
                yield f"{shown(path)}:{node.lineno}: a relative import; write the whole path."


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of everything that a module imports, anywhere in it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.lineno, node.module


def forbidden_imports(paths: Iterable[Path], forbidden: Iterable[str]) -> Iterator[str]:
    """Yield a complaint for every import of a forbidden package or of a part of it."""
    refused = tuple(forbidden)
    for path in paths:
        for line, name in imports_of(path):
            if any(name == part or name.startswith(f"{part}.") for part in refused):
                yield f"{shown(path)}:{line}: imports {name}, which this floor may not know."


def clocks(paths: Iterable[Path]) -> Iterator[str]:
    """Yield a complaint for every call that reads the clock; the day is a parameter."""
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and (node.func.value.id, node.func.attr) in CLOCKS
            ):
                yield f"{shown(path)}:{node.lineno}: reads the clock; take the day as `on`."


def undocumented(paths: Iterable[Path]) -> Iterator[str]:
    """Yield a complaint for every public function, class or module without a docstring."""
    for path in paths:
        tree = tree_of(path)
        if ast.get_docstring(tree) is None and tree.body:
            yield f"{shown(path)}: the module does not say why it exists."
        yield from _undocumented_in(tree, path)


def _undocumented_in(tree: ast.Module | ast.ClassDef, path: Path) -> Iterator[str]:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        if ast.get_docstring(node) is None:
            yield f"{shown(path)}:{node.lineno}: {node.name} has no docstring."
        if isinstance(node, ast.ClassDef):
            yield from _undocumented_in(node, path)
