"""Plots as SVG that a page shows in its own colours, each with its numbers as a table.

matplotlib lays the picture out; what comes back is reworked, so that it can stand in a
page under a strict content policy: no style element or attribute, no date, no script,
colours as tokens of the page, text as text in the reader's own fonts, a title and a
description for those who hear it. The same numbers always give the same bytes.
"""

from __future__ import annotations

import io
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from footbridge.evidence.proportions import Comparison, ComparisonError
from footbridge.trust.decisions import gettext_noop

FONTS = (
    '"PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, sans-serif'
)

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_TOKEN = re.compile(
    r"currentColor|#[0-9a-fA-F]{3,8}|var\(--[a-z0-9-]+(, ?(currentColor|#[0-9a-fA-F]{3,8}))?\)"
)
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_DRAWING = threading.Lock()  # matplotlib's settings are global, and workers have threads


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of a plot as CSS: ``currentColor``, a custom property, or a hex value."""

    ink: str = "currentColor"
    line: str = "var(--line, currentColor)"
    accent: str = "var(--accent, currentColor)"

    def __post_init__(self) -> None:
        for token in (self.ink, self.line, self.accent):
            if _TOKEN.fullmatch(token) is None:
                wrong = gettext_noop(
                    "{token} is not a colour token. Use currentColor, var(--name) or #rrggbb."
                )
                raise ComparisonError(wrong, token=token)


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One line of a forest plot: what it is called and what was compared."""

    label: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ForestWords:
    """The words on and about a plot, in the reader's language.

    `left` and `right` say what lies on that side of zero, such as "fewer in the first
    arm": more of an outcome can be good or bad, so a side favours nobody by itself.
    """

    title: str
    description: str
    axis: str
    left: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """The numbers behind one line of a plot, in percentage points where they are differences."""

    label: str
    first: str
    second: str
    difference: float
    low: float
    high: float
    d: float | None
    test: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture as SVG text, and the same as numbers."""

    svg: str
    table: tuple[TableRow, ...]


# Colours that matplotlib draws in and that stand for a token until the end.
_INK, _LINE, _ACCENT = "#010203", "#040506", "#070809"


def forest(
    rows: Sequence[ForestRow], words: ForestWords, *, name: str, tokens: Tokens | None = None
) -> Plot:
    """Return risk differences with their intervals, one line each, in the order given.

    Parameters
    ----------
    rows : sequence of ForestRow
        What is drawn; at least one.
    words : ForestWords
        Title, description, axis and the two directions.
    name : str
        Prefix of all ids, so that several plots can stand on one page: a-z, 0-9, hyphen.
    tokens : Tokens, optional
        The page's colours.

    Raises
    ------
    ComparisonError
        If there are no rows, or the name cannot be an id.
    """
    if not rows:
        raise ComparisonError(gettext_noop("There is nothing to draw. Choose an outcome first."))
    if _NAME.fullmatch(name) is None:
        wrong = gettext_noop("{name} cannot be an id. Use small letters, digits and hyphens.")
        raise ComparisonError(wrong, name=name)
    texts = {"axis": words.axis, "left": "", "right": ""}
    if words.left and words.right:
        texts["right"] = f"{words.right} →"
        texts["left"] = f"← {words.left}"
    texts |= {f"row{at}": row.label for at, row in enumerate(rows)}
    texts |= {f"figures{at}": _figures(row.comparison) for at, row in enumerate(rows)}
    with _DRAWING, mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        drawn = _drawn(rows)
    return Plot(
        svg=_reworked(drawn, words, name=name, texts=texts, tokens=tokens or Tokens()),
        table=tuple(_table_row(row) for row in rows),
    )


def _figures(comparison: Comparison) -> str:
    low, high = 100 * comparison.interval.low, 100 * comparison.interval.high
    shown = f"{100 * comparison.difference:+.1f} ({low:+.1f}, {high:+.1f})"
    return shown.replace("-", "\N{MINUS SIGN}")


def _table_row(row: ForestRow) -> TableRow:
    found = row.comparison
    return TableRow(
        label=row.label,
        first=f"{found.first.events}/{found.first.total}",
        second=f"{found.second.events}/{found.second.total}",
        difference=100 * found.difference,
        low=100 * found.interval.low,
        high=100 * found.interval.high,
        d=found.d,
        test=found.test.text,
    )


def _drawn(rows: Sequence[ForestRow]) -> str:
    """Return matplotlib's SVG, with short placeholders where words will stand."""
    height = 1.1 + 0.45 * len(rows)
    figure = Figure(figsize=(7.2, height))
    FigureCanvasSVG(figure)
    bottom = 0.85 / height
    axes = figure.add_axes((0.3, bottom, 0.42, 1 - bottom - 0.1 / height))
    figure.patch.set_visible(False)
    axes.patch.set_visible(False)
    for at, row in enumerate(rows):
        _draw_row(axes, -at, row.comparison)
        across = axes.get_yaxis_transform()
        for x, placeholder, side in ((-0.04, f"row{at}", "right"), (1.04, f"figures{at}", "left")):
            axes.text(
                x, -at, placeholder, ha=side, va="center", color=_INK, fontsize=11, transform=across
            )
    _draw_frame(axes, rows)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _draw_row(axes: Axes, level: int, found: Comparison) -> None:
    low, high = 100 * found.interval.low, 100 * found.interval.high
    axes.plot([low, high], [level, level], color=_ACCENT, linewidth=2)
    for end in (low, high):
        axes.plot([end, end], [level - 0.12, level + 0.12], color=_ACCENT, linewidth=2)
    axes.plot(
        [100 * found.difference], [level], linestyle="none", marker="s", markersize=7, color=_ACCENT
    )


