"""Commands for interviews: agree, compare-codings, saturation, convert."""

# The library is imported inside functions: `footbridge --help` must not wait for numba.

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import click

from footbridge.cli.grounded_output import (
    Table,
    output_options,
    progress,
    save_figure,
    show,
    told_plainly,
)

Generator: TypeAlias = Any  # numpy.random.Generator, which is imported lazily
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


def _read_study(file: Path) -> tuple[Any, list[str]]:
    """Return the study in a file, and remarks on what it lost."""
    from footbridge.grounded.errors import ExchangeError
    from footbridge.grounded.exchange import read
    from footbridge.grounded.exchange.tables import read_codings, read_rows
    from footbridge.grounded.exchange.taguette import read_taguette

    ending = file.suffix.lower()
    if ending == ".csv":
        return read_codings(read_rows(file), name=file.stem), []
    if ending == ".qdpx":
        project, report = read(file)
    elif ending in (".sqlite3", ".sqlite", ".db"):
        project, report = read_taguette(file)
    else:
        raise ExchangeError(
            f"Studies are read from .qdpx, .csv and Taguette's .sqlite3, not from "
            f"{ending or 'a file without ending'}. Export the study as REFI-QDA (.qdpx)."
        )
    return project, report.lines()


def _coder(project: Any, wanted: str) -> str:  # noqa: ANN401 - the library is imported lazily
    """Return the identifier of a coder named on the command line."""
    from footbridge.grounded.errors import CodingError

    found = [c.id for c in project.coders if wanted in (c.id, c.name)]
    if len(found) != 1:
        names = ", ".join(c.name for c in project.coders) or "nobody"
        raise CodingError(f"No single coder is called {wanted!r}. Coders here: {names}.")
    return str(found[0])


def _pair(project: Any, a: str | None, b: str | None) -> tuple[str, str]:  # noqa: ANN401
    """Return the two coders asked for, or the only two there are."""
    from footbridge.grounded.errors import CodingError

    if a is not None and b is not None:
        return _coder(project, a), _coder(project, b)
    used = {s.coder for s in project.segments}
    both = [c.id for c in project.coders if c.id in used]
    if len(both) != 2:
        names = ", ".join(c.name for c in project.coders if c.id in used) or "nobody"
        raise CodingError(
            f"{len(both)} coders coded here ({names}). Say which two, with --a and --b."
        )
    return both[0], both[1]


@click.command()
@click.argument("file", type=_FILE)
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
    project, remarks = _read_study(file)
    tables, svg = _agree_on_text(project, rng, draws)
    if options["figures"] is not None:
        save_figure(svg, options["figures"], "agreement.svg")
    show(tables, options["form"], options["output"], remarks)


def _themes(project: Any) -> dict[str, list[str]]:  # noqa: ANN401
    """Return the top-level codes that hold others, each with the codes under it."""
    return {
        top.name: [
            code.id
            for code in project.codebook
            if code.codable and code.id in project.codebook.family(top.id)
        ]
        for top in project.codebook.children(None)
        if project.codebook.children(top.id)
    }


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

    def alpha(part: Any) -> ag.Agreement:  # noqa: ANN401
        return ag.krippendorff_alpha(part, level=level)  # type: ignore[arg-type]

    many: list[Callable[[Any], ag.Agreement]] = [
        ag.percent_agreement, alpha, ag.fleiss_kappa, ag.gwet_ac1, ag.brennan_prediger,
    ]  # fmt: skip
    two = [ag.holsti, ag.cohen_kappa, ag.scott_pi] if ratings.n_coders == 2 else [ag.holsti]
    parts = ag.split_tallies(ratings, units.interviews) if units.interviews is not None else []
    found: list[tuple[object, ...]] = []
    with progress("Drawing interviews", len(many)) as tick:
        for measure in many:
            agreement = measure(ratings)
            low, high = None, None
            if len(parts) > 1 and agreement.defined:
                interval = ag.bootstrap_interval(
                    parts, add=ag.add_tallies, estimate=measure, rng=rng, draws=draws
                )
                low, high = interval.low, interval.high
            found.append((agreement.measure, agreement.value, low, high, agreement.reason))
            tick()
    found += [(a.measure, a.value, None, None, a.reason) for a in (m(ratings) for m in two)]
    remarks = [] if units.interviews is not None else [
        "No intervals: the table has no column 'interview', so interviews cannot be drawn."
    ]  # fmt: skip
    columns = ("coefficient", "value", "low", "high", "undefined because")
    return Table(f"Agreement of {', '.join(units.coders)}", columns, found), remarks


