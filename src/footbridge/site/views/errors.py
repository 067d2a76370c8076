"""Pages for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from footbridge.trust.access.doors import open_door


@open_door
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form was too old; Django calls this with a reason for developers."""
    del reason
    context = {
        "what": _("This form was open too long"),
        "why": _("It belongs to a visit that has ended, so nothing of it was used."),
        "next": _("Go to the start, open the page again and fill the form in once more."),
    }
    return render(request, "site/error.html", context, status=403)


@open_door
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page."""
    del exception
    return render(request, "404.html", {}, status=404)


@open_door
def failed(request: HttpRequest) -> HttpResponse:
    """Say that something failed on our side; nothing of the request is repeated."""
    return render(request, "500.html", {}, status=500)
