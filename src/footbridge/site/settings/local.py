"""A site on this machine: what `footbridge serve` uses unless told otherwise."""

from footbridge.site.env import environment
from footbridge.site.secret import secret_key
from footbridge.site.settings.base import *  # noqa: F403
from footbridge.site.settings.base import FOOTBRIDGE_DATA, SECRET_KEY

SECRET_KEY = SECRET_KEY or secret_key(FOOTBRIDGE_DATA)
_TLS = environment.flag("FOOTBRIDGE_TLS", default=False)
CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = FOOTBRIDGE_COOKIE_SECURE = _TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _TLS
CSRF_TRUSTED_ORIGINS = environment.words("FOOTBRIDGE_ORIGINS")
