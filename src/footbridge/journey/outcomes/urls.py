"""Addresses of the outcomes room."""

from django.urls import path

from footbridge.journey.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("people/<uuid:person_id>/outcomes/code/", views.code, name="code"),
    path("people/<uuid:person_id>/outcomes/event/", views.event, name="event"),
]
