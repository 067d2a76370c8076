"""Addresses of the coordination room."""

from django.urls import path

from footbridge.journey.coordination import views

app_name = "coordination"
urlpatterns = [
    path("", views.oversight, name="oversight"),
    path("cascade/", views.cascade, name="cascade"),
    path("tracking/", views.tracking, name="tracking"),
    path("follow-up/", views.follow_up, name="follow_up"),
    path("people/<uuid:person_id>/handover/", views.ask_handover, name="ask_handover"),
    path("people/<uuid:person_id>/handover/drop/", views.drop_handover, name="drop_handover"),
    path("people/<uuid:person_id>/hand-over/", views.hand_over, name="hand_over"),
]
