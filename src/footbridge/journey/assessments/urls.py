"""Addresses of the assessments room."""

from django.urls import path

from footbridge.journey.assessments import views

app_name = "assessments"
_ROOM = "people/<uuid:person_id>/assessments/"
urlpatterns = [
    path(_ROOM, views.choose, name="choose"),
    path(f"{_ROOM}calendar/", views.use_calendar, name="calendar"),
    path(f"{_ROOM}calendar/counted/", views.counted, name="counted"),
    path(f"{_ROOM}<uuid:entry>/correct/", views.correct, name="correct"),
    path(f"{_ROOM}<slug:instrument>/<int:version>/", views.take, name="take"),
    path(f"{_ROOM}<slug:instrument>/<int:version>/done/", views.done, name="done"),
]
