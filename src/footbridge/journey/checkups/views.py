"""Pages of the check-ups room: schedule, check-up, result, linkage meeting, urine test."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.checkups import actions, forms, queries, rules, schedules
from footbridge.journey.checkups.rules import Agreed, EndReason
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
from footbridge.journey.services.rules import Need
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def schedule(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Agree on a schedule."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    initial: dict[str, object] = {"starts_on": queries.started_on(record, on=on)}
    if state.chosen is not None:
        initial["schedule"] = state.chosen.schedule
    form = forms.ScheduleForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.choose_schedule(
                record,
                form.cleaned_data["schedule"],
                starts_on=form.cleaned_data["starts_on"],
                on=on,
            )
        except HouseError as error:
            form.add_error("starts_on", say(error))
        else:
            request.visit.say(gettext("The schedule is agreed."))
            return redirect("person", person_id)
    context = {"person": record.person, "form": form, "state": state}
    return render(request, "checkups/schedule.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def end(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """End the check-ups before their schedule does."""
    record = people.open_record(person_id, by=request.actor)
    form = forms.EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.end_schedule(
                record, EndReason(form.cleaned_data["why"]), on=timezone.localdate()
            )
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("No check-up falls due any more. The door stays open."))
            return redirect("person", person_id)
    context = {"person": record.person, "form": form, "state": queries.state_of(record)}
    return render(request, "checkups/end.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def hold(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Hold a check-up on one page."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    form = forms.HoldForm(request.POST or None, days=max(1, state.since(on=on) or 1), on=on)
    if form.is_valid():
        try:
            actions.hold(record, form.told(), on=on, held_on=form.cleaned_data["held_on"])
        except rules.CheckupError as error:
            form.add_error("days_used", say(error))
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return redirect("checkups:result", person_id)
    context = {
        "person": record.person,
        "form": form,
        "state": state,
        "due": state.due,
        "verdict": rules.may_hold(state.due, on=on),
        "urine_on": queries.urine_due(record, on=on),
        "on": on,
    }
    return render(request, "checkups/hold.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def result(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show what the last check-up found, the day to tell the person, and the way to a visit."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    if not state.held:
        return redirect("checkups:hold", person_id)
    held = state.held[-1]
    context = {
        "person": record.person,
        "held": held,
        "state": state,
        "reasons": queries.reasons(held),
        "symptoms": [
            words for code, words in schedules.symptoms().items() if code in held.symptoms
        ],
        "wants_meeting": queries.wants_meeting(state),
        "came_back": queries.came_back(state),
        "link_by": queries.link_by(state),
        "meeting_form": forms.MeetingForm(),
        "way": way(),
        "on": on,
    }
    return render(request, "checkups/result.html", context)


def way() -> list[str]:
    """Return the steps from a check-up that found need to a first visit."""
    return [gettext("Check-up"), gettext("Linkage meeting"), gettext("Referral"), gettext("Visit")]


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def meeting(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note a linkage meeting; a yes leads straight to choosing a service."""
    record = people.open_record(person_id, by=request.actor)
    form = forms.MeetingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        talk = form.talk()
        try:
            actions.hold_meeting(record, talk, on=timezone.localdate())
        except HouseError as error:
            form.add_error("tried" if talk.agreed is Agreed.NO else None, say(error))
        else:
            request.visit.say(gettext("The talk is noted."))
            if talk.agreed is Agreed.YES:
                # A yes is worth little until there is somewhere to go.
                choose = reverse("referrals:choose", args=[person_id])
                return redirect(f"{choose}?need={Need.DRUG_TREATMENT.value}")
            return redirect("person", person_id)
    state = queries.state_of(record)
    context = {
        "person": record.person,
        "form": form,
        "state": state,
        "link_by": queries.link_by(state),
        "way": way(),
        "on": timezone.localdate(),
    }
    return render(request, "checkups/meeting.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def urine(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note a urine test; every test may be declined."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms.UrineForm(request.POST or None, initial={"tested_on": on})
    if form.is_valid():
        try:
            actions.note_urine(
                record, form.found(), tested_on=form.cleaned_data["tested_on"], on=on
            )
        except HouseError as error:
            form.add_error("tested_on", say(error))
        else:
            request.visit.say(gettext("The test is noted."))
            return redirect("checkups:urine", person_id)
    context = {
        "person": record.person,
        "form": form,
        "state": queries.state_of(record),
        "plan": schedules.urine_plan(),
        "due": queries.urine_due(record, on=on),
    }
    return render(request, "checkups/urine.html", context)
