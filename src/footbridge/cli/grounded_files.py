"""What the interview commands read and write: studies, coders, themes."""

# The library is imported inside functions: `footbridge --help` must not wait for numba.

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from footbridge.cli.grounded_output import working

FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


def read_study(file: Path) -> tuple[Any, list[str]]:
    """Return the study in a file, and remarks on what it lost.

    Raises
    ------
    ExchangeError
        If the file is no study.
    """
    from footbridge.grounded.errors import ExchangeError
    from footbridge.grounded.exchange import read
    from footbridge.grounded.exchange.tables import read_codings, read_rows
    from footbridge.grounded.exchange.taguette import read_taguette

    ending = file.suffix.lower()
    with working(f"Reading {file.name}"):
        if ending == ".csv":
            return read_codings(read_rows(file), name=file.stem), []
        if ending == ".qdpx":
            project, report = read(file)
        elif ending in (".sqlite3", ".sqlite", ".db"):
            project, report = read_taguette(file)
        else:
            raise ExchangeError(
                f"Studies are read from .qdpx, .csv and Taguette's .sqlite3, not from "
                f"{ending or 'a file without ending'}. Export the study as REFI-QDA (.qdpx)."
            )
    return project, report.lines()


def coder_called(project: Any, wanted: str) -> str:  # noqa: ANN401 - the library is imported lazily
    """Return the identifier of a coder named on the command line."""
    from footbridge.grounded.errors import CodingError

    found = [c.id for c in project.coders if wanted in (c.id, c.name)]
    if len(found) != 1:
        names = ", ".join(c.name for c in project.coders) or "nobody"
        raise CodingError(f"No single coder is called {wanted!r}. Coders here: {names}.")
    return str(found[0])


def pair_of(project: Any, a: str | None, b: str | None) -> tuple[str, str]:  # noqa: ANN401
    """Return the two coders asked for, or the only two there are."""
    from footbridge.grounded.errors import CodingError

    if a is not None and b is not None:
        return coder_called(project, a), coder_called(project, b)
    used = {s.coder for s in project.segments}
    both = [c.id for c in project.coders if c.id in used]
    if len(both) != 2:
        names = ", ".join(c.name for c in project.coders if c.id in used) or "nobody"
        raise CodingError(
            f"{len(both)} coders coded here ({names}). Say which two, with --a and --b."
        )
    return both[0], both[1]


def themes_of(project: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """Return the top-level codes that hold others, each with the codes under it."""
    return {
        top.name: [
            code.id
            for code in project.codebook
            if code.codable and code.id in project.codebook.family(top.id)
        ]
        for top in project.codebook.children(None)
        if project.codebook.children(top.id)
    }
