"""footbridge staff: the way back in when a site has no coordinator left."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from footbridge.trust import control, places
from footbridge.trust.management.base import HouseCommand


class Command(HouseCommand):
    """Invite a coordinator where there is none."""

    help = "Invite a coordinator while the site has none; colleagues are invited on the page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the sign-in name."""
        parser.add_argument("what", choices=["invite"])
        parser.add_argument("name", help="the sign-in name")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask the running site."""
        done = control.ask(places.control_socket(), "invite", name=options["name"])
        self.say(f"Code of the invitation: {done['code']}")
