"""The words of an HTML page, one line for each block."""

from __future__ import annotations

from html.parser import HTMLParser

_BLOCKS = {
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip
_UNSEEN = {"script", "style", "head", "template", "noscript"}


class Words(HTMLParser):
    """Collects text; `raw` as it stands in the page, `text` with a line end after each block.

    Attributes
    ----------
    raw, text : list of str
    ends : list of (int, int)
        For each line end put in: how many characters of `raw` and of `text` stand before it.
    """

    def __init__(self, *, squeeze: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.squeeze = squeeze
        self.raw: list[str] = []
        self.text: list[str] = []
        self.ends: list[tuple[int, int]] = []
        self._counts = [0, 0]
        self._unseen = 0
        self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block."""
        self._unseen += tag in _UNSEEN
        self._kept += tag == "pre"
        if tag in _BLOCKS:
            self._end_line(always=tag == "br")

    def handle_endtag(self, tag: str) -> None:
        """End a block."""
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._kept = max(0, self._kept - (tag == "pre"))
        if tag in _BLOCKS:
            self._end_line(always=False)

    def handle_data(self, data: str) -> None:
        """Take in words."""
        if self._unseen:
            return
        shown = data
        if self.squeeze and not self._kept:
            shown = self._squeezed(data)
        self.raw.append(data)
        self._counts[0] += len(data)
        if shown:
            self.text.append(shown)
            self._counts[1] += len(shown)

    def _squeezed(self, data: str) -> str:
        words = " ".join(data.split())
        if not words:
            between = bool(self.text) and not self.text[-1][-1].isspace()
            return " " if between and data and "\n" not in data else ""
        open_line = bool(self.text) and not self.text[-1][-1].isspace()
        before = " " if data[0].isspace() and open_line else ""
        return before + words + (" " if data[-1].isspace() else "")

    def _end_line(self, *, always: bool) -> None:
        if self.text and (always or not self.text[-1].endswith("\n")):
            self.ends.append((self._counts[0], self._counts[1]))
            self.text.append("\n")
            self._counts[1] += 1


def html_to_text(page: str) -> str:
    """Return what a reader of the page would see, one block on each line."""
    words = Words(squeeze=True)
    words.feed(page)
    words.close()
    return "\n".join(line.rstrip() for line in "".join(words.text).split("\n"))
