"""Addresses of the assessments room."""

from django.urls import path

from footbridge.journey.assessments import asking, shelf, views

app_name = "assessments"
_ROOM = "people/<uuid:person_id>/assessments/"
_ONE = f"{_ROOM}<slug:instrument>/<int:version>/"
urlpatterns = [
    path("instruments/", shelf.shelf, name="instruments"),
    path("instruments/<slug:instrument>/<int:version>/", shelf.one, name="instrument"),
    path("instruments/<slug:instrument>/<int:version>/decide/", shelf.decide, name="decide"),
    path(
        "instruments/<slug:instrument>/<int:version>/words-out/", shelf.words_out, name="words_out"
    ),
    path(_ROOM, views.choose, name="choose"),
    path(f"{_ROOM}history/", views.history, name="history"),
    path(f"{_ROOM}calendar/", views.use_calendar, name="calendar"),
    path(f"{_ROOM}calendar/counted/", views.counted, name="counted"),
    path(f"{_ROOM}<uuid:entry>/", views.sitting, name="sitting"),
    path(f"{_ROOM}<uuid:entry>/correct/", views.correct, name="correct"),
    path(_ONE, views.take, name="take"),
    path(f"{_ONE}ask/", asking.ask, name="ask"),
    path(f"{_ONE}check/", asking.check, name="check"),
    path(f"{_ONE}drop/", asking.drop, name="drop"),
    path(f"{_ONE}done/", views.done, name="done"),
]
