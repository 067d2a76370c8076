"""The door for slips: a service types a code and says how it stands; nobody signs in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.referrals import partner
from footbridge.journey.referrals.partner import Known
from footbridge.journey.referrals.partner_forms import CodeForm, SayForm
from footbridge.journey.saying import say
from footbridge.trust import runtime
from footbridge.trust.access.doors import unsealed_door
from footbridge.trust.decisions import HouseError
from footbridge.trust.recognition.throttle import WaitError


@unsealed_door
@sensitive_post_parameters("code")
@sensitive_variables("code", "form")
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask for a code; then show what it is about, and take one answer."""
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return render(request, "slips/door.html", {"form": form})
    code, on = form.cleaned_data["code"], timezone.localdate()
    try:
        known = partner.look(code, on=on, site=runtime.seal.keys, door=runtime.slip_door)
    except HouseError as error:
        form.add_error("code", say(error))
        status = 429 if isinstance(error, WaitError) else 200
        return render(request, "slips/door.html", {"form": form}, status=status)
    answers = _answers(request, known)
    chosen = next((answer for answer in answers if answer.is_bound), None)
    if chosen is not None and chosen.is_valid() and _said(chosen, code):
        return redirect("slips:done")
    context = {"known": known, "code": code, "answers": answers, "form": chosen}
    return render(request, "slips/say.html", context)


def _answers(request: HttpRequest, known: Known) -> list[SayForm]:
    """Return a form for each thing that can be said, the one that was sent with its answers."""
    sent, on = request.POST.get("said", ""), timezone.localdate()
    return [
        SayForm(request.POST if says.value == sent else None, says=says, on=on)
        for says in known.sayable
    ]


def _said(form: SayForm, code: str) -> bool:
    """Leave an answer; where it is refused, say so in its form."""
    on = timezone.localdate()
    try:
        partner.say(code, form.letter(), on=on, site=runtime.seal.keys, door=runtime.slip_door)
    except HouseError as error:
        form.add_error(None, say(error))
        return False
    return True


@unsealed_door
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Say that an answer was kept."""
    return render(request, "slips/done.html", {})


door.sealed_page = done.sealed_page = "slips/shut.html"  # type: ignore[attr-defined]
