"""`footbridge fit`: a latent variable model from a text file and a CSV."""

from pathlib import Path

import click


@click.command("fit")
@click.argument("model", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--estimator", help="ML, MLR, MLM, WLSMV, DWLS, ULSMV, ... (lavaan's names).")
@click.option("--ordered", multiple=True, help="An ordered variable; may be repeated.")
@click.option("--all-ordered", is_flag=True, help="Treat all indicators and outcomes as ordered.")
@click.option("--group", help="Column that holds the groups.")
@click.option("--missing", help="listwise, fiml, pairwise, two.stage or robust.two.stage.")
@click.option("--draws", type=int, default=0, help="Bootstrap draws.")
@click.option("--strata", help="Column within which cases are resampled.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the draws.")
@click.option("--table", type=click.Choice(["text", "csv", "json"]), default="text")
def fit(
    model: Path,
    data: Path,
    *,
    draws: int,
    strata: str | None,
    seed: int,
    table: str,
    **options: object,
) -> None:
    """Fit MODEL (lavaan syntax) to DATA (CSV) and print the result."""
    import pandas as pd

    from footbridge import latent

    ordered = list(options.pop("ordered", ()) or ())  # type: ignore[call-overload]
    every = options.pop("all_ordered", False)
    frame = pd.read_csv(data)
    try:
        found = latent.fit(
            model.read_text(), frame, ordered=True if every else ordered or None, **options
        )
        if table == "csv":
            click.echo(found.estimates.to_csv(index=False))
        elif table == "json":
            click.echo(found.estimates.to_json(orient="records", indent=1))
        else:
            click.echo(found.summary())
        if draws:
            resampled = latent.bootstrap(found, draws, seed=seed, strata=strata, data=frame)
            click.echo(resampled.summary(), err=table != "text")
            click.echo(resampled.intervals().to_string(index=False), err=table != "text")
    except latent.LatentError as error:
        raise click.ClickException(str(error)) from error
