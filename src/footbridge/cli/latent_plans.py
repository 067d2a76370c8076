"""Commands for a study that is still to come: power, simulate-data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from footbridge.cli.latent_files import Refusal, names_of, read_model
from footbridge.cli.latent_output import (
    STOPPED,
    show_frame,
    told_plainly,
    watching,
    workers_of,
    write,
)

FILE = click.Path(path_type=Path, dir_okay=False)
CUT = "NAME=CUTS"
CUT_HELP = "Cut a variable into categories: se1=-1,0,1; may be repeated."


def _cuts(words: tuple[str, ...], known: list[str]) -> dict[str, list[float]]:
    """Read --cut options."""
    found = {}
    for word in words:
        name, _, numbers = word.partition("=")
        try:
            found[name] = [float(x) for x in numbers.split(",")]
        except ValueError as error:
            raise Refusal(
                f"--cut {word} cannot be read.",
                "After the name and = come numbers with commas.",
                "Write for example --cut se1=-1,0,1.",
            ) from error
        if name not in known:
            raise Refusal(
                f"--cut names '{name}'.",
                "The population has no such observed variable.",
                f"It has {', '.join(known)}.",
            )
    return found


@click.command("power")
@click.argument("model", type=FILE)
@click.argument("population", type=FILE)
@click.option("--cases", type=click.IntRange(2), required=True, help="Cases of one sample.")
@click.option(
    "--draws", type=click.IntRange(1, 1_000_000), default=200, show_default=True, help="Samples."
)
@click.option("--cut", "cuts", multiple=True, metavar=CUT, help=CUT_HELP)
@click.option("--estimator", help="ML, MLR, WLSMV, ...")
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Number of the draws."
)
@click.option(
    "--workers",
    callback=workers_of,
    default="1",
    show_default=True,
    help="Processes, or a dask cluster: local, or the address of its scheduler.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@click.option("--output", type=FILE, help="File; standard output unless given.")
@told_plainly
def power(
    *, model: Path, population: Path, cases: int, form: str, output: Path | None, **options: Any
) -> None:
    """Tell how often MODEL finds what is in POPULATION, by simulation.

    POPULATION is lavaan syntax with a number before every term. The table has the mean estimate,
    its spread, the mean error and the share of samples with p < 0.05. Ctrl-C ends it with the
    table of the samples that are done, and with code 130.
    """  # fmt: skip
    from footbridge import latent

    truth = read_model(population)
    options["cuts"] = _cuts(options["cuts"], names_of(truth, path=population))
    with watching(f"Samples of {cases}", options["draws"]) as (tick, _):
        found = latent.power(read_model(model), truth, cases, tick=tick, **options)
    show_frame(found, form, output)
    done = found.attrs["done"]
    for reason, count in found.attrs["lost"].items():
        click.echo(f"{count} of {done} samples could not be fitted: {reason}", err=True)
    if done < options["draws"]:
        click.echo(
            f"Stopped after {done} of {options['draws']} samples; the table is of these.", err=True
        )
        raise SystemExit(STOPPED)


@click.command("simulate-data")
@click.argument("population", type=FILE)
@click.option("--cases", type=click.IntRange(1, 10_000_000), required=True, help="How many.")
@click.option("--cut", "cuts", multiple=True, metavar=CUT, help=CUT_HELP)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Number of the draws."
)
@click.option("--output", type=FILE, help="File of the csv; standard output unless given.")
@told_plainly
def simulate_data(
    *, population: Path, cases: int, cuts: tuple[str, ...], seed: int, output: Path | None
) -> None:
    """Draw cases from POPULATION: lavaan syntax with a number before every term."""  # fmt: skip
    from footbridge import latent

    truth = read_model(population)
    wanted = _cuts(cuts, names_of(truth, path=population))
    text = latent.simulate(truth, cases, seed=seed, cuts=wanted).to_csv(index=False)
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)
