"""footbridge unseal: open the running site with two shares."""

from __future__ import annotations

from typing import Any

from footbridge.trust import control, places
from footbridge.trust.management.base import HouseCommand, ask_unseen


class Command(HouseCommand):
    """Send two keyholders' shares to the running site."""

    help = "Open the running site with two of the three keyholders' shares."

    def handle(self, *_: Any, **__: Any) -> None:
        """Ask for the shares and send them over the control socket."""
        if control.ask(places.control_socket(), "status")["open"]:
            self.say("The site is open already.")
            return
        shares = [ask_unseen(f"Share of keyholder {number}: ") for number in (1, 2)]
        control.ask(places.control_socket(), "unseal", shares=shares)
        self.say("The site is open.")
