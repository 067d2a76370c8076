"""footbridge sweep: have the running site do what is due."""

from __future__ import annotations

from typing import Any

from footbridge.trust import control, places
from footbridge.trust.management.base import HouseCommand


class Command(HouseCommand):
    """Delete what is past its day; open nothing."""

    help = "Have the running, open site delete what is past its day."

    def handle(self, *_: Any, **__: Any) -> None:
        """Tell the running site over the control socket."""
        done = control.ask(places.control_socket(), "sweep")
        self.say(
            f"Contacts that ran out: {done['expired']}. People forgotten again: {done['buried']}. "
            f"Wraps moved to this month's key: {done['moved']}."
        )
