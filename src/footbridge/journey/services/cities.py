"""The directory of an invented city, for the demo and for trying things out."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from footbridge.journey.services.directory import Directory
from footbridge.journey.services.reading import read_csv_set


@cache
def qingteng() -> Directory:
    """Return the directory of Qingteng, a city that does not exist."""
    folder = files("footbridge.journey.services") / "data" / "qingteng"
    found = {
        entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".csv")
    }
    return read_csv_set(found)
