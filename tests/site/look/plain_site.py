"""A site that has only its look: the templates and tags, with no keys and no rooms behind them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.i18n import set_language

SETTINGS = {
    "ROOT_URLCONF": "tests.site.look.plain_site",
    "ALLOWED_HOSTS": ["127.0.0.1", "testserver"],
    "MIDDLEWARE": [
        "csp.middleware.CSPMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                ]
            },
        }
    ],
}
CONTEXT = {
    "site_title": "Notebook",
    "demo": True,
    "signed_in": True,
    "exit_url": "/away/",
    "idle_seconds": 600,
}
posted: list[tuple[str, dict[str, str]]] = []


def show(name: str, **more: object):
    def view(request: HttpRequest) -> HttpResponse:
        return render(request, name, CONTEXT | more)

    return view


def note(request: HttpRequest) -> HttpResponse:
    posted.append((request.path, request.POST.dict()))
    return HttpResponse(status=204)


def short(request: HttpRequest) -> HttpResponse:
    """Show a page whose session closes as soon as the test says."""
    return render(
        request,
        "site/styleguide-kiosk.html",
        CONTEXT
        | {
            "idle_seconds": int(request.GET["idle"]),
            "warn_seconds": int(request.GET["warn"]),
            "idle_to": "/away/",
        },
    )


urlpatterns = [
    path("", show("site/styleguide.html"), name="home"),
    path("today/", show("site/styleguide.html"), name="today"),
    path("people/", show("site/styleguide.html"), name="people"),
    path("kiosk/", show("site/styleguide-kiosk.html"), name="kiosk"),
    path("short/", short, name="short"),
    path("sealed/", show("site/sealed.html", site_sealed=True), name="sealed"),
    path("missing/", show("404.html"), name="missing"),
    path("refused/", show("403.html"), name="refused"),
    path("broken/", show("500.html"), name="broken"),
    path("away/", show("site/away.html"), name="away"),
    path("leave/", note, name="leave"),
    path("panic/", note, name="panic"),
    path("keep/", note, name="keep"),
    path("sign-out/", note, name="sign_out"),
    path("language/", set_language, name="set_language"),
]