def _draw_frame(axes: Axes, rows: Sequence[ForestRow]) -> None:
    ends = [
        abs(end)
        for row in rows
        for end in (row.comparison.interval.low, row.comparison.interval.high)
    ]
    reach = max(10, 10 * -(-100 * max(ends) // 10))
    axes.set_xlim(-reach, reach)
    axes.set_ylim(0.6 - len(rows), 0.6)
    axes.axvline(0, color=_LINE, linewidth=1)
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_LINE)
    axes.tick_params(axis="x", color=_LINE, labelcolor=_INK, labelsize=10)
    inch = 1 / (0.45 * len(rows))  # in heights of the axes
    for x, y, placeholder, side in (
        (0, -0.3 * inch, "axis", "center"),
        (-0.04 * reach, -0.53 * inch, "left", "right"),
        (0.04 * reach, -0.53 * inch, "right", "left"),
    ):
        down = axes.get_xaxis_transform()
        axes.text(x, y, placeholder, ha=side, va="top", color=_INK, fontsize=10, transform=down)


def _reworked(
    drawn: str, words: ForestWords, *, name: str, texts: dict[str, str], tokens: Tokens
) -> str:
    """Return matplotlib's SVG as a page may show it."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(drawn)  # noqa: S314 - it reads only what matplotlib just wrote
    _drop(root)
    for element in root.iter():
        _without_style(element)
        _with_prefix(element, f"{name}-")
        if element.tag == f"{{{_SVG}}}text":
            placed = (element.text or "").strip()
            _put(element, texts.get(placed, placed), wide=placed in _WIDE)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    root.set("stroke-linejoin", "round")
    root.set("font-family", FONTS)
    for place, (tag, text) in enumerate((("title", words.title), ("desc", words.description))):
        told = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{name}-{_ABOUT[tag]}"})
        told.text = text
        root.insert(place, told)
    svg = ET.tostring(root, encoding="unicode")
    for colour, token in ((_INK, tokens.ink), (_LINE, tokens.line), (_ACCENT, tokens.accent)):
        svg = svg.replace(f'"{colour}"', f'"{token}"')
    return svg


_ABOUT = {"title": "title", "desc": "description"}


def _drop(root: ET.Element) -> None:
    """Take out metadata, style sheets and clip paths that nothing needs."""
    for parent in list(root.iter()):
        for child in list(parent):
            kind = child.tag.removeprefix(f"{{{_SVG}}}")
            empty = kind == "defs" and all(each.tag.endswith("}style") for each in child)
            if kind in ("metadata", "style") or empty:
                parent.remove(child)


_WIDE = ("axis", "left", "right")  # these stand under the picture and have room


def _put(element: ET.Element, text: str, *, wide: bool) -> None:
    """Write text into its place, in two or more lines where it is too wide for its column."""
    lines = [text] if wide else _lines(text)
    element.text = lines[0] if len(lines) == 1 else None
    if len(lines) > 1:
        for at, line in enumerate(lines):
            rise = -0.6 * (len(lines) - 1) if at == 0 else 1.2
            told = ET.SubElement(element, f"{{{_SVG}}}tspan", {"dy": f"{rise:.1f}em"})
            told.set("x", element.get("x", "0"))
            told.text = line


def _lines(text: str, *, widest: int = 28) -> list[str]:
    """Break text into lines; a Chinese sign is as wide as two others and may end a line."""
    lines, width = [""], 0
    for word in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+", text):
        size = sum(2 if sign >= "\u2e80" else 1 for sign in word)
        if width + size > widest and lines[-1].strip():
            lines.append("")
            width = 0
        lines[-1] += word if lines[-1] or not word.isspace() else ""
        width += size
    return [line.strip() for line in lines]


def _without_style(element: ET.Element) -> None:
    """Turn a style attribute into plain attributes, which a strict policy lets pass."""
    for part in element.attrib.pop("style", "").split(";"):
        key, _, value = part.partition(":")
        key, value = key.strip(), value.strip()
        if key == "font-size":
            element.set(key, value.removesuffix("px"))
        elif key and not key.startswith("font"):  # the page's own fonts, see FONTS
            element.set(key, value)


def _with_prefix(element: ET.Element, prefix: str) -> None:
    for key, value in list(element.attrib.items()):
        if key == "id":
            element.set(key, prefix + value)
        elif key == f"{{{_XLINK}}}href" and value.startswith("#"):
            element.set(key, f"#{prefix}{value[1:]}")
        elif "url(#" in value:
            element.set(key, value.replace("url(#", f"url(#{prefix}"))
