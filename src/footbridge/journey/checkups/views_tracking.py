"""Pages about reaching somebody: attempts, the sequence of steps, a day given, a missed one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.checkups import actions, forms, protocol, queries, rules
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import queries as consent_queries
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def caseload(request: VisitRequest) -> HttpResponse:
    """Show how tracking goes for the reader's own people."""
    on = timezone.localdate()
    found = queries.caseload(by=request.actor, on=on)
    return render(request, "checkups/caseload.html", {"caseload": found, "on": on})


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def attempt(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note an attempt to reach somebody, beside what others needed."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    found = queries.steps(record, on=on)
    now = protocol.now(found)
    means = now.step.means.value if now and now.step.means else ""
    form = forms.AttemptForm(request.POST or None, on=on, initial={"means": means})
    if form.is_valid():
        try:
            actions.note_attempt(record, form.attempt(), on=on)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("The attempt is noted."))
            return redirect("checkups:attempt", person_id)
    state = queries.state_of(record)
    context = {
        "person": record.person,
        "form": form,
        "state": state,
        "tracking": queries.tracking(state),
        "now": now,
        "verdict": consents.state_of(record).may(Purpose.CONTACT, on=on),
        "ways": consent_queries.ways(record),
    }
    return render(request, "checkups/attempt.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def steps(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show what to do, step by step, when somebody is due or does not come; tick one off."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    if request.method == "POST":
        try:
            actions.tick(record, request.POST.get("step", ""), on=on)
        except HouseError as error:
            request.visit.say(say(error), level="caution")
        else:
            request.visit.say(gettext("Ticked off."))
        return redirect("checkups:steps", person_id)
    found = queries.steps(record, on=on)
    state = queries.state_of(record)
    context = {
        "person": record.person,
        "steps": found,
        "now": protocol.now(found),
        "due": state.due,
        "may_miss": rules.may_miss(state.due, on=on),
        "verdict": consents.state_of(record).may(Purpose.CONTACT, on=on),
        "ways": consent_queries.ways(record),
    }
    return render(request, "checkups/steps.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def appointment(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note the day that was given for the next meeting."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    day = state.appointment or (state.due.on if state.due else None)
    form = forms.AppointmentForm(request.POST or None, initial={"next_on": day})
    if form.is_valid():
        try:
            actions.give_day(record, form.cleaned_data["next_on"], on=on)
        except HouseError as error:
            form.add_error("next_on", say(error))
        else:
            request.visit.say(gettext("The day is noted."))
            return redirect("person", person_id)
    context = {"person": record.person, "form": form, "state": state, "due": state.due}
    return render(request, "checkups/appointment.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def missed(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note that a check-up was missed."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    due = queries.state_of(record).due
    form = forms.MissedForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.note_missed(record, on=on)
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("Noted. The next check-up is set."))
            return redirect("person", person_id)
    context = {
        "person": record.person,
        "form": form,
        "due": due,
        "verdict": rules.may_miss(due, on=on),
    }
    return render(request, "checkups/missed.html", context)
