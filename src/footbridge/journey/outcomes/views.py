"""Pages of the outcomes room: code a time point, note an adverse event."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes import actions, forms, queries
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Code the outcome of one time point."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms.CodeForm(request.POST or None, initial=queries.suggested(record, on=on))
    if form.is_valid():
        try:
            told = actions.code(record, form.outcome(), on=on)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(_kept(told=told))
            return redirect("person", person_id)
    state = queries.state_of(record)
    context = {
        "person": record.person,
        "form": form,
        "research": consents_of(record).may(Purpose.RESEARCH, on=on),
        "coded": sorted(state.outcomes),
        "page": {"outcomes": state},
    }
    return render(request, "outcomes/code.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def event(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note an adverse event."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms.EventForm(request.POST or None)
    if form.is_valid():
        try:
            told = actions.note_event(record, form.event(), on=on)
        except HouseError as error:
            form.add_error("happened_on", say(error))
        else:
            request.visit.say(_kept(told=told))
            return redirect("person", person_id)
    context = {
        "person": record.person,
        "form": form,
        "research": consents_of(record).may(Purpose.RESEARCH, on=on),
        "events": queries.state_of(record).events,
    }
    return render(request, "outcomes/event.html", context)


def _kept(*, told: bool) -> str:
    if told:
        return gettext("Kept. Research was told bands only, without a day or words.")
    return gettext("Kept. Research was told nothing, since no consent to it stands.")
