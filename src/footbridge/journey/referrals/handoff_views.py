"""Pages of in-trays and hand-offs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals import actions, handing_over, hearing, tray_queries
from footbridge.journey.referrals.handoff_forms import HandoffForm
from footbridge.journey.referrals.rules import Referral
from footbridge.journey.saying import say
from footbridge.journey.services import queries as services
from footbridge.trust import runtime
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def trays(request: VisitRequest) -> HttpResponse:
    """Show the open referrals of one's own people: mine, my team's, waiting for a service."""
    on = timezone.localdate()
    hearing.hear_everybody(by=request.actor, on=on)
    found = tray_queries.trays(by=request.actor, on=on)
    context = {
        "on": on,
        "some": any(found.values()),
        "trays": [
            {
                "code": tray,
                "lines": lines,
                "late": sum(line.item.clock.overdue for line in lines),
            }
            for tray, lines in found.items()
        ],
        "slip_alarm": runtime.slip_door.alarm,
    }
    return render(request, "referrals/trays.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def handoff(request: VisitRequest, person_id: UUID, referral_id: UUID) -> HttpResponse:
    """Note who rang the service or went along, and what came of it."""
    record = people.open_record(person_id, by=request.actor)
    referral = actions.find(record, referral_id)
    form = HandoffForm(request.POST or None, on=timezone.localdate())
    if form.is_valid() and _noted(record, referral_id, form):
        request.visit.say(gettext("Noted."))
        return redirect("referrals:one", person_id, referral_id)
    return _page(request, record, referral, form)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def correct(request: VisitRequest, person_id: UUID, referral_id: UUID, entry: UUID) -> HttpResponse:
    """Correct a hand-off that was noted wrongly, or take it back."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    referral = actions.find(record, referral_id)
    noted = handing_over.noted(record, referral_id, entry)
    if request.method == "POST" and "undo" in request.POST:
        handing_over.take_back(record, referral_id, entry, on=on)
        request.visit.say(gettext("The hand-off is taken back."))
        return redirect("referrals:one", person_id, referral_id)
    form = HandoffForm(request.POST or None, on=on, noted=noted)
    if form.is_valid() and _noted(record, referral_id, form, replaces=entry):
        request.visit.say(gettext("Corrected."))
        return redirect("referrals:one", person_id, referral_id)
    return _page(request, record, referral, form, correcting=True)


def _page(
    request: VisitRequest,
    record: OpenRecord,
    referral: Referral,
    form: HandoffForm,
    *,
    correcting: bool = False,
) -> HttpResponse:
    context = {
        "person": record.person,
        "referral": referral,
        "service": services.name_of(referral.service, directory=services.directory()),
        "form": form,
        "correcting": correcting,
    }
    return render(request, "referrals/handoff.html", context)


def _noted(
    record: OpenRecord, referral: UUID, form: HandoffForm, *, replaces: UUID | None = None
) -> bool:
    """Write a hand-off down; where it is refused, say so in the form."""
    try:
        handing_over.note(
            record, form.handoff(referral), on=timezone.localdate(), replaces=replaces
        )
    except HouseError as error:
        form.add_error("on", say(error))
        return False
    return True
