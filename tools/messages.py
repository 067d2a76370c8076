"""Bring the Chinese catalogue up to date with the sentences in the code.

New sentences come in empty, sentences no longer used go, translations stay. Needs
gettext's tools (apt-get install gettext); compiling and serving do not.
"""

from __future__ import annotations

import shutil
import sys

import polib

from tools.house import translations
from tools.house.places import SOURCE, shown

CATALOGUE = SOURCE / "site" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "Footbridge",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def main() -> int:
    """Update the catalogue and say what is left to translate."""
    if shutil.which("xgettext") is None:
        print(
            "footbridge messages: gettext is not installed, so sentences cannot be looked for. "
            "On Debian or Ubuntu: apt-get install gettext.",
            file=sys.stderr,
        )
        return 1
    updated = merged(translations.extracted())
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    updated.save(str(CATALOGUE))
    left = len(updated.untranslated_entries())
    print(f"{shown(CATALOGUE)}: {len(updated)} sentences, {left} to translate.")
    return 0


def merged(sentences: polib.POFile) -> polib.POFile:
    """Return the sentences of the code, in order, with the translations that are known."""
    known = {}
    if CATALOGUE.exists():
        known = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(CATALOGUE)) if not e.fuzzy}
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = HEADER
    for entry in sorted(sentences, key=lambda one: (one.msgid, one.msgctxt or "")):
        old = known.get((entry.msgctxt, entry.msgid))
        if old is not None and bool(old.msgid_plural) == bool(entry.msgid_plural):
            entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
        elif entry.msgid_plural:
            entry.msgstr_plural = {0: ""}
        entry.occurrences, entry.flags = [], [f for f in entry.flags if f != "fuzzy"]
        catalogue.append(entry)
    return catalogue


if __name__ == "__main__":
    sys.exit(main())
