"""How the interview commands talk: rich tables, csv or json, progress, plain refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

FORMS = ("table", "csv", "json")
_WIDE = 12


@dataclass(frozen=True, slots=True)
class Table:
    """One result: a title, columns, and rows of words and numbers."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]


def told_plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal of the library into a message without a traceback."""

    @wraps(command)
    def run(**options: Any) -> None:
        from footbridge.grounded.errors import GroundedError

        try:
            command(**options)
        except GroundedError as error:
            raise click.ClickException(str(error)) from error

    return run


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --format, --output and --figures."""
    for option in (
        click.option("--format", "form", type=click.Choice(FORMS), default="table",
                     show_default=True, help="Form of the result."),
        click.option("--output", type=click.Path(path_type=Path, dir_okay=False),
                     help="File for csv or json; standard output unless given."),
        click.option("--figures", type=click.Path(path_type=Path, file_okay=False),
                     help="Folder for the pictures as SVG."),
    ):  # fmt: skip
        command = option(command)
    return command


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each piece; the bar goes to standard error."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something of unknown length goes on, and for how long already."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        bar.add_task(what, total=None)
        yield


def show(tables: Sequence[Table], form: str, output: Path | None, remarks: Sequence[str]) -> None:
    """Print or write tables and remarks in the form asked for."""
    if form == "table":
        _print(tables, remarks)
        return
    text = _as_json(tables, remarks) if form == "json" else _as_csv(tables)
    if output is None:
        sys.stdout.write(text)
    else:
        from footbridge.grounded.guarded.archives import write_beside

        write_beside(output, text.encode("utf-8"))
        click.echo(f"Written: {output.name}", err=True)


def _print(tables: Sequence[Table], remarks: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    console = Console()
    for table in tables:
        drawn = Drawn(
            title=table.title, title_justify="left", title_style="bold", box=SIMPLE_HEAD,
            pad_edge=False, padding=(0, 1, 0, 0),
        )  # fmt: skip
        kept = [
            at
            for at in range(len(table.columns))
            if at == 0 or any(row[at] not in (None, "") for row in table.rows)
        ]
        for at in kept:
            numbers = any(isinstance(row[at], int | float) for row in table.rows)
            drawn.add_column(
                table.columns[at],
                justify="right" if numbers else "left",
                overflow="fold",
                no_wrap=numbers,
                min_width=_WIDE if at == 0 and not numbers else None,
            )
        for row in table.rows:
            drawn.add_row(*(Text(_cell(row[at])) for at in kept))
        console.print(drawn)
    for remark in remarks:
        console.print(Text(remark))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else str(value)


def _as_json(tables: Sequence[Table], remarks: Sequence[str]) -> str:
    parts: dict[str, object] = {
        table.title: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        for table in tables
    }
    if remarks:
        parts["remarks"] = list(remarks)
    return json.dumps(parts, ensure_ascii=False, indent=2) + "\n"


def _as_csv(tables: Sequence[Table]) -> str:
    from footbridge.grounded.exchange.tables import table_text

    if len(tables) == 1:
        return table_text(tables[0].columns, tables[0].rows)
    return "\n".join(
        f"# {table.title}\n{table_text(table.columns, table.rows)}" for table in tables
    )


def save_figure(svg: str, folder: Path, name: str) -> None:
    """Write one picture into the folder, which is made if it is not there."""
    from footbridge.grounded.plots import save_svg

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"The folder for pictures cannot be made: {error}.") from error
    save_svg(svg, folder / name)
    click.echo(f"Drawn: {name}", err=True)
