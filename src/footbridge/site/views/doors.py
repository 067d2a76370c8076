"""Signing in and out, unsealing, sealing, leaving."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language as django_set_language

from footbridge.site.demo.cast import CAST
from footbridge.site.forms_doors import SignInForm, UnsealForm
from footbridge.site.labels import ROLES
from footbridge.site.middleware import COOKIE
from footbridge.trust import control, runtime
from footbridge.trust.access.doors import cookie_options, open_door, unsealed_door
from footbridge.trust.access.signing import open_colleague
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError
from footbridge.trust.recognition.throttle import WaitError


@unsealed_door
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a colleague's key with name, passphrase and code."""
    if getattr(request, "actor", None) is not None and request.method == "GET":
        return redirect("today")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        answer = _signed_in(request, form)
        if answer is not None:
            return answer
    context: dict[str, object] = {"form": form, "next": request.GET.get("next", "")}
    if settings.FOOTBRIDGE_DEMO:
        context["cast"] = [{"one": one, "role": ROLES[one.role]} for one in CAST]
    return render(request, "site/sign-in.html", context)


def _signed_in(request: HttpRequest, form: SignInForm) -> HttpResponse | None:
    try:
        actor = open_colleague(form.cleaned_data)
    except HouseError as error:
        form.add_error(None, error.say(gettext))
        return None
    with act("staff.signed-in", by=actor.id, on=timezone.localdate(), site=actor.site):
        pass
    response = redirect(_safe_next(request))
    response.set_cookie(COOKIE, runtime.sessions().begin(actor), **cookie_options())  # type: ignore[arg-type]
    return response


def _safe_next(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/"):
        return address
    return "/"


@open_door
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    runtime.sessions().end(request.COOKIES.get(COOKIE, ""))
    response = redirect("sign_in")
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


@open_door
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session and go to a page that shows nothing."""
    runtime.sessions().end(request.COOKIES.get(COOKIE, ""))
    response = redirect(settings.FOOTBRIDGE_EXIT_URL)
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


@open_door
@require_GET
def plain(request: HttpRequest) -> HttpResponse:
    """Show the page that shows nothing."""
    return render(request, "site/away.html", {})


@open_door
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Note that somebody is still here; resuming the session did it already."""
    alive = getattr(request, "actor", None) is not None
    return HttpResponse(status=204 if alive else 401)


@unsealed_door
@require_POST
def panic(request: HttpRequest) -> HttpResponse:
    """Seal the site and end every session. Only somebody who is signed in can."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_staff:
        return redirect("sign_in")
    runtime.panic()
    response = redirect("plain")
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


@open_door
@require_http_methods(["GET", "POST"])
def unseal(request: HttpRequest) -> HttpResponse:
    """Take two keyholders' shares and unseal the site."""
    if runtime.seal.open:
        return redirect("sign_in")
    form = UnsealForm(request.POST or None)
    if form.is_valid():
        try:
            runtime.throttle.check(b"unseal")
            control.unseal_here(form.shares, on=timezone.localdate())
        except WaitError as error:  # not a try: or waiting would never end
            form.add_error(None, error.say(gettext))
        except HouseError as error:
            runtime.throttle.failed(b"unseal")
            form.add_error(None, error.say(gettext))
        else:
            runtime.throttle.succeeded(b"unseal")
            return redirect("sign_in")
    return render(request, "site/unseal.html", {"form": form})


set_language = open_door(django_set_language)
