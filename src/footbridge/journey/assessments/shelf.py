"""The shelf of instruments: what the site can ask, in whose words, and how it is scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.assessments import forms, instruments, showing
from footbridge.journey.assessments.rules import Instrument
from footbridge.journey.saying import say
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def shelf(request: VisitRequest) -> HttpResponse:
    """List the instruments, those that can be asked first."""
    found = sorted(instruments.instruments().values(), key=lambda one: (one.id, one.version))
    context = {
        "ready": [one for one in found if one.worded],
        "keys": [one for one in found if not one.worded],
        "may_load": request.actor.may(Capability.EDIT_DIRECTORY),
    }
    return render(request, "assessments/shelf.html", context)


@staff_door(Capability.SEE_DIRECTORY)
@require_GET
def one(request: VisitRequest, instrument: str, version: int) -> HttpResponse:
    """Show one instrument: whose words, which rights, how it is scored."""
    found = showing.instrument_or_404(instrument, version)
    context = {
        "instrument": found,
        "may_decide": bool(found.parameters) and request.actor.may(Capability.EDIT_DIRECTORY),
        "may_take_out": instruments.has_loaded_words((found.id, found.version))
        and request.actor.may(Capability.EDIT_DIRECTORY),
        "decided": list(_decided(found, instruments.chosen((found.id, found.version)))),
        "turned": [item.id for item in found.items if item.reverse],
        "branches": any(item.show_when for item in found.items),
    }
    return render(request, "assessments/instrument.html", context)


@staff_door(Capability.EDIT_DIRECTORY)
@require_http_methods(["GET", "POST"])
def words_out(request: VisitRequest, instrument: str, version: int) -> HttpResponse:
    """Take loaded words out, where the right to use them has ended; scores stay."""
    found = showing.instrument_or_404(instrument, version)
    key = (found.id, found.version)
    if request.method == "POST":
        try:
            instruments.take_words_out(key, by=request.actor, on=timezone.localdate())
        except HouseError as error:
            request.visit.say(say(error), level="danger")
        else:
            request.visit.say(gettext("The words are out. Load them again to ask it again."))
        return redirect("assessments:instrument", *key)
    if not instruments.has_loaded_words(key):
        return redirect("assessments:instrument", *key)
    return render(request, "assessments/words-out.html", {"instrument": found})


@staff_door(Capability.EDIT_DIRECTORY)
@require_http_methods(["GET", "POST"])
def decide(request: VisitRequest, instrument: str, version: int) -> HttpResponse:
    """Decide how an instrument is scored where the literature leaves it open."""
    found = showing.instrument_or_404(instrument, version)
    key = (found.id, found.version)
    if not found.parameters:
        return redirect("assessments:instrument", *key)
    form = forms.ChoicesForm(
        request.POST or None, parameters=found.parameters, chosen=instruments.chosen(key)
    )
    if form.is_valid():
        try:
            instruments.choose(key, form.cleaned_data, by=request.actor, on=timezone.localdate())
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            return redirect("assessments:instrument", *key)
    context = {"instrument": found, "form": form}
    return render(request, "assessments/decide.html", context)


def _decided(found: Instrument, chosen: Mapping[str, str]) -> Iterator[tuple[object, object]]:
    for parameter in found.parameters:
        wanted = chosen.get(parameter.id, parameter.choices[0].id)
        for choice in parameter.choices:
            if choice.id == wanted:
                yield parameter.title, choice.title
