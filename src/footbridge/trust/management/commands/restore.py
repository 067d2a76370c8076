"""footbridge restore: a site from its backup, in an empty place."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from footbridge.trust import places
from footbridge.trust.audit import witness
from footbridge.trust.management.base import HouseCommand, ask_unseen
from footbridge.trust.vault import backups, cards, letterboxes, persons


class Command(HouseCommand):
    """Restore a backup, bring in the epoch card, forget again whoever was forgotten."""

    help = "Bring a site back from a backup into an empty data folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup and the card."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--card", type=Path, help="the epoch card of this month")

    def handle(self, *_: Any, **options: Any) -> None:
        """Create the tables, read the rows, bury, verify."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: there is no such file.")
        call_command("migrate", verbosity=0)
        try:
            private = bytes.fromhex("".join(ask_unseen("Offline backup key: ").split()))
        except ValueError:
            raise CommandError("The backup key is 64 letters and digits, 0-9 and a-f.") from None
        if options["card"]:  # first: a card that is none must not leave anybody restored
            cards.bring_in(options["card"], store=places.epochs(), tombstones=places.tombstones())
        rows = backups.read(path, private=private)
        self.say(f"{rows} rows are back.")
        letterboxes.close_all()
        buried = persons.replay(places.tombstones())
        self.say(f"People who were forgotten since, and are forgotten again: {buried}.")
        found = witness.verify()
        self.say(f"The trail is whole up to the backup: {found.events} acts.")
        if not places.epochs().folder.is_dir():
            self.say("No epoch key is here yet: bring in the card with 'footbridge epoch import'.")
