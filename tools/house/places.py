"""Where the house keeps what the rules look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "footbridge"
TESTS = ROOT / "tests"
DOCS = ROOT / "docs"
LIBRARIES = ("latent", "grounded", "microsim", "disclosure")


def python_files(*folders: Path) -> Iterator[Path]:
    """Yield the Python files of some folders, in order, migrations left out."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed source of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """Return a path as a reader of the project would write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
