"""The command `footbridge agree`."""

# The library is imported inside functions: `footbridge --help` must not wait for numba.

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import click

from footbridge.cli.grounded_files import FILE, read_study, themes_of
from footbridge.cli.grounded_output import (
    Table,
    output_options,
    progress,
    save_figure,
    show,
    told_plainly,
)

Generator: TypeAlias = Any  # numpy.random.Generator, which is imported lazily
# A coefficient and what it is counted from: tallies, or counts of pairs of coders.
Measure: TypeAlias = tuple[Callable[[Any], Any], bool]


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--level",
    type=click.Choice(["nominal", "ordinal", "interval", "ratio"]),
    default="nominal",
    show_default=True,
    help="What a difference of codes means.",
)
@click.option(
    "--draws",
    default=1000,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="Samples of interviews for the intervals.",
)
@click.option("--seed", default=1, show_default=True, help="Number of the draws.")
@output_options
@told_plainly
def agree(**options: Any) -> None:
    """Measure agreement between coders.

    FILE is a study (.qdpx, .sqlite3), a table of segments (.csv with document, start, end, code,
    coder), or a table of units (.csv with one column for each coder).
    """
    import numpy as np

    from footbridge.grounded.exchange.tables import is_codings, read_rows

    rng = np.random.default_rng(options["seed"])
    file, draws = options["file"], options["draws"]
    if file.suffix.lower() == ".csv":
        rows = read_rows(file)
        if not is_codings(rows):
            table, remarks = _agree_on_units(rows, options["level"], rng=rng, draws=draws)
            show([table], options["form"], options["output"], remarks)
            return
    project, remarks = read_study(file)
    tables, svg = _agree_on_text(project, rng, draws)
    if options["figures"] is not None:
        save_figure(svg, options["figures"], "agreement.svg")
    show(tables, options["form"], options["output"], remarks)


def _measures(level: str, *, numbers: bool, two: bool) -> list[Measure]:
    """Return the coefficients that make sense at this level for so many coders."""
    from footbridge.grounded import agreement as ag

    found: list[Measure] = [
        (ag.percent_agreement, False),
        (lambda part: ag.krippendorff_alpha(part, level=level), False),  # type: ignore[arg-type]
        (ag.fleiss_kappa, False),
        (ag.gwet_ac1, False),
        (ag.brennan_prediger, False),
        (ag.holsti, True),
    ]
    if two:
        found += [(ag.cohen_kappa, True), (ag.scott_pi, True)]
    if numbers and level != "nominal":
        found.append((ag.gwet_ac2, False))
        if two:
            found.append((lambda part: ag.cohen_kappa(part, weights="quadratic"), True))
    return found


def _agree_on_units(
    rows: Sequence[Mapping[str, str]],
    level: str,
    *,
    rng: Generator,
    draws: int,
) -> tuple[Table, list[str]]:
    from footbridge.grounded import agreement as ag
    from footbridge.grounded.exchange.tables import read_units

    units = read_units(rows)
    ratings = ag.read_ratings(units.values)
    measures = _measures(level, numbers=ratings.scores() is not None, two=ratings.n_coders == 2)
    tallies, pairs = [], []
    if units.interviews is not None:
        tallies = ag.split_tallies(ratings, units.interviews)
        pairs = ag.split_pairs(ratings, units.interviews)
    found: list[tuple[object, ...]] = []
    with progress("Drawing interviews", len(measures)) as tick:
        for measure, apart in measures:
            agreement = measure(ratings)
            low, high = None, None
            parts: Sequence[Any] = pairs if apart else tallies
            add: Any = ag.add_pairs if apart else ag.add_tallies
            if len(parts) > 1 and agreement.defined:
                interval = ag.bootstrap_interval(
                    parts, add=add, estimate=measure, rng=rng, draws=draws
                )
                low, high = interval.low, interval.high
            found.append((agreement.measure, agreement.value, low, high, agreement.reason))
            tick()
    remarks = [] if units.interviews is not None else [
        "No intervals: the table has no column 'interview', so interviews cannot be drawn."
    ]  # fmt: skip
    columns = ("coefficient", "value", "low", "high", "undefined because")
    return Table(f"Agreement of {', '.join(units.coders)}", columns, found), remarks


def _agree_on_text(project: Any, rng: Generator, draws: int) -> tuple[list[Table], str]:  # noqa: ANN401
    from footbridge.grounded.agreement.by_code import agreement_by_code, agreement_by_domain
    from footbridge.grounded.plots import agreement_plot

    domains = themes_of(project)
    with progress("Drawing interviews", len(project.codebook) + len(domains)) as tick:
        rows = agreement_by_code(project, rng=rng, draws=draws, tick=tick)
        found = agreement_by_domain(project, domains, rng=rng, draws=draws, tick=tick)
    names = {c.id: c.name for c in project.coders}
    by_code = Table(
        "Agreement per code (segments, characters, u-alpha with its interval)",
        ("code", *(names[c] for c in (rows[0].segments if rows else {})),
         "met", "shared", "of", "u-alpha", "low", "high", "undefined because"),
        [
            (r.path, *r.segments.values(), sum(r.met.values()), r.shared_characters,
             r.any_characters, r.alpha.agreement.value, r.alpha.interval.low,
             r.alpha.interval.high, r.alpha.agreement.reason)
            for r in rows
        ],
    )  # fmt: skip
    by_domain = _domain_tables(project, found) if found else []
    return [by_code, *by_domain], agreement_plot(rows)


def _domain_tables(project: Any, found: Sequence[Any]) -> list[Table]:  # noqa: ANN401
    rows: list[tuple[object, ...]] = []
    for domain in found:
        three = (("u-alpha", domain.u), ("u-alpha, binary", domain.u_binary),
                 ("cu-alpha", domain.cu))  # fmt: skip
        reasons = {each.agreement.reason for _, each in three}
        if len(reasons) == 1 and not domain.u.agreement.defined:  # one reason is said once
            rows.append((domain.name, "all", None, None, None, reasons.pop()))
            continue
        rows += [
            (domain.name, what, each.agreement.value, each.interval.low, each.interval.high,
             each.agreement.reason)
            for what, each in three
        ]  # fmt: skip
    codes = [
        (domain.name, project.codebook[code].name, alpha.value, share, alpha.reason)
        for domain in found
        for code, (alpha, share) in domain.by_code.items()
    ]
    return [
        Table(
            "Agreement per domain (top-level codes as domains)",
            ("domain", "coefficient", "value", "low", "high", "undefined because"), rows,
        ),
        Table(
            "Codes within their domain, where both coded",
            ("domain", "code", "(k)u-alpha", "coverage", "undefined because"), codes,
        ),
    ]  # fmt: skip
