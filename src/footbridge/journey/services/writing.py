"""Writing a directory as a set of HSDS files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from footbridge.journey.services.cells import looks_like_a_formula, write
from footbridge.journey.services.directory import Directory
from footbridge.journey.services.hsds import TABLES


def csv_set(directory: Directory, *, for_spreadsheets: bool = False) -> dict[str, bytes]:
    """Return the files of a set, UTF-8, in the standard's column order.

    Parameters
    ----------
    directory : Directory
        What is written; a table without rows becomes no file.
    for_spreadsheets : bool
        Put an apostrophe before text that a spreadsheet might run as a formula. Such a
        file is for reading, not for reading back.
    """
    files: dict[str, bytes] = {}
    rows = directory.rows()
    for table in TABLES:
        if not rows[table.name] and not table.needed:
            continue
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.columns)
        for row in rows[table.name]:
            cells = [write(getattr(row, column)) for column in table.columns]
            writer.writerow([_safe(cell) for cell in cells] if for_spreadsheets else cells)
        files[table.files[0]] = text.getvalue().encode()
    return files


def write_csv_set(
    directory: Directory, folder: Path, *, for_spreadsheets: bool = False
) -> tuple[Path, ...]:
    """Write a set into a folder that exists, and return the files; see `csv_set`."""
    written = []
    for name, data in csv_set(directory, for_spreadsheets=for_spreadsheets).items():
        path = folder / name
        path.write_bytes(data)
        written.append(path)
    return tuple(written)


def _safe(cell: str) -> str:
    return f"'{cell}" if looks_like_a_formula(cell) else cell
