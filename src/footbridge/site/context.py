"""What every page's template knows."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from footbridge.trust import runtime
from footbridge.trust.access.rules import Capability
from footbridge.trust.access.sessions import Session


def house(request: HttpRequest) -> dict[str, object]:
    """Return the title, the site's state, and what the actor may do."""
    actor = getattr(request, "actor", None)
    may = {
        capability.name.lower(): actor.may(capability) if actor is not None else False
        for capability in Capability
    }
    visit = getattr(request, "visit", None)
    return {
        "site_title": settings.FOOTBRIDGE_TITLE,
        "site_open": runtime.seal.open,
        "site_sealed": not runtime.seal.open,
        "signed_in": actor is not None and actor.is_staff,
        "exit_url": settings.FOOTBRIDGE_EXIT_URL,
        "messages": _said(visit),
        "demo": settings.FOOTBRIDGE_DEMO,
        "actor": actor,
        "may": may,
        "idle_seconds": int(visit.remaining_idle) if visit is not None else 0,
        "alarm": runtime.throttle.alarm if actor is not None and actor.is_staff else False,
    }


@dataclass(frozen=True, slots=True)
class Said:
    """A line at the top of a page."""

    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


def _said(visit: Session | None) -> list[Said]:
    found = visit.said() if visit is not None else None
    return [Said(*found)] if found else []
