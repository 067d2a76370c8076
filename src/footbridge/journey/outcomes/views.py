"""Pages of the outcomes room on which a time point is coded, or taken back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

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
            request.visit.say(kept(told=told))
            return redirect("person", person_id)
    state = queries.state_of(record)
    known = queries.suggestions(record, on=on)
    context = {
        "known": sorted({one.source for one in known}),
        "person": record.person,
        "form": form,
        "research": consents_of(record).may(Purpose.RESEARCH, on=on),
        "coded": sorted(state.outcomes),
        "page": {"outcomes": state},
    }
    return render(request, "outcomes/code.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def take_back(request: VisitRequest, person_id: UUID, month: int) -> HttpResponse:
    """Take the coding of a time point back."""
    record = people.open_record(person_id, by=request.actor)
    try:
        actions.take_back_month(record, month, on=timezone.localdate())
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    else:
        request.visit.say(gettext("Taken back. It no longer counts."))
    return redirect("outcomes:code", person_id)


def kept(*, told: bool) -> str:
    """Say what became of what was kept: whether research was told."""
    if told:
        return gettext("Kept. Research was told bands only, without a day or words.")
    return gettext("Kept. Research was told nothing, since no consent to it stands.")
