"""Compile every .po catalogue to the .mo that Django reads; no gettext tools needed."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent / "src"


def main() -> int:
    """Compile every catalogue; return the exit code."""
    for path in sorted(SOURCE.rglob("*.po")):
        try:
            catalogue = polib.pofile(str(path))
        except (OSError, ValueError) as error:
            print(f"{path}: cannot be read: {error} Mend the catalogue.", file=sys.stderr)
            return 1
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        print(f"{path.relative_to(SOURCE)}: {len(catalogue.translated_entries())} sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
