"""Options that several commands about latent variable models share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, dir_okay=False)


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a model is fitted."""
    for option in (
        click.option("--estimator", help="ML, MLR, MLM, WLSMV, DWLS, ULSMV, ... (lavaan's names)."),
        click.option("--ordered", multiple=True, metavar="NAMES",
                     help="Ordered variables, with commas; may be repeated."),
        click.option("--all-ordered", is_flag=True,
                     help="Treat all indicators and outcomes as ordered."),
        click.option("--missing",
                     help="listwise, fiml, pairwise, two.stage or robust.two.stage."),
        click.option("--preset", type=click.Choice(["sem", "cfa", "growth", "lavaan"]),
                     help="What is added to the model; lavaan adds nothing."),
        click.option("--std-lv", is_flag=True, help="Fix factor variances, not first loadings."),
        click.option("--parameterization", type=click.Choice(["delta", "theta"])),
        click.option("--cluster", help="Column of clusters, for cluster-robust errors."),
        click.option("--sampling-weights", metavar="COLUMN", help="Column of weights."),
        click.option("--mimic", type=click.Choice(["lavaan-0.7", "lavaan-0.6"]),
                     help="Whose defaults, where the releases differ."),
        click.option("--encoding", default="utf-8", show_default=True, help="Of the data file."),
        click.option("--missing-mark", "marks", multiple=True,
                     help="A further mark of missing values, such as -99; may be repeated."),
    ):  # fmt: skip
        command = option(command)
    return command


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the form and the file of a table."""
    for option in (
        click.option("--format", "form", type=click.Choice(["table", "csv", "json"]),
                     default="table", show_default=True, help="Form of the result."),
        click.option("--output", type=FILE, help="File; standard output unless given."),
    ):  # fmt: skip
        command = option(command)
    return command


def split_names(words: tuple[str, ...]) -> list[str]:
    """Return names that were given with commas, by one option or several."""
    return [name.strip() for word in words for name in word.split(",") if name.strip()]


def prior_of(_context: click.Context, _option: click.Parameter, text: str | None) -> Any:  # noqa: ANN401
    """Return the prior that `--prior` asks for: 'weak', or a `Prior` of named numbers."""
    from footbridge.latent.errors import LatentError

    if text is None or text == "weak":
        return text
    from footbridge.latent import Prior

    pairs = [pair.partition("=") for pair in text.split(",")]
    try:
        named = {n.strip(): None if v.strip() == "none" else float(v) for n, _, v in pairs}
        return Prior(**named)
    except LatentError as error:
        raise click.BadParameter(str(error)) from None
    except (TypeError, ValueError):
        raise click.BadParameter(
            f"'{text}' is not understood. Write weak, or names of loading, path, threshold, "
            "residual, correlation and weight with numbers: path=1,loading=none (none is flat)."
        ) from None
