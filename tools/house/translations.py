"""Whether the Chinese catalogue says everything that the house says in English."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import polib

from tools.house.places import SOURCE, shown

_EXTRACTING = [
    *("makemessages", "--locale", "zh_Hans", "--no-obsolete", "--no-wrap", "--no-location"),
    *("--ignore", "migrations"),
]


def catalogue_complaints(catalogues: Iterable[Path]) -> Iterator[str]:
    """Yield a complaint for every sentence that is missing, unsure or has other values."""
    for path in catalogues:
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            if entry.fuzzy:
                yield f"{shown(path)}: unsure: {entry.msgid!r}"
            elif not entry.translated():
                yield f"{shown(path)}: missing: {entry.msgid!r}"
            elif _values(entry.msgid) != _values(entry.msgstr) and not entry.msgid_plural:
                yield f"{shown(path)}: the values differ: {entry.msgid!r}"


def _values(sentence: str) -> set[str]:
    try:
        named = {name for _, name, _, _ in Formatter().parse(sentence) if name}
    except ValueError:
        named = set()
    percent = {part.split(")")[0] for part in sentence.split("%(")[1:]}
    return named | percent


def extracted(source: Path = SOURCE) -> polib.POFile:
    """Return every sentence that the code marks for translation; needs gettext's tools.

    Works on a copy: Django's own command would write beside the code.

    Raises
    ------
    RuntimeError
        If the sentences cannot be extracted.
    """
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    leave = shutil.ignore_patterns("*.pyc", "*.mo", "locale", "migrations")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "footbridge"
        shutil.copytree(source, copy, ignore=leave)
        (copy / "locale").mkdir()
        ended = subprocess.run(
            [sys.executable, "-m", "django", *_EXTRACTING],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        found = copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        if ended.returncode != 0 or not found.exists():
            raise RuntimeError(f"The sentences could not be extracted. {ended.stderr.strip()}")
        return polib.pofile(str(found))


def missing_from(catalogue: Path, sentences: polib.POFile) -> Iterator[str]:
    """Yield a complaint for every sentence of the code that a catalogue does not hold."""
    known = {
        (entry.msgctxt, entry.msgid) for entry in polib.pofile(str(catalogue)) if not entry.obsolete
    }
    for entry in sentences:
        if (entry.msgctxt, entry.msgid) not in known:
            yield f"{shown(catalogue)}: not in the catalogue: {entry.msgid!r}"
