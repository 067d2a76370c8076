"""The kiosk: a person's own record, who opened it, taking consent back, being forgotten."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from footbridge.journey.consents import actions as consents
from footbridge.journey.consents.rules import Level, Purpose
from footbridge.journey.desk import queries
from footbridge.journey.people import queries as people
from footbridge.journey.people.forms import OFF, RecogniseForm, SecretInput
from footbridge.trust import places, runtime
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.doors import (
    VisitRequest,
    cookie_options,
    open_door,
    person_door,
    unsealed_door,
)
from footbridge.trust.decisions import HouseError
from footbridge.trust.recognition import actions as recognition
from footbridge.trust.recognition import phrases
from footbridge.trust.vault.compartments import NoWrapError, PlainHolder
from footbridge.trust.vault.persons import WrongPhraseError

COOKIE = "footbridge"
STOPS: dict[str, tuple[Level | None, frozenset[Purpose]]] = {
    Level.STOP_CONTACT.value: (Level.STOP_CONTACT, frozenset()),
    Level.STOP_RESEARCH.value: (Level.STOP_RESEARCH, frozenset()),
    # Their texts promise that each can be taken back alone, here.
    "stop-recall": (None, frozenset({Purpose.RECALL})),
    "stop-recovery": (None, frozenset({Purpose.RECOVERY})),
}


class ForgetForm(forms.Form):
    """Asks for the phrase once more, and for a word that nobody enters by accident."""

    phrase = forms.CharField(
        label=_("Your phrase, once more"),
        max_length=200,
        widget=SecretInput(attrs=OFF),
        error_messages={"required": _("Enter the words of your phrase.")},
    )
    sure = forms.BooleanField(
        label=_("I want to be forgotten. I know that nothing can be brought back."),
        error_messages={"required": _("Tick the box if you want to be forgotten.")},
    )


@unsealed_door
@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def recognise(request: HttpRequest) -> HttpResponse:
    """Open somebody's own record with handle and phrase; ends a colleague's session here."""
    form = RecogniseForm(request.POST or None)
    if form.is_valid():
        try:
            holder = recognition.open_key(
                form.cleaned_data["handle"],
                form.cleaned_data["phrase"],
                cost=settings.FOOTBRIDGE_KDF_COST,
                site=runtime.seal.keys,
                throttle=runtime.throttle,
            )
        except WrongPhraseError as error:
            form.add_error(None, error.say(gettext))
            _hint(form)
        except HouseError as error:
            form.add_error(None, error.say(gettext))
        else:
            runtime.sessions().end(request.COOKIES.get(COOKIE, ""))
            cookie = runtime.sessions().begin(Actor(holder.id, holder.pair, holder.site))
            response = redirect("kiosk:mine")
            response.set_cookie(COOKIE, cookie, **cookie_options())  # type: ignore[arg-type]
            return response
    elif request.method == "GET" and getattr(request, "actor", None) is not None:
        # The device changes hands: a colleague's session must not stay behind the kiosk.
        runtime.sessions().end(request.COOKIES.get(COOKIE, ""))
        page = render(request, "kiosk/recognise.html", {"form": form, "signed_in": False})
        page.delete_cookie(COOKIE, samesite="Strict")
        return page
    return render(request, "kiosk/recognise.html", {"form": form})


@person_door
@require_GET
def mine(request: VisitRequest) -> HttpResponse:
    """Show somebody their own record."""
    on = timezone.localdate()
    try:
        record = people.open_record(request.actor.id, by=request.actor)
    except NoWrapError:
        view = people.shell_of(request.actor.id, by=request.actor)
        return render(request, "kiosk/mine-empty.html", {"person": view})
    return render(request, "kiosk/mine.html", {"page": queries.own_page(record, on=on)})


@person_door
@require_GET
def opened(request: VisitRequest) -> HttpResponse:
    """Show somebody who did what with their record."""
    return render(request, "kiosk/opened.html", {"events": queries.who_did_what(by=request.actor)})


@person_door
@require_http_methods(["GET", "POST"])
def phrase(request: VisitRequest) -> HttpResponse:
    """Draw a new phrase for somebody, and show it once."""
    words: list[str] = []
    if request.method == "POST":
        view = people.shell_of(request.actor.id, by=request.actor)
        words = list(
            recognition.choose_new_phrase(
                PlainHolder(request.actor.id, request.actor.pair, request.actor.site),
                language=view.shell.language,
                cost=settings.FOOTBRIDGE_KDF_COST,
                on=timezone.localdate(),
            )
        )
    return render(request, "kiosk/phrase.html", {"words": words})


@person_door
@require_GET
def stop(request: VisitRequest) -> HttpResponse:
    """Show every way to take consent back."""
    held: frozenset[Purpose] = frozenset()
    try:
        record = people.open_record(request.actor.id, by=request.actor)
        held = consents.state_of(record).held(on=timezone.localdate())
    except NoWrapError:
        pass
    return render(request, "kiosk/stop.html", {"held": {purpose.value for purpose in held}})


@person_door
@require_http_methods(["GET", "POST"])
def withdraw(request: VisitRequest, level: str) -> HttpResponse:
    """Take one consent back, after asking once."""
    if level not in STOPS:
        raise Http404
    chosen, purposes = STOPS[level]
    if request.method == "POST":
        record = people.open_record(request.actor.id, by=request.actor)
        consents.withdraw(
            record, level=chosen, purposes=purposes, at_kiosk=True, on=timezone.localdate()
        )
        return render(request, "kiosk/stopped.html", {"level": level})
    return render(request, "kiosk/withdraw.html", {"level": level})


@person_door
@sensitive_post_parameters("phrase")
@require_http_methods(["GET", "POST"])
def forget(request: VisitRequest) -> HttpResponse:
    """Forget somebody for good, after their phrase and a tick."""
    form = ForgetForm(request.POST or None)
    if form.is_valid():
        view = people.shell_of(request.actor.id, by=request.actor)
        try:
            holder = recognition.open_key(
                view.handle,
                form.cleaned_data["phrase"],
                cost=settings.FOOTBRIDGE_KDF_COST,
                site=request.actor.site,
                throttle=runtime.throttle,
            )
            recognition.forget(
                holder, view, on=timezone.localdate(), tombstones=places.tombstones()
            )
        except HouseError as error:
            form.add_error("phrase", error.say(gettext))
        else:
            runtime.sessions().end_of(request.actor.id)
            response = redirect("kiosk:forgotten")
            response.delete_cookie(COOKIE, samesite="Strict")
            return response
    return render(request, "kiosk/forget.html", {"form": form})


@open_door
@require_GET
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say that nothing is left."""
    return render(request, "kiosk/forgotten.html", {})


@open_door
@require_POST
def done(request: HttpRequest) -> HttpResponse:
    """End somebody's visit at the kiosk."""
    runtime.sessions().end(request.COOKIES.get(COOKIE, ""))
    response = redirect("kiosk:recognise")
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


def _hint(form: RecogniseForm) -> None:
    """Say which word is in no list: the list is public, so this tells nothing of a phrase."""
    text = form.cleaned_data["phrase"]
    language = "zh" if any(ord(letter) > 0x2E7F for letter in text) else "en"
    for unknown in phrases.unknown_words(text, language)[:2]:
        likely = ", ".join(unknown.suggestions)
        hint = (
            gettext("Word {number} is not in the list. Did you mean: {likely}?")
            if likely
            else gettext("Word {number} is not in the list.")
        )
        form.add_error("phrase", hint.format(number=unknown.position, likely=likely))
