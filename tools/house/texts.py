"""What documents, requirement files and settings must keep to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.house.places import shown, tree_of

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"\bFOOTBRIDGE_[A-Z][A-Z_0-9]*")
_ADDRESS = re.compile(
    r"://|\bindex-url\b|\bfind-links\b|(?<![=\w.])\w[\w-]*\.(?:org|com|net|io|dev|cn)\b"
)


def broken_links(pages: Iterable[Path]) -> Iterator[str]:
    """Yield a complaint for every link to a file or a heading that is not there."""
    for page in pages:
        text = _FENCE.sub("", page.read_text(encoding="utf-8"))
        for match in _LINK.finditer(text):
            target = match[1] or match[2]
            if re.match(r"[a-z]+:", target):
                continue
            place, _, heading = target.partition("#")
            found = (page.parent / place).resolve() if place else page
            if not found.exists():
                yield f"{shown(page)}: links to {target}, which is not there."
            elif heading and found.suffix == ".md" and heading not in headings(found):
                yield f"{shown(page)}: links to {target}; {shown(found)} has no such heading."


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#{1,6}\s+(.*?)\s*#*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def settings_read(paths: Iterable[Path]) -> dict[str, str]:
    """Return every variable that the settings read, with its default as it is written.

    They are found as `environment.text("NAME", default)` and its sisters.
    """
    found: dict[str, str] = {}
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "environment"
                and isinstance(node.args[0], ast.Constant)
            ):
                given = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "default")]
                default = given[0].value if given and isinstance(given[0], ast.Constant) else ""
                found[str(node.args[0].value)] = _as_typed(default)
    return found


def _as_typed(default: object) -> str:
    return {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)


def settings_explained(page: Path) -> dict[str, str]:
    """Return the variables of the settings page's tables, with the default they state."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \|([^|]*)\|", page.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {name: default.strip().strip("`") for name, default in rows}


def settings_mentioned(pages: Iterable[Path]) -> set[str]:
    """Return every FOOTBRIDGE_... variable that some pages mention."""
    return {name for path in pages for name in _SETTING.findall(path.read_text(encoding="utf-8"))}


def addresses(requirements: Iterable[Path]) -> Iterator[str]:
    """Yield a complaint for every line of a requirement file that names a place to fetch from."""
    for path in requirements:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            code = line.partition("#")[0]
            if _ADDRESS.search(code) or re.match(r"\s*(-i|-f|--(extra-)?index)\b", code):
                yield f"{shown(path)}:{number}: names a place to fetch from; names and hashes only."


def unpinned(requirements: Iterable[Path]) -> Iterator[str]:
    """Yield a complaint for every requirement without an exact version and a hash."""
    for path in requirements:
        joined = path.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in joined.splitlines():
            wanted = line.partition("#")[0].strip()
            if wanted and not ("==" in wanted and "--hash=sha256:" in wanted):
                yield f"{shown(path)}: {wanted.split()[0]} has no exact version with a hash."
