"""What the model commands write: tables, one json, a folder with everything."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from signal import SIGINT, getsignal, signal
from typing import Any
from urllib.parse import urlsplit

import click

from footbridge.cli.latent_files import Refusal

STOPPED = 130


def workers_of(_: click.Context, __: click.Parameter, text: str) -> int | str:
    """Return a number of processes, or where a dask cluster is."""
    if text.isdigit() and 1 <= int(text) <= 1024:
        return int(text)
    if text == "local" or "://" in text:
        return text
    raise click.BadParameter(
        f"{text!r} is neither a number of processes from 1 to 1024, nor local, nor an address "
        "such as tcp://host:8786."
    )


def workers_of_cases(context: click.Context, option: click.Parameter, text: str) -> int | str:
    """Return the same where cases are sent along: off this machine by TLS only."""
    workers = workers_of(context, option, text)
    if isinstance(workers, str) and workers != "local":
        at = urlsplit(workers)
        if at.scheme != "tls" and at.hostname not in {"127.0.0.1", "::1", "localhost"}:
            raise click.BadParameter(
                f"{at.scheme}:// would send the cases readably through the network. "
                "Use tls:// with dask's certificates, or processes here: --workers 2."
            )
    return workers


def told_plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal of the library into a message without a traceback."""

    @wraps(command)
    def run(**options: Any) -> Any:  # noqa: ANN401
        from footbridge.latent.errors import Interrupted, LatentError

        try:
            return command(**options)
        except LatentError as error:
            raise Refusal(error.what, error.why, error.todo) from error
        except Interrupted as error:
            click.echo(str(error), err=True)
            raise SystemExit(STOPPED) from error

    return run


def write(path: Path, text: str) -> None:
    """Write a text file.

    Raises
    ------
    Refusal
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refusal(
            f"{path} cannot be written.",
            f"The system says: {error.strerror or error}.",
            "Choose another place.",
        ) from error
    click.echo(f"Written: {path}", err=True)


def records(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - pandas is imported lazily
    """Return a table's rows; what is not a number is None."""
    return [{str(k): plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value as json knows it."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_json(value: Any) -> str:  # noqa: ANN401
    """Return a value as json text."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def show_frame(frame: Any, form: str, output: Path | None) -> None:  # noqa: ANN401
    """Print or write one table in the form asked for: table, csv or json."""
    text = frame_text(frame, form)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        write(output, text)


def frame_text(frame: Any, form: str) -> str:  # noqa: ANN401
    """Return a table as aligned text, csv or json."""
    if form == "csv":
        return str(frame.to_csv(index=False))
    if form == "json":
        return as_json(records(frame))
    return str(frame.to_string(index=False, float_format=lambda x: f"{x:.3f}", na_rep=""))


@contextmanager
def watching(what: str, total: int) -> Iterator[tuple[Callable[[int], bool], list[bool]]]:
    """Yield a tick for work in blocks, and a list that Ctrl-C makes true.

    The bar goes to standard error. Ctrl-C ends the work after the block at hand; a second one
    ends the command.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    stopped: list[bool] = []
    before = getsignal(SIGINT)

    def stop(*_: object) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(True)

    signal(SIGINT, stop)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    console = Console(stderr=True)
    try:
        with Progress(*columns, console=console, transient=True,
                      disable=not console.is_terminal) as bar:  # fmt: skip
            task = bar.add_task(what, total=total)

            def tick(done: int) -> bool:
                bar.update(task, completed=done)
                return not stopped

            yield tick, stopped
    finally:
        signal(SIGINT, before)


def fit_record(fit: Any, draws: dict[str, Any] | None) -> dict[str, Any]:  # noqa: ANN401
    """Return everything about a fit as one json object."""
    from dataclasses import asdict

    from footbridge import __version__
    from footbridge.latent.releases import choices

    return {
        "footbridge": __version__,
        "converged": fit.converged,
        "cases": plain(fit.problem.n),
        "options": {k: list(v) if isinstance(v, tuple) else plain(v)
                    for k, v in asdict(fit.options).items()},
        "fit_measures": {k: plain(v) for k, v in fit.fit_measures.items()},
        "estimates": records(fit.estimates),
        "r2": {k: plain(v) for k, v in fit.r2().items()},
        "advice": [asdict(a) for a in fit.advice],
        "lavaan_releases": [asdict(c) for c in choices(fit)],
        "bootstrap": draws,
    }  # fmt: skip
