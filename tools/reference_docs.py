"""Write the reference pages that are made from code; `--check` only compares.

Pages that need more than this script have a script of their own, `tools/draw_*.py`,
with the same two ways of being called; they are run from here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from footbridge.cli import registry
from footbridge.cli.main import main as footbridge
from footbridge.cli.passing import PassOn

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"


def commands_page() -> str:
    """Return the page about the command line."""
    parts = [
        "# The command line",
        "",
        "Made from the commands themselves by `make docs`. `footbridge COMMAND --help` shows",
        "the same at the prompt; the how-to pages show the commands in use.",
    ]
    context = click.Context(footbridge, info_name="footbridge")
    for title, entries in registry.present_sections():
        parts += ["", f"## {title}"]
        for entry in entries:
            command = footbridge.get_command(context, entry.name)
            if command is not None:
                parts += section(f"footbridge {entry.name}", command)
    return "\n".join(parts) + "\n"


def section(path: str, command: click.Command) -> list[str]:
    """Return the lines about one command and those beneath it."""
    lines = ["", f"### `{path}`", "", *paragraphs(command.help or ""), *usage(path, command)]
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            lines += section(f"{path} {name}", child)
    return lines


def usage(path: str, command: click.Command) -> list[str]:
    """Return how a command is called and a table of its options; nothing for a group."""
    if isinstance(command, click.Group):
        return []
    # A width of its own, or the page would follow the width of somebody's window.
    context = click.Context(command, info_name=path, max_content_width=100, terminal_width=100)
    rows = [
        f"| `{flags}` | {told} |".replace("  ", " ")
        for option in command.params
        if isinstance(option, click.Option) and option.name != "help"
        if (record := option.get_help_record(context)) is not None
        for flags, told in [(cell(text) for text in record)]
    ]
    pieces = " ".join([path, *command.collect_usage_pieces(context)])
    # What the site's own commands take is theirs: their texts say it.
    line = [] if isinstance(command, PassOn) else ["", f"`{pieces}`"]
    table = ["", "| option | what |", "|---|---|", *rows] if rows else []
    return [*line, *table]


def cell(text: str) -> str:
    """Return a text that can stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def paragraphs(text: str) -> list[str]:
    """Return a help text without its indentation and without click's marks."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return [line for line in lines if line != "\b"]


PAGES: dict[str, Callable[[], str]] = {"commands.md": commands_page}


def main(arguments: list[str]) -> int:
    """Write or compare every page; return 1 where a page is out of date."""
    check = "--check" in arguments
    stale = []
    for name, make in PAGES.items():
        path, page = REFERENCE / name, make()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != page):
            stale.append(f"docs/reference/{name}")
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8")
    for script in sorted((ROOT / "tools").glob("draw_*.py")):
        command = [sys.executable, str(script), *(["--check"] if check else [])]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            stale.append(f"what tools/{script.name} writes")
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run make docs.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
