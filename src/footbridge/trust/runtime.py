"""What this one process holds in memory: the seal, the sessions, the failed tries.

One worker process with threads serves a site, so this is all there is; a second
process would have to be unsealed by itself.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings

from footbridge.trust.access.sessions import Limits, Sessions
from footbridge.trust.access.staff import UsedCodes
from footbridge.trust.recognition.throttle import CommonDoor, Throttle
from footbridge.trust.vault.site_keys import seal

__all__ = ["panic", "seal", "sessions", "slip_door", "throttle", "used_codes"]

throttle = Throttle()
slip_door = CommonDoor()
used_codes = UsedCodes()


@cache
def sessions() -> Sessions:
    """Return this process's sessions, with the limits that the settings give."""
    return Sessions(
        Limits(
            idle=settings.FOOTBRIDGE_IDLE_MINUTES * 60.0,
            kiosk_idle=settings.FOOTBRIDGE_KIOSK_IDLE_MINUTES * 60.0,
            absolute=settings.FOOTBRIDGE_SESSION_HOURS * 3600.0,
        )
    )


def panic() -> None:
    """Seal the site and end every session, at once."""
    seal.seal()
    sessions().end_all()
