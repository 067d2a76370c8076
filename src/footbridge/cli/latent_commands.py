"""Latent variable models: fit, invariance, compare-models, reliability, power, simulate-data."""

# The library is imported inside functions: `footbridge --help` must not wait for numba.

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from footbridge.cli.latent_files import Refusal, columns_of, names_of, read_model, read_table
from footbridge.cli.latent_imputed import fit_imputed
from footbridge.cli.latent_options import FILE, model_options, prior_of, split_names, table_options
from footbridge.cli.latent_output import (
    STOPPED,
    as_json,
    fit_record,
    frame_text,
    records,
    show_frame,
    told_plainly,
    watching,
    workers_of_cases,
    write,
)

NOT_CONVERGED = 3
_INTERVALS = ("percentile", "bc", "bca", "normal", "basic")


def _read(
    models: list[Path], data: Path, options: dict[str, Any], *, more: Sequence[str] = ()
) -> tuple[list[str], Any]:
    """Read models and data; take what is not for the library out of the options."""
    texts = [read_model(path) for path in models]
    named = [n for t, p in zip(texts, models, strict=True) for n in names_of(t, path=p)]
    ordered, every = split_names(options.pop("ordered")), options.pop("all_ordered")
    known, named = named, columns_of(texts[0], named, options.get("occasions"))
    stranger = next((n for n in ordered if n not in {*known, *named}), None)
    if stranger is not None:
        raise Refusal(
            f"--ordered names '{stranger}'.",
            "The model has no such observed variable.",
            f"It has {', '.join(dict.fromkeys(named))}.",
        )
    words = [options[k] for k in ("group", "cluster", "strata") if options.get(k)]
    extra = [*words, *([options["sampling_weights"]] if options["sampling_weights"] else [])]
    frame = read_table(
        data, [*named, *extra, *more], encoding=options.pop("encoding"),
        missing=options.pop("marks"), words=words,
    )  # fmt: skip
    options["ordered"] = True if every else ordered or None
    options["std_lv"] = options.pop("std_lv") or None
    return texts, frame


@click.command("fit")
@click.argument("model", type=FILE)
@click.argument("data", type=FILE)
@model_options
@click.option("--group", help="Column that holds the groups.")
@click.option(
    "--group-equal",
    multiple=True,
    metavar="WORDS",
    help="What is equal over groups: loadings, intercepts, thresholds, ...",
)
@click.option(
    "--draws",
    type=click.IntRange(0, 10_000_000),
    default=0,
    help="Bootstrap draws; Ctrl-C keeps those that are done.",
)
@click.option(
    "--auxiliary",
    multiple=True,
    metavar="NAMES",
    help="Variables that say why values are missing, for --impute or --missing fiml.",
)
@click.option(
    "--impute",
    type=click.IntRange(2, 10_000),
    metavar="M",
    help="Impute M times, fit every data set and pool; groups are imputed apart.",
)
@click.option(
    "--imputation",
    metavar="COLUMN",
    help="DATA holds completed data sets, which this column numbers (.imp): pool their fits.",
)
@click.option(
    "--prior",
    callback=prior_of,
    metavar="weak|NAME=NUMBER,...",
    help="For small samples: a posterior mode, by the weak prior or as path=1,loading=none says.",
)
@click.option("--strata", help="Column within which cases are resampled: the arm of a trial.")
@click.option(
    "--interval",
    type=click.Choice(_INTERVALS),
    default="percentile",
    show_default=True,
    help="Kind of the bootstrap limits.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Number of the draws."
)
@click.option(
    "--workers",
    callback=workers_of_cases,
    default="1",
    show_default=True,
    help="Processes of draws and imputations, or a dask cluster: local, or a scheduler's address.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="What is printed: the summary, estimates, or everything.",
)
@click.option("--table", type=FILE, help="File for the estimates as csv.")
@click.option("--json", "json_file", type=FILE, help="File for everything as json.")
@click.option("--diagram", type=FILE, help="File for the path diagram as SVG.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for summary, tables, json, diagram, and input for R and Mplus.",
)
@told_plainly
def fit(*, model: Path, data: Path, **options: Any) -> None:
    """Fit MODEL (lavaan syntax) to DATA (csv with a header) and print the result.

    Ends with 0 when done, 1 when refused, 2 when called wrongly, 3 when the search found no
    minimum (the result is shown, but not to be believed), 130 after Ctrl-C (draws are kept).
    """  # fmt: skip
    from footbridge import latent

    words = ("draws", "interval", "seed", "workers", "impute", "imputation")
    how = {k: options.pop(k) for k in words}
    out = {k: options.pop(k) for k in ("form", "table", "json_file", "diagram", "folder")}
    options["auxiliary"] = tuple(split_names(options.pop("auxiliary"))) or None
    more = [*(options["auxiliary"] or ()), *([how["imputation"]] if how["imputation"] else [])]
    (text,), frame = _read([model], data, options, more=more)
    strata = options.pop("strata")
    options["group_equal"] = tuple(split_names(options.pop("group_equal"))) or None
    if how["impute"] or how["imputation"]:
        fit_imputed(text, frame, options, how=how, out=out)
        return
    found = latent.fit(text, frame, **options)
    _show_fit(found, out)
    drawn = _drawn(found, frame, strata, how) if how["draws"] else None
    record = _draws_record(drawn, how) if drawn is not None else None
    _write_fit(found, record, out, drawn)
    if drawn is not None and record is not None:
        _show_draws(drawn, record, to_error=out["form"] != "table")
        if record["stopped"]:
            raise SystemExit(STOPPED)
    if not found.converged:
        raise SystemExit(NOT_CONVERGED)


