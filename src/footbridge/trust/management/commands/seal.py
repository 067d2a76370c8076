"""footbridge seal: seal the running site and end every session."""

from __future__ import annotations

from typing import Any

from footbridge.trust import control, places
from footbridge.trust.management.base import HouseCommand


class Command(HouseCommand):
    """Seal the running site."""

    help = "Seal the running site: it forgets its key and ends every session."

    def handle(self, *_: Any, **__: Any) -> None:
        """Tell the running site over the control socket."""
        control.ask(places.control_socket(), "seal")
        self.say("The site is sealed.")
