"""Commands for interviews: compare-codings, saturation, convert; `agree` stands beside."""

# The library is imported inside functions: `footbridge --help` must not wait for numba.

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from footbridge.cli.grounded_agree import agree
from footbridge.cli.grounded_files import FILE, coder_called, pair_of, read_study, themes_of
from footbridge.cli.grounded_output import (
    Table,
    output_options,
    progress,
    save_figure,
    show,
    told_plainly,
)


@click.command("compare-codings")
@click.argument("file", type=FILE)
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

    project, remarks = read_study(file)
    first, second = pair_of(project, a, b)
    lists = compare_lists(project, first, second)
    matrix = overlap_matrix(project, first, second)
    cards = pair_spans(project, first, second)
    names = {c.id: c.name for c in project.coders}
    if figures is not None:
        drawn = overlap_plot(matrix, coders=(names[first], names[second]))
        save_figure(drawn, figures, "overlap.svg")
    remarks += [
        *(f"near match: {m.a!r} and {m.b!r} ({m.similarity:.0%} alike)" for m in lists.near),
        *(f"merge? {m.a!r} and {m.b!r} cover {m.overlap:.0%} of the same text"
          for m in matrix.merge),
        *(f"split? {s.code!r} of {names[s.coder]} lies over "
          + ", ".join(f"{name!r} {share:.0%}" for name, share in s.over) for s in matrix.split),
    ]  # fmt: skip
    both = (names[first], names[second])
    tables = [_list_table(lists, both), *_card_tables(project, cards, both)]
    show(tables if form != "csv" else tables[-1:], form, output, remarks)


def _list_table(lists: Any, names: tuple[str, str]) -> Table:  # noqa: ANN401
    a, b = names
    rows = [(x.name, "both", x.segments, y.segments) for x, y in lists.both]
    rows += [(use.name, f"only {a}", use.segments, 0) for use in lists.only_a]
    rows += [(use.name, f"only {b}", 0, use.segments) for use in lists.only_b]
    return Table("Codes and how many segments", ("code", "used by", a, b), rows)


def _card_tables(
    project: Any,  # noqa: ANN401
    cards: Sequence[Any],
    names: tuple[str, str],
) -> list[Table]:
    from footbridge.grounded.comparison.pairing import KINDS

    counts = [(kind, sum(card.kind == kind for card in cards)) for kind in KINDS]
    rows = [
        (project.document(card.document).name, card.kind,
         *_side(project, card.a), *_side(project, card.b), card.overlap)
        for card in cards
    ]  # fmt: skip
    a, b = names
    columns = ("document", "kind", f"code, {a}", f"at, {a}", f"code, {b}", f"at, {b}", "share")
    return [Table("Passages by kind", ("kind", "cards"), counts), Table("Cards", columns, rows)]


def _side(project: Any, s: Any) -> tuple[object, object]:  # noqa: ANN401
    if s is None:
        return None, None
    return project.codebook[s.code].name, f"{s.span.start}-{s.span.end}"


@click.command()
@click.argument("file", type=FILE)
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

    project, remarks = read_study(options["file"])
    coders = [coder_called(project, options["coder"])] if options["coder"] else None
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

    themes = themes_of(project)
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
@click.argument("source", type=FILE)
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
        project, remarks = read_study(source)
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
        return ["left out: texts outside the coded passages, texts without any, memos, definitions"]
    if ending in (".docx", ".html"):
        write_quotations(collect_quotations(project), target, title=project.name or "Quotations")
        return ["Quotations name documents, not people; check each before it leaves."]
    raise ExchangeError(
        f"Nothing is written as {ending or 'no ending'}. Use .qdpx, .csv, .qdc, .docx or .html."
    )


COMMANDS: tuple[click.Command, ...] = (agree, compare_codings, saturation, convert)
