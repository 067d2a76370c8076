"""Pages of the referrals room: choose a service, move a referral, print a slip."""

from __future__ import annotations

import secrets
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.people import queries as people
from footbridge.journey.people.queries import OpenRecord
from footbridge.journey.referrals import actions, forms, hearing, queries
from footbridge.journey.referrals.labels import LOOKS
from footbridge.journey.referrals.rules import Referral, open_moves
from footbridge.journey.referrals.slips import slip_code
from footbridge.journey.referrals.table import ReferralState
from footbridge.journey.saying import say
from footbridge.journey.services import queries as services
from footbridge.journey.services.rules import Need
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def choose(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Choose a need, then a service that fits it."""
    record = people.open_record(person_id, by=request.actor)
    if request.method == "POST":
        return _chosen(request, record)
    form = forms.NeedForm(request.GET if "need" in request.GET else None)
    context: dict[str, object] = {
        "person": record.person,
        "form": form,
        "follows": request.GET.get("follows", ""),
        "loaded": bool(services.directory().services),
    }
    if form.is_valid():
        context["cards"] = services.found(form.query(), at=timezone.localtime())
        context["need"] = Need(form.cleaned_data["need"])
    return render(request, "referrals/choose.html", context)


def _chosen(request: VisitRequest, record: OpenRecord) -> HttpResponse:
    """Draft a referral to the service that was chosen."""
    form = forms.ChosenForm(request.POST)
    if not form.is_valid():
        return redirect("referrals:choose", record.person.id)
    made = actions.draft(
        record,
        service=form.cleaned_data["service"],
        need=Need(form.cleaned_data["need"]),
        on=timezone.localdate(),
        follows=form.cleaned_data["follows"],
    )
    request.visit.say(gettext("Noted. Nothing is sent: talk it over first."))
    return redirect("referrals:one", record.person.id, made)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def one(request: VisitRequest, person_id: UUID, referral_id: UUID) -> HttpResponse:
    """Show one referral, and take one of the steps that are open now."""
    on = timezone.localdate()
    record = hearing.open_record(person_id, by=request.actor, on=on)
    shown = queries.shown(record, referral_id, on=on, at=timezone.localtime())
    moves = _forms(request, shown.referral, on=on)
    bound = next((form for form in moves if form.is_bound), None)
    if bound is not None and bound.is_valid() and _moved(record, referral_id, bound):
        request.visit.say(gettext("Noted."))
        sent = bound.step.target is ReferralState.SENT
        return redirect("referrals:slip" if sent else "referrals:one", person_id, referral_id)
    if request.method == "POST" and bound is None:
        request.visit.say(gettext("That step is not open any more. Nothing was changed."))
        return redirect("referrals:one", person_id, referral_id)
    icon, tone = LOOKS[shown.referral.state.value]
    context = {
        "person": record.person,
        "shown": shown,
        "state_icon": icon,
        "state_tone": tone,
        "forward": [form for form in moves if forms.is_forward(form.step)],
        "aside": [form for form in moves if not forms.is_forward(form.step)],
        "form": bound,
    }
    return render(request, "referrals/one.html", context)


def _forms(request: VisitRequest, referral: Referral, *, on: date) -> list[forms.MoveForm]:
    """Return a form for each step that is open, the one that was sent with its answers."""
    sent = request.POST.get("to", "")
    return [
        forms.MoveForm(
            request.POST if step.target.value == sent else None,
            referral=referral,
            step=step,
            on=on,
        )
        for step in open_moves(referral, on)
    ]


def _moved(record: OpenRecord, referral: UUID, form: forms.MoveForm) -> bool:
    """Take the step of a form; where it is refused, say so in the form."""
    on = timezone.localdate()
    code = slip_code(secrets.randbelow) if form.step.target is ReferralState.SENT else None
    try:
        actions.move(record, referral, move=form.move(code), on=on, note=form.note)
    except HouseError as error:
        form.add_error(None, say(error))
        return False
    return True


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_POST
def undo(request: VisitRequest, person_id: UUID, referral_id: UUID) -> HttpResponse:
    """Take the last step back."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    actions.undo(record, referral_id, on=on)
    request.visit.say(gettext("The last step is taken back."))
    return redirect("referrals:one", person_id, referral_id)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def slip(request: VisitRequest, person_id: UUID, referral_id: UUID) -> HttpResponse:
    """Show a slip for printing: service, opening and code, and nothing of the person."""
    record = people.open_record(person_id, by=request.actor)
    shown = queries.shown(record, referral_id, on=timezone.localdate(), at=timezone.localtime())
    if shown.referral.code is None:
        return redirect("referrals:one", person_id, referral_id)
    context = {
        "shown": shown,
        "until": queries.slip_ends(shown.referral),
        "back": person_id,
        "door": request.build_absolute_uri(reverse("slips:door")),
    }
    return render(request, "referrals/slip.html", context)
