"""What the site's commands share: kind errors, and shares that are typed unseen."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from footbridge.trust.decisions import HouseError


class HouseCommand(BaseCommand):
    """A command whose house errors end it with their sentence, not with a traceback."""

    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own way

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; say in a sentence why it could not."""
        os.umask(0o077)  # whatever a command writes is this account's alone
        try:
            return super().execute(*args, **options)
        except HouseError as error:
            raise CommandError(str(error)) from error

    def say(self, text: str = "") -> None:
        """Print a line."""
        self.stdout.write(text)


def ask_unseen(prompt: str) -> str:
    """Return a line typed at the terminal without showing it, or piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().strip()
