"""The start, the page of further places, the site's trail, health."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from footbridge.site import labels
from footbridge.trust import runtime
from footbridge.trust.access import staff
from footbridge.trust.access.doors import (
    VisitRequest,
    any_staff_door,
    open_door,
    staff_door,
    unsealed_door,
)
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit import trail as trail_log
from footbridge.trust.audit import witness
from footbridge.trust.audit.trail import TrailError


@unsealed_door
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Go where this visitor's day begins."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return redirect("sign_in")
    if not actor.is_staff:
        return redirect("kiosk:mine")
    if actor.may(Capability.WORK_WITH_PEOPLE):
        return redirect("today")
    if actor.may(Capability.SEE_EVIDENCE):
        return redirect("evidence:studies")
    return redirect("more")


@any_staff_door
@require_GET
def more(request: VisitRequest) -> HttpResponse:
    """Show the places that are not in the main four."""
    return render(request, "site/more.html", {})


@staff_door(Capability.SEE_SITE_TRAIL)
@require_GET
def trail(request: VisitRequest) -> HttpResponse:
    """Show what was done on the site (not about whom), and whether the chain holds."""
    site = request.actor.site
    names = {profile.id: profile.name for profile in staff.everybody(site=site)}
    try:
        verified, broken = witness.verify(), None
    except TrailError as error:
        verified, broken = None, error.say(_)
    events = [
        {
            "on": event.on,
            "what": labels.event(event.action),
            "by": _("the site itself") if event.by == site.site else _known(names, event.by),
        }
        for event in trail_log.site_events(site=site)
    ]
    return render(
        request, "site/trail.html", {"events": events, "verified": verified, "broken": broken}
    )


@open_door
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Say that the process answers, and whether the site is open; nothing else."""
    return JsonResponse({"alive": True, "open": runtime.seal.open})


@open_door
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Show every component (only in a demonstration)."""
    return render(request, "site/styleguide.html", {"today": date(2026, 11, 21)})


def _known(names: dict[UUID, str], actor: UUID | None) -> str:
    return names.get(actor, "") if actor is not None else ""
