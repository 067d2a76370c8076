"""Addresses of the check-ups room."""

from django.urls import path

from footbridge.journey.checkups import views, views_mending, views_tracking

app_name = "checkups"
_ROOM = "people/<uuid:person_id>/checkups/"
urlpatterns = [
    path("tracking/", views_tracking.caseload, name="caseload"),
    path(f"{_ROOM}schedule/", views.schedule, name="schedule"),
    path(f"{_ROOM}end/", views.end, name="end"),
    path(f"{_ROOM}hold/", views.hold, name="hold"),
    path(f"{_ROOM}result/", views.result, name="result"),
    path(f"{_ROOM}meeting/", views.meeting, name="meeting"),
    path(f"{_ROOM}urine/", views.urine, name="urine"),
    path(f"{_ROOM}appointment/", views_tracking.appointment, name="appointment"),
    path(f"{_ROOM}attempt/", views_tracking.attempt, name="attempt"),
    path(f"{_ROOM}steps/", views_tracking.steps, name="steps"),
    path(f"{_ROOM}missed/", views_tracking.missed, name="missed"),
    path(f"{_ROOM}history/", views_mending.history, name="history"),
    path(f"{_ROOM}<uuid:entry>/correct/", views_mending.correct, name="correct"),
    path(f"{_ROOM}<uuid:entry>/take-back/", views_mending.take_back, name="take_back"),
]
