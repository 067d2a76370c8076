"""footbridge doctor: every unsafe setting, with its mend."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from footbridge.trust import doctor
from footbridge.trust.management.base import HouseCommand


class Command(HouseCommand):
    """Examine the machine, the settings and the database."""

    help = "Name every unsafe setting and its mend; ends with 0 where there is none."

    def handle(self, *_: Any, **__: Any) -> None:
        """Print each finding; fail if one is unsafe."""
        findings = doctor.examine()
        for finding in findings:
            self.say(f"{finding.level.value:7} {finding.what}")
            if finding.mend:
                self.say(f"        mend: {finding.mend}")
        unsafe = sum(finding.level is doctor.Level.UNSAFE for finding in findings)
        if unsafe:
            raise CommandError(f"{unsafe} unsafe. Mend them before real people are enrolled.")
        self.say("Nothing unsafe was found.")