def _show_fit(found: Any, out: dict[str, Any]) -> None:  # noqa: ANN401
    if out["form"] == "table":
        click.echo(found.summary())
    elif out["form"] == "csv":
        click.echo(found.estimates.to_csv(index=False), nl=False)


def _drawn(found: Any, frame: Any, strata: str | None, how: dict[str, Any]) -> Any:  # noqa: ANN401
    from footbridge.latent.watched import watched_bootstrap

    with watching("Bootstrap draws", how["draws"]) as (tick, _):
        return watched_bootstrap(
            found, how["draws"], tick=tick, workers=how["workers"],
            seed=how["seed"], strata=strata, data=frame,
        )  # fmt: skip


def _draws_record(drawn: Any, how: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    usable = int(drawn.usable.sum())
    return {
        "asked": how["draws"],
        "done": len(drawn.status),
        "usable": usable,
        "lost": {k: v for k, v in drawn.counts.items() if k != "ok"},
        "stopped": len(drawn.status) < how["draws"],
        "seed": how["seed"],
        "interval": how["interval"],
        "limits": records(drawn.intervals(how["interval"])) if usable > 1 else [],
    }


def _show_draws(drawn: Any, record: dict[str, Any], *, to_error: bool) -> None:  # noqa: ANN401
    click.echo("", err=to_error)
    if record["stopped"]:
        click.echo(
            f"Stopped after {record['done']} of {record['asked']} draws; these are kept.",
            err=to_error,
        )
    click.echo(drawn.summary(), err=to_error)
    if record["usable"] < 0.95 * record["done"]:
        click.echo(
            "More than one draw in twenty was lost: limits speak for samples in which every "
            "category is seen. Merge rare categories, or resample with --strata.",
            err=to_error,
        )
    if not record["limits"]:
        click.echo("No limits: fewer than two draws are usable.", err=to_error)
        return
    click.echo(f"\nBootstrap limits ({record['interval']}, 95 %):", err=to_error)
    click.echo(frame_text(drawn.intervals(record["interval"]), "table"), err=to_error)


def _write_fit(found: Any, record: Any, out: dict[str, Any], drawn: Any) -> None:  # noqa: ANN401
    everything = as_json(fit_record(found, record))
    if out["form"] == "json":
        click.echo(everything, nl=False)
    if out["table"]:
        write(out["table"], found.estimates.to_csv(index=False))
    if out["json_file"]:
        write(out["json_file"], everything)
    if out["diagram"]:
        write(out["diagram"], found.diagram().svg)
    if out["folder"]:
        _write_folder(found, out["folder"], everything)
        if drawn is not None:
            write(out["folder"] / "draws.csv", drawn.to_frame().to_csv(index=False))
            limits = frame_text(drawn.intervals(record["interval"]), "csv")
            write(out["folder"] / "limits.csv", limits)


def _write_folder(found: Any, folder: Path, everything: str) -> None:  # noqa: ANN401
    import pandas as pd

    from footbridge.latent.errors import LatentError
    from footbridge.latent.exportmplus import mplus_data

    write(folder / "summary.txt", found.summary() + "\n")
    write(folder / "estimates.csv", found.estimates.to_csv(index=False))
    measures = pd.DataFrame(found.fit_measures.items(), columns=["measure", "value"])
    write(folder / "fit.csv", measures.to_csv(index=False))
    write(folder / "result.json", everything)
    for name, made in (
        ("model.R", lambda: found.to_lavaan().script()),
        ("diagram.svg", lambda: found.diagram().svg),
        ("model.inp", lambda: found.to_mplus("model.dat").input),
        ("model.dat", lambda: mplus_data(found)),
    ):
        try:
            write(folder / name, made())
        except LatentError as error:  # what R or Mplus do not have is no reason to stop
            click.echo(f"Not written: {name}. {error}", err=True)


@click.command("invariance")
@click.argument("model", type=FILE)
@click.argument("data", type=FILE)
@click.option("--group", help="Column that holds the groups.")
@click.option(
    "--occasion",
    "occasions",
    multiple=True,
    metavar="NAME=ITEMS",
    help="Over time: an occasion and its items in the model's order (t1=a1,b1,c1), or a factor "
    "and its names over time (f=f1,f2); may be repeated.",
)
@click.option(
    "--partial",
    multiple=True,
    metavar="PARAMETER",
    help="What stays free, such as 'f =~ b', 'b | t2', 'b ~ 1', 'b ~~ b'; may be repeated.",
)
@model_options
@table_options
@told_plainly
def invariance(*, model: Path, data: Path, form: str, output: Path | None, **options: Any) -> None:
    """Climb the ladder of measurement invariance of MODEL over groups of DATA, or over time.

    Configural, metric, scalar, strict; with --ordered: configural, thresholds, loadings,
    scalar, strict. Each step is tested against the one before; for one that the data reject,
    it is said which equality fits worst.
    """
    from footbridge import latent

    options["occasions"] = _occasions(options.pop("occasions"))
    (text,), frame = _read([model], data, options)
    asked = {k: v for k, v in options.items() if v is not None}
    steps = latent.invariance(text, frame, **asked)
    show_frame(steps.to_frame(), form, output)
    for told in (*steps.advice(), *steps.notes):
        click.echo(told, err=True)


def _occasions(words: tuple[str, ...]) -> dict[str, list[str]] | None:
    """Return NAME=ITEMS words as a mapping; None where there are none."""
    found: dict[str, list[str]] = {}
    for word in words:
        name, sign, items = word.partition("=")
        if not sign or not name.strip() or name.strip() in found:
            raise Refusal(
                f"--occasion {word} cannot be read.",
                "It needs a name of its own, an equals sign and items with commas.",
                "Write for example --occasion t1=a1,b1,c1 --occasion t2=a2,b2,c2.",
            )
        found[name.strip()] = split_names((items,))
    return found or None


@click.command("compare-models")
@click.argument("data", type=FILE)
@click.argument("models", type=FILE, nargs=-1, required=True)
@model_options
@click.option("--group", help="Column that holds the groups.")
@click.option(
    "--method",
    help="standard, satorra.bentler.2001, satorra.bentler.2010, "
    "satorra.2000; by default the one that suits the test.",
)
@table_options
@told_plainly
def compare_models(
    *, data: Path, models: tuple[Path, ...], form: str, output: Path | None, **options: Any
) -> None:
    """Test nested MODELS on the same DATA against each other.

    They are ordered by degrees of freedom. That they are nested is for you to know.
    """  # fmt: skip
    from footbridge import latent

    if len(models) < 2:
        raise Refusal("There is one model.", "A comparison needs two.", "Name a second model file.")
    method = options.pop("method")
    texts, frame = _read([*models], data, options)
    fits = [latent.fit(text, frame, **options) for text in texts]
    names = {id(f): p.name for f, p in zip(fits, models, strict=True)}
    ordered = sorted(fits, key=lambda f: f.solution.df)
    found = latent.compare(*ordered, method=method)
    found.insert(0, "model", [names[id(f)] for f in ordered])
    show_frame(found, form, output)
    for one in ordered:
        if not one.converged:
            click.echo(f"{names[id(one)]} did not converge: do not read its line.", err=True)


@click.command("reliability")
@click.argument("model", type=FILE)
@click.argument("data", type=FILE)
@model_options
@table_options
@told_plainly
def reliability(*, model: Path, data: Path, form: str, output: Path | None, **options: Any) -> None:
    """Tell alpha, omega and the variance extracted of every factor of MODEL.

    With --ordered they are those of the responses behind the categories.
    """
    from footbridge import latent

    (text,), frame = _read([model], data, options)
    show_frame(latent.reliability(latent.fit(text, frame, **options)), form, output)
