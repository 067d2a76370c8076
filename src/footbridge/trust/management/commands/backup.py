"""footbridge backup: the database, sealed to the offline key."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from footbridge.trust.management.base import HouseCommand
from footbridge.trust.vault import backups


class Command(HouseCommand):
    """Write a backup."""

    help = "Write a backup that only the offline key opens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, **options: Any) -> None:
        """Write it and say what it holds."""
        done = backups.write(options["file"])
        self.say(f"{done.path}: {done.rows} rows, {done.size // 1024} KiB, sealed.")
