"""footbridge epoch: turn the month's key; write or bring in the epoch card."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from footbridge.trust import control, places
from footbridge.trust.management.base import HouseCommand
from footbridge.trust.vault import cards


class Command(HouseCommand):
    """Rotate, export, import."""

    help = "rotate the epoch key; export the epoch card; import one on a clean machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which of the three, and the card's place."""
        parser.add_argument("what", choices=["rotate", "export", "import"])
        parser.add_argument("place", nargs="?", type=Path, help="the stick's folder, or the card")

    def handle(self, *_: Any, **options: Any) -> None:
        """Do one of the three."""
        if options["what"] == "rotate":
            done = control.ask(places.control_socket(), "turn")
            self.say(f"A new month's key: {done['moved']} wraps moved to it.")
            self.say(f"Old keys destroyed: {done['destroyed']}. Write a new epoch card now.")
            return
        place: Path | None = options["place"]
        if place is None:
            raise CommandError("Say where: footbridge epoch export FOLDER, or import CARD.")
        store, tombstones = places.epochs(), places.tombstones()
        if options["what"] == "export":
            path = cards.export(place, store=store, tombstones=tombstones)
            self.say(f"{path}: written over the last card. Keep it with a keyholder.")
            return
        epochs, graves = cards.bring_in(place, store=store, tombstones=tombstones)
        self.say(f"New epoch keys: {epochs}. People to be forgotten again: {graves}.")
