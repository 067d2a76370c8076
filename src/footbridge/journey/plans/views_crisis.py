"""Pages of the safety plan and the overdose plan, and of what goes on paper."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.people import queries as people
from footbridge.journey.plans import actions, crisis, forms, queries
from footbridge.journey.plans.crisis import Step
from footbridge.journey.plans.labels import CRISIS_PLANS
from footbridge.journey.plans.queries import CrisisPage
from footbridge.journey.plans.rules import CrisisPlan, Naloxone
from footbridge.trust.access.doors import VisitRequest, person_door, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.records import FreeText


def numbers() -> dict[str, str]:
    """Return the numbers that the texts of both plans name."""
    return {
        "emergency": settings.FOOTBRIDGE_EMERGENCY_NUMBER,
        "line": settings.FOOTBRIDGE_LISTENING_LINE,
    }


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def show(request: VisitRequest, person_id: UUID, which: CrisisPlan) -> HttpResponse:
    """Show a safety or overdose plan as it stands."""
    record = people.open_record(person_id, by=request.actor)
    context = {
        "person": record.person,
        "plan": queries.crisis_page(queries.state_of(record), which),
        "numbers": numbers(),
        "step_url": reverse(f"plans:{which}_step", args=[person_id]),
    }
    return render(request, "plans/crisis.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters("words")
@require_http_methods(["GET", "POST"])
def step(request: VisitRequest, person_id: UUID, which: CrisisPlan) -> HttpResponse:
    """Talk over one step: the one that is asked for, or the first that is missing."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    state = queries.state_of(record)
    page = queries.crisis_page(state, which)
    asked = (request.POST if request.method == "POST" else request.GET).get("step")
    steps = page.outline.steps
    found = crisis.step(which, asked) if asked else next(iter(page.missing), steps[0])
    form = forms.CrisisStepForm(request.POST or None, step=found, initial=_initial(page, found))
    if form.is_valid():
        kept = actions.merged(
            state, which, part=(found.id, FreeText(form.cleaned_data["words"])), on=on
        )
        if found.asks_naloxone:
            kept = replace(kept, naloxone=Naloxone(form.cleaned_data["naloxone"]))
        actions.keep_crisis_plan(record, kept, on=on)
        missing = crisis.missing(which, kept.parts)
        if missing and "stop" not in request.POST:
            return redirect(f"{request.path}?step={missing[0].id}")
        request.visit.say(gettext("The plan is kept as it stands now."))
        return redirect(f"plans:{which}", person_id)
    context = {
        "person": record.person,
        "plan": page,
        "step": found,
        "at": steps.index(found) + 1,
        "form": form,
        "numbers": numbers(),
    }
    return render(request, "plans/crisis-step.html", context)


def _initial(page: CrisisPage, step: Step) -> dict[str, object]:
    newest = page.newest
    if newest is None:
        return {}
    return {"words": newest.parts.get(step.id, ""), "naloxone": newest.naloxone}


@person_door
@require_GET
def mine(request: VisitRequest) -> HttpResponse:
    """Show somebody their own plans, at the kiosk."""
    try:
        record = people.open_record(request.actor.id, by=request.actor)
    except NoWrapError:
        return redirect("kiosk:mine")
    context = {
        "person": record.person,
        "plan": queries.plan_page(record, on=timezone.localdate()),
        "numbers": numbers(),
    }
    return render(request, "plans/mine.html", context)


PARTS = {
    "plan": _("Strengths, goals and steps"),
    CrisisPlan.SAFETY.value: CRISIS_PLANS[CrisisPlan.SAFETY],
    CrisisPlan.OVERDOSE.value: CRISIS_PLANS[CrisisPlan.OVERDOSE],
}


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def paper(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Put what the person asks for on a paper that names nobody and no programme."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    page = queries.plan_page(record, on=on)
    there = {"plan"} | {one.outline.which.value for one in page.crisis if one.newest}
    parts = [(code, words) for code, words in PARTS.items() if code in there]
    form = forms.PaperForm(request.POST or None, parts=parts)
    if form.is_valid():
        actions.put_on_paper(record, on=on)
        query = urlencode({"show": form.cleaned_data["show"]}, doseq=True)
        return redirect(f"{request.path}?{query}")
    shown = [code for code in request.GET.getlist("show") if code in there]
    context = {
        "person": record.person,
        "plan": page,
        "shown": shown,
        "sheets": [one for one in page.crisis if one.outline.which.value in shown],
        "form": form,
        "numbers": numbers(),
    }
    return render(request, "plans/paper.html", context)
