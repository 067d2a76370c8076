"""Figures as SVG: fan charts, flows, contrasts, tornado bars and one-parameter curves."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from footbridge.microsim.bands import Band
from footbridge.microsim.calendar import FIRST_YEAR, LAST_YEAR, N_YEARS
from footbridge.microsim.svg import WIDTH, Board, Scale, in_words, ticks, width_of, wrapped

Years = NDArray[np.float64]
LEFT, RIGHT, TOP = 64.0, WIDTH - 24.0, 74.0
NAMES = 248.0  # room for the names of rows
NUMBERS = 196.0  # and for their numbers
ROW = 34.0


def _across(scale: Scale, board: Board, bottom: float) -> None:
    """Draw years below a time series."""
    for year in range(FIRST_YEAR + 6, LAST_YEAR + 1, 10):
        board.words(scale(year), bottom + 18, str(year), anchor="middle")
        board.line([(scale(year), bottom), (scale(year), bottom + 4)], "l-rule")
    board.line([(scale.start, bottom), (scale.end, bottom)], "l-rule")


def _up(scale: Scale, board: Board, *, start: float, end: float) -> None:
    """Draw light lines at round heights, with their numbers."""
    for height in ticks(scale.low, scale.high):
        kind = "l-rule" if height == 0.0 else "l-grid"
        board.line([(start, scale(height)), (end, scale(height))], kind)
        board.words(start - 8, scale(height) + 4, in_words(height), anchor="end")


def _key(board: Board, entries: Sequence[tuple[str, str, str]]) -> None:
    """Draw a key at the right of the unit's line: (shape, kind, words)."""
    x = RIGHT - sum(width_of(words) + 40 for _, _, words in entries) + 14
    for shape, kind, words in entries:
        if shape == "box":
            board.box((x, 47), (18, 10), kind)
        elif shape == "dot":
            board.dot(x + 9, 52, kind)
        else:
            board.line([(x, 52), (x + 18, 52)], kind)
        board.words(x + 24, 56, words)
        x += width_of(words) + 40


def _room(values: Years) -> float:
    """Return the top of a scale from zero."""
    top = float(np.max(values, initial=0.0))
    return top * 1.05 if isfinite(top) and top > 0.0 else 1.0


