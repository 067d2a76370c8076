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
        click.option("--structure", type=click.Choice(["income", "equal", "until-2012"]),
                     default="income", show_default=True,
                     help="Detection falls with income, or is equal; or fitted up to 2012."),
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
    try:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=total)

            def stop(*_: object) -> None:
                if stopped:  # the second time: at once
                    raise KeyboardInterrupt
                stopped.append(True)
                bar.console.print("Stopping after the piece at hand; Ctrl-C again stops at once.")

            def tick(done: int, _: int) -> bool:
                bar.update(task, completed=done)
                return not stopped

            signal(SIGINT, stop)

            yield tick
    finally:
        signal(SIGINT, before)


@contextmanager
def _counted(mapper: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Yield a mapper that shows how many trials of a batch are done."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("trials"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("trials", total=0)

        def counted(function: Callable[..., Any], *inputs: Any) -> Iterator[Any]:
            bar.update(task, completed=0, total=len(inputs[0]))
            for result in mapper(function, *inputs):
                bar.advance(task)
                yield result

        yield counted


def _load_the_model() -> None:
    """Load the kernels; where they must be compiled first, the wait is explained."""
    from rich.console import Console

    words = "Loading the model (compiled once on each computer: half a minute)"
    with Console(stderr=True).status(words):
        from footbridge.microsim.warm import warm

        warm()


def _say(text: str) -> None:
    click.echo(text, err=True)


def _drawn(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what only a comparison has: what its figures explain, curves, draws that are kept."""
    for option in (
        click.option("--outcome", default="methadone_years", show_default=True,
                     help="Measure whose drivers the tornado and the curve show."),
        click.option("--curve", metavar="PARAMETER",
                     help="Draw the outcome as a curve over a parameter (needs --figures)."),
        click.option("--resume", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
                     help="Keep each finished draw here; the same command goes on from there."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("scenario")
@_drawn
@_shared
def simulate(scenario: str, **options: Any) -> None:
    """Show what a SCENARIO changes: a file, or the name of a shipped one."""
    _compare((scenario,), options)


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@_drawn
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
    _check_figures(options)
    how = Setting(options["persons"], options["seed"], threads=options["threads"])
    how.check()
    draws = posterior.shipped(structure=options["structure"])[: options["draws"]]
    kept = _keeper(scenarios, how, options)
    _load_the_model()
    with cluster.mapper(options["cluster"]) as mapper, _ticker("draws", len(draws)) as tick:
        result = analysis.compare(scenarios, draws, how=how, mapper=kept(mapper), progress=tick)
    _say(posterior.shipped_score(structure=options["structure"]))
    if not result.complete:
        _say(f"Stopped after {len(result.draws)} of {result.asked} draws; these are kept below.")
    report.write_rows(report.contrast_rows(result), options["output"], options["form"])
    if options["figures"]:
        folder, outcome = options["figures"], options["outcome"]
        made = report.draw_figures(result, scenarios, folder, outcome=outcome)
        if not any(path.name.startswith("tornado") for path in made):
            _say("No tornado was drawn: too few draws, or nothing moves the outcome.")
        for s, scenario in enumerate(scenarios, start=1):
            if options["curve"] and result.complete:
                run: dict[str, Any] = {"how": how, "mapper": kept(map)}
                _curve(s, scenario, draws=result.draws, run=run, options=options)
        _say(f"Figures are in {folder}.")
    _say(CAVEAT)


def _keeper(
    scenarios: list[Any],
    how: Any,  # noqa: ANN401 - the library's types are not loaded here
    options: dict[str, Any],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what makes a mapper keep its draws in the file of --resume, if there is one."""
    if not options["resume"]:
        return lambda mapper: mapper
    from footbridge.microsim.resume import Kept

    kept = Kept(options["resume"], scenarios, how, structure=options["structure"])
    if kept.rows:
        _say(f"{len(kept.rows)} finished draws are in {kept.path}; only the others are run.")
    return kept.over


def _check_figures(options: dict[str, Any]) -> None:
    """Refuse an outcome or a parameter that is not known, before anything is run."""
    from footbridge.microsim.errors import MicrosimError
    from footbridge.microsim.measures import MEASURES
    from footbridge.microsim.parameters import varying

    parameters = [p.id for p in varying()]
    for given, known, word in (
        (options["outcome"], list(MEASURES), "outcome"),
        (options["curve"], [None, *parameters], "parameter that varies"),
    ):
        if given not in known:
            allowed = ", ".join(sorted(name for name in known if name))
            raise MicrosimError(
                f"{given!r} is not the name of any {word}. Nothing was run. Use one of: {allowed}."
            )
    if options["curve"] and not options["figures"]:
        raise MicrosimError(
            "A curve needs a place to be drawn. No folder was named. Add --figures FOLDER."
        )


CURVE_DRAWS, CURVE_QUANTILES = 8, (0.01, 0.25, 0.5, 0.75, 0.99)


def _curve(
    number: int,
    scenario: Any,  # noqa: ANN401 - the library's types are not loaded here
    *,
    draws: list[Any],
    run: dict[str, Any],
    options: dict[str, Any],
) -> None:
    """Draw the outcome of one scenario as a curve over a parameter, and write its points."""
    from footbridge.microsim import analysis, report
    from footbridge.microsim.parameters import catalogue

    name, outcome = options["curve"], options["outcome"]
    at = [catalogue()[name].at(q) for q in CURVE_QUANTILES]
    with _ticker(f"curve over {name}", len(at)) as tick:
        going = (point for done, point in enumerate(at) if tick(done, len(at)))
        points = analysis.curve(name, going, scenario, draws[:CURVE_DRAWS], measure=outcome, **run)
    if not points:
        _say("The curve was stopped before its first point.")
        return
    path = options["figures"] / f"curve-{name}-{number}.svg"
    rows = report.draw_curve(path, points, parameter=name, outcome=outcome, title=scenario.title)
    report.write_rows(rows, path.with_suffix(f".{options['form']}"), options["form"])


@click.command()
@_shared
def targets(**options: Any) -> None:
    """Show every target beside the model: value, model, ratio, tolerance, met or missed."""
    from footbridge.microsim import cluster, fit, posterior, report
    from footbridge.microsim.run import Setting

    how = Setting(options["persons"], options["seed"], threads=options["threads"])
    how.check()
    draws = posterior.shipped(structure=options["structure"])[: options["draws"]]
    until = 2012 if options["structure"] == posterior.BY_TIME else None
    _load_the_model()
    with cluster.mapper(options["cluster"]) as mapper, _ticker("draws", len(draws)) as tick:
        rows = fit.table(draws, how=how, mapper=mapper, progress=tick, until=until)
    _say(fit.score(rows, until=until).sentence())
    report.write_rows([row.as_dict() for row in rows], options["output"], options["form"])
    if options["figures"]:
        report.draw_targets(rows, options["figures"])


@click.command()
@click.argument("log", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seed", default=1, show_default=True, help="Of the samplers and the runs.")
@click.option("--persons", default=6_000, show_default=True, help="Simulated persons a trial.")
@click.option("--ensemble", default=300, show_default=True, help="Size of the first ensemble.")
@click.option("--steps", default=7, show_default=True, help="Steps in which it learns.")
@click.option("--starts", default=2, show_default=True, help="Independent ensembles, pooled.")
@click.option("--particles", default=500, show_default=True, help="Particles of ABC-SMC.")
@click.option("--generations", default=10, show_default=True, help="Generations of ABC-SMC.")
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
    _load_the_model()
    try:
        with cluster.mapper(address) as mapper, _counted(mapper) as counted:
            found = calibration.calibrate(chosen, log, mapper=counted, report=_report_stage)
    except KeyboardInterrupt:
        _say(f"Stopped. Every finished trial is in {log}; the same command goes on from there.")
        raise SystemExit(130) from None
    click.echo(
        f"{len(found.losses)} draws; loss {found.losses.min():.3f} to {found.losses.max():.3f} "
        "(1 is the edge of every band)."
    )
    if output is not None:
        posterior.write(found.values(), output, found.provenance())


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--persons", default=10_000, show_default=True, help="Simulated persons.")
@click.option("--draws", default=50, show_default=True, help="Posterior draws.")
@click.option("--seed", default=1, show_default=True, help="Number of the draws.")
@_told_plainly
def answers(folder: Path, persons: int, draws: int, seed: int) -> None:
    """Write the seven answers, with their figures, into FOLDER."""
    from dataclasses import replace

    from footbridge.microsim import answers as document
    from footbridge.microsim import crossmodel, fit, posterior
    from footbridge.microsim.answers_fit import Evidence
    from footbridge.microsim.run import Setting

    how = Setting(persons, seed)
    how.check()
    chosen, rivals, early = (
        posterior.shipped(structure=name)[:draws] for name in posterior.STRUCTURES
    )
    _say("fit of the draws, of the rival structure, and of the hold-out by time")
    evidence = Evidence(
        rows=fit.table(chosen, how=how),
        rival=fit.table(rivals, how=how),
        by_time=fit.table(early, how=how, until=2012),
        models=crossmodel.beside(chosen[:10], replace(how, n_persons=5 * persons)),
    )
    half = rivals[: max(1, draws // 2)]
    path = document.write(folder, chosen, evidence, rivals=half, how=how, progress=_say)
    click.echo(path)


def _report_stage(stage: str, done: int, best: float) -> None:
    _say(f"{stage}: {done} trials, best loss {best:.3f}")


COMMANDS: tuple[click.Command, ...] = (simulate, compare, calibrate, targets, answers)
