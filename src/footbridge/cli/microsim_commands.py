"""Commands of the policy model: simulate, compare, calibrate, targets, answers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from signal import SIGINT, getsignal, signal
from typing import Any

import click

# Nothing of the library is imported here: `footbridge --help` must not wait for numba.
Ticker = Callable[[int, int], bool]
CAVEAT = (
    "A model of public aggregate figures, not a forecast. It helps to reason about what would "
    "have to be true; it cannot say what is right, and it must not be used to choose whom to "
    "detect."
)


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every run has."""
    for option in (
        click.option("--seed", default=1, show_default=True, help="Number of the draws."),
        click.option("--persons", default=30_000, show_default=True, help="Simulated persons."),
        click.option("--threads", default=1, show_default=True, help="Threads of each run."),
        click.option("--draws", default=20, show_default=True, help="Posterior draws."),
        click.option("--structure", type=click.Choice(["income", "equal"]), default="income",
                     show_default=True, help="Detection falls with income, or is equal."),
        click.option("--cluster", metavar="ADDRESS",
                     help="A dask scheduler, or 'local' for two processes here."),
        click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv",
                     show_default=True, help="Form of the table."),
        click.option("--output", type=click.Path(path_type=Path),
                     help="File of the table; standard output unless given."),
        click.option("--figures", type=click.Path(path_type=Path, file_okay=False),
                     help="Folder for figures as SVG."),
    ):  # fmt: skip
        command = option(command)
    return _told_plainly(command)


