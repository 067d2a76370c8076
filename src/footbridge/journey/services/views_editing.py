"""Pages on which a coordinator brings an entry up to date, and sees what is out of date."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.saying import say
from footbridge.journey.services import actions, forms_editing, queries
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def stale(request: VisitRequest) -> HttpResponse:
    """Show the entries that nobody has checked lately, the oldest first."""
    cards = queries.stale(at=timezone.localtime())
    context = {"cards": cards, "all": len(queries.directory().services)}
    return render(request, "services/stale.html", context)


@staff_door(Capability.EDIT_DIRECTORY)
@require_http_methods(["GET", "POST"])
def edit(request: VisitRequest, service_id: UUID) -> HttpResponse:
    """Bring an entry up to date: whether it runs, waiting, free places, what it asks."""
    at = timezone.localtime()
    card = queries.card(service_id, at=at)
    form = forms_editing.UpToDateForm(request.POST or None, card=card)
    if form.is_valid():
        try:
            changed = actions.bring_up_to_date(
                service_id, form.standing(at=at), by=request.actor, on=at.date()
            )
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            told = gettext("The entry is up to date.") if changed else gettext("Nothing changed.")
            request.visit.say(told)
            return redirect("services:one", service_id)
    return render(request, "services/edit.html", {"card": card, "form": form})


@staff_door(Capability.EDIT_DIRECTORY)
@require_POST
def checked(request: VisitRequest, service_id: UUID) -> HttpResponse:
    """Note that the entry was gone through today and is right."""
    actions.mark_as_checked(service_id, by=request.actor, on=timezone.localdate())
    request.visit.say(gettext("The entry is noted as checked today."))
    if request.POST.get("back") == "stale":
        return redirect("services:stale")
    return redirect("services:one", service_id)


@staff_door(Capability.EDIT_DIRECTORY)
@require_POST
def undo(request: VisitRequest, service_id: UUID) -> HttpResponse:
    """Take the last change of an entry back."""
    try:
        change = UUID(request.POST.get("change", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        actions.undo(service_id, change, by=request.actor, on=timezone.localdate())
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    else:
        request.visit.say(gettext("The last change is taken back."))
    return redirect("services:one", service_id)
