"""Doors: which views ask for which role, said once at the view.

A house test walks every address and fails where a view has no door.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.access.sessions import Session

P = ParamSpec("P")


class VisitRequest(HttpRequest):
    """A request with a live session: an actor whose key is open."""

    actor: Actor
    visit: Session


Inner = Callable[Concatenate[VisitRequest, P], HttpResponse]
Outer = Callable[Concatenate[HttpRequest, P], HttpResponse]


def open_door(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Outer[P]:
    """Mark a view that anybody may see, even while the site is sealed."""
    view.door = "open"  # type: ignore[attr-defined]
    return view


def unsealed_door(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Outer[P]:
    """Mark a view that anybody may see, but only while the site is unsealed."""
    view.door = "unsealed"  # type: ignore[attr-defined]
    return view


def staff_door(capability: Capability) -> Callable[[Inner[P]], Outer[P]]:
    """Ask for a signed-in colleague whose role includes a capability."""

    def build(view: Inner[P]) -> Outer[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = getattr(request, "actor", None)
            if actor is None or not actor.is_staff:
                return to_sign_in(request)
            actor.check(capability)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.door = capability.value  # type: ignore[attr-defined]
        return cast("Outer[P]", guarded)

    return build


def any_staff_door(view: Inner[P]) -> Outer[P]:
    """Ask for a signed-in colleague of any role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is None or not actor.is_staff:
            return to_sign_in(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    guarded.door = "staff"  # type: ignore[attr-defined]
    return cast("Outer[P]", guarded)


def person_door(view: Inner[P]) -> Outer[P]:
    """Ask for a person who opened their own record with handle and phrase."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is None or actor.is_staff:
            return redirect("kiosk:recognise")
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    guarded.door = "person"  # type: ignore[attr-defined]
    return cast("Outer[P]", guarded)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to the sign-in page, and back where they were afterwards."""
    address = resolve_url("sign_in")
    if request.method == "GET" and request.path != "/":
        address = f"{address}?{urlencode({'next': request.path})}"
    return redirect(address)


def cookie_options() -> dict[str, object]:
    """Return how the session's cookie is set: for this browser session and site only."""
    return {
        "httponly": True,
        "samesite": "Strict",
        "secure": settings.FOOTBRIDGE_COOKIE_SECURE,
        "path": "/",
    }
