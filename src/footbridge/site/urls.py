"""Every address of the site."""

from django.conf import settings
from django.urls import include, path

from footbridge.site.views import colleagues, doors, errors, places

handler404 = errors.not_found
handler500 = errors.failed

urlpatterns = [
    path("", places.home, name="home"),
    path("more/", places.more, name="more"),
    path("trail/", places.trail, name="trail"),
    path("healthz/", places.health, name="health"),
    path("sign-in/", doors.sign_in, name="sign_in"),
    path("sign-out/", doors.sign_out, name="sign_out"),
    path("leave/", doors.leave, name="leave"),
    path("plain/", doors.plain, name="plain"),
    path("keep/", doors.keep, name="keep"),
    path("panic/", doors.panic, name="panic"),
    path("unseal/", doors.unseal, name="unseal"),
    path("language/", doors.set_language, name="set_language"),
    path("join/", colleagues.join, name="join"),
    path("colleagues/", colleagues.everybody, name="colleagues"),
    path("colleagues/invite/", colleagues.invite, name="invite"),
    path("colleagues/recall/", colleagues.recall, name="recall_circle"),
    path("colleagues/passphrase/", colleagues.passphrase, name="passphrase"),
    path("colleagues/<uuid:staff_id>/", colleagues.one, name="colleague"),
    path("colleagues/<uuid:staff_id>/role/", colleagues.role, name="colleague_role"),
    path("colleagues/<uuid:staff_id>/circle/", colleagues.circle, name="colleague_circle"),
    path("colleagues/<uuid:staff_id>/revoke/", colleagues.revoke, name="colleague_revoke"),
    path("colleagues/<uuid:staff_id>/leave/", colleagues.leave, name="colleague_leave"),
    path("", include("footbridge.journey.urls")),
    path("evidence/", include("footbridge.evidence.urls")),
]

if settings.DEBUG or settings.FOOTBRIDGE_DEMO:
    urlpatterns.append(path("components/", places.components, name="components"))
