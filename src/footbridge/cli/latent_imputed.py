"""What `footbridge fit --impute` does: impute, fit every data set, pool, and write it down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from footbridge.cli.latent_files import Refusal
from footbridge.cli.latent_output import STOPPED, as_json, plain, records, watching, write


def fit_imputed(
    text: str,
    frame: Any,  # noqa: ANN401
    options: dict[str, Any],
    *,
    how: dict[str, Any],
    out: dict[str, Any],
) -> None:
    """Fit the model to completed data sets, print and write what they say together.

    Parameters
    ----------
    text, frame, options
        As for `latent.fit_imputed`.
    how
        impute (how many), imputation (column of data sets made elsewhere), seed, workers, draws.
    out
        form, table, json_file, diagram, folder.

    Raises
    ------
    Refusal
        If something is asked for that imputed data do not have.
    """
    from footbridge import latent

    _refuse(how, out)
    column = how["imputation"]
    total = how["impute"] or int((frame[column].unique() != 0).sum())
    with watching("Imputations", total) as (tick, _):
        found = latent.fit_imputed(
            text, frame, m=how["impute"] or 20, seed=how["seed"], workers=how["workers"],
            tick=tick, imputation=column, **options,
        )  # fmt: skip
    _show(found, out)
    lost = {status: n for status, n in found.counts.items() if status != "ok"}
    for status, n in lost.items():
        click.echo(f"{n} of {len(found.fits)} imputations are not pooled: {status}", err=True)
    if len(found.fits) < total:
        click.echo(
            f"Stopped after {len(found.fits)} of {total} imputations; these are pooled.", err=True
        )
        raise SystemExit(STOPPED)


def _refuse(how: dict[str, Any], out: dict[str, Any]) -> None:
    asked = ("--draws", how["draws"]), ("--diagram", out["diagram"])
    name = next((word for word, value in asked if value), None)
    if name is not None:
        raise Refusal(
            f"{name} does not go with imputed data.",
            "It is made of one fit, and here there are many.",
            f"Leave {name} out, or use --missing fiml.",
        )
    if how["impute"] and how["imputation"]:
        raise Refusal(
            "--impute and --imputation do not go together.",
            "One makes completed data sets, the other names the column of those that are there.",
            "Use one of them.",
        )


def _show(found: Any, out: dict[str, Any]) -> None:  # noqa: ANN401
    estimates = found.estimates.replace([float("inf")], None).to_csv(index=False)
    everything = as_json(_record(found))
    shown = {"table": found.summary() + "\n", "csv": estimates, "json": everything}
    click.echo(shown[out["form"]], nl=False)
    if out["table"]:
        write(out["table"], estimates)
    if out["json_file"]:
        write(out["json_file"], everything)
    if out["folder"]:
        _write_folder(found, out["folder"], estimates, everything)


def _write_folder(found: Any, folder: Path, estimates: str, everything: str) -> None:  # noqa: ANN401
    rows = [f"{k},{_quoted(status)}" for k, status in enumerate(found.status, 1)]
    write(folder / "summary.txt", found.summary() + "\n")
    write(folder / "estimates.csv", estimates)
    write(folder / "result.json", everything)
    write(folder / "imputations.csv", "\n".join(["imputation,status", *rows]) + "\n")


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _record(found: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return everything about a pooled fit as one json object."""
    from dataclasses import asdict

    from footbridge import __version__

    test = found.test
    return {
        "footbridge": __version__,
        "imputations": {"made": len(found.fits), "pooled": found.m, "status": found.counts},
        "cases": plain(found.first.problem.n),
        "test": {k: plain(v) for k, v in asdict(test).items()} | {"pvalue": plain(test.pvalue)},
        "fit_measures": {k: plain(v) for k, v in found.fit_measures.items()},
        "estimates": records(found.estimates),
        "advice": [asdict(a) for a in found.advice],
    }
