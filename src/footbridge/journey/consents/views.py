"""Pages of the consents room: read and ask, see and take back, ways to be reached."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from footbridge.journey.consents import actions, forms, queries, texts
from footbridge.journey.consents.rules import REQUIRES, Language, Offer, Purpose
from footbridge.journey.consents.state import ConsentState
from footbridge.journey.people import queries as people
from footbridge.journey.saying import say
from footbridge.trust.access import care_teams
from footbridge.trust.access.doors import VisitRequest, staff_door
from footbridge.trust.access.rules import Capability
from footbridge.trust.decisions import HouseError
from footbridge.trust.vault import compartments
from footbridge.trust.vault.persons import PersonView
from footbridge.trust.vault.records import Compartment

E = TypeVar("E", Language, Purpose)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def ask(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Read one consent text to somebody, and note their spoken yes."""
    on = timezone.localdate()
    view = people.shell_of(person_id, by=request.actor)
    purpose = _one(Purpose, request.GET.get("purpose", Purpose.CARE.value))
    language = _one(Language, request.GET.get("read", view.shell.language))
    known = compartments.find(person_id, Compartment.CARE, site=request.actor.site) is not None
    if known and not care_teams.in_team(person_id, actor=request.actor):
        return redirect("people:join_team", person_id)
    text = texts.newest()[purpose]
    form = forms.AskForm(request.POST or None, most=text.lasts)
    if form.is_valid():
        offer = _offer(form, purpose, language)
        try:
            actions.give(
                view,
                offer,
                text=text.id,
                by=request.actor,
                on=on,
                limit=settings.FOOTBRIDGE_CASELOAD_LIMIT,
            )
        except HouseError as error:
            form.add_error(None, say(error))
        else:
            request.visit.say(gettext("The spoken consent is noted."))
            return redirect("consents:of" if known else "person", person_id)
    state = _state(view, request) if known else ConsentState()
    needed = REQUIRES.get(purpose, Purpose.CARE)
    context = {
        "person": view,
        "purpose": purpose,
        "reading": queries.reading(text, language),
        "languages": [queries.reading(text, one) for one in Language],
        "form": form,
        # The record itself begins with care, so nothing can be asked before it.
        "needs": needed if purpose is not needed and not known else _lacks(state, purpose),
    }
    return render(request, "consents/ask.html", context)


def _offer(form: forms.AskForm, purpose: Purpose, language: Language) -> Offer:
    return Offer(
        purposes=frozenset({purpose}),
        language=language,
        read_twice=form.cleaned_data["read_twice"],
        questions_answered=form.cleaned_data["questions_answered"],
        lasts=form.cleaned_data["lasts"],
    )


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_GET
def of(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show what somebody agreed to, and what to ask about."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    state = actions.state_of(record)
    context = {
        "person": record.person,
        "lines": queries.lines(state, on=on),
        "ways": queries.ways(record),
    }
    return render(request, "consents/of.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@require_http_methods(["GET", "POST"])
def withdraw(request: VisitRequest, person_id: UUID, purpose: str) -> HttpResponse:
    """Take one consent back in the person's presence; its keys go with it."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    chosen = _one(Purpose, purpose)
    state = actions.state_of(record)
    if chosen not in state.held(on=on):
        return redirect("consents:of", person_id)
    form = forms.WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.withdraw(record, purposes=frozenset({chosen}), at_kiosk=False, on=on)
        request.visit.say(gettext("It is taken back, and the keys that it was are deleted."))
        # Without care nobody on the staff can open the record any more.
        return redirect("people") if chosen is Purpose.CARE else redirect("consents:of", person_id)
    context = {
        "person": record.person,
        "purpose": chosen,
        "also": sorted(queries.also_ended(state, chosen, on=on)),
        "form": form,
    }
    return render(request, "consents/withdraw.html", context)


@staff_door(Capability.WORK_WITH_PEOPLE)
@sensitive_post_parameters("ways")
@require_http_methods(["GET", "POST"])
def contact(request: VisitRequest, person_id: UUID) -> HttpResponse:
    """Show how somebody may be reached, and keep it anew."""
    on = timezone.localdate()
    record = people.open_record(person_id, by=request.actor)
    kept = queries.ways(record)
    form = forms.ContactForm(
        request.POST or None,
        most=settings.FOOTBRIDGE_CONTACT_DAYS,
        initial={"ways": kept.words} if kept is not None else None,
    )
    if form.is_valid():
        try:
            actions.agree_contact(
                record, form.cleaned_data["ways"], on=on, days=form.cleaned_data["days"]
            )
        except HouseError as error:
            form.add_error("ways", say(error))
        else:
            request.visit.say(gettext("Kept. Whatever stood here before is deleted."))
            return redirect("consents:contact", person_id)
    context = {
        "person": record.person,
        "ways": kept,
        "verdict": actions.state_of(record).may(Purpose.CONTACT, on=on),
        "form": form,
    }
    return render(request, "consents/contact.html", context)


def _one(kind: type[E], value: str) -> E:
    try:
        return kind(value)
    except ValueError as error:
        raise Http404 from error


def _state(view: PersonView, request: VisitRequest) -> ConsentState:
    return actions.state_of(people.open_record(view.id, by=request.actor))


def _lacks(state: ConsentState, purpose: Purpose) -> Purpose | None:
    needed = REQUIRES.get(purpose)
    if needed is None or state.may(needed, on=timezone.localdate()):
        return None
    return needed
