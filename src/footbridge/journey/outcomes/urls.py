"""Addresses of the outcomes room."""

from django.urls import path

from footbridge.journey.outcomes import views, views_events

app_name = "outcomes"
_ROOM = "people/<uuid:person_id>/outcomes/"
_EVENT = f"{_ROOM}event/<uuid:event_id>/"
urlpatterns = [
    path("events/", views_events.under_way, name="events"),
    path(f"{_ROOM}code/", views.code, name="code"),
    path(f"{_ROOM}month/<int:month>/take-back/", views.take_back, name="take_back"),
    path(f"{_ROOM}event/", views_events.event, name="event"),
    path(_EVENT, views_events.follow, name="follow"),
    path(f"{_EVENT}correct/", views_events.correct, name="correct_event"),
    path(f"{_EVENT}take-back/", views_events.take_back, name="take_back_event"),
    path(f"{_EVENT}close/", views_events.close, name="close"),
]
