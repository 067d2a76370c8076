"""Pages of the coordination room."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.checkups.tracking import quality
from footbridge.journey.coordination import cascade as cascades
from footbridge.journey.coordination import forms, handovers, queries, rules
from footbridge.journey.coordination.cascade import PUBLISHED, Step
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
from footbridge.trust.access import staff
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError
from footbridge.trust.quarters import Quarter
from footbridge.trust.weeks import IsoWeek

QUARTERS = 6


@staff_door(Capability.COORDINATE)
@require_GET
def oversight(request: VisitRequest) -> HttpResponse:
    """Show caseloads, and whom to talk about in supervision."""
    found = queries.oversight(
        by=request.actor,
        week=IsoWeek.of(timezone.localdate()),
        limit=settings.FOOTBRIDGE_CASELOAD_LIMIT,
    )
    return render(request, "coordination/oversight.html", {"found": found})


@staff_door(Capability.COORDINATE)
@require_GET
def cascade(request: VisitRequest) -> HttpResponse:
    """Show how many check-ups came how far, beside the published example."""
    quarter = _quarter(request)
    steps = cascades.cascade(queries.courses(by=request.actor), quarter=quarter)
    context = {
        **_quarters(quarter),
        "steps": steps,
        "published": cascades.counted(PUBLISHED),
        "most": max(steps[0].count, 1),
    }
    return render(request, "coordination/cascade.html", context)


@staff_door(Capability.COORDINATE)
@require_GET
def tracking(request: VisitRequest) -> HttpResponse:
    """Show how the site keeps in touch: windows, attempts, beside published benchmarks."""
    quarter = _quarter(request)
    courses = rules.within(queries.courses(by=request.actor), quarter)
    context = {**_quarters(quarter), "q": quality(courses)}
    return render(request, "coordination/tracking.html", context)


@staff_door(Capability.COORDINATE)
@require_GET
def follow_up(request: VisitRequest) -> HttpResponse:
    """Show follow-up after stays and referrals, returns with their bounds, and cost."""
    quarter = _quarter(request)
    courses = queries.courses(by=request.actor)
    week = IsoWeek.of(timezone.localdate())
    counts = {one.step: one.count for one in cascades.cascade(courses, quarter=quarter)}
    form = forms.CostForm(request.GET if "spent" in request.GET else None)
    shared = None
    if form.is_valid():
        shared = rules.cost(
            float(form.cleaned_data["spent"]),
            checked=counts[Step.CHECKED_UP],
            in_need=counts[Step.IN_NEED],
            linked=counts[Step.SHOWED],
            stayed=counts[Step.STAYED],
        )
    context = {
        **_quarters(quarter),
        "found": rules.follow_up(courses, quarter=quarter, week=week),
        "form": form,
        "cost": shared,
        "published": (rules.PUBLISHED_FOUND, rules.PUBLISHED_RETAINED),
    }
    return render(request, "coordination/follow-up.html", context)


@staff_door(Capability.COORDINATE)
@require_http_methods(["GET", "POST"])
def ask_handover(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Ask the care team to hand somebody over; the keys stay where they are until they do."""
    person = people.shell_of(person_id, by=request.actor)
    handovers.of(person_id, by=request.actor)  # no key, no page
    colleagues = queries.handover_colleagues(person_id, by=request.actor)
    form = forms.HandoverForm(request.POST or None, colleagues=colleagues)
    if form.is_valid():
        chosen = next(p for p in colleagues if str(p.id) == form.cleaned_data["colleague"])
        try:
            handovers.ask(person_id, to=chosen, by=request.actor, on=timezone.localdate())
        except HouseError as error:
            form.add_error("colleague", say(error))
        else:
            request.visit.say(gettext("The care team sees on Today that you ask for it."))
            return redirect("coordination:oversight")
    context = {"person": person, "form": form, "colleagues": colleagues}
    return render(request, "coordination/ask-handover.html", context)


@staff_door(Capability.COORDINATE)
@require_POST
def drop_handover(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Take a request back."""
    handovers.drop(person_id, by=request.actor, on=timezone.localdate())
    request.visit.say(gettext("The request is taken back."))
    return redirect("coordination:oversight")


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def hand_over(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Hand somebody over to the colleague whom the coordinator asks for."""
    record = people.open_record(person_id, by=request.actor)
    to = handovers.asked_for(people.summary_of(person_id, by=request.actor))
    colleague = staff.profile_of(to, site=request.actor.site) if to is not None else None
    if to is None or colleague is None:
        request.visit.say(gettext("Nobody asks for a handover of this person now."))
        return redirect("person", person_id)
    form = forms.HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            handovers.hand_over(
                record,
                to=to,
                stay=form.cleaned_data["stay"],
                on=timezone.localdate(),
                limit=settings.FOOTBRIDGE_CASELOAD_LIMIT,
            )
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("The colleague holds the keys now. Introduce them."))
            return redirect("today")
    context = {"person": record.person, "colleague": colleague, "form": form}
    return render(request, "coordination/hand-over.html", context)


def _quarter(request: VisitRequest) -> Quarter | None:
    """Return the quarter asked for; the present one where none is named; None for all time."""
    asked = request.GET.get("quarter", "")
    if asked == "all":
        return None
    if not asked:
        return Quarter.of(timezone.localdate())
    try:
        return Quarter.parse(asked)
    except ValueError as error:
        raise Http404 from error


def _quarters(chosen: Quarter | None) -> dict[str, object]:
    present = Quarter.of(timezone.localdate())
    return {"quarter": chosen, "quarters": [present.before(steps) for steps in range(QUARTERS)]}
