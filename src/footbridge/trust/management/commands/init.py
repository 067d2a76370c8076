"""footbridge init: the ceremony of a new site."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from footbridge.trust import places
from footbridge.trust.access import staff
from footbridge.trust.access.rules import Role
from footbridge.trust.management.base import HouseCommand
from footbridge.trust.vault import ceremony
from footbridge.trust.vault.ceremony import RECOVERY_SHARES, SITE_SHARES

CLEAR = "\x1b[2J\x1b[3J\x1b[H"


class Command(HouseCommand):
    """Make a new site and show its papers one at a time."""

    help = "Make a new site: its keys, the keyholders' papers, the first coordinator's code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the first coordinator's sign-in name and whether there is a recovery key."""
        parser.add_argument("--coordinator", default="coordinator", help="their sign-in name")
        parser.add_argument(
            "--no-recovery",
            action="store_true",
            help="make no recovery key (a lost record stays lost)",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Create the tables where needed, found the site, show each paper once."""
        call_command("migrate", verbosity=0)
        on = timezone.localdate()
        founded = ceremony.found(store=places.epochs(), on=on, recovery=not options["no_recovery"])
        code = staff.make_invitation(
            name=options["coordinator"], role=Role.COORDINATOR, site=founded.keys, on=on
        )
        needed, count = SITE_SHARES
        for number, share in enumerate(founded.site_shares, start=1):
            self._paper(f"Site share {number} of {count} ({needed} open the site)", share)
        needed, count = RECOVERY_SHARES
        for number, share in enumerate(founded.recovery_shares, start=1):
            self._paper(f"Recovery share {number} of {count} ({needed} open a lost record)", share)
        self._paper("Offline backup key (keep it away from the site)", founded.backup_private.hex())
        self._paper(f"First coordinator's code (name: {options['coordinator']})", code)
        founded.keys.wipe()
        self.say("The site is made. Start it with 'footbridge serve', unseal it with two shares,")
        self.say("and let the coordinator open /join/ with the code.")

    def _paper(self, title: str, words: str) -> None:
        interactive = sys.stdin.isatty() and sys.stdout.isatty()
        if interactive:
            self.say(CLEAR)
        self.say(f"--- {title} ---")
        self.say()
        parts = words.split()
        for at in range(0, len(parts), 6):
            self.say("    " + " ".join(parts[at : at + 6]))
        self.say()
        if interactive:
            input("Written down and read back? Press Enter; it is not shown again. ")
            self.say(CLEAR)
