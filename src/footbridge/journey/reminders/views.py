"""Pages of the reminders room, and the one address that a calendar program reads."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.reminders import actions, forms, labels, queries
from footbridge.journey.reminders.rules import Style
from footbridge.trust import runtime
from footbridge.trust.access.doors import VisitRequest, staff_door, unsealed_door
from footbridge.trust.access.rules import Capability


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def calendar(request: VisitRequest) -> HttpResponse:
    """Show what one's own calendar says, and make an address for it."""
    on = timezone.localdate()
    form = forms.StyleForm(request.POST or None)
    if form.is_valid() and settings.FOOTBRIDGE_CALENDAR:
        address = actions.make(form.style(), by=request.actor, on=on)
        request.visit.keep_once("calendar", address)
        return redirect("reminders:address")
    feed = queries.mine(by=request.actor)
    style = feed.style if feed is not None else Style()
    due = queries.preview(by=request.actor, on=on)
    context = {
        "form": form,
        "feed": feed,
        "called": labels.WORDS[style.word],
        "lines": [(one.week, labels.title(style, one.visits)) for one in due],
        "allowed": settings.FOOTBRIDGE_CALENDAR,
        "weeks": settings.FOOTBRIDGE_CALENDAR_WEEKS,
    }
    return render(request, "reminders/calendar.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def address(request: VisitRequest) -> HttpResponse:
    """Show a new address once, as letters and as a picture for a phone."""
    secret = request.visit.take_once("calendar")
    context: dict[str, object] = {}
    if secret is not None:
        whole = request.build_absolute_uri(reverse("reminders:feed", args=[secret]))
        drawn = segno.make(whole, error="m", micro=False)
        context = {"address": whole, "picture": drawn.svg_data_uri(scale=5, light="white")}
    return render(request, "reminders/address.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def delete(request: VisitRequest) -> HttpResponse:
    """Delete one's own calendar address."""
    if actions.delete(by=request.actor, on=timezone.localdate()):
        request.visit.say(
            gettext("The calendar's address is dead. Take it out of your phone as well.")
        )
    return redirect("reminders:calendar")


@unsealed_door
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program that holds a secret address, while the site is unsealed."""
    text = queries.text_at(secret, site=runtime.seal.keys, on=timezone.localdate())
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
