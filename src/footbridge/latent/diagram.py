"""The path diagram of a fit as SVG: it needs nothing else, and is read in light and dark."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape

import numpy as np

from footbridge.latent.diagramcolumns import place_columns
from footbridge.latent.diagramgraph import Picture, picture_of
from footbridge.latent.diagramlines import (
    Line,
    arc_lines,
    loading_lines,
    loop_lines,
    path_lines,
    place_labels,
)
from footbridge.latent.diagramplaces import Places, shorten, text_width
from footbridge.latent.diagramrows import is_measurement_only, place_rows
from footbridge.latent.errors import OptionError
from footbridge.latent.exported import Diagram
from footbridge.latent.result import Fit

_KINDS = {
    "std.all": "standardised estimates",
    "std.lv": "estimates, latent variables standardised",
    "std.nox": "estimates, standardised but for the covariates",
    "est": "estimates",
    "": "the model",
}
_MARGIN = 24.0
_STYLE = """
.fbd{--paper:#ffffff;--ink:#1d2733;--soft:#66717e;--line:#33475b;--oval:#e8f0fa;--box:#f6f4ee}
.fbd text{font-family:system-ui,"Segoe UI","Noto Sans","Noto Sans SC",Arial,sans-serif;
fill:var(--ink)}
.fbd .paper{fill:var(--paper)}.fbd .oval{fill:var(--oval);stroke:var(--line)}
.fbd .box{fill:var(--box);stroke:var(--line)}
.fbd .line{stroke:var(--line)}.fbd .faint{stroke:var(--soft);stroke-dasharray:5 3}
.fbd .arc{stroke:var(--soft)}.fbd .head{fill:var(--line)}.fbd .soft{fill:var(--soft)}
.fbd .num{font-size:12px;font-variant-numeric:tabular-nums}
.fbd .num.soft,.fbd .note{fill:var(--soft)}
@media (prefers-color-scheme:dark){
.fbd{--paper:#12181f;--ink:#e9eef4;--soft:#9eabb9;--line:#b4c6d8;--oval:#1f3147;--box:#26292b}}
"""


def draw(fit: Fit, *, show: str = "std.all", group: int | None = None) -> Diagram:
    """Return the path diagram of a fit.

    Ovals are latent, boxes observed; arrows are loadings and regressions, arcs covariances,
    loops residual variances. Moments of fixed covariates, intercepts and thresholds are not
    drawn.

    Parameters
    ----------
    fit
        The fit.
    show
        Column of the numbers: "std.all", "std.lv", "std.nox", "est", or "" for none.
    group
        Number of one group, from 1; all groups, one under the other, where left out. With two
        levels each has a panel of its own.

    Returns
    -------
    Diagram
        With `svg` and `save(path)`; a notebook draws it.

    Raises
    ------
    OptionError
        If there is no such column or group.
    """
    _check(fit, show, group)
    parts, told, wide, y = [], [], 0.0, 0.0
    for block, title in _panels(fit, group):
        picture = picture_of(fit, block, show)
        body, width, height = _panel(picture, title)
        parts.append(f'<g transform="translate(0 {y:.1f})">{body}</g>')
        told.append((f"{title}. " if title else "") + _told(picture))
        wide, y = max(wide, width), y + height
    wide = max(wide, 360.0)
    notes, depth = _notes(fit, show, wide)
    parts.append(f'<g transform="translate(0 {y:.1f})">{notes}</g>')
    return Diagram(_svg("".join(parts), (wide, y + depth), _KINDS[show], " ".join(told)))


def _panels(fit: Fit, group: int | None) -> Iterator[tuple[int, str]]:
    """Yield the blocks to draw with their titles: one a group, and one a level within it."""
    labels = fit.problem.labels
    named = {1: "cases", 2: f"clusters ({fit.options.cluster})"}
    levels = (1, 2) if any(row.level > 1 for row in fit.table.rows) else ()
    for g in range(1, len(labels) + 1) if group is None else (group,):
        title = f"Group {labels[g - 1]}" if len(labels) > 1 else ""
        for k in levels:
            yield 2 * g - 2 + k, f"{title}{', level' if title else 'Level'} {k}: {named[k]}"
        if not levels:
            yield g, title


def _check(fit: Fit, show: str, group: int | None) -> None:
    known = [name for name in _KINDS if name == "" or name in fit.estimates.columns]
    if show not in known:
        raise OptionError(
            f"show='{show}' cannot be drawn.",
            "It is not a column of these estimates.",
            f"Choose one of {', '.join(repr(name) for name in known)}.",
        )
    if group is not None and not 1 <= group <= len(fit.problem.labels):
        raise OptionError(
            f"There is no group {group}.",
            f"The fit has {len(fit.problem.labels)}.",
            "Give a number from 1, or leave group= out to draw all.",
        )


def _panel(picture: Picture, title: str) -> tuple[str, float, float]:
    """Return one group's picture with its width and height, moved to start at the margin."""
    places = place_rows(picture) if is_measurement_only(picture) else place_columns(picture)
    lines = [*arc_lines(picture, places), *loop_lines(picture, places)]
    lines += loading_lines(picture, places)
    lines += path_lines(picture, places) if places.columns else []
    place_labels(lines, places.spots)
    left, top, right, bottom = _frame(places, lines)
    head = 30.0 if title else 0.0
    dx, dy = _MARGIN - left, _MARGIN + head - top
    shapes = "".join(
        (*_lines(lines), *_spots(places), *_numbers(lines, crowded=bool(places.below)))
    )
    heading = f'<text x="{_MARGIN}" y="28" font-size="15" font-weight="600">{escape(title)}</text>'
    body = (heading if title else "") + f'<g transform="translate({dx:.1f} {dy:.1f})">{shapes}</g>'
    return body, right - left + 2 * _MARGIN, bottom - top + head + _MARGIN + 8


def _frame(places: Places, lines: Sequence[Line]) -> tuple[float, float, float, float]:
    boxes = [(s.x - s.w / 2, s.y - s.h / 2, s.x + s.w / 2, s.y + s.h / 2)
             for s in places.spots.values()]  # fmt: skip
    for line in lines:
        boxes.append((*line.points.min(axis=0), *line.points.max(axis=0)))
        if line.at and line.link.text:
            x, y = line.at
            boxes.append((x - 18, y - 9, x + 18, y + 9))
    found = np.array(boxes)
    low, high = found[:, :2].min(axis=0), found[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _lines(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        kind = "line" if line.kind == "path" else "arc"
        faint = " faint" if line.link.faint and line.kind != "loop" else ""
        start = ' marker-start="url(#fbd-head)"' if line.both else ""
        width = 1.4 if line.kind == "path" else 1.1
        yield (
            f'<path class="{kind}{faint}" d="{line.d}" fill="none" stroke="#33475b" '
            f'stroke-width="{width}"{start} marker-end="url(#fbd-head)"/>'
        )


def _spots(places: Places) -> Iterator[str]:
    for name, s in places.spots.items():
        title = f"<title>{escape(name)}</title>"
        if s.oval:
            yield (
                f'<ellipse class="oval" cx="{s.x:.1f}" cy="{s.y:.1f}" rx="{s.w / 2:.1f}" '
                f'ry="{s.h / 2:.1f}" fill="#e8f0fa" stroke="#33475b" stroke-width="1.4">'
                f"{title}</ellipse>"
            )
        else:
            yield (
                f'<rect class="box" x="{s.x - s.w / 2:.1f}" y="{s.y - s.h / 2:.1f}" '
                f'width="{s.w:.1f}" height="{s.h:.1f}" rx="2" fill="#f6f4ee" stroke="#33475b" '
                f'stroke-width="1.2">{title}</rect>'
            )
        weight = ' font-weight="600"' if s.oval else ""
        yield (
            f'<text x="{s.x:.1f}" y="{s.y + 4.5:.1f}" text-anchor="middle" font-size="13"'
            f"{weight}>{escape(shorten(name))}</text>"
        )


def _numbers(lines: Sequence[Line], *, crowded: bool) -> Iterator[str]:
    for line in lines:
        if line.at is None or not line.link.text:
            continue
        soft = " soft" if line.kind == "loop" else ""
        x, y = line.at
        if line.kind != "loop" or crowded:  # no line may run through the figures
            half = 3.5 * len(line.link.text) + 2
            yield (
                f'<rect class="paper" x="{x - half:.1f}" y="{y - 8:.1f}" width="{2 * half:.1f}" '
                f'height="16" rx="4" fill="#ffffff"/>'
            )
        yield (
            f'<text class="num{soft}" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" '
            f'font-size="12">{escape(line.link.text.replace("-", "−"))}</text>'
        )


def _told(picture: Picture) -> str:
    """Say the picture in words, for those who hear it."""
    said = [f"{p.a} measured by {p.b}: {p.text}" for p in picture.loadings]
    said += [f"{p.a} to {p.b}: {p.text}" for p in picture.paths]
    said += [f"{p.a} with {p.b}: {p.text}" for p in picture.arcs]
    said += [f"residual variance of {p.a}: {p.text}" for p in picture.loops]
    return "; ".join(text.removesuffix(": ") for text in said) + "."


def _notes(fit: Fit, show: str, wide: float) -> tuple[str, float]:
    prior = fit.options.prior
    words = [
        f"{_KINDS[show].capitalize()}; {fit.options.estimator}{' + prior' if prior else ''}, "
        f"n = {fit.problem.n:g}.",
        "Posterior mode: no test and no indices." if prior else _fit_words(fit),
        "" if prior else "Dashed: p ≥ 0.05.",
        "Loops: residual variances.",
        "Not drawn: thresholds, intercepts, moments of fixed covariates.",
    ]
    if not fit.converged:
        words.insert(0, "NOT CONVERGED: do not read these numbers.")
    lines: list[str] = []
    for word in " ".join(words).split():
        if lines and 0.92 * text_width(f"{lines[-1]} {word}", 12.0) < wide - 2 * _MARGIN:
            lines[-1] += " " + word
        else:
            lines.append(word)
    text = "".join(
        f'<text class="note" x="{_MARGIN}" y="{14 + 17 * k}" font-size="12">{escape(line)}</text>'
        for k, line in enumerate(lines)
    )
    return text, 14 + 17 * len(lines)


def _fit_words(fit: Fit) -> str:
    test, m = fit.test, fit.fit_measures
    suffix = ".scaled" if "cfi.scaled" in m else ""
    return (
        f"χ²({test.df:.4g}) = {test.statistic:.2f}, CFI {m['cfi' + suffix]:.3f}, "
        f"RMSEA {m['rmsea' + suffix]:.3f}, SRMR {m['srmr']:.3f}."
    )


def _svg(body: str, size: tuple[float, float], kind: str, told: str) -> str:
    wide, high = (float(np.ceil(x)) for x in size)
    mark = "fbd-" + sha256(body.encode()).hexdigest()[:10]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fbd" role="img" width="{wide:g}" '
        f'height="{high:g}" viewBox="0 0 {wide:g} {high:g}" aria-labelledby="{mark}-t {mark}-d" '
        f'style="max-width:100%;height:auto">'
        f'<title id="{mark}-t">Path diagram: {escape(kind)}</title>'
        f'<desc id="{mark}-d">{escape(told)}</desc><style>{_STYLE}</style>'
        '<defs><marker id="fbd-head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse">'
        '<path class="head" d="M0 .6L8 4L0 7.4Z" fill="#33475b"/></marker></defs>'
        f'<rect class="paper" width="{wide:g}" height="{high:g}" rx="6" fill="#ffffff"/>'
        f"{body}</svg>\n"
    )
