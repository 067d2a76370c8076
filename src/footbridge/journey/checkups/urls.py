"""Addresses of the check-ups room."""

from django.urls import path

from footbridge.journey.checkups import views

app_name = "checkups"
_ROOM = "people/<uuid:person_id>/checkups/"
urlpatterns = [
    path(f"{_ROOM}schedule/", views.schedule, name="schedule"),
    path(f"{_ROOM}hold/", views.hold, name="hold"),
    path(f"{_ROOM}result/", views.result, name="result"),
    path(f"{_ROOM}attempt/", views.attempt, name="attempt"),
    path(f"{_ROOM}missed/", views.missed, name="missed"),
    path(f"{_ROOM}meeting/", views.meeting, name="meeting"),
]
