"""Settings that every way to run the site shares."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from footbridge.site.env import database, environment
from footbridge.trust.vault.crypto import FLOOR, Cost

HERE = Path(__file__).resolve().parent.parent

# Where everything of this site lives: database, epoch keys, tombstones, control socket.
FOOTBRIDGE_DATA = environment.folder("FOOTBRIDGE_DATA", Path.cwd() / "var")
FOOTBRIDGE_TITLE = environment.text("FOOTBRIDGE_TITLE", "Footbridge")
FOOTBRIDGE_DEMO = False
FOOTBRIDGE_KDF_COST = Cost(
    memory_kib=environment.number("FOOTBRIDGE_KDF_MIB", 256, least=1) * 1024,
    passes=environment.number("FOOTBRIDGE_KDF_PASSES", 3, least=1),
    lanes=environment.number("FOOTBRIDGE_KDF_LANES", 4, least=1),
)
FOOTBRIDGE_KDF_FLOOR = FLOOR
FOOTBRIDGE_IDLE_MINUTES = environment.number("FOOTBRIDGE_IDLE_MINUTES", 10, least=1)
FOOTBRIDGE_KIOSK_IDLE_MINUTES = environment.number("FOOTBRIDGE_KIOSK_IDLE_MINUTES", 3, least=1)
FOOTBRIDGE_SESSION_HOURS = environment.number("FOOTBRIDGE_SESSION_HOURS", 8, least=1)
FOOTBRIDGE_EPOCH_DAYS = environment.number("FOOTBRIDGE_EPOCH_DAYS", 35, least=7)
FOOTBRIDGE_CONTACT_DAYS = environment.number("FOOTBRIDGE_CONTACT_DAYS", 90, least=7)
FOOTBRIDGE_CASELOAD_LIMIT = environment.number("FOOTBRIDGE_CASELOAD_LIMIT", 80, least=1)
FOOTBRIDGE_CALENDAR = environment.flag("FOOTBRIDGE_CALENDAR", default=True)
FOOTBRIDGE_CALENDAR_WEEKS = environment.number("FOOTBRIDGE_CALENDAR_WEEKS", 12, least=1)
FOOTBRIDGE_CHECKUPS = environment.text("FOOTBRIDGE_CHECKUPS", "")
# Off unless a site turns it on: whether a ward may set prices at all differs by law.
FOOTBRIDGE_TARIFF = environment.flag("FOOTBRIDGE_TARIFF", default=False)
FOOTBRIDGE_COMPOSITES = environment.text("FOOTBRIDGE_COMPOSITES", "")
FOOTBRIDGE_SEAL_AT = environment.text("FOOTBRIDGE_SEAL_AT", "")
FOOTBRIDGE_EMERGENCY_NUMBER = environment.text("FOOTBRIDGE_EMERGENCY_NUMBER", "120")
FOOTBRIDGE_LISTENING_LINE = environment.text("FOOTBRIDGE_LISTENING_LINE", "12356")
# A proxy reuses a connection that it believes open: the site must be the one that waits longer.
FOOTBRIDGE_KEEPALIVE_SECONDS = environment.number("FOOTBRIDGE_KEEPALIVE_SECONDS", 150, least=1)
FOOTBRIDGE_EXIT_URL = environment.text("FOOTBRIDGE_EXIT_URL", "/plain/")

DEBUG = False
# Signs nothing that matters here: sessions live in memory and no cookie carries data.
SECRET_KEY = environment.text("FOOTBRIDGE_SECRET_KEY", "")
ALLOWED_HOSTS = environment.words("FOOTBRIDGE_HOSTS", "localhost,127.0.0.1,[::1]")
ROOT_URLCONF = "footbridge.site.urls"
WSGI_APPLICATION = "footbridge.site.wsgi.application"
INSTALLED_APPS = [
    "django.forms",
    "django.contrib.staticfiles",
    "csp",
    "footbridge.trust",
    "footbridge.journey",
    "footbridge.evidence",
    "footbridge.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "footbridge.site.middleware.QuietHeadersMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "footbridge.site.middleware.SessionMiddleware",
    "footbridge.site.middleware.HouseErrorMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "footbridge.site.context.house",
            ],
            "builtins": ["footbridge.site.templatetags.footbridge"],
        },
    }
]
FORM_RENDERER = "footbridge.site.forms.HouseRenderer"
DATABASES = {"default": database(environment.text("DATABASE_URL", ""), data=FOOTBRIDGE_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Chinese"))]
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("FOOTBRIDGE_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = FOOTBRIDGE_DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "footbridge.site.views.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

# What may be logged is what may be printed on a wall: no address, no id, no text.
LOGGING_CONFIG = "footbridge.site.quiet_logging.configure"
LOGGING: dict[str, object] = {"quiet": True}  # Django skips its call where this is empty
