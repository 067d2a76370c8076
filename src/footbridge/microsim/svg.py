"""A small drawing board: shapes with a class each, light and dark in the same file.

Not matplotlib: its import alone takes longer than a whole run of the model, its files differ from
version to version, and they know no dark page. What is needed here is lines, areas and words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, isfinite, log10
from pathlib import Path

Point = tuple[float, float]

WIDTH = 720.0
# name: (light, dark); words have a contrast of 4.5:1 or more on their paper
INKS = {
    "paper": ("#ffffff", "#12191d"),
    "ink": ("#1c2b33", "#e6edf0"),
    "soft": ("#55656f", "#a3b3bb"),
    "grid": ("#e1e7ea", "#29353c"),
    "rule": ("#8b9aa3", "#71828b"),
    "most": ("#d3e6e8", "#1d434b"),
    "half": ("#8cc0c6", "#2f7480"),
    "main": ("#0f5c66", "#9fe0e8"),
    "unsure": ("#9a5b00", "#f0b45b"),
    "evidence": ("#f6ecdb", "#3a3019"),
    "s0": ("#b4533c", "#b9614b"),
    "s1": ("#e0a94a", "#d9a441"),
    "s2": ("#0f7a86", "#3fa7b3"),
    "s3": ("#3f4c63", "#8593ad"),
    "s4": ("#b5cfab", "#56764c"),
    "s5": ("#7d5a86", "#a683b0"),
    "s6": ("#8a8a8a", "#9a9a9a"),
}
SCOPE = ".fb-figure"
FONTS = 'system-ui,"Segoe UI","PingFang SC","Noto Sans SC","Microsoft YaHei",sans-serif'
_NARROW, _WIDE = set(" ijlt.,:;'|!()[]fI"), set("mwMWQOGD%@")


def _style() -> str:
    """Return the style sheet: every class as fill and as stroke, in light and in dark."""

    def rules(mode: int) -> str:
        return "".join(
            f"{SCOPE} .f-{name}{{fill:{pair[mode]}}}{SCOPE} .l-{name}{{stroke:{pair[mode]}}}"
            for name, pair in INKS.items()
        )

    fixed = (
        f"{SCOPE}{{font-family:{FONTS};font-size:12px;font-variant-numeric:tabular-nums}}"
        f"{SCOPE} .title{{font-size:15px;font-weight:600}}"
        f"{SCOPE} .line{{fill:none;stroke-width:1}}{SCOPE} .bold{{stroke-width:2}}"
        f"{SCOPE} .bar{{stroke-width:7}}{SCOPE} .dash{{stroke-dasharray:5 4}}"
        f"{SCOPE} .dot{{stroke-width:1.8}}"
    )
    return f"{fixed}{rules(0)}@media (prefers-color-scheme:dark){{{rules(1)}}}"


def width_of(words: str, size: float = 12.0) -> float:
    """Return about how wide words are, in pixels: no font is at hand to measure them with."""
    ems = sum(
        1.0 if ord(c) > 0x2E7F else 0.30 if c in _NARROW else 0.85 if c in _WIDE else 0.56
        for c in words
    )
    return ems * size


def wrapped(words: str, width: float) -> list[str]:
    """Return words in lines of about a width, in pixels.

    Examples
    --------
    >>> wrapped("years of use by people outside", 100)
    ['years of use by', 'people outside']
    """
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def in_words(number: float) -> str:
    """Return a number as an axis shows it.

    Examples
    --------
    >>> [in_words(x) for x in (0, 0.25, 1200, 450_000, 1_500_000, -20)]
    ['0', '0.25', '1,200', '450 k', '1.5 M', '−20']
    """
    size = abs(number)
    if size >= 1e6:
        text = f"{size / 1e6:g} M"
    elif size >= 1e4:
        text = f"{size / 1e3:g} k"
    else:
        text = f"{size:,.10g}"
    return f"−{text}" if number < 0 else text


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers between two ends, 1, 2 or 5 times a power of ten apart.

    Examples
    --------
    >>> ticks(0, 11), ticks(-3, 22)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [0.0, 5.0, 10.0, 15.0, 20.0])
    """
    span = high - low
    if not isfinite(span) or span <= 0.0:
        return [low]
    rough = span / about
    unit = 10.0 ** floor(log10(rough))
    step = min((unit * m for m in (1, 2, 5, 10)), key=lambda s: abs(span / s - about))
    first = -floor(-low / step + 1e-9)
    last = floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from numbers to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, number: float) -> float:
        """Return the pixel of a number; what lies beyond an end is put on it.

        A line without length puts everything in its middle.
        """
        width = self.high - self.low
        share = (number - self.low) / width if width else 0.5
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


class Board:
    """Shapes in the order they are drawn; `save` writes them as one file.

    Parameters
    ----------
    title : str
        Stands above the figure, and is read out.
    describes : str
        What the figure shows, for those who cannot see it.
    height : float
        In pixels; the width is 720.
    """

    def __init__(self, title: str, describes: str, *, height: float) -> None:
        self.height = height
        self._head = (escape(title), escape(describes))
        self._parts: list[str] = []
        first, *rest = wrapped(title, 0.8 * (WIDTH - 40))  # titles are a quarter larger
        self.words(20, 28, f"{first} …" if rest else first, kind="title f-ink")

    def _add(self, tag: str, kind: str, **marks: float | str) -> None:
        inside = " ".join(
            f'{name.replace("_", "-")}="{_short(value)}"' for name, value in marks.items()
        )
        self._parts.append(f'<{tag} class="{kind}" {inside}/>')

    def words(
        self, x: float, y: float, words: str, *, kind: str = "f-soft", anchor: str = "start"
    ) -> None:
        """Write words with their baseline at y."""
        self._parts.append(
            f'<text class="{kind}" x="{_short(x)}" y="{_short(y)}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def line(self, points: Sequence[Point], kind: str) -> None:
        """Draw a line through points."""
        self._add("polyline", f"line {kind}", points=_joined(points))

    def area(self, upper: Sequence[Point], lower: Sequence[Point], kind: str) -> None:
        """Fill the area between two lines with the same abscissas."""
        self._add("polygon", kind, points=_joined([*upper, *reversed(lower)]))

    def box(self, corner: Point, size: Point, kind: str) -> None:
        """Fill a rectangle."""
        self._add("rect", kind, x=corner[0], y=corner[1], width=size[0], height=size[1])

    def dot(self, x: float, y: float, kind: str, *, radius: float = 4.0) -> None:
        """Draw a dot."""
        self._add("circle", f"dot {kind}", cx=x, cy=y, r=radius)

    def save(self, path: Path) -> None:
        """Write the file; the same shapes give the same bytes."""
        title, describes = self._head
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="fb-figure" role="img" '
            f'width="{WIDTH:g}" height="{_short(self.height)}" '
            f'viewBox="0 0 {WIDTH:g} {_short(self.height)}">'
            f"<title>{title}</title><desc>{describes}</desc><style>{_style()}</style>\n"
            f'<rect class="f-paper" width="100%" height="100%" rx="6"/>\n'
            + "\n".join(self._parts)
            + "\n</svg>\n",
            "utf-8",
        )


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _joined(points: Iterable[Point]) -> str:
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in points)