def _agree_on_text(project: Any, rng: Generator, draws: int) -> tuple[list[Table], str]:  # noqa: ANN401
    from footbridge.grounded.agreement.by_code import agreement_by_code, agreement_by_domain
    from footbridge.grounded.plots import agreement_plot

    with progress("Drawing interviews", len(project.codebook)) as tick:
        rows = agreement_by_code(project, rng=rng, draws=draws, tick=tick)
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
    domains = _themes(project)
    found = agreement_by_domain(project, domains, rng=rng, draws=draws)
    by_domain = Table(
        "Agreement per domain (top-level codes as domains)",
        ("domain", "u-alpha", "low", "high", "binary", "cu-alpha", "undefined because"),
        [
            (d.name, d.u.agreement.value, d.u.interval.low, d.u.interval.high,
             d.u_binary.agreement.value, d.cu.agreement.value,
             d.u.agreement.reason or d.cu.agreement.reason)
            for d in found
        ],
    )  # fmt: skip
    return ([by_code, by_domain] if domains else [by_code]), agreement_plot(rows)


@click.command("compare-codings")
@click.argument("file", type=_FILE)
@click.option("--a", "a", help="First coder; needed only where more than two coded.")
@click.option("--b", "b", help="Second coder.")
@output_options
@told_plainly
def compare_codings(
    *, file: Path, a: str | None, b: str | None, form: str, output: Path | None,
    figures: Path | None,
) -> None:  # fmt: skip
    """Lay two codings side by side: lists, overlaps, and passages as cards."""
    from footbridge.grounded.comparison import compare_lists, overlap_matrix, pair_spans
    from footbridge.grounded.plots import overlap_plot

    project, remarks = _read_study(file)
    first, second = _pair(project, a, b)
    lists = compare_lists(project, first, second)
    matrix = overlap_matrix(project, first, second)
    cards = pair_spans(project, first, second)
    if figures is not None:
        save_figure(overlap_plot(matrix), figures, "overlap.svg")
    names = {c.id: c.name for c in project.coders}
    remarks += [
        *(f"near match: {m.a!r} and {m.b!r} ({m.similarity:.0%} alike)" for m in lists.near),
        *(f"merge? {m.a!r} and {m.b!r} cover {m.overlap:.0%} of the same text"
          for m in matrix.merge),
        *(f"split? {s.code!r} of {names[s.coder]} lies over "
          + ", ".join(f"{name!r} {share:.0%}" for name, share in s.over) for s in matrix.split),
    ]  # fmt: skip
    tables = [_list_table(lists, (names[first], names[second])), *_card_tables(project, cards)]
    show(tables if form != "csv" else tables[-1:], form, output, remarks)


def _list_table(lists: Any, names: tuple[str, str]) -> Table:  # noqa: ANN401
    a, b = names
    rows = [(x.name, "both", x.segments, y.segments) for x, y in lists.both]
    rows += [(use.name, f"only {a}", use.segments, 0) for use in lists.only_a]
    rows += [(use.name, f"only {b}", 0, use.segments) for use in lists.only_b]
    return Table("Codes and how many segments", ("code", "used by", a, b), rows)


def _card_tables(project: Any, cards: Sequence[Any]) -> list[Table]:  # noqa: ANN401
    from footbridge.grounded.comparison.pairing import KINDS

    counts = [(kind, sum(card.kind == kind for card in cards)) for kind in KINDS]
    rows = [
        (project.document(card.document).name, card.kind,
         *_side(project, card.a), *_side(project, card.b), card.overlap)
        for card in cards
    ]  # fmt: skip
    columns = ("document", "kind", "code A", "at A", "code B", "at B", "share")
    return [Table("Passages by kind", ("kind", "cards"), counts), Table("Cards", columns, rows)]


def _side(project: Any, s: Any) -> tuple[object, object]:  # noqa: ANN401
    if s is None:
        return None, None
    return project.codebook[s.code].name, f"{s.span.start}-{s.span.end}"


