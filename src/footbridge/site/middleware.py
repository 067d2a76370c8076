"""What stands between every request and its view: quiet headers, the session, kind errors."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from footbridge.journey.saying import say
from footbridge.trust import runtime
from footbridge.trust.access.sessions import Session
from footbridge.trust.decisions import AbsentError, HouseError, RefusedError
from footbridge.trust.recognition.throttle import WaitError
from footbridge.trust.vault.compartments import NoWrapError
from footbridge.trust.vault.site_keys import SealedSiteError

Next = Callable[[HttpRequest], HttpResponse]
COOKIE = "footbridge"
STATUSES = ((RefusedError, 403), (NoWrapError, 403), (AbsentError, 404), (WaitError, 429))


class QuietHeadersMiddleware:
    """Nothing is kept by a browser or a proxy, and nothing says what software this is."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with headers that leave no trace."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, max-age=0")
        response.headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), clipboard-read=(), payment=()"
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response


class SessionMiddleware:
    """Puts `actor` and `visit` on a request whose cookie opens a live session."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Open the session, or answer that the site is sealed."""
        request.actor = None  # type: ignore[attr-defined]
        request.visit = None  # type: ignore[attr-defined]
        cookie = request.COOKIES.get(COOKIE, "")
        if not runtime.seal.open:
            if self._door(request) != "open":
                return sealed(request)
        elif cookie:
            try:
                found = runtime.sessions().resume(cookie, site=runtime.seal.keys)
            except SealedSiteError:  # panic came between the question and the keys
                return sealed(request)
            if isinstance(found, Session):
                request.actor = found.actor  # type: ignore[attr-defined]
                request.visit = found  # type: ignore[attr-defined]
        response = self.get_response(request)
        if cookie and request.actor is None and COOKIE not in response.cookies:  # type: ignore[attr-defined]
            response.delete_cookie(COOKIE, samesite="Strict")
        return response

    @staticmethod
    def _door(request: HttpRequest) -> str:
        try:
            return str(getattr(resolve(request.path_info).func, "door", ""))
        except Resolver404:
            return "open"


class HouseErrorMiddleware:
    """Turns an error that a person may read into a page that says what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for errors of the house; leave every other one to Django."""
        if isinstance(error, SealedSiteError):
            return sealed(request)
        if not isinstance(error, HouseError):
            return None
        status = next((status for kind, status in STATUSES if isinstance(error, kind)), 400)
        return render(request, "site/error.html", {"message": say(error)}, status=status)


def sealed(request: HttpRequest) -> HttpResponse:
    """Say that the site is sealed, on the view's own page where outsiders stand before it."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        view = None
    page = getattr(view, "sealed_page", "site/sealed.html")
    return render(request, page, {}, status=503)
