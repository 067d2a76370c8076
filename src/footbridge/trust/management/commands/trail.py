"""footbridge trail: the signed head, and verifying the whole trail."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from footbridge.trust import control, places
from footbridge.trust.audit import witness
from footbridge.trust.audit.witness import Head
from footbridge.trust.management.base import HouseCommand


class Command(HouseCommand):
    """Print the head for the witness, or verify."""

    help = "Show the trail's signed head (head), or verify the trail (verify)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which of the two, and the witness's file."""
        parser.add_argument("what", choices=["head", "verify"])
        parser.add_argument("--witness", type=Path, help="a head that somebody outside has kept")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do one of the two."""
        if options["what"] == "head":
            self.stdout.write(control.ask(places.control_socket(), "head")["head"], ending="")
            return
        head = self._read(options["witness"]) if options["witness"] else None
        found = witness.verify(head)
        self.say(
            f"The trail is whole: {found.events} acts, {found.entries} entries that belong to them."
        )
        if found.witnessed_on:
            self.say(f"It continues the head that was witnessed on {found.witnessed_on}.")

    @staticmethod
    def _read(path: Path) -> Head:
        try:
            return Head.from_text(path.read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(
                f"{path}: the file cannot be read. Give the path of the witness's head."
            ) from error