@click.command()
@click.argument("file", type=_FILE)
@click.option("--coder", help="Only this coder's codes; everybody's if left out.")
@click.option("--base", default=4, show_default=True, help="Interviews in the base.")
@click.option("--run", "length", default=2, show_default=True, help="Interviews in a run.")
@click.option("--threshold", default=0.05, show_default=True, help="Share of new codes allowed.")
@click.option(
    "--orders",
    default=1000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="Random orders of the interviews for the band.",
)
@click.option("--seed", default=1, show_default=True, help="Number of the draws.")
@output_options
@told_plainly
def saturation(**options: Any) -> None:
    """Tell when further interviews brought nothing new, and what that cannot tell."""
    import numpy as np

    from footbridge.grounded.plots import saturation_plot
    from footbridge.grounded.saturation import (
        Setting,
        advise,
        codes_by_interview,
        meanings_by_interview,
        permutation_band,
        saturation_point,
        saturation_table,
    )

    project, remarks = _read_study(options["file"])
    coders = [_coder(project, options["coder"])] if options["coder"] else None
    codes = codes_by_interview(project, coders=coders)
    asked = Setting(options["base"], options["length"], options["threshold"])
    with progress("Trying other orders", options["orders"]) as tick:
        band = permutation_band(codes, asked, rng=np.random.default_rng(options["seed"]),
                                orders=options["orders"], tick=tick)  # fmt: skip
    seen = [len(frozenset().union(*codes[: at + 1])) for at in range(len(codes))]
    if options["figures"] is not None:
        picture = saturation_plot(seen, saturation_point(codes, asked), band)
        save_figure(picture, options["figures"], "saturation.svg")
    advice = advise(codes, meanings_by_interview(project, coders=coders), setting=asked, band=band)
    show(
        [_curve_table(project, seen, band), _answer_table(saturation_table(codes)),
         *_theme_tables(project, asked, coders)],
        options["form"], options["output"],
        [*remarks, f"Advice: {advice.verdict}.", *advice.because,
         *(f"Cannot be known: {q}" for q in advice.cannot_know)],
    )  # fmt: skip


def _curve_table(project: Any, seen: Sequence[int], band: Any) -> Table:  # noqa: ANN401
    rows = [
        (n + 1, document.name, now, float(band.low[n]), float(band.high[n]))
        for n, (document, now) in enumerate(zip(project.documents, seen, strict=True))
    ]
    columns = ("interview", "document", "codes", "other orders, low", "high")
    return Table("Distinct codes", columns, rows)


def _theme_tables(project: Any, asked: Any, coders: Sequence[str] | None) -> list[Table]:  # noqa: ANN401
    from footbridge.grounded.saturation import theme_saturation

    themes = _themes(project)
    names = {c.id: c.name for c in project.coders}
    judges = list(coders) if coders is not None else list(names)
    if not themes or not judges:
        return []
    rows = [
        (t.theme, *(str(t.codes[c]) for c in judges), *(str(t.meanings[c]) for c in judges),
         t.by_all)
        for t in theme_saturation(project, themes, asked, coders=judges)
    ]  # fmt: skip
    columns = ("theme", *(f"codes, {names[c]}" for c in judges),
               *(f"meanings, {names[c]}" for c in judges), "codes, by all")  # fmt: skip
    return [Table("Saturation per theme", columns, rows)]


def _answer_table(answers: Sequence[Any]) -> Table:
    rows = [(r.setting.base, r.setting.run, r.setting.threshold, str(r), r.reason) for r in answers]
    return Table("Saturation", ("base", "run", "threshold", "reached", "why not"), rows)


@click.command()
@click.argument("source", type=_FILE)
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@told_plainly
def convert(*, source: Path, target: Path) -> None:
    """Convert a study, a codebook or quotations, by the files' endings.

    From .qdpx, .csv, Taguette's .sqlite3 or .qdc to .qdpx, .csv, .qdc, or to quotations as .docx
    or .html. Every loss is named.
    """
    from footbridge.grounded.errors import ExchangeError
    from footbridge.grounded.exchange import read_codebook, write_codebook

    if source.suffix.lower() == ".qdc":
        if target.suffix.lower() != ".qdc":
            raise ExchangeError("A codebook (.qdc) holds no texts; it converts to .qdc only.")
        codebook, sets, read_report = read_codebook(source)
        remarks = [
            *read_report.lines(), *write_codebook(codebook, target, sets=sets).lines(),
        ]  # fmt: skip
    else:
        project, remarks = _read_study(source)
        remarks += _write_study(project, target)
    for remark in remarks:
        click.echo(remark, err=True)
    click.echo(f"Written: {target.name}")


def _write_study(project: Any, target: Path) -> list[str]:  # noqa: ANN401
    from footbridge.grounded.errors import ExchangeError
    from footbridge.grounded.exchange import write, write_codebook
    from footbridge.grounded.exchange.quotations import collect_quotations, write_quotations
    from footbridge.grounded.exchange.tables import write_codings

    ending = target.suffix.lower()
    if ending == ".qdpx":
        return write(project, target).lines()
    if ending == ".qdc":
        return write_codebook(project.codebook, target, sets=project.sets).lines()
    if ending == ".csv":
        write_codings(project, target)
        return ["left out: texts outside the coded passages, memos, definitions"]
    if ending in (".docx", ".html"):
        write_quotations(collect_quotations(project), target, title=project.name or "Quotations")
        return ["Quotations name documents, not people; check each before it leaves."]
    raise ExchangeError(
        f"Nothing is written as {ending or 'no ending'}. Use .qdpx, .csv, .qdc, .docx or .html."
    )


COMMANDS: tuple[click.Command, ...] = (agree, compare_codings, saturation, convert)
