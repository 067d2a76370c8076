"""Pages of the check-ups room: schedule, check-up, result, attempts, missed, linkage meeting."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.checkups import actions, forms, queries, rules, schedules
from footbridge.journey.checkups.rules import Agreed, LinkageStep, Means
from footbridge.journey.consents import actions as consents
from footbridge.journey.consents import queries as consent_queries
from footbridge.journey.consents.rules import Purpose
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
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
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def hold(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Hold a check-up on one page."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    form = forms.HoldForm(request.POST or None, days=max(1, state.since(on=on) or 1))
    if form.is_valid():
        try:
            actions.hold(record, form.told(), on=on)
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
    }
    return render(request, "checkups/hold.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def result(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show what the last check-up found, and the day to tell the person."""
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    if not state.held:
        return redirect("checkups:hold", person_id)
    held = state.held[-1]
    context = {
        "person": record.person,
        "held": held,
        "reasons": queries.reasons(held),
        "symptoms": [
            words for code, words in schedules.symptoms().items() if code in held.symptoms
        ],
        "wants_meeting": queries.wants_meeting(state),
        "meeting_form": forms.MeetingForm(),
    }
    return render(request, "checkups/result.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def meeting(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note a linkage meeting."""
    record = people.open_record(person_id, by=request.actor)
    form = forms.MeetingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        agreed = Agreed(form.cleaned_data["agreed"])
        try:
            actions.hold_meeting(
                record,
                steps=frozenset(map(LinkageStep, form.cleaned_data["steps"])),
                agreed=agreed,
                on=timezone.localdate(),
            )
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("The talk is noted."))
            # A yes is worth little until there is somewhere to go.
            return redirect("referrals:choose" if agreed is Agreed.YES else "person", person_id)
    context = {"person": record.person, "form": form, "state": queries.state_of(record)}
    return render(request, "checkups/meeting.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def attempt(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Note an attempt to reach somebody, beside what others needed."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    form = forms.AttemptForm(request.POST or None, on=on)
    if form.is_valid():
        try:
            actions.note_attempt(
                record,
                Means(form.cleaned_data["means"]),
                reached=form.cleaned_data["reached"] == "yes",
                attempted_on=form.cleaned_data["attempted_on"],
                on=on,
            )
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
        "verdict": consents.state_of(record).may(Purpose.CONTACT, on=on),
        "ways": consent_queries.ways(record),
    }
    return render(request, "checkups/attempt.html", context)


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