def _told_plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal of the library into a message without a traceback."""

    @wraps(command)
    def run(**options: Any) -> None:
        from footbridge.microsim.errors import MicrosimError

        try:
            command(**options)
        except MicrosimError as error:
            raise click.ClickException(str(error)) from error

    return run


@contextmanager
def _ticker(what: str, total: int) -> Iterator[Ticker]:
    """Yield a progress callback; Ctrl-C ends the work after the piece at hand, and keeps it."""
    from rich.console import Console
    from rich.progress import Progress

    stopped: list[bool] = []
    before = getsignal(SIGINT)
    signal(SIGINT, lambda *_: stopped.append(True))
    try:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total)

            def tick(done: int, _: int) -> bool:
                bar.update(task, completed=done)
                return not stopped

            yield tick
    finally:
        signal(SIGINT, before)


def _say(text: str) -> None:
    click.echo(text, err=True)


@click.command()
@click.argument("scenario")
@_shared
def simulate(scenario: str, **options: Any) -> None:
    """Show what a SCENARIO changes: a file, or the name of a shipped one."""
    _compare((scenario,), options)


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@_shared
def compare(scenarios: tuple[str, ...], **options: Any) -> None:
    """Compare up to four SCENARIOS with the baseline, draw by draw."""
    if len(scenarios) > 4:
        raise click.ClickException(
            f"{len(scenarios)} scenarios are too many to read side by side. A table holds four. "
            "Name four or fewer."
        )
    _compare(scenarios, options)


def _compare(names: tuple[str, ...], options: dict[str, Any]) -> None:
    from footbridge.microsim import analysis, cluster, posterior, report
    from footbridge.microsim.run import Setting
    from footbridge.microsim.scenarios import read

    scenarios = [read(name) for name in names]
    how = Setting(options["persons"], options["seed"], threads=options["threads"])
    how.check()
    draws = posterior.shipped(structure=options["structure"])[: options["draws"]]
    with cluster.mapper(options["cluster"]) as mapper, _ticker("draws", len(draws)) as tick:
        result = analysis.compare(scenarios, draws, how=how, mapper=mapper, progress=tick)
    _say(posterior.shipped_score(structure=options["structure"]))
    if not result.complete:
        _say(f"Stopped after {len(result.draws)} of {result.asked} draws; these are kept below.")
    report.write_rows(report.contrast_rows(result), options["output"], options["form"])
    if options["figures"]:
        report.draw_figures(result, scenarios, how, options["figures"])
        _say(f"Figures are in {options['figures']}.")
    _say(CAVEAT)


@click.command()
@_shared
def targets(**options: Any) -> None:
    """Show every target beside the model: value, model, ratio, tolerance, met or missed."""
    from footbridge.microsim import cluster, fit, posterior, report
    from footbridge.microsim.run import Setting

    how = Setting(options["persons"], options["seed"], threads=options["threads"])
    how.check()
    draws = posterior.shipped(structure=options["structure"])[: options["draws"]]
    with cluster.mapper(options["cluster"]) as mapper, _ticker("draws", len(draws)) as tick:
        rows = fit.table(draws, how=how, mapper=mapper, progress=tick)
    _say(fit.score(rows).sentence())
    report.write_rows([row.as_dict() for row in rows], options["output"], options["form"])
    if options["figures"]:
        report.draw_targets(rows, options["figures"])


@click.command()
@click.argument("log", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seed", default=1, show_default=True, help="Of the samplers and the runs.")
@click.option("--persons", default=6_000, show_default=True, help="Simulated persons a trial.")
@click.option("--ensemble", default=200, show_default=True, help="Size of the first ensemble.")
@click.option("--steps", default=8, show_default=True, help="Steps in which it learns.")
@click.option("--particles", default=200, show_default=True, help="Particles of ABC-SMC.")
@click.option("--generations", default=20, show_default=True, help="Generations of ABC-SMC.")
@click.option("--enough", default=0.75, show_default=True, help="Loss at which ABC-SMC ends.")
@click.option("--wide", default=0, show_default=True, help="Points of a hypercube before.")
@click.option("--waves", default=0, show_default=True, help="CMA waves before.")
@click.option("--step", default=0.02, show_default=True, help="First step of the waves.")
@click.option("--until", default=2035, show_default=True, help="Fit targets up to this year.")
@click.option("--structure", type=click.Choice(["income", "equal"]), default="income")
@click.option("--cluster", "address", metavar="ADDRESS", help="A dask scheduler, or 'local'.")
@click.option("--output", type=click.Path(path_type=Path), help="File of the posterior draws.")
@_told_plainly
def calibrate(log: Path, output: Path | None, address: str | None, **plan: Any) -> None:
    """Calibrate into LOG; the same command goes on where a stopped one ended."""
    from footbridge.microsim import calibration, cluster, posterior

    chosen = calibration.Plan(
        n_persons=plan.pop("persons"),
        equal_detection=plan.pop("structure") == "equal",
        **plan,
    )
    with cluster.mapper(address) as mapper:
        found = calibration.calibrate(chosen, log, mapper=mapper, report=_report_stage)
    click.echo(
        f"{len(found.losses)} draws; loss {found.losses.min():.3f} to {found.losses.max():.3f} "
        "(1 is the edge of every band)."
    )
    if output is not None:
        posterior.write(found.values(), output)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--persons", default=10_000, show_default=True, help="Simulated persons.")
@click.option("--draws", default=50, show_default=True, help="Posterior draws.")
@click.option("--seed", default=1, show_default=True, help="Number of the draws.")
@_told_plainly
def answers(folder: Path, persons: int, draws: int, seed: int) -> None:
    """Write the seven answers, with their figures, into FOLDER."""
    from footbridge.microsim import answers as document
    from footbridge.microsim import fit, posterior
    from footbridge.microsim.run import Setting

    how = Setting(persons, seed)
    how.check()
    chosen = posterior.shipped()[:draws]
    rows = fit.table(chosen, how=how)
    click.echo(document.write(folder, chosen, rows, how=how, progress=_say))


def _report_stage(stage: str, done: int, best: float) -> None:
    _say(f"{stage}: {done} trials, best loss {best:.3f}")


COMMANDS: tuple[click.Command, ...] = (simulate, compare, calibrate, targets, answers)