def fan(
    path: Path,
    series: Years,
    *,
    title: str,
    unit: str = "persons",
    beside: Years | None = None,
    since: float | None = None,
) -> None:
    """Draw a series by draw as a median with its 50 % and 90 % bands.

    Parameters
    ----------
    path : Path
        Where to write the SVG.
    series : ndarray, shape (n_draws, 52)
        One row per draw, one column per year from 1984.
    title, unit : str
        Words on the figure.
    beside : ndarray, shape (n_draws, 52), optional
        The baseline of the same draws; its median is drawn broken.
    since : float, optional
        Year in which the scenario begins.
    """
    cuts = np.quantile(series, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
    board = Board(title, f"Median and bands of {len(series)} draws by year, {unit}.", height=330)
    bottom = board.height - 40
    x = Scale(FIRST_YEAR, LAST_YEAR, LEFT, RIGHT)
    other = np.zeros((1, N_YEARS)) if beside is None else beside
    y = Scale(0.0, _room(np.append(cuts[4], np.median(other, axis=0))), bottom, TOP)
    board.words(20, 56, unit)
    lines = [[(x(FIRST_YEAR + k), y(v)) for k, v in enumerate(cut)] for cut in cuts]
    board.area(lines[4], lines[0], "f-most")
    board.area(lines[3], lines[1], "f-half")
    _up(y, board, start=LEFT, end=RIGHT)
    key = [("line", "bold l-main", "median"), ("box", "f-half", "50 %"), ("box", "f-most", "90 %")]
    if beside is not None:
        broken = [(x(FIRST_YEAR + k), y(v)) for k, v in enumerate(np.median(beside, axis=0))]
        board.line(broken, "dash bold l-soft")
        key.append(("line", "dash bold l-soft", "baseline, median"))
    board.line(lines[2], "bold l-main")
    _begins(board, x, since, bottom)
    _across(x, board, bottom)
    _key(board, key)
    board.save(path)


def _begins(board: Board, x: Scale, since: float | None, bottom: float) -> None:
    """Mark the year in which a scenario begins."""
    if since is None:
        return
    board.line([(x(since), TOP - 4), (x(since), bottom)], "dash l-rule")
    board.words(x(since) - 6, TOP + 8, "scenario begins", anchor="end")


def flows(
    path: Path, stocks: Mapping[str, Years], *, title: str, since: float | None = None
) -> None:
    """Draw where people are over the years, stacked, each named at its own height.

    Parameters
    ----------
    path : Path
        Where to write the SVG.
    stocks : mapping
        Name -> persons by year, shape (52,); the first lies at the bottom.
    title : str
        Above the figure.
    since : float, optional
        Year in which the scenario begins.
    """
    board = Board(title, "People by place and use, stacked, by year.", height=380)
    bottom, room = board.height - 40, max(width_of(name) for name in stocks) + 34
    x = Scale(FIRST_YEAR, LAST_YEAR, LEFT, WIDTH - room)
    edges = np.vstack([np.zeros(N_YEARS), np.cumsum(list(stocks.values()), axis=0)])
    y = Scale(0.0, _room(edges[-1]), bottom, TOP)
    board.words(20, 56, "persons")
    lines = [[(x(FIRST_YEAR + k), y(v)) for k, v in enumerate(edge)] for edge in edges]
    _up(y, board, start=LEFT, end=x.end)
    places = _apart([(a[-1][1] + b[-1][1]) / 2 for a, b in pairwise(lines)])
    for k, name in enumerate(stocks):
        board.area(lines[k + 1], lines[k], f"f-s{k % 7}")
        board.box((x.end + 8, places[k] - 5), (10, 10), f"f-s{k % 7}")
        board.words(x.end + 24, places[k] + 4, name, kind="f-ink")
    for edge in lines[1:-1]:
        board.line(edge, "l-paper")
    _begins(board, x, since, bottom)
    _across(x, board, bottom)
    board.save(path)


def _apart(wanted: Sequence[float], gap: float = 17.0) -> list[float]:
    """Return heights from the bottom up, moved so that no two names touch.

    Examples
    --------
    >>> _apart([100, 99, 50])
    [100, 83.0, 50]
    """
    places: list[float] = []
    for height in wanted:
        places.append(min(height, places[-1] - gap) if places else height)
    return places


def _rows(board: Board, names: Sequence[str]) -> list[float]:
    """Write the names of rows; return the height of each."""
    heights = [TOP + ROW * (k + 0.5) for k in range(len(names))]
    for height in heights[:-1]:
        board.line([(20, height + ROW / 2), (RIGHT, height + ROW / 2)], "l-grid")
    for name, height in zip(names, heights, strict=True):
        lines = wrapped(name, NAMES - 30)
        if len(lines) > 2:
            lines = [lines[0], f"{lines[1]} …"]
        for k, line in enumerate(lines):
            board.words(20, height + 4 + 14 * (k - (len(lines) - 1) / 2), line, kind="f-ink")
    return heights


def _below(board: Board, scale: Scale, unit: str) -> None:
    """Draw the axis of a figure of rows: light lines, numbers, zero and the unit."""
    bottom = board.height - 46
    for at in ticks(scale.low, scale.high, 4):
        board.line([(scale(at), TOP), (scale(at), bottom)], "l-rule" if at == 0 else "l-grid")
        board.words(scale(at), bottom + 16, in_words(at), anchor="middle")
    board.words((scale.start + scale.end) / 2, bottom + 34, unit, anchor="middle")


def _span(bands: Sequence[Band]) -> tuple[float, float]:
    """Return the ends of a common scale; a few very wide bands may run out of it."""
    ends = np.array([[b.low90, b.high90] for b in bands if isfinite(b.median)])
    if not ends.size:
        return -1.0, 1.0
    reach = np.abs(ends).max(axis=1)
    limit = max(float(np.quantile(reach, 0.75)) * 3.0, 1e-9)
    low, high = ends.min(initial=0.0), ends.max(initial=0.0)
    low, high = max(float(low), -limit), min(float(high), limit)
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def signed(number: float, unit: str = "") -> str:
    """Return a change with its sign.

    Examples
    --------
    >>> signed(4.26, "%"), signed(-1234.5), signed(0.0)
    ('+4.3 %', '−1,234', '0')
    """
    size = abs(number)
    text = "0" if size == 0 else f"{size:,.0f}" if size >= 99.95 else f"{size:.2g}"
    if 9.95 <= size < 99.95:
        text = f"{size:.1f}"
    sign = "" if number == 0 else "+" if number > 0 else "−"
    return f"{sign}{text} {unit}".strip()


def contrasts(path: Path, rows: Sequence[tuple[str, Band]], *, title: str, unit: str = "%") -> None:
    """Draw paired changes with 50 % and 90 % bands; hollow and amber where the sign is unsure.

    Parameters
    ----------
    path : Path
        Where to write the SVG.
    rows : sequence of (str, Band)
        Name and change of each.
    title, unit : str
        Words on the figure.
    """
    height = TOP + ROW * max(len(rows), 1) + 52
    board = Board(title, "Paired changes from the baseline: median, 50 % and 90 % bands.",
                  height=height)  # fmt: skip
    scale = Scale(*_span([band for _, band in rows]), NAMES, WIDTH - NUMBERS - 24)
    _below(board, scale, f"change from the baseline, {unit}")
    heights = _rows(board, [name for name, _ in rows])
    for y, (_, band) in zip(heights, rows, strict=True):
        if not isfinite(band.median):
            board.words(scale(0.0) + 8, y + 4, "nothing to compare")
            continue
        ink = "main" if band.sign_is_sure else "unsure"
        _band(board, scale, y, (band, ink))
        between = f"{signed(band.low90)} to {signed(band.high90)}"
        number = signed(band.median, unit)
        board.words(RIGHT - 118, y + 4, number, kind=f"f-{ink}", anchor="end")
        board.words(RIGHT, y + 4, between, anchor="end")
    entries = [("line", "bar l-main", "50 %"), ("line", "l-main", "90 % band")]
    if any(isfinite(b.median) and not b.sign_is_sure for _, b in rows):
        entries.append(("dot", "f-paper l-unsure", "sign not sure"))
    _key(board, entries)
    board.save(path)


def _band(board: Board, scale: Scale, y: float, what: tuple[Band, str]) -> None:
    """Draw one band; an arrow says that it runs on beyond the scale."""
    band, ink = what
    board.line([(scale(band.low90), y), (scale(band.high90), y)], f"l-{ink}")
    board.line([(scale(band.low50), y), (scale(band.high50), y)], f"bar l-{ink}")
    for end, beyond, way in (
        (scale.start, band.low90 < scale.low, 1.0),
        (scale.end, band.high90 > scale.high, -1.0),
    ):
        if beyond:
            board.line([(end + 7 * way, y - 6), (end, y), (end + 7 * way, y + 6)], f"bold l-{ink}")
    if scale.low <= band.median <= scale.high:
        fill = "f-paper" if ink == "unsure" else f"f-{ink}"
        board.dot(scale(band.median), y, f"{fill} l-{ink if ink == 'unsure' else 'paper'}")


def targets(path: Path, rows: Sequence[tuple[str, Band, tuple[float, float]]]) -> None:
    """Draw what the model says of every target, relative to it, on a log scale.

    Parameters
    ----------
    path : Path
        Where to write the SVG.
    rows : sequence of (str, Band, tuple of float)
        Target, the model's figure over the published one, and its tolerance over it.
    """
    step = 22.0
    board = Board("The model beside every target it was fitted to",
                  "Ratio of model to target: median and 90 % band, with the tolerance behind.",
                  height=TOP + step * max(len(rows), 1) + 52)  # fmt: skip
    scale = Scale(np.log(1 / 3), np.log(3.0), NAMES, WIDTH - 110.0)
    bottom = board.height - 46
    for k, (name, band, (low, high)) in enumerate(rows):
        y = TOP + step * (k + 0.5)
        met = low <= band.median <= high
        start, end, *at = (
            scale(float(np.log(max(v, 1e-9)))) if isfinite(v) else scale.end
            for v in (low, high, band.low90, band.median, band.high90)
        )
        board.box((start, y - 8), (end - start, 16), "f-most")
        board.line([(at[0], y), (at[2], y)], "bold l-main" if met else "bold l-unsure")
        board.dot(at[1], y, "f-main l-paper" if met else "f-paper l-unsure")
        board.words(20, y + 4, name, kind="f-ink")
        verdict = f"{band.median:.2f} {'met' if met else 'missed'}"
        board.words(RIGHT, y + 4, verdict, kind="f-main" if met else "f-unsure", anchor="end")
    for ratio, words in ((1 / 3, "⅓"), (0.5, "½"), (1.0, "1"), (2.0, "2"), (3.0, "3")):
        x = scale(float(np.log(ratio)))
        board.line([(x, TOP), (x, bottom)], "l-rule" if ratio == 1.0 else "l-grid")
        board.words(x, bottom + 16, words, anchor="middle")
    board.words((scale.start + scale.end) / 2, bottom + 34, "model / target", anchor="middle")
    bands = [("box", "f-most", "tolerance"), ("line", "bold l-main", "90 % band")]
    dots = [("dot", "f-main l-paper", "met"), ("dot", "f-paper l-unsure", "missed")]
    _key(board, bands + dots)
    board.save(path)


def tornado(path: Path, bars: Sequence[tuple[str, float, float]], *, title: str, unit: str) -> None:
    """Draw what each input does to an output between its 5th and 95th percentile.

    Parameters
    ----------
    path : Path
        Where to write the SVG.
    bars : sequence of (str, float, float)
        Input, and the output with the input low and high; the widest is drawn first.
    title, unit : str
        Words on the figure.
    """
    wide = sorted(bars, key=lambda bar: -abs(bar[2] - bar[1]))
    board = Board(title, "What each input does to the output, widest first.",
                  height=TOP + ROW * max(len(bars), 1) + 52)  # fmt: skip
    ends = [end for _, *both in wide for end in both] or [0.0, 1.0]
    low, high = min(ends), max(ends)
    margin = 0.06 * (high - low) or 1.0
    scale = Scale(low - margin, high + margin, NAMES, WIDTH - NUMBERS - 24)
    _below(board, scale, unit)
    heights = _rows(board, [name for name, _, _ in wide])
    for y, (_, at_low, at_high) in zip(heights, wide, strict=True):
        board.line([(scale(at_low), y), (scale(at_high), y)], "bar l-half")
        board.dot(scale(at_low), y, "f-paper l-main")
        board.dot(scale(at_high), y, "f-main l-main")
        board.words(RIGHT, y + 4, f"{at_low:+.3g} to {at_high:+.3g}", anchor="end")
    _key(board, [("dot", "f-paper l-main", "input low (5 %)"),
                 ("dot", "f-main l-main", "input high (95 %)")])  # fmt: skip
    board.save(path)


def curve(
    path: Path,
    points: Sequence[tuple[float, Band]],
    *,
    title: str,
    labels: tuple[str, str],
    evidence: tuple[float, float] | None = None,
) -> None:
    """Draw an answer as a curve over one parameter, with the range of evidence shaded.

    Parameters
    ----------
    path : Path
        Where to write the SVG.
    points : sequence of (float, Band)
        The parameter's value and the answer there.
    title : str
        Above the figure.
    labels : tuple of str
        Words for the parameter and for the answer.
    evidence : tuple of float, optional
        Lowest and highest value that the evidence allows.
    """
    board = Board(title, f"{labels[1]} against {labels[0]}, with bands.", height=370)
    bottom = board.height - 62
    at = [point for point, _ in points]
    ends = [*at, *(evidence or ())]
    x = Scale(min(ends), max(ends) if max(ends) > min(ends) else min(ends) + 1, LEFT, RIGHT)
    low = min([0.0, *(b.low90 for _, b in points)])
    high = max([0.0, *(b.high90 for _, b in points)])
    margin = 0.05 * (high - low) or 1.0
    y = Scale(low - margin * (low < 0), high + margin * (high > 0), bottom, TOP)
    key = [("line", "bold l-main", "median"), ("box", "f-half", "50 %"), ("box", "f-most", "90 %")]
    if evidence is not None:
        board.box((x(evidence[0]), TOP), (x(evidence[1]) - x(evidence[0]), bottom - TOP),
                  "f-evidence")  # fmt: skip
        key.append(("box", "f-evidence", "range of the evidence"))
    for kind, sides in (("f-most", ("high90", "low90")), ("f-half", ("high50", "low50"))):
        edges = [[(x(p), y(getattr(b, side))) for p, b in points] for side in sides]
        board.area(edges[0], edges[1], kind)
    _up(y, board, start=LEFT, end=RIGHT)
    board.line([(x(p), y(b.median)) for p, b in points], "bold l-main")
    for p, band in points:
        board.dot(x(p), y(band.median), "f-main l-paper")
    for tick in ticks(x.low, x.high):
        board.words(x(tick), bottom + 18, in_words(tick), anchor="middle")
    board.words((LEFT + RIGHT) / 2, bottom + 40, labels[0], anchor="middle")
    board.words(20, 56, labels[1])
    _key(board, key)
    board.save(path)
