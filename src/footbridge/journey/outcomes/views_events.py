"""Pages about adverse events: note one, follow its steps, correct it, close it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.consents.actions import state_of as consents_of
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.outcomes import actions, events, forms, queries
from footbridge.journey.outcomes.events import Act
from footbridge.journey.outcomes.records import AdverseEventNoted
from footbridge.journey.outcomes.views import kept
from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def under_way(request: VisitRequest) -> HttpResponse:
    """Show the events that are not closed: of the reader's people, or of the site."""
    on = timezone.localdate()
    context = {"events": queries.open_events(by=request.actor, on=on), "on": on}
    return render(request, "outcomes/events.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def event(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note an adverse event."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms.EventForm(request.POST or None)
    if form.is_valid():
        noted = form.event()
        try:
            told = actions.note_event(record, noted, on=on)
        except HouseError as error:
            form.add_error("happened_on", say(error))
        else:
            request.visit.say(kept(told=told))
            return redirect("outcomes:follow", person_id, noted.event)
    state = queries.state_of(record)
    context = {
        "person": record.person,
        "form": form,
        "research": consents_of(record).may(Purpose.RESEARCH, on=on),
        "events": [(one, one.event in state.closed) for one in reversed(state.events)],
    }
    return render(request, "outcomes/event.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def follow(request: VisitRequest, person_id: UUID, event_id: UUID) -> HttpResponse:
    """Show what follows on an event, step by step; tick a step off."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    found = _event(record, event_id)
    if request.method == "POST":
        return _step(request, record, event_id)
    state = queries.state_of(record)
    path = state.path(found)
    context = {
        "person": record.person,
        "event": found,
        "grave": events.seriousness(found.harm) is events.Seriousness.GRAVE,
        "path": [(line, line.standing(on=on)) for line in path],
        "closed": state.closed.get(event_id),
        "may_close": events.may_close(path),
        "form": forms.CloseForm(),
    }
    return render(request, "outcomes/follow.html", context)


def _step(request: VisitRequest, record: OpenRecord, event_id: UUID) -> HttpResponse:
    on = timezone.localdate()
    try:
        actions.do_step(record, event_id, Act(request.POST.get("step", "")), on=on)
    except ValueError as error:
        raise Http404 from error
    except HouseError as error:
        request.visit.say(say(error), level="caution")
    else:
        request.visit.say(gettext("Noted."))
    return redirect("outcomes:follow", record.person.id, event_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: VisitRequest, person_id: UUID, event_id: UUID) -> HttpResponse:
    """Correct an event: a new entry takes its place, and its steps stay."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    found = _event(record, event_id)
    form = forms.EventForm(request.POST or None, initial=forms.noted_in(found))
    if form.is_valid():
        try:
            actions.note_event(record, replace(form.event(), event=event_id), on=on)
        except HouseError as error:
            form.add_error("happened_on", say(error))
        else:
            request.visit.say(gettext("Corrected. The first version no longer counts."))
            return redirect("outcomes:follow", person_id, event_id)
    context = {"person": record.person, "form": form, "event": found}
    return render(request, "outcomes/correct.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def take_back(request: VisitRequest, person_id: UUID, event_id: UUID) -> HttpResponse:
    """Take an event back that was a slip."""
    record = people.open_record(person_id, by=request.actor)
    _event(record, event_id)
    actions.take_back_event(record, event_id, on=timezone.localdate())
    request.visit.say(gettext("Taken back. It no longer counts."))
    return redirect("person", person_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_POST
def close(request: VisitRequest, person_id: UUID, event_id: UUID) -> HttpResponse:
    """Close an event when each of its steps was seen to."""
    record = people.open_record(person_id, by=request.actor)
    _event(record, event_id)
    form = forms.CloseForm(request.POST)
    if form.is_valid():
        try:
            actions.close_event(
                record, event_id, learnt=form.cleaned_data["learnt"], on=timezone.localdate()
            )
        except HouseError as error:
            request.visit.say(say(error), level="caution")
        else:
            request.visit.say(gettext("Closed."))
    return redirect("outcomes:follow", person_id, event_id)


def _event(record: OpenRecord, event_id: UUID) -> AdverseEventNoted:
    found = queries.state_of(record).event(event_id)
    if found is None:
        raise Http404
    return found
