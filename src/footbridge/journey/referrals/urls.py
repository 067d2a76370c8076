"""Addresses of the referrals room, and of the door at which services answer slips."""

from django.urls import include, path

from footbridge.journey.referrals import handoff_views, partner_views, views

_ONE = "people/<uuid:person_id>/referrals/<uuid:referral_id>/"
inner = [
    path("referrals/", handoff_views.trays, name="trays"),
    path("people/<uuid:person_id>/referrals/choose/", views.choose, name="choose"),
    path(_ONE, views.one, name="one"),
    path(_ONE + "handoff/", handoff_views.handoff, name="handoff"),
    path(_ONE + "handoff/<uuid:entry>/", handoff_views.correct, name="correct_handoff"),
    path(_ONE + "slip/", views.slip, name="slip"),
    path(_ONE + "undo/", views.undo, name="undo"),
]
slips = [
    path("", partner_views.door, name="door"),
    path("done/", partner_views.done, name="done"),
]
urlpatterns = [
    path("", include((inner, "referrals"))),
    # Neutral on purpose: it is typed by people outside, and stands in their histories.
    path("s/", include((slips, "slips"))),
]
